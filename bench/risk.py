"""Risk models over Parquet on DuckDB, beside a hash of the same columns: `python -m bench.risk [SIZES]`.

China-PAR stands beside a plain loop over people as well, which says the same of each of them.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from bench import china_par
from catchment.standards.analytics.engines import DuckDB
from catchment.standards.risk import catalogue, compiler, files
from catchment.standards.risk.running import PEOPLE, Runner

MODELS = (
    "china_par_10y_ascvd_percent",
    "who_cvd_2019_lab_east_asia_10y_percent",
    "new_chinese_diabetes_risk_score",
    "hypertension_grade",
    "stroke_8_factor",
    "ckd_epi_2021_creatinine_egfr",
)
SIZES = (100_000, 1_000_000)
UNKNOWN = 0.1
LOOPED, CHECKED = 100_000, 2_000


def main() -> None:
    """Print one JSON array: people assessed a second by model and size, in the engine alone and from file to file."""
    sizes = [int(size) for size in sys.argv[1].split(",")] if len(sys.argv) > 1 else SIZES
    with tempfile.TemporaryDirectory() as folder:
        rows = [figure(model, size, Path(folder)) for size in sizes for model in MODELS]
    sys.stdout.write(json.dumps(rows))


def figure(model: str, size: int, folder: Path) -> dict[str, object]:
    definition = catalogue.definition(model)
    path, out = folder / f"{model}-{size}.parquet", folder / "out.parquet"
    people(definition, size).write_parquet(path)
    engine = DuckDB()
    view(engine, definition, path)
    floor = seconds(lambda: engine.connection.execute(trivial(definition, path)).fetchall())
    plain, told = Runner(definition, engine, contributions=False), Runner(definition, engine)
    bare = seconds(lambda: engine.connection.execute(summed(plain)).fetchall())
    reasoned = seconds(lambda: engine.connection.execute(f"copy ({told.query}) to '{out}' (format parquet)").fetchall())
    unreasoned = f"copy ({plain.query}) to '{out}' (format parquet)"
    loop = looped(engine, plain, path, seconds(lambda: engine.connection.execute(unreasoned).fetchall()))
    whole = seconds(lambda: from_file_to_file(definition, path, out), times=1)
    engine.close()
    return {
        "people": size, "model": model, "floor_per_second": round(size / floor), "scored_per_second": round(size / bare),
        "ratio": round(bare / floor, 1), "with_reasons_per_second": round(size / reasoned), "file_to_file_per_second": round(size / whole), **loop,
    }  # fmt: skip


def people(definition, size: int) -> pl.DataFrame:
    """Random people within the allowed ranges, a tenth of each input unknown."""
    chance = np.random.default_rng(7)
    columns = {}
    for one in definition.columns():
        if one.choices:
            values = chance.choice(one.choices, size)
        elif one.kind == "boolean":
            values = chance.random(size) < 0.3
        else:
            low, high = (20, 85) if one.name == "age_years" else (one.low, one.high)
            values = np.round(chance.uniform(low, high, size), 1)
        known = pl.Series(chance.random(size) >= UNKNOWN)
        columns[one.name] = pl.select(pl.when(known).then(pl.Series(values))).to_series()
    return pl.DataFrame(columns)


def view(engine: DuckDB, definition, path: Path) -> None:
    """The table that the expression reads, straight from the file."""
    have = {one.name for one in definition.columns()}
    types = {"float64": "double", "boolean": "boolean", "string": "varchar", "int64": "bigint"}
    parts = ["row_number() over () as row_", "'' as unreadable"]
    for name, type_ in compiler.schema(definition).items():
        if name not in {"row_", "unreadable"}:
            parts.append(f"{name if name in have else 'null'}::{types[type_]} as {name}")
    engine.connection.execute(f"create view {PEOPLE} as select {', '.join(parts)} from read_parquet('{path}')")


def trivial(definition, path: Path) -> str:
    """A hash over every value: statistics of the file cannot answer it."""
    return f"select {hashed(one.name for one in definition.columns())} from read_parquet('{path}')"


def hashed(names) -> str:
    return ", ".join(f"bit_xor(hash({name}))" for name in names)


def looped(engine: DuckDB, plain: Runner, path: Path, taken: float) -> dict[str, object]:
    """People a second of China-PAR alone: by the compiled model without contributions, and by the loop."""
    if plain.definition.model != china_par.MODEL:
        return {"all_but_contributions_per_second": "", "loop_per_second": "", "ratio_to_loop": ""}
    rows = pl.read_parquet(path)
    chosen = rows.head(LOOPED).to_dicts()
    found = pl.DataFrame(pl.from_arrow(engine.fetch(plain.query, plain.wanted))).with_columns(pl.col("row_") - 1)
    china_par.check(chosen, found.filter(pl.col("row_") < CHECKED).to_dicts())
    loop = len(chosen) / seconds(lambda: [china_par.assess(one) for one in chosen])
    engined = rows.height / taken
    return {
        "all_but_contributions_per_second": round(engined),
        "loop_per_second": round(loop),
        "ratio_to_loop": round(engined / loop, 1),
    }


def summed(runner: Runner) -> str:
    """Every value and band is computed; only their counts leave the engine."""
    values = ", ".join(f"max({name})" for name in runner.wanted.names if name.startswith("value__"))
    return f"select status, band, count(*), {values} from ({runner.query}) group by status, band"


def from_file_to_file(definition, source: Path, target: Path) -> None:
    engine = DuckDB()
    runner = Runner(definition, engine)
    files.write(target, (runner.run(frame) for frame in files.read(source, definition)))
    engine.close()


def seconds(work, times: int = 3) -> float:
    """The quickest of a few runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    main()
