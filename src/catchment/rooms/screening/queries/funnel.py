"""A programme's funnel: from those it is for to those who are confirmed, and where people drop out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Case as When_
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from catchment.kernel.actor import Actor
from catchment.kernel.models import FlowEvent
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.rules import withheld
from catchment.rooms.people.models import Person
from catchment.rooms.places.types import Level
from catchment.rooms.screening.models import Assessment, Case
from catchment.rooms.screening.queries.editions import programmes_on, reasons_of
from catchment.rooms.screening.rules import CASE, Programme, words
from catchment.rooms.screening.types import DROPPED_STATES, PlaceFunnel, Stage, State, Status
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import CareResponsibility

FORWARD = ("eligible", "assessed", "found", "informed", "reached", "tested", "confirmed", "enrolled")
ENDS = ("due", "cleared", "lapsed", *(state.value for state in DROPPED_STATES))
BY = ("township", "village", "doctor")
UNKNOWN = "—"
CASE_STAGES = {
    "found": Q(),
    "informed": Q(informed_at__isnull=False),
    "reached": Q(reached_at__isnull=False),
    "tested": Q(tested_at__isnull=False),
    "confirmed": Q(confirmed_at__isnull=False),
    "enrolled": Q(state=State.ENROLLED),
    "cleared": Q(state=State.CLEARED),
    "lapsed": Q(state=State.LAPSED),
    **{state.value: Q(state=state) for state in DROPPED_STATES},
}


def funnel(actor: Actor, programme: Programme, now: datetime) -> list[Stage]:
    """The stages of the programme over the actor's places, or over the county with `screening.statistics-all`."""
    totals = _totals(_counts(actor, programme, timezone.localdate(now)))
    smallest = smallest_cell(actor, now)
    return [
        Stage(code=code, label=str(words.STAGES[code]), count=_told(n, smallest), shown=_words(n, smallest))
        for code, n in totals.items()
    ]


def by_place(actor: Actor, programme: Programme, now: datetime, by: str = "township") -> list[PlaceFunnel]:
    """The same by township, village or responsible doctor, most people first; small cells are not shown."""
    counts = _counts(actor, programme, timezone.localdate(now), by)
    places = sorted(counts, key=lambda place: (-counts[place]["eligible"], place))
    cells = {(place, code): n for place, stages in counts.items() for code, n in stages.items()}
    totals = {(None, code): n for code, n in _totals(counts).items()}
    sums = [(key, [(place, key[1]) for place in places]) for key in totals]
    smallest = smallest_cell(actor, now)
    gone = withheld({**cells, **totals}, sums, smallest=smallest) if smallest else frozenset()
    return [
        PlaceFunnel(
            label=place, cells={code: _cell(n, smallest, (place, code) in gone) for code, n in counts[place].items()}
        )
        for place in places
    ]


def drop_outs(actor: Actor, programme: Programme, now: datetime) -> list[tuple[str, str]]:
    """Each coded reason for which people dropped out, with how many, most first; small counts are not shown."""
    verbs = {"refuse": "refusal", "lose": "no-contact", "depart": "departure"}
    theirs = _cases(actor, programme).values("pk")
    told = FlowEvent.objects.filter(subject_kind=CASE.kind, verb__in=verbs, subject_id__in=theirs)
    rows = list(told.values_list("verb", "reason_code").annotate(n=Count("subject_id", distinct=True)).order_by("-n"))
    day, smallest = timezone.localdate(now), smallest_cell(actor, now)
    known = {(verb, item.code): item.zh for verb, name in verbs.items() for item in reasons_of(name, day)}
    return [(known.get((verb, code), code), _words(n, smallest)) for verb, code, n in rows]


def people_behind(
    actor: Actor, programme: Programme, day: date, *, by: str, place: str, stage: str
) -> QuerySet[Person]:
    """The people behind one figure of the day, as far as the actor may see them: the walls decide."""
    actor.require("screening.read")
    held = _cases(actor, programme).filter(CASE_STAGES[stage]) if stage in CASE_STAGES else None
    rows = _placed(_looked_at(actor, programme, day, stage) if held is None else held, by, day)
    found = rows.filter(place=place) if place else rows
    return (
        Person.objects.filter(pk__in=found.order_by().values("person_id")).select_related("area").order_by("name", "id")
    )


def overview(actor: Actor, now: datetime) -> list[tuple[Programme, dict[str, Stage]]]:
    """Every programme with its stages."""
    known = programmes_on(timezone.localdate(now)).programmes
    return [(one, {stage.code: stage for stage in funnel(actor, one, now)}) for one in known]


