"""Random people for any model: values in the allowed range, some on its edges, some unknown, some outside."""

import random

import polars as pl

from catchment.standards.risk.definition import Definition, Input


def people(definition: Definition, size: int, *, seed: int = 7) -> pl.DataFrame:
    chance = random.Random(seed)
    columns = {one.name: [_value(one, chance) for _ in range(size)] for one in definition.columns()}
    return pl.DataFrame(columns, strict=False, infer_schema_length=None).with_row_index("row_")


def _value(one: Input, chance: random.Random) -> object:
    if chance.random() < 0.08:
        return None
    if one.only:
        return float(chance.choice(one.only))
    if one.choices:
        return chance.choice(one.choices)
    if one.kind == "boolean":
        return chance.random() < 0.3
    low, high = one.low or 0.0, one.high or 0.0
    if one.name == "age_years":
        low, high = 15.0, 90.0
    if chance.random() < 0.02:
        return high + 1
    return chance.choice((low, high)) if chance.random() < 0.1 else round(chance.uniform(low, high), 1)
