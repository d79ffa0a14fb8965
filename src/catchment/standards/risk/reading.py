"""Reading a definition file: YAML in, a checked `Definition` out, or an error that names the field."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from catchment.standards.risk.definition import (
    Alternative,
    Band,
    Condition,
    Decides,
    Definition,
    DefinitionError,
    Expression,
    Input,
    Kind,
    Rule,
    Status,
)
from catchment.standards.risk.grammar import parse
from catchment.standards.risk.rule_reading import read_rule
from catchment.standards.risk.scope import unknown_names

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C where the installation has it: a process reads all models when it first needs one."""
REQUIRED = ("model", "edition", "zh", "en", "citation", "evidence", "population_zh", "starts", "inputs", "value")
KNOWN = {
    *REQUIRED,
    *("until", "note", "population", "exclusions", "let", "criteria", "parts", "then", "bands", "of"),
    *("alerts", "decides", "explains", "single"),
}


def read_definition(path: Path) -> Definition:
    """Read and check one file. Raises `DefinitionError` naming the file and the field."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 a safe one
    unknown, absent = set(content) - KNOWN, [name for name in REQUIRED if name not in content]
    if unknown or absent:
        raise DefinitionError(f"{path.name}: unknown fields {sorted(unknown)}, absent fields {absent}")
    definition = _definition(content, path.name)
    _check_names(definition, path.name)
    return definition


def _definition(content: Mapping[str, Any], file: str) -> Definition:
    return Definition(
        model=content["model"],
        edition=str(content["edition"]),
        zh=content["zh"],
        en=content["en"],
        citation=content["citation"],
        evidence=content["evidence"],
        population_zh=content["population_zh"],
        starts=content["starts"],
        until=content.get("until"),
        note=content.get("note", ""),
        inputs=tuple(_inputs(content["inputs"], file)),
        population=_conditions(content, "population", "require", file),
        exclusions=_conditions(content, "exclusions", "when", file),
        alerts=_conditions(content, "alerts", "when", file),
        bands=tuple(_bands(content, file)),
        value=_value(content["value"], file),
        decides=Decides(content.get("decides", "all")),
        explains=content.get("explains", next(iter(_value(content["value"], file).values())).text),
        single=not isinstance(content["value"], Mapping),
        steps=_rules(content, "let", file),
        criteria=_rules(content, "criteria", file),
        parts=_rules(content, "parts", file),
        results=_rules(content, "then", file),
    )


def _rules(content: Mapping[str, Any], field: str, file: str) -> dict[str, Rule]:
    return {name: read_rule(rule, f"{file}: {field}.{name}") for name, rule in content.get(field, {}).items()}


def _value(value: str | Mapping[str, str], file: str) -> dict[str, Expression]:
    if isinstance(value, Mapping):
        return {key: parse(text, f"{file}: value.{key}") for key, text in value.items()}
    return {"value": parse(value, f"{file}: value")}


def _inputs(rows: Mapping[str, Mapping[str, Any]], file: str) -> Iterator[Input]:
    for name, row in rows.items():
        where = f"{file}: inputs.{name}"
        kind = Kind(row["kind"])
        yield _input(name, row, kind, where)
        if kind is Kind.LIST:
            maxima = row["maxima"]
            for at, most in enumerate(maxima, start=1):
                element = {
                    **row,
                    "range": [row.get("lowest", 0), most],
                    "zh": f"{row['zh']} 第{at}项",
                    **_coded(row, at),
                }
                yield _input(f"{name}_{at}", element, Kind.NUMBER, where, parent=name)
        if kind is Kind.OBJECT:
            for key, element in row["keys"].items():
                yield _input(f"{name}_{key}", {**row, **element}, Kind.NUMBER, where, parent=name)


def _coded(row: Mapping[str, Any], at: int) -> dict[str, Any]:
    also = row.get("also", {})
    return {"also": also.get(at, []) if isinstance(also, Mapping) else also}


def _input(name: str, row: Mapping[str, Any], kind: Kind, where: str, *, parent: str = "") -> Input:
    low, high = row.get("range", (None, None))
    needed = row.get("needed_when")
    also = row.get("also", ())
    return Input(
        name=name,
        kind=kind,
        zh=row["zh"],
        unit=row.get("unit", ""),
        low=low,
        high=high,
        choices=tuple(row.get("of", ())),
        also=() if isinstance(also, Mapping) else tuple(also),
        optional=bool(row.get("optional", False)),
        modifiable=bool(row.get("modifiable", False)),
        only=tuple(row.get("only", ())),
        reference=parse(row["reference"], f"{where}.reference") if "reference" in row else None,
        needed_when=parse(needed, f"{where}.needed_when") if needed else None,
        alternatives=tuple(_alternatives(row.get("from", {}), where)),
        parent=parent,
    )


def _alternatives(rows: Mapping[str, Mapping[str, Any]], where: str) -> Iterator[Alternative]:
    for name, row in rows.items():
        yield Alternative(
            name=name,
            kind=Kind(row.get("kind", "number")),
            unit=row.get("unit", ""),
            formula=parse(row["is"], f"{where}.from.{name}") if "is" in row else None,
            choices=tuple(row.get("of", ())),
        )


def _conditions(content: Mapping[str, Any], field: str, key: str, file: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            key=f"{field}_{at}",
            rule=parse(row[key], f"{file}: {field}[{at}]"),
            zh=row["zh"],
            status=Status(row.get("status", "out_of_population")),
        )
        for at, row in enumerate(content.get(field, ()))
    )


def _bands(content: Mapping[str, Any], file: str) -> Iterator[Band]:
    measured = content.get("of", "total" if content.get("parts") else "score")
    for row in content.get("bands", ()):
        where = f"{file}: bands.{row['band']}"
        when = str(row["when"])
        text = f"({measured}) {when}" if when[:1] in {"<", ">", "="} else {"else": "true"}.get(when, when)
        yield Band(
            key=row["band"],
            zh=row["zh"],
            rule=parse(text, where),
            action=row.get("action", ""),
            evidence=row.get("evidence", "unverified"),
        )


def _check_names(definition: Definition, file: str) -> None:
    unknown = sorted(unknown_names(definition))
    if unknown:
        raise DefinitionError(f"{file}: names that nothing defines: {', '.join(unknown)}")