def smallest_cell(actor: Actor, now: datetime) -> int:
    """Below how many people a count is not shown to this viewer; 0 for those who may open the people behind it."""
    return 0 if actor.may("screening.read") else consent.smallest_cell(timezone.localdate(now))


def _counts(actor: Actor, programme: Programme, day: date, by: str = "") -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for code in ("eligible", "assessed", "due"):
        placed: Any = _placed(_looked_at(actor, programme, day, code), by, day).order_by().values_list("place")
        for place, n in placed.annotate(n=Count("person_id", distinct=True)):
            found.setdefault(place, dict.fromkeys((*FORWARD, *ENDS), 0))[code] = n
    cases: Any = _placed(_cases(actor, programme), by, day).order_by().values("place")
    counting = {_column(code): Count("person_id", filter=q, distinct=True) for code, q in CASE_STAGES.items()}
    for row in cases.annotate(**counting):
        own = found.setdefault(row["place"], dict.fromkeys((*FORWARD, *ENDS), 0))
        own |= {code: row[_column(code)] for code in CASE_STAGES}
    return found


def _looked_at(actor: Actor, programme: Programme, day: date, stage: str) -> QuerySet[Assessment]:
    """Newest assessments of the programme's people: of all of them (`eligible`), of those whose assessment holds on
    the day (`assessed`), of those whose assessment held once and does no longer (`due`).
    """
    rows = Assessment.objects.filter(_own(actor), newest=True, model__in=programme.models).exclude(digest="")
    if stage == "eligible":
        return rows
    told = rows.filter(status=Status.ASSESSED, model__in=programme.acting_models())
    holding = told.filter(holds(programme, day))
    return holding if stage == "assessed" else told.filter(~Exists(holding.filter(person_id=OuterRef("person_id"))))


def holds(programme: Programme, day: date) -> Q:
    """Whether an assessment still holds on the day: what it rests on is not older than the programme's interval."""
    return Q(rests_on__isnull=True) | Q(rests_on__gt=programme.holds_after(day))


def _cases(actor: Actor, programme: Programme) -> QuerySet[Case]:
    return Case.objects.filter(_own(actor), programme=programme.code)


def _own(actor: Actor) -> Q:
    """Everybody for a post that oversees the county, else the people of the actor's own places."""
    if actor.may("screening.statistics-all"):
        return Q()
    return Q(person__primary_facility_id__in=[*actor.scope, actor.here])


def _placed(rows: QuerySet[Any], by: str, day: date) -> QuerySet[Any]:
    """With `place`: the name of the township, the village or the doctor; one place for all where `by` is empty."""
    if by == "doctor":
        held = CareResponsibility.objects.filter(staff.answering_on(day), person_id=OuterRef("person_id"))
        name = Concat("post__practitioner__name", Value(" · "), "post__facility__name")
        named: Any = Subquery(held.annotate(name_=name).values("name_")[:1], output_field=CharField())
    elif by == "village":
        named = F("person__area__name")
    elif by == "township":
        inside = Q(person__area__level=Level.VILLAGE)
        own = When(inside, then=F("person__area__parent__name"))
        named = When_(own, default=F("person__area__name"), output_field=CharField())
    else:
        named = Value("")
    placed: QuerySet[Any] = rows.annotate(place=Coalesce(named, Value(UNKNOWN), output_field=CharField()))
    return placed


def _column(code: str) -> str:
    return f"n_{code}".replace("-", "_")


def _cell(count: int, smallest: int, gone: bool) -> str:
    if not gone:
        return str(count)
    return f"<{smallest}" if count < smallest else UNKNOWN


def _totals(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {code: sum(one[code] for one in counts.values()) for code in (*FORWARD, *ENDS)}


def _told(count: int, smallest: int) -> int:
    return 0 if 0 < count < smallest else count


def _words(count: int, smallest: int) -> str:
    return f"<{smallest}" if 0 < count < smallest else str(count)


def columns() -> Iterable[tuple[str, str]]:
    """The stages as columns of a table: code and name."""
    return [(code, str(words.STAGES[code])) for code in (*FORWARD, *ENDS)]


def share(counts: Mapping[str, Stage]) -> int | None:
    """The per cent of those the programme is for who are assessed."""
    eligible = counts["eligible"].count
    return round(100 * counts["assessed"].count / eligible) if eligible else None
