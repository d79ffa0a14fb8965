"""One person explained: the assessment, what each input contributes, and what would change the band."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from catchment.standards.risk.definition import Definition, Input, Kind, Scalar, Status, Steps
from catchment.standards.risk.files import check_columns, framed
from catchment.standards.risk.running import Runner

GRID = 400
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Change:
    """The nearest value of one input, all else as it is, at which the person's band is another one."""

    input: str
    zh: str
    unit: str
    now: Scalar | None
    nearest: Scalar
    band: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment in full, with the definition's own citation and evidence mark."""

    model: str
    edition: str
    zh: str
    citation: str
    evidence: str
    assessment: Mapping[str, Any]
    changes: tuple[Change, ...]

    def document(self) -> dict[str, Any]:
        return asdict(self)


def explain(runner: Runner, person: Mapping[str, Any]) -> Explanation:
    """Explain one person given by input names; unknown inputs are left out or None.

    Changes are sought for modifiable inputs within their allowed range, to four significant steps of the range's
    400th part, and only for a person who is assessed. Raises `RiskFileError` for a name the model does not know.
    """
    definition = runner.definition
    check_columns(person, definition)
    assessment = runner.run(framed([dict(person)])).row(0, named=True)
    rated = assessment["status"] == Status.ASSESSED.value and assessment["band"] is not None
    scanner = Runner(definition, runner.engine, contributions=False)
    changes = [_change(scanner, person, one, assessment["band"]) for one in _modifiable(definition)] if rated else []
    return Explanation(
        model=definition.model,
        edition=definition.edition,
        zh=definition.zh,
        citation=definition.citation,
        evidence=definition.evidence,
        assessment=assessment,
        changes=tuple(change for change in changes if change),
    )


def _modifiable(definition: Definition) -> list[Input]:
    return [one for one in definition.columns() if one.modifiable]


def _change(runner: Runner, person: Mapping[str, Any], one: Input, band: str) -> Change | None:
    now = person.get(one.name)
    if one.kind is Kind.BOOLEAN:
        return _switched(runner, person, one, band, now=now)
    if one.low is None or one.high is None or not isinstance(now, int | float) or isinstance(now, bool):
        return None
    found = _nearest(runner, person, one, band, float(now))
    return Change(one.name, one.zh, one.unit, now, found[0], found[1]) if found else None


def _switched(runner: Runner, person: Mapping[str, Any], one: Input, band: str, *, now: Any) -> Change | None:
    if not isinstance(now, bool):
        return None
    (after,) = _bands(runner, person, one.name, [not now])
    return Change(one.name, one.zh, one.unit, now, not now, after) if after not in {None, band} else None


def _nearest(runner: Runner, person: Mapping[str, Any], one: Input, band: str, now: float) -> tuple[float, str] | None:
    """Scan the range, then look again ever more closely between the last same and the first other value."""
    low, high = one.low or 0.0, one.high or 0.0
    width = (high - low) / GRID
    points = [low + width * at for at in range(GRID + 1)] + _edges(runner.definition, one)
    found = _closest(runner, person, one, band, now, points)
    for _ in range(ROUNDS):
        if found is None:
            return None
        towards = now if abs(found[0] - now) < width else found[0] + (width if now > found[0] else -width)
        width = abs(found[0] - towards) / 20
        points = [found[0] + (towards - found[0]) * at / 20 for at in range(20)]
        found = _closest(runner, person, one, band, now, points) or found
    return (_beyond(found[0], now), found[1]) if found else None


def _beyond(value: float, now: float) -> float:
    """Four decimals, rounded away from what is now, so that an open edge is not rounded onto."""
    towards = math.floor if value < now else math.ceil
    return towards(value * 10_000) / 10_000


def _edges(definition: Definition, one: Input) -> list[float]:
    rules = [*definition.parts.values(), *definition.steps.values()]
    tables = [rule.tables for rule in rules if isinstance(rule, Steps) and rule.of.text == one.name]
    return [step.edge for named in tables for rows in named.values() for step in rows if step.operator]


def _closest(
    runner: Runner, person: Mapping[str, Any], one: Input, band: str, now: float, points: list[float]
) -> tuple[float, str] | None:
    ordered = sorted(points, key=lambda point: abs(point - now))
    for point, after in zip(ordered, _bands(runner, person, one.name, ordered), strict=True):
        if after is not None and after != band:
            return point, after
    return None


def _bands(runner: Runner, person: Mapping[str, Any], name: str, values: list[Any]) -> list[str | None]:
    rows = [{**person, name: value} for value in values]
    return runner.flat(framed(rows))["band"].to_list()
