"""What referral amounts to: volumes, times, the effective rate, flows between facilities."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from catchment.kernel.actor import Actor
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.queries.view import visible
from catchment.rooms.referral.types import Direction, State

ARRIVED_AND_ANSWERED = Q(arrived_at__isnull=False, answered_at__isnull=False)
EFFECTIVE = ARRIVED_AND_ANSWERED & (~Q(direction=Direction.DOWN) | Q(taken_over_at__isnull=False))


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month: how many were sent, by direction; how many took which end; the effective rate in per cent."""

    month: date
    sent: int
    up: int
    down: int
    accepted: int
    declined: int
    effective: int
    accept_hours: float | None

    @property
    def effective_rate(self) -> float | None:
        return round(100 * self.effective / self.sent, 1) if self.sent else None


@dataclass(frozen=True, slots=True)
class FlowLine:
    """How many went from one facility to another in a direction, and where the two are."""

    source: str
    target: str
    direction: str
    n: int
    effective: int
    source_point: tuple[float | None, float | None]
    target_point: tuple[float | None, float | None]


def sent_between(
    actor: Actor, since: datetime, until: datetime, *, facility_id: int | None = None
) -> QuerySet[Referral]:
    """The referrals that the figures are counted from: sent in the period, of one facility where given."""
    actor.require("referral.statistics")
    rows = Referral.objects.filter(sent_at__gte=since, sent_at__lt=until)
    if not actor.may("referral.statistics-all"):
        rows = rows.filter(visible(actor))
    if facility_id is not None:
        rows = rows.filter(Q(from_facility_id=facility_id) | Q(to_facility_id=facility_id))
    return rows


def totals(rows: QuerySet[Referral]) -> dict[str, float | int | None]:
    """One line for the whole period: counts by direction and end, mean hours to accept, effective rate in per cent."""
    found = rows.aggregate(**_counts())
    found["effective_rate"] = round(100 * found["effective"] / found["sent"], 1) if found["sent"] else None
    found["accept_hours"] = _hours(found.pop("accept_time"))
    return found


def monthly(rows: QuerySet[Referral]) -> list[MonthLine]:
    """The same by month of sending, oldest first."""
    months: Any = rows.annotate(month=TruncMonth("sent_at")).values("month")
    grouped = months.annotate(**_counts()).order_by("month")
    return [_month(row) for row in grouped]


def flows(rows: QuerySet[Referral], limit: int = 60) -> list[FlowLine]:
    """The strongest flows between facilities."""
    ends = (
        "from_facility__name", "to_facility__name", "direction",
        "from_facility__longitude", "from_facility__latitude", "to_facility__longitude", "to_facility__latitude",
    )  # fmt: skip
    known = rows.filter(to_facility__isnull=False)
    grouped = known.values_list(*ends).annotate(n=Count("id"), good=Count("id", filter=EFFECTIVE)).order_by("-n")
    return [FlowLine(a, b, way, n, good, (x1, y1), (x2, y2)) for a, b, way, x1, y1, x2, y2, n, good in grouped[:limit]]


def by_facility(rows: QuerySet[Referral]) -> list[dict[str, object]]:
    """Counts and effective rate of each sending facility, most referrals first."""
    senders: Any = rows.values("from_facility_id", "from_facility__name")
    grouped = senders.annotate(**_counts()).order_by("-sent")
    return [
        {
            "facility_id": row["from_facility_id"],
            "facility": row["from_facility__name"],
            **{name: row[name] for name in ("sent", "up", "down", "accepted", "declined", "effective")},
            "effective_rate": round(100 * row["effective"] / row["sent"], 1),
            "accept_hours": _hours(row["accept_time"]),
        }
        for row in grouped
    ]


def _month(row: dict[str, Any]) -> MonthLine:
    names = ("sent", "up", "down", "accepted", "declined", "effective")
    return MonthLine(
        month=row["month"].date(), **{name: row[name] for name in names}, accept_hours=_hours(row["accept_time"])
    )


def _counts() -> dict[str, Count | Avg]:
    return {
        "sent": Count("id"),
        "up": Count("id", filter=Q(direction=Direction.UP)),
        "down": Count("id", filter=Q(direction=Direction.DOWN)),
        "accepted": Count("id", filter=Q(accepted_at__isnull=False)),
        "declined": Count("id", filter=Q(state=State.DECLINED)),
        "effective": Count("id", filter=EFFECTIVE),
        "accept_time": Avg(F("accepted_at") - F("sent_at")),
    }


def _hours(length: object) -> float | None:
    return round(length.total_seconds() / 3600, 1) if isinstance(length, timedelta) else None
