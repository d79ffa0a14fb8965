"""What screening says of one person: every programme's models with reasons, contributions and what to measure next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.rooms.screening.models import Assessment, Run
from catchment.rooms.screening.queries.cases import band_words, cases_of
from catchment.rooms.screening.queries.editions import inputs_on, programmes_on
from catchment.rooms.screening.rules import InputsRule, Programme, words
from catchment.rooms.screening.types import Bar, InputLine, ModelLine, ProgrammeLine, Status, Way
from catchment.standards.risk.catalogue import UnknownModelError, definition
from catchment.standards.risk.definition import Definition

ENTRIES = {
    Way.MEASUREMENT: "observation",
    Way.ANSWER: "observation",
    Way.CONDITION: "condition",
    Way.MEDICINE: "medication",
}
"""The kind of entry of the record that a way reads."""


def programmes_of(person_id: int, now: datetime) -> list[ProgrammeLine]:
    """Every programme that has looked at the person, with its models and cases, those that ask for action first."""
    day = timezone.localdate(now)
    rows = _newest(person_id)
    if not rows:
        return []
    rule = inputs_on(day)
    found = [_programme(one, rows, rule) for one in programmes_on(day).programmes]
    theirs = cases_of(person_id)
    lines = [
        ProgrammeLine(
            code=one.code, title=one.title, lines=one.lines, cases=tuple(c for c in theirs if c.programme == one.code)
        )
        for one in found
        if one is not None
    ]
    return sorted(lines, key=lambda one: min(_PRESSING[line.mark] for line in one.lines))


def line_of(row: Assessment, programme: Programme | None, rule: InputsRule) -> ModelLine:
    """One assessment as a page shows it."""
    model = _definition(row)
    reasons: Mapping[str, Any] = row.reasons
    return ModelLine(
        model=row.model,
        title=model.zh,
        edition=row.edition,
        evidence=model.evidence,
        status=row.status,
        band=row.band,
        band_label=band_words(row.model, row.band) if row.band else str(words.STATUSES[row.status]),
        mark=_mark(row, programme),
        value=_value(row),
        action=reasons.get("action") or "",
        why=tuple(_why(reasons)),
        bars=tuple(_bars(model, reasons.get("contributions") or {})),
        inputs=tuple(_inputs(model, row.inputs, rule)),
        missing=tuple(_missing(model, reasons.get("missing") or [], rule)),
        assessed_at=row.assessed_at,
    )


def newest_of(person_id: int) -> list[Assessment]:
    """The newest assessment of every model that still looks at the person, by model."""
    return sorted(_newest(person_id).values(), key=lambda row: row.model)


def last_looked(now: datetime) -> datetime | None:
    """When the county was last run over to the end."""
    run = (
        Run.objects.filter(finished_at__isnull=False, day__lte=timezone.localdate(now)).order_by("-finished_at").first()
    )
    return run.finished_at if run else None


_PRESSING = {"red": 0, "amber": 1, "green": 2, "grey": 3}


def _newest(person_id: int) -> dict[str, Assessment]:
    rows = Assessment.objects.filter(person_id=person_id, newest=True).exclude(digest="")
    return {row.model: row for row in rows}


def _programme(one: Programme, rows: Mapping[str, Assessment], rule: InputsRule) -> ProgrammeLine | None:
    lines = [line_of(rows[model], one, rule) for model in one.models if model in rows]
    told = [line for line in lines if line.status not in {Status.OUT_OF_POPULATION, Status.NOT_APPLICABLE}]
    return ProgrammeLine(code=one.code, title=one.zh, lines=tuple(told)) if told else None


def _definition(row: Assessment) -> Definition:
    """The edition that was used; the newest where it is no longer carried."""
    try:
        return definition(row.model, edition=row.edition)
    except UnknownModelError:
        return definition(row.model)


def _mark(row: Assessment, programme: Programme | None) -> str:
    """Red needs a person now, amber asks for something, green is done, grey says nothing."""
    if row.status != Status.ASSESSED:
        return "grey"
    acting = programme.acting(row.model, row.band) if programme else None
    if acting is None:
        return "green"
    return "red" if acting[1].priority == "urgent" else "amber"


def _value(row: Assessment) -> str:
    """The number that a model gives, with its unit; empty where it gives none beside the band."""
    value = row.value
    if isinstance(value, dict):
        value = next((part for key, part in value.items() if isinstance(part, int | float) and key != "band"), None)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    if "percent" in row.model:
        return f"{value:.1f}%"
    return f"{100 * value:.1f}%" if row.model.startswith("framingham_cvd") else f"{value:.4g}"


def _why(reasons: Mapping[str, Any]) -> Iterable[str]:
    for text in reasons.get("excluded") or []:
        yield str(_("已不在项目人群")) if text == "programme" else text
    yield from reasons.get("rejected") or []
    yield from reasons.get("alerts") or []


def _bars(model: Definition, contributions: Mapping[str, float | None]) -> Iterable[Bar]:
    """The largest first; what adds nothing is left out."""
    known = {name: amount for name, amount in contributions.items() if amount}
    top = max((abs(amount) for amount in known.values()), default=1)
    labels = _labels(model)
    for name, amount in sorted(known.items(), key=lambda pair: -abs(pair[1])):
        label = labels.get(name) or str(words.PARTS.get(name, name))
        yield Bar(label=label, amount=float(f"{amount:.3g}"), share=max(2, round(100 * abs(amount) / top)))


def _inputs(model: Definition, inputs: Mapping[str, Any], rule: InputsRule) -> Iterable[InputLine]:
    labels = _labels(model) | {item.name: item.zh for item in rule.inputs}
    units = {one.name: one.unit for one in model.inputs}
    units |= {other.name: other.unit for one in model.inputs for other in one.alternatives}
    for name, told in inputs.items():
        way = str(told["from"])
        yield InputLine(
            name=name,
            label=labels.get(name, name),
            value=_said(told["value"]),
            unit=units.get(name, ""),
            way=str(_("未见记录，按规则为否")) if told.get("absent") else str(words.WAYS.get(way, way)),
            day=date.fromisoformat(told["day"]) if "day" in told else None,
            entry_kind=ENTRIES.get(Way(way), "") if "entry" in told else "",
            entry_id=told.get("entry"),
        )


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(words.CHOICES["yes"] if value else words.CHOICES["no"])
    return f"{value:.5g}" if isinstance(value, int | float) else str(words.CHOICES.get(value, value))


def _missing(model: Definition, names: Iterable[str], rule: InputsRule) -> Iterable[str]:
    """What to measure, ask or examine next: the input that is missing, or what it is had from."""
    labels = _labels(model)
    others = {one.name: [other.name for other in one.alternatives] for one in model.inputs}
    for name in names:
        ways = [way for known in (name, *others.get(name, [])) for way in rule.ways(known)]
        verb = next((_NEXT[way.way] for way in ways if way.way in _NEXT), None)
        yield f"{verb()}{labels.get(name, name)}" if verb else labels.get(name, name)


_NEXT = {Way.MEASUREMENT: lambda: _("测："), Way.FORMULA: lambda: _("测："), Way.ANSWER: lambda: _("问：")}


def _labels(model: Definition) -> dict[str, str]:
    return {one.name: one.zh for one in model.inputs}
