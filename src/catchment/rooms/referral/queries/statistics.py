"""What referral amounts to: volumes, times, the effective rate, flows between townships and hospitals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Case, CharField, Count, DurationField, F, Q, QuerySet, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from catchment.kernel.actor import Actor
from catchment.kernel.models import FlowEvent
from catchment.rooms.places.types import Level
from catchment.rooms.referral.models import EFFECTIVE, Referral
from catchment.rooms.referral.queries.view import visible
from catchment.rooms.referral.rules import REFERRAL
from catchment.rooms.referral.types import Direction, State

COUNTED = {
    "sent": Q(),
    "up": Q(direction=Direction.UP),
    "down": Q(direction=Direction.DOWN),
    "accepted": Q(accepted_at__isnull=False),
    "declined": Q(state=State.DECLINED),
    "arrived": Q(arrived_at__isnull=False),
    "effective": EFFECTIVE,
}


class Median(Aggregate):
    """PostgreSQL's continuous median of lengths of time."""

    function = "percentile_cont"
    template = "percentile_cont(0.5) within group (order by %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts of some referrals; hours to accept as mean and median; the effective rate in per cent.

    `None` where there is nothing to reckon with, or where a count is too small to be told.
    """

    sent: int | None
    up: int | None
    down: int | None
    accepted: int | None
    declined: int | None
    arrived: int | None
    effective: int | None
    accept_hours: float | None
    accept_median: float | None

    @property
    def effective_rate(self) -> float | None:
        return round(100 * self.effective / self.sent, 1) if self.sent and self.effective is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine(Figures):
    """One month of sending."""

    month: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine(Figures):
    """One sending place: a facility, or all village clinics of a township together."""

    place: str


@dataclass(frozen=True, slots=True)
class PlaceFlow:
    """How many went from one place to another in a direction; village clinics counted with their township."""

    source: str
    target: str
    direction: str
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of a period together. `rates`: for each place and month how many were effective, of how many sent."""

    totals: Figures
    months: tuple[MonthLine, ...]
    places: tuple[PlaceLine, ...]
    rates: Mapping[tuple[str, date], tuple[int | None, int | None]]
    flows: tuple[PlaceFlow, ...]
    refusals: tuple[tuple[str, int | None], ...]


def sent_between(actor: Actor, first: date, last: date, *, facility_id: int | None = None) -> QuerySet[Referral]:
    """The referrals that the figures are counted from: sent on local days from first to last, of one facility."""
    actor.require("referral.statistics")
    rows = Referral.objects.filter(sent_at__gte=_midnight(first), sent_at__lt=_midnight(last + timedelta(days=1)))
    if not actor.may("referral.statistics-all"):
        rows = rows.filter(visible(actor))
    if facility_id is not None:
        rows = rows.filter(Q(from_facility_id=facility_id) | Q(to_facility_id=facility_id))
    return rows


def counted(
    rows: QuerySet[Referral],
    what: str = "sent",
    *,
    place: str = "",
    target: str = "",
    direction: str = "",
    refusal: str = "",
) -> QuerySet[Referral]:
    """The referrals behind one figure: what was counted, from which place, to which, which way, declined with what."""
    found = rows.filter(COUNTED.get(what, Q()))
    if refusal:
        found = found.filter(pk__in=_declines().filter(reason_code=refusal).values("subject_id"))
    if place:
        found = found.annotate(place=_place("from_facility")).filter(place=place)
    if target:
        found = found.annotate(target_place=_place("to_facility")).filter(target_place=target)
    return found.filter(direction=direction) if direction else found


def report(rows: QuerySet[Referral], *, most_places: int = 60) -> Report:
    """All figures of some referrals, as they are."""
    return Report(
        totals=totals(rows),
        months=tuple(monthly(rows)),
        places=tuple(by_place(rows, most_places)),
        rates=effective_by_month(rows),
        flows=tuple(place_flows(rows)),
        refusals=tuple(refusals(rows)),
    )


def totals(rows: QuerySet[Referral]) -> Figures:
    """One line for the whole period."""
    return Figures(**_figures(rows.aggregate(**_counts())))


def monthly(rows: QuerySet[Referral]) -> list[MonthLine]:
    """The same by month of sending, oldest first."""
    months: Any = rows.annotate(month=TruncMonth("sent_at")).values("month")
    grouped = months.annotate(**_counts()).order_by("month")
    return [MonthLine(month=row["month"].date(), **_figures(row)) for row in grouped]


def by_place(rows: QuerySet[Referral], limit: int = 60) -> list[PlaceLine]:
    """The same by sending place, most referrals first."""
    places: Any = rows.annotate(place=_place("from_facility")).values("place")
    grouped = places.annotate(**_counts()).order_by("-sent", "place")[:limit]
    return [PlaceLine(place=row["place"], **_figures(row)) for row in grouped]


def effective_by_month(rows: QuerySet[Referral]) -> dict[tuple[str, date], tuple[int, int]]:
    """For each sending place and month: how many were effective, of how many sent."""
    both: Any = rows.annotate(place=_place("from_facility"), month=TruncMonth("sent_at")).values_list("place", "month")
    grouped = both.annotate(good=Count("id", filter=EFFECTIVE), n=Count("id"))
    return {(place, month.date()): (good, n) for place, month, good, n in grouped}


def place_flows(rows: QuerySet[Referral], limit: int = 40) -> list[PlaceFlow]:
    """The strongest flows between places."""
    known: Any = rows.filter(to_facility__isnull=False)
    named = known.annotate(place=_place("from_facility"), target_place=_place("to_facility"))
    grouped = named.values_list("place", "target_place", "direction").annotate(n=Count("id")).order_by("-n", "place")
    return [PlaceFlow(*row) for row in grouped[:limit]]


def refusals(rows: QuerySet[Referral]) -> list[tuple[str, int]]:
    """Each coded reason of refusal with how many of the referrals were declined with it, once or more; most first."""
    told = _declines().filter(subject_id__in=rows.order_by().values("pk")).values_list("reason_code")
    return list(told.annotate(n=Count("subject_id", distinct=True)).order_by("-n", "reason_code"))


def _declines() -> QuerySet[FlowEvent]:
    return FlowEvent.objects.filter(subject_kind=REFERRAL.kind, verb="decline")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _place(side: str) -> Case:
    """A facility's name; for a village clinic the name of its township."""
    village = Q(**{f"{side}__level": Level.VILLAGE, f"{side}__area__parent__isnull": False})
    return Case(
        When(village, then=F(f"{side}__area__parent__name")), default=F(f"{side}__name"), output_field=CharField()
    )


def _counts() -> dict[str, Any]:
    counts: dict[str, Any] = {
        what: Count("id", filter=condition) for what, condition in COUNTED.items() if what != "sent"
    }
    waited = F("accepted_at") - F("sent_at")
    return {"sent": Count("id"), **counts, "mean": Avg(waited), "median": Median(waited)}


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{what: row[what] for what in COUNTED},
        "accept_hours": _hours(row["mean"]),
        "accept_median": _hours(row["median"]),
    }


def _hours(length: object) -> float | None:
    return round(length.total_seconds() / 3600, 1) if isinstance(length, timedelta) else None
