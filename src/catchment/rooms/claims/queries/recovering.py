"""What hospitals were finally paid for settlements that were taken back since, and has not been asked back yet."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from catchment.rooms.claims.models import CasePayment
from catchment.rooms.claims.rules import Valued, Worth
from catchment.rooms.claims.types import StatementKind
from catchment.standards.reasons import Reason

FINAL = (StatementKind.CLEARANCE, StatementKind.SUPPLEMENT)


def to_recover(before: int, *, stated_in: int | None = None) -> list[CasePayment]:
    """Payments on clearances and supplements of years before `before` whose settlement was taken back afterwards.

    One that is on a statement as recovered is left out; with `stated_in` those are in again that a monthly statement of
    that year has recovered. A year's own clearance needs none of this: what was taken back before it is not in it.
    """
    asked = CasePayment.objects.filter(settlement=OuterRef("settlement"), worth=Worth.RECOVERED)
    if stated_in is not None:
        asked = asked.exclude(statement__kind=StatementKind.MONTHLY, statement__period__startswith=f"{stated_in}-")
    rows = CasePayment.objects.filter(
        ~Exists(asked), statement__kind__in=FINAL, statement__period__lt=str(before),
        settlement__cancelled_at__isnull=False,
    ).exclude(worth=Worth.RECOVERED)  # fmt: skip
    return list(rows.select_related("statement", "settlement__claim__facility").order_by("pk"))


def opposite(one: CasePayment) -> Valued:
    """The whole payment below zero, with who took the settlement back and why."""
    gone = one.settlement
    told = {
        "period": one.statement.period, "kind": one.statement.kind, "fund": one.fund,
        "day": timezone.localdate(gone.cancelled_at).isoformat(), "by": gone.cancelled_by or "—",
        "reason": gone.cancel_reason,
    }  # fmt: skip
    return Valued(
        claim_id=one.claim_id, worth=Worth.RECOVERED, weight=-one.weight, factor=one.factor, standard=-one.standard,
        payable=-one.payable, fund=-one.fund, why=(Reason("recovered", told),),
    )  # fmt: skip


def waits_to_be_recovered(claim_id: int) -> list[CasePayment]:
    """Those of one claim that no statement has asked back yet."""
    asked = CasePayment.objects.filter(settlement=OuterRef("settlement"), worth=Worth.RECOVERED)
    rows = CasePayment.objects.filter(
        ~Exists(asked), claim_id=claim_id, statement__kind__in=FINAL, settlement__cancelled_at__isnull=False
    )
    return list(rows.exclude(worth=Worth.RECOVERED).select_related("statement").order_by("pk"))
