"""The reference page of all models, written from the definitions themselves."""

from collections.abc import Iterator

from catchment.standards.risk.catalogue import definitions
from catchment.standards.risk.definition import Definition, Input, Kind

HEAD = """# 风险模型参考 · Risk models

This page is written from the definitions in `src/catchment/standards/risk/models/`; a test compares it.
Evidence marks: **S** read in a named source; **D** derived from published outputs and reproducing them;
**B x** background knowledge with that confidence; **unverified** read nowhere, to be confirmed before use.
Dates are those of publication.

"""


def reference_page() -> str:
    """The whole page as Markdown: a table of models, then each model with its inputs, bands and notes."""
    rows = [
        f"| [{one.model}](#{one.model}) | {one.zh} | {one.edition} | {one.evidence} | {one.citation} |"
        for one in definitions()
    ]
    table = ["| model | title | edition | evidence | citation |", "|---|---|---|---|---|", *rows, ""]
    return HEAD + "\n".join(table) + "\n" + "\n".join(definition_page(one) for one in definitions())


def definition_page(definition: Definition) -> str:
    """One definition as Markdown: citation, evidence, population, inputs with units, bands with their rules."""
    return "\n".join(_lines(definition)) + "\n"


def _lines(definition: Definition) -> Iterator[str]:
    yield f"## {definition.model}\n"
    yield f"{definition.zh} · {definition.en}\n"
    yield f"- Citation: {definition.citation}"
    yield f"- Evidence: {definition.evidence}; from {definition.starts}" + (
        f" until {definition.until}" if definition.until else ""
    )
    yield f"- Population: {definition.population_zh}"
    yield from [f"- {one.zh}" for one in (*definition.population, *definition.exclusions)]
    if definition.note:
        yield f"- Note: {definition.note}"
    yield "\n| input | kind | unit | allowed | 名称 | also from |"
    yield "|---|---|---|---|---|---|"
    yield from [_row(one) for one in definition.inputs if not one.parent]
    yield ""
    if definition.bands:
        yield "| band | 名称 | rule | action | evidence |"
        yield "|---|---|---|---|---|"
        for band in definition.bands:
            rule = "otherwise" if band.rule.text == "true" else f"`{band.rule.text}`"
            yield f"| {band.key} | {band.zh} | {rule} | {band.action} | {band.evidence if band.action else ''} |"
        yield ""


def _row(one: Input) -> str:
    others = ", ".join(f"{other.name} {other.unit}".strip() for other in one.alternatives)
    name = f"{one.name} (optional)" if one.optional else one.name
    return f"| {name} | {one.kind} | {one.unit} | {_allowed(one)} | {one.zh} | {others} |"


def _allowed(one: Input) -> str:
    if one.only:
        return ", ".join(f"{value:g}" for value in one.only)
    if one.choices:
        return ", ".join(one.choices)
    if one.kind in {Kind.LIST, Kind.OBJECT}:
        return "numbers"
    return f"{one.low:g} to {one.high:g}" if one.low is not None and one.high is not None else ""
