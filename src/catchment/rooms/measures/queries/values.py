"""The values that were computed last, as far as a post may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.consent import queries as consent
from catchment.rooms.measures.models import Answer, Run, Value
from catchment.rooms.measures.queries.telling import too_small
from catchment.rooms.measures.queries.whereabouts import sees_all, visible
from catchment.rooms.measures.rules import key_of, read_set
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.places.models import Area, Facility
from catchment.rooms.places.types import Level
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue
from catchment.standards.measures.definition import ANSWERS, Figure, Kind, Measure, MeasureSet, Part, Source
from catchment.standards.measures.evaluating import Status, light_of
from catchment.standards.measures.periods import Period, period_of, series


def edition_of(name: str, day: date) -> tuple[EditionValue, MeasureSet]:
    """The edition of a set in force on a day, and what it says."""
    edition = rulebook.edition_on(key_of(name), day)
    return edition, read_set(edition.content)


def latest_run(name: str, period: str, version: str = "") -> Run | None:
    """The last run of a set for a period, of one edition where given."""
    rows = Run.objects.filter(key=key_of(name), period=period)
    return (rows.filter(version=version) if version else rows).order_by("-id").first()


def runs(name: str, period: str = "") -> list[Run]:
    """Every run of a set, of one period where given, latest first."""
    rows = Run.objects.filter(key=key_of(name))
    return list((rows.filter(period=period) if period else rows).order_by("-id")[:200])


def values(
    actor: Actor,
    name: str,
    period: str,
    level: str = "county",
    *,
    codes: Iterable[str] = (),
    place: str = "",
) -> list[MeasureValue]:
    """The values of a set for a period at a level (`county`, `township`, `village`, `facility`), measure by measure.

    From the last run; nothing where there is none. A post that may read all sees every place, others their own. `codes`
    and `place` narrow it.
    """
    actor.require("measures.read")
    run = latest_run(name, period)
    return [] if run is None else values_of(actor, run, level, codes=codes, place=place)


def values_of(
    actor: Actor, run: Run, level: str, *, codes: Iterable[str] = (), place: str = "", outside: bool = False
) -> list[MeasureValue]:
    """The values of one run, as `values` gives them, with the words of the edition that it was computed by.

    A post that sees figures only, and everybody where it goes `outside` the county, is not told of a few people.
    """
    edition = rulebook.edition(run.key, run.version)
    content = read_set(edition.content)
    wanted = set(codes) or set(content.by_code)
    rows = Value.objects.filter(run=run, level=level, code__in=wanted).filter(visible(actor))
    hidden = too_small(content, rows, smallest_told(actor, run, outside=outside))
    held = [row for row in (rows.filter(place=place) if place else rows) if row.code in content.by_code]
    names = names_of(level, {row.place for row in held} | ({place} if place else set()))
    told = [_told(content, run, row, names, verified=edition.verified) for row in held]
    told = [_withheld(one) if (one.code, one.place_code) in hidden else one for one in told]
    if level == "county" and sees_all(actor):
        told += _answered(content, run, {row.place for row in held}, wanted, verified=edition.verified)
    order = {code: at for at, code in enumerate(content.by_code)}
    return sorted(told, key=lambda one: (order[one.code], one.place_code))


def smallest_told(actor: Actor, run: Run, *, outside: bool = False) -> int:
    """Counts below this are not told: 0 for a post that may open the rows, unless what it reads goes `outside`."""
    open_to = actor.may("measures.open") and not outside
    return 0 if open_to else consent.smallest_cell(timezone.localdate(run.computed_at))


def _withheld(value: MeasureValue) -> MeasureValue:
    return replace(value, value=None, numerator=None, denominator=None, status=Status.WITHHELD, light="")


def history(
    actor: Actor, name: str, code: str, period: Period, level: str, place: str, length: int = 12
) -> list[MeasureValue | None]:
    """The value of one place in the last `length` periods of the same kind, oldest first; `None` for none."""
    actor.require("measures.read")
    wanted = [one.code for one in series(period, length)]
    newest = {run.period: run for run in Run.objects.filter(key=key_of(name), period__in=wanted).order_by("id")}
    found = [newest.get(one) for one in wanted]
    return [next(iter(values_of(actor, run, level, codes=[code], place=place)), None) if run else None for run in found]


def names_of(level: str, codes: Iterable[str]) -> dict[str, str]:
    """What places are called."""
    rows = (Facility if level == "facility" else Area).objects.filter(code__in=list(codes))
    return dict(rows.values_list("code", "name"))


def answers(name: str, code: str, place: str = "") -> QuerySet[Answer]:
    """Every answer given to a qualitative measure, the one that holds first."""
    rows = Answer.objects.filter(key=key_of(name), code=code)
    return (rows.filter(place=place) if place else rows).order_by("-on", "-id")


def title(named: Measure | MeasureSet | Source | Figure | Part) -> str:
    """What a measure, a set, a source or a part is called in the reader's language; a part may have no name."""
    return named.en if get_language() == "en" else named.zh


