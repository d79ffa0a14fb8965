"""Special review of one case: asked by the hospital within its limit, decided by the insurance office."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from catchment.kernel.flow import Outcome
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.checking import locked_one
from catchment.rooms.claims.actions.making import DESK, WORK
from catchment.rooms.claims.models import Claim, SpecialReview
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import DESK as SIDE
from catchment.rooms.claims.rules import REVIEW
from catchment.rooms.claims.rules.work import REVIEW_WORK
from catchment.rooms.claims.types import Kind, ReviewState, State
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.types import Role


def ask_review(*, actor: Actor, now: datetime, claim_id: int, code: str, text: str) -> SpecialReview:
    """Ask that a settled stay be paid for what it cost.

    Refused beyond the share of discharges that the edition allows; `Invalid` without a reason of the edition's list.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        claim = locked_one(claim_id)
        if SIDE not in queries.sides_of(actor, claim):
            raise NotAllowed("side", _("由结算单所在的机构申请"))
        rule = Books().payment(claim.ends_on)[0]
        _require_fit(claim, rule.review_reasons, code, text)
        asked, allowed = queries.review_room(claim.facility_id, claim.ends_on.year, rule.review_permille)
        if asked >= allowed:
            told = {"asked": asked, "allowed": allowed, "share": f"{rule.review_permille / 10:g}"}
            raise Refusal(
                "review-limit",
                _("今年已申请 %(asked)d 例，按出院人次的 %(share)s%% 最多 %(allowed)d 例") % told,
                **told,
            )
        review = SpecialReview.objects.create(
            claim=claim, reason_code=code, text=text.strip(), asked_at=now, asked_by=actor.name,
            state=ReviewState.ASKED, state_since=now,
        )  # fmt: skip
        flow.begin_many(REVIEW, [review], verb="ask", actor=actor, now=now)
        _put_work(actor, now, review, rule.review_reasons[code])
    return review


def decide_review(*, actor: Actor, now: datetime, review_id: int, verb: str, text: str = "") -> SpecialReview:
    """Grant, refuse or withdraw a review; a refusal wants its reason."""
    if verb == "refuse" and not text.strip():
        raise Invalid(Problem("text", _("请写明不同意的理由")))

    def effects(review: SpecialReview, _step: flow.Step) -> Outcome:
        review.answer = text.strip()
        return Outcome()

    with transaction.atomic(), wall.acting(DESK):
        review = flow.perform(
            REVIEW,
            SpecialReview.objects.filter(pk=review_id).select_related("claim"),
            verb=verb,
            actor=actor,
            now=now,
            sides=lambda row: queries.sides_of_review(actor, row),
            effects=effects,
            person_id=lambda row: row.claim.person_id,
            reason=(verb, text),
        )
        board.settle_work(actor=actor, now=now, subject=_subject(review))
    return review


def _require_fit(claim: Claim, reasons: dict[str, str], code: str, text: str) -> None:
    if claim.kind != Kind.INPATIENT or claim.state != State.SETTLED:
        raise Refusal("state", _("只有已结算的住院才能申请特例单议"))
    problems = []
    if code not in reasons:
        problems.append(Problem("code", _("请从目录中选择理由：%s") % "、".join(reasons.values())))
    if not text.strip():
        problems.append(Problem("text", _("请说明这例为什么特殊")))
    if problems:
        raise Invalid(*problems)
    if SpecialReview.objects.filter(claim=claim, state__in=("asked", "granted")).exists():
        raise Refusal("asked", _("这张结算单已经申请过特例单议"))


def _put_work(actor: Actor, now: datetime, review: SpecialReview, reason: str) -> None:
    officer = staff.post_of_role(Role.INSURANCE_OFFICER, now.date())
    if officer is None:
        return
    board.put_work(
        now=now,
        kind=REVIEW_WORK.code,
        subject=_subject(review),
        holder=Holder(facility_id=officer.facility_id, role=Role.INSURANCE_OFFICER.value),
        origin=Origin(facility_id=actor.facility_id, post_id=actor.post_id),
        priority=Priority.ORDINARY,
        headline=f"{review.claim.number} · {reason}",
    )


def _subject(review: SpecialReview) -> Subject:
    return Subject(kind=REVIEW.kind, key=review.pk, ref=str(review.claim.public_id), person_id=review.claim.person_id)
