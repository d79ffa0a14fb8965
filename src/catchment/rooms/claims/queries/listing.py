"""Claims as lists and one claim as its page shows it; what sources sent and could not be taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import flow
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.fates import Fate
from catchment.kernel.flow import Choice
from catchment.kernel.models import FlowEvent
from catchment.rooms.claims.models import (
    CasePayment,
    Claim,
    Claimant,
    ClaimLine,
    IncomingRow,
    ReviewDocument,
    Settlement,
    SpecialReview,
    YearAccount,
)
from catchment.rooms.claims.queries.settling import sides_of
from catchment.rooms.claims.rules import CLAIM
from catchment.rooms.claims.types import ReviewState, State
from catchment.rooms.ledger.models import Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; empty is everything. `finding` is a rule's code, `stale` what to reckon anew."""

    since: date
    until: date
    state: str = ""
    kind: str = ""
    insurance: str = ""
    facility_id: int | None = None
    finding: str = ""
    text: str = ""
    group: str = ""
    stale: bool = False
    same: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Everything that a claim's page shows."""

    claim: Claim
    lines: list[ClaimLine]
    settlements: list[Settlement]
    postings: list[Posting]
    payments: list[CasePayment]
    reviews: list[SpecialReview]
    year: YearAccount | None
    history: list[FlowEvent]
    documents: list[ReviewDocument]

    @property
    def live(self) -> Settlement | None:
        """The settlement that counts."""
        return next((one for one in self.settlements if one.cancelled_at is None), None)


def listed(actor: Actor, wanted: Wanted) -> QuerySet[Claim]:
    """The claims that the actor may see and wants, the last discharged first."""
    rows = visible(actor).filter(ends_on__range=(wanted.since, wanted.until))
    for name in ("state", "kind", "insurance", "facility_id"):
        if given := getattr(wanted, name):
            rows = rows.filter(**{name: given})
    if wanted.group:
        rows = rows.filter(drg=wanted.group)
    if wanted.finding:
        rows = rows.filter(findings__contains=[{"code": wanted.finding}])
    if wanted.stale:
        rows = rows.filter(
            pk__in=Settlement.objects.filter(cancelled_at__isnull=True, stale__isnull=False).values("claim")
        )
    if wanted.same:
        rows = rows.filter(person_id__in=visible(actor).filter(public_id=wanted.same).values("person_id"))
    if wanted.text:
        number = wanted.text.upper().removeprefix("JS").lstrip("0")
        named = Claimant.objects.filter(name__startswith=wanted.text).values("claim")
        asked = Q(pk__in=named) | Q(ref=wanted.text) | Q(drg=wanted.text)
        rows = rows.filter(asked | Q(pk=int(number)) if number.isdecimal() and len(number) < 18 else asked)  # noqa: PLR2004 bigint
    return rows.select_related("facility").order_by("-ends_on", "-pk")


def visible(actor: Actor) -> QuerySet[Claim]:
    """All claims for the insurance office, those of one's own facility otherwise."""
    actor.require("claims.read")
    rows = Claim.objects.all()
    return rows if actor.may("claims.oversee") else rows.filter(facility_id=actor.here)


def by_public_id(actor: Actor, public_id: UUID) -> Claim:
    """One claim; `NotFound` when it is not this actor's to see."""
    found = visible(actor).select_related("facility", "practitioner").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这张结算单"))
    return found


def page_of(claim: Claim) -> ClaimPage:
    """The claim with lines, settlements, postings, statements, reviews and history."""
    settlements = list(Settlement.objects.filter(claim=claim).order_by("-pk").select_related("transaction__period"))
    entries = [one.transaction_id for one in settlements]
    entries += [one.cancel_transaction_id for one in settlements if one.cancel_transaction_id]
    return ClaimPage(
        claim,
        list(ClaimLine.objects.filter(claim=claim).order_by("-amount", "pk")),
        settlements,
        list(
            Posting.objects.filter(transaction_id__in=entries)
            .select_related("transaction__period", "account")
            .order_by("transaction_id", F("amount").desc())
        ),
        list(CasePayment.objects.filter(claim=claim).select_related("statement").order_by("pk")),
        list(SpecialReview.objects.filter(claim=claim).order_by("-pk")),
        YearAccount.objects.filter(
            person_id=claim.person_id, year=claim.ends_on.year, insurance=claim.insurance
        ).first(),
        flow.history(CLAIM, claim.pk),
        list(ReviewDocument.objects.filter(review__claim=claim).order_by("pk")),
    )


def document_of(claim: Claim, public_id: UUID) -> ReviewDocument:
    """A document with a special review of the claim."""
    rows = ReviewDocument.objects.select_related("review__claim").filter(review__claim=claim, public_id=public_id)
    found = rows.first()
    if found is None:
        raise NotFound("not-found", _("没有找到这份资料"))
    return found


def review_waiting(claim: Claim) -> SpecialReview:
    """What the hospital asked about the claim and nobody has decided yet."""
    found = SpecialReview.objects.filter(claim=claim, state=ReviewState.ASKED).first()
    if found is None:
        raise NotFound("not-found", _("没有待审的申请"))
    return found


def actions_for(claim: Claim, actor: Actor) -> list[Choice]:
    """What this actor may do with the claim now, and why not."""
    steps = [step for step in CLAIM.leaving(claim.state) if step.verb not in {"reject", "recompute", "accept"}]
    sides = sides_of(actor, claim)
    return [flow.weigh(step, state=claim.state, variant="", actor=actor, sides=sides) for step in steps]


def bills_of(person_id: int, *, limit: int = 20) -> list[Settlement]:
    """A person's own live settlements, the newest first."""
    rows = Settlement.objects.filter(claim__person_id=person_id, cancelled_at__isnull=True)
    return list(rows.select_related("claim__facility").order_by("-claim__ends_on", "-pk")[:limit])


def waiting(year: int) -> list[int]:
    """Drafts and checked claims of the year, in order of their days."""
    rows = Claim.objects.filter(state__in=(State.DRAFTED, State.CHECKED), ends_on__year=year)
    return list(rows.order_by("ends_on", "pk").values_list("pk", flat=True))


def year_of(claim_id: int) -> tuple[int, int]:
    """Person and calendar year that a claim counts for."""
    found = Claim.objects.filter(pk=claim_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这张结算单"))
    return found.person_id, found.ends_on.year


def rejected_rows(source: str = "") -> Iterator[dict[str, Any]]:
    """What stands rejected: source, row, reason; of one source where given."""
    rows = IncomingRow.objects.filter(fate=Fate.REJECTED)
    if source:
        rows = rows.filter(source=source)
    for name, ref, reason in rows.order_by("source", "pk").values_list("source", "ref", "reason").iterator(2000):
        yield {"source": name, "row": ref, "reason": reason}
