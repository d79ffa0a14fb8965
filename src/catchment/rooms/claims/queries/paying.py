"""What statements are made of: settled cases of a period, which of them were paid by group already, reviews."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast

from catchment.kernel.actor import Actor
from catchment.rooms.claims.models import CasePayment, Claim, Settlement, SpecialReview, Statement
from catchment.rooms.claims.rules import DESK, OFFICE, Treated, Worth
from catchment.rooms.claims.types import Insurance, Kind, ReviewKind, ReviewState, State, StatementKind


def treated(since: date, until: date, *, unstated: bool) -> list[Settlement]:
    """Live settlements of insured stays that ended in the days; with `unstated` those on no monthly statement yet."""
    rows = _insured().filter(claim__ends_on__range=(since, until))
    if unstated:
        stated = CasePayment.objects.filter(settlement=OuterRef("pk"), statement__kind=StatementKind.MONTHLY)
        rows = rows.filter(~Exists(stated))
    return _in_order(rows)


def late(before: int, *, stated_in: int | None = None) -> list[Settlement]:
    """Those of years before `before` that came after their year had been cleared, and stand on no statement.

    With `stated_in` those too that a monthly statement of that year has paid meanwhile.
    """
    cleared = Statement.objects.filter(kind=StatementKind.CLEARANCE, period=Cast(OuterRef("year"), CharField()))
    stated = CasePayment.objects.filter(settlement=OuterRef("pk"))
    if stated_in is not None:
        stated = stated.exclude(statement__kind=StatementKind.MONTHLY, statement__period__startswith=f"{stated_in}-")
    return _in_order(_insured().filter(year__lt=before).filter(Exists(cleared), ~Exists(stated)))


def cleared_point(year: int) -> Decimal | None:
    """What one weight was worth in fen at the year's clearance; `None` before it."""
    rows = Statement.objects.filter(kind=StatementKind.CLEARANCE, period=str(year))
    return rows.order_by("pk").values_list("point", flat=True).first()


def _insured() -> QuerySet[Settlement]:
    rows = Settlement.objects.filter(cancelled_at__isnull=True, claim__kind=Kind.INPATIENT)
    return rows.exclude(claim__insurance=Insurance.NONE)


def _in_order(rows: QuerySet[Settlement]) -> list[Settlement]:
    return list(rows.select_related("claim__facility").order_by("claim__facility_id", "claim__ends_on", "claim_id"))


def granted(claim_ids: Iterable[int], *, until: datetime | None = None) -> set[int]:
    """Those of the claims whose special review was granted, `until` then where given."""
    rows = SpecialReview.objects.filter(claim_id__in=claim_ids, kind=ReviewKind.SPECIAL, state=ReviewState.GRANTED)
    if until is not None:
        rows = rows.filter(state_since__lte=until)
    return set(rows.values_list("claim_id", flat=True))


def case_of(settlement: Settlement, *, reviewed: bool) -> Treated:
    """A settlement as the rules of payment look at it."""
    claim = settlement.claim
    return Treated(
        claim_id=claim.pk,
        facility_code=claim.facility.code,
        level=settlement.level,
        group=claim.drg,
        grouped=claim.grouped,
        principal=claim.diagnoses[0].get("code", "") if claim.diagnoses else "",
        days=claim.days,
        total=claim.total,
        patient=settlement.patient,
        by_item=settlement.basic + settlement.serious,
        other=settlement.aid,
        reviewed=reviewed,
    )


def stated(year: int, facility_id: int, insurance: str) -> tuple[int, int, int, int]:
    """What monthly statements of the year came to: fund, booked by item, deposits kept, prepayments still open."""
    rows = Statement.objects.filter(facility_id=facility_id, insurance=insurance, period__startswith=str(year))
    monthly = rows.filter(kind=StatementKind.MONTHLY).aggregate(f=Sum("fund"), i=Sum("by_item"), d=Sum("deposit"))
    return monthly["f"] or 0, monthly["i"] or 0, monthly["d"] or 0, open_prepayment(facility_id, insurance)