def _told(content: MeasureSet, run: Run, row: Value, names: Mapping[str, str], *, verified: bool) -> MeasureValue:
    measure = content.by_code[row.code]
    return MeasureValue(
        code=row.code,
        name=title(measure),
        place_code=row.place,
        place_name=names.get(row.place, row.place),
        level=row.level,
        period=run.period,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        unit=measure.unit,
        digits=measure.digits,
        status=row.status,
        light=light_of(measure, row.value),
        missing_sources=tuple(source_word(content, code) for code in row.missing),
        edition=run.version,
        as_of=run.as_of,
        computed_at=run.computed_at,
        verified=verified,
    )


def source_word(content: MeasureSet, code: str) -> str:
    """What a source is called in the reader's language."""
    source = content.source_by_code.get(code)
    return code if source is None else title(source)


def _answered(
    content: MeasureSet, run: Run, places: set[str], wanted: set[str], *, verified: bool
) -> list[MeasureValue]:
    """Qualitative measures: the answer that holds at the period's end, or that none was given."""
    asked = [m for m in content.measures if m.kind is Kind.QUALITATIVE and m.code in wanted]
    places = places or set(Area.objects.filter(level=Level.COUNTY).values_list("code", flat=True)[:1])
    end = period_of(run.period).last
    names = names_of("county", places)
    rows = Answer.objects.filter(key=run.key, code__in=[m.code for m in asked], place__in=places, on__lte=end)
    newest = {(row.code, row.place): row for row in rows.order_by("on", "id")}
    return [
        _answer_told(measure, run, place, names.get(place, place), newest.get((measure.code, place)), verified=verified)
        for measure in asked
        for place in places
    ]


def _answer_told(
    measure: Measure, run: Run, place: str, place_name: str, answer: Answer | None, *, verified: bool
) -> MeasureValue:
    value = None if answer is None else ANSWERS[answer.answer]
    return MeasureValue(
        code=measure.code,
        name=title(measure),
        place_code=place,
        place_name=place_name,
        level="county",
        period=run.period,
        value=value,
        numerator=None,
        denominator=None,
        unit="",
        digits=1,
        status=Status.NOT_ANSWERED if answer is None else Status.VALUED,
        light=light_of(measure, value),
        missing_sources=(),
        edition=run.version,
        as_of=run.as_of,
        computed_at=answer.answered_at if answer else run.computed_at,
        verified=verified,
    )


def run_of(name: str, period: str) -> Run:
    """The last run of a set for a period; `NotFound` where there is none."""
    run = latest_run(name, period)
    if run is None:
        raise NotFound("not-computed", _("这套指标在这一期间还没有计算"))
    return run


def measure_of(content: MeasureSet, code: str) -> Measure:
    """One measure of a set; `NotFound` where there is none of that code."""
    if code not in content.by_code:
        raise NotFound("no-such-measure", _("这套指标里没有 %s") % code)
    return content.by_code[code]


def trends(
    actor: Actor, name: str, period: Period, level: str, place: str, length: int = 8
) -> dict[str, list[float | None]]:
    """For each measure the values of one place in the last periods of the same kind, oldest first."""
    wanted = [one.code for one in series(period, length)]
    newest = {run.period: run for run in Run.objects.filter(key=key_of(name), period__in=wanted).order_by("id")}
    told = [
        {one.code: one.value for one in values_of(actor, newest[code], level, place=place)} if code in newest else {}
        for code in wanted
    ]
    return {code: [one.get(code) for one in told] for code in {code for one in told for code in one}}


def beneath(actor: Actor, name: str, period: str, code: str, level: str, place: str) -> list[MeasureValue]:
    """The values of one measure in the places of a level that lie within an area, highest denominators first."""
    found = values(actor, name, period, level, codes=[code])
    if level == "facility":
        within = set(Facility.objects.filter(area__code__startswith=place).values_list("code", flat=True))
        found = [one for one in found if one.place_code in within]
    else:
        found = [one for one in found if one.place_code.startswith(place)]
    return sorted(found, key=lambda one: (-(one.denominator or one.numerator or 0), one.place_code))
