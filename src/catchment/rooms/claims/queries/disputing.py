"""Whether a hospital may still dispute what became of a claim."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import flow
from catchment.kernel.errors import Refusal
from catchment.rooms.claims.models import Claim, SpecialReview
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import CLAIM, UNSOUND, words
from catchment.rooms.claims.types import ReviewState, Severity, State
from catchment.rooms.rulebook import queries as rulebook


def dispute_until(claim: Claim) -> date:
    """The last day on which what became of the claim can be disputed, by the edition of the claim's day."""
    days = Books().checks(claim.ends_on).dispute_days
    return rulebook.working_days_after(timezone.localdate(claim.state_since), days)[0]


def why_no_dispute(claim: Claim, today: date) -> Refusal | None:
    """What stands against disputing the claim today; nothing where it can be."""
    if not _sent_back(claim):
        return Refusal("state", _("只有被退回、或被医保经办撤销的结算单才能申诉"))
    unsound = [one["code"] for one in claim.findings if one["severity"] == Severity.REJECT and one["code"] in UNSOUND]
    if unsound:
        told = "、".join(str(words.FINDINGS[code]) for code in unsound)
        return Refusal("unsound", _("%s：不改就无法结算，请修改后重新提交，不用申诉") % told)
    if SpecialReview.objects.filter(claim=claim, state=ReviewState.ASKED).exists():
        return Refusal("asked", _("这张结算单的申诉还没有答复"))
    if today > (last := dispute_until(claim)):
        return Refusal("too-late", _("申诉期限为 %s，已过期") % last.isoformat())
    return None


def _sent_back(claim: Claim) -> bool:
    """By the rules, or by somebody other than the hospital itself."""
    if claim.state == State.REJECTED:
        return True
    if claim.state != State.CANCELLED:
        return False
    last = next((one for one in reversed(flow.history(CLAIM, claim.pk)) if one.verb == "cancel"), None)
    return last is not None and last.facility_id != claim.facility_id