def paid_pairs(year: int) -> list[tuple[int, str]]:
    """Facilities and insurances that were paid by month in a year, though none of their cases may count any more."""
    kinds = (StatementKind.PREPAYMENT, StatementKind.MONTHLY)
    rows = Statement.objects.filter(kind__in=kinds, period__startswith=f"{year}-")
    return list(rows.order_by("facility_id", "insurance").values_list("facility_id", "insurance").distinct())


def open_prepayment(facility_id: int, insurance: str, *, before: int | None = None) -> int:
    """What was paid in advance to a facility and has not been set off; `before` the statement of this key."""
    rows = Statement.objects.filter(facility_id=facility_id, insurance=insurance)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    prepaid = rows.filter(kind=StatementKind.PREPAYMENT).aggregate(n=Sum("paid"))["n"] or 0
    offset = rows.exclude(kind=StatementKind.PREPAYMENT).aggregate(n=Sum("offset"))["n"] or 0
    return int(prepaid - offset)


def usual_month(first: date, *, before: int | None = None) -> dict[tuple[int, str], int]:
    """By facility and insurance: what the fund paid at the counter for stays in a month, of the three months before.

    As the books stood `before` the transaction of this key, where given.
    """
    since = (first - timedelta(days=75)).replace(day=1)
    stood = Q(cancelled_at__isnull=True)
    if before is not None:
        stood = Q(transaction_id__lt=before) & (stood | Q(cancel_transaction_id__gt=before))
    rows = Settlement.objects.filter(
        stood, claim__kind=Kind.INPATIENT, claim__ends_on__gte=since, claim__ends_on__lt=first
    ).exclude(claim__insurance=Insurance.NONE)
    summed = rows.values_list("claim__facility_id", "claim__insurance").annotate(n=Sum("basic") + Sum("serious"))
    return {(place, kind): int(n) // 3 for place, kind, n in summed}


def review_room(facility_id: int, year: int, permille: int) -> tuple[int, int]:
    """How many special reviews a facility asked for in a year, and how many its discharges allow."""
    stays = Claim.objects.filter(facility_id=facility_id, kind=Kind.INPATIENT, ends_on__year=year, state=State.SETTLED)
    rows = SpecialReview.objects.filter(kind=ReviewKind.SPECIAL, claim__facility_id=facility_id)
    asked = rows.filter(claim__ends_on__year=year).exclude(state=ReviewState.WITHDRAWN)
    return asked.count(), stays.count() * permille // 1000


def disputed(claim_id: int) -> bool:
    """Whether a dispute about the claim waits for its answer."""
    rows = SpecialReview.objects.filter(claim_id=claim_id, kind=ReviewKind.DISPUTE, state=ReviewState.ASKED)
    return rows.exists()


def sides_of_review(actor: Actor, review: SpecialReview) -> frozenset[str]:
    """The office that decides, the desk that asked."""
    sides = {OFFICE} if actor.may("claims.oversee") or actor.role == "system" else set()
    if actor.facility_id == review.claim.facility_id or actor.role == "system":
        sides.add(DESK)
    return frozenset(sides)


def statements(actor: Actor, year: int) -> list[Statement]:
    """The statements of a year that the actor may see, the newest period first."""
    rows = visible_statements(actor).filter(period__startswith=str(year))
    return list(rows.select_related("facility").order_by("-period", "facility__name", "insurance", "kind"))


def visible_statements(actor: Actor) -> QuerySet[Statement]:
    """All of them for the insurance office, one's own facility's otherwise."""
    actor.require("claims.read")
    rows = Statement.objects.all()
    return rows if actor.may("claims.oversee") else rows.filter(facility_id=actor.here)


def worth_counts(statement_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """For each statement how many cases were worth what."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = CasePayment.objects.filter(statement_id__in=statement_ids).values_list("statement_id", "worth")
    for key, worth, n in rows.annotate(n=Count("pk")):
        found[key][worth] = n
    return found


def cases_on(statement: Statement) -> list[CasePayment]:
    """The cases of a statement: what is asked back first, then the largest difference from what was booked."""
    rows = CasePayment.objects.filter(statement=statement).select_related("claim")
    return sorted(rows, key=lambda one: (one.worth != Worth.RECOVERED, -abs(one.fund - one.by_item), one.pk))
