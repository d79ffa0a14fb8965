"""Mending a claim that is not settled, and handing it in again."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.kernel.flow import Outcome
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.checking import check_claims, locked_one
from catchment.rooms.claims.actions.making import DESK, WORK, put_lines, span_of
from catchment.rooms.claims.models import Claim, ClaimLine
from catchment.rooms.claims.queries.context import ORDINARY, Books, papers_of, way_of
from catchment.rooms.claims.rules import CLAIM, FrameRule, changes, require_sound
from catchment.rooms.claims.types import Insurance, Mended

PLAIN = ("begins_on", "ends_on", "department", "discharge_way", "weight_g", "icu_hours")
YUAN = "CNY"


def mend_claim(*, actor: Actor, now: datetime, claim_id: int, content: Mended, seen: datetime | None = None) -> Claim:
    """Write what somebody mended of a claim that is not settled, and check it again at once; all or nothing.

    The history keeps old and new of what changed. Insurance and category that came from the register, or were wanting,
    follow the register of the new day; so do the papers of a transfer. `seen`: since when the claim stood as it stood
    when it was read; `Refusal` when somebody was faster. Raises `Invalid` naming the fields.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        before = queries.content_of(locked_one(claim_id))
        lines: list[ClaimLine] = []

        def effects(claim: Claim, _step: flow.Step) -> Outcome:
            if seen is not None and seen != claim.state_since:
                raise Refusal("changed-meanwhile", _("别人刚改过这张结算单，请重新打开再改"))
            require_sound(content, timezone.localdate(now))
            _require_undisputed(claim)
            _require_alone(claim, content)
            lines.extend(_write(claim, before, content))
            return Outcome(detail={"changed": changes(before, replace(content, lines=queries.lines_told(lines)))})

        flow.perform(
            CLAIM,
            Claim.objects.filter(pk=claim_id).select_related("facility", "person"),
            verb="mend",
            actor=actor,
            now=now,
            sides=lambda claim: queries.sides_of(actor, claim),
            effects=effects,
            person_id=lambda claim: claim.person_id,
        )
        ClaimLine.objects.filter(claim_id=claim_id).delete()
        ClaimLine.objects.bulk_create(lines)
        check_claims(actor=actor, now=now, claim_ids=[claim_id])
        return Claim.objects.get(pk=claim_id)


def _frame(content: Mended) -> FrameRule:
    try:
        return Books().frame(content.ends_on)
    except NotFound as refused:
        raise Invalid(Problem("ends_on", str(refused))) from None


def _require_undisputed(claim: Claim) -> None:
    if queries.disputed(claim.pk):
        raise Refusal("disputed", _("这张结算单的申诉还没有答复；要修改请先撤回申诉"))


def _require_alone(claim: Claim, content: Mended) -> None:
    """One stay of a person in a facility from day to day has one claim."""
    other = queries.same_stay(claim, content.begins_on, content.ends_on)
    if other is not None:
        raise Invalid(Problem("begins_on", _("这段住院已有结算单 %s，请改日期或撤销其中一张") % other.number))


def _write(claim: Claim, before: Mended, content: Mended) -> list[ClaimLine]:
    """The claim as mended, unsaved, with the lines that take the place of the old ones; its group is asked anew."""
    frame = _frame(content)
    _follow_register(claim, content)
    if claim.begins_on != content.begins_on and "told" not in claim.way_facts:
        papers = papers_of([claim.person_id], [claim.facility_id])
        claim.way, claim.way_facts = way_of(
            claim.person_id, claim.facility, content.begins_on, frame.referral_days, papers
        )
    for name in PLAIN:
        setattr(claim, name, getattr(content, name))
    for name, value in span_of(claim.person, content.begins_on, content.ends_on).items():
        setattr(claim, name, value)
    claim.diagnoses, claim.procedures = list(content.diagnoses), list(content.procedures)
    claim.scheme, claim.grouped, claim.adrg, claim.drg, claim.weight = "", "", "", "", None
    claim.currency = YUAN if content.in_yuan else claim.currency
    claim.estimated = claim.estimated and _own_parts(before) == _own_parts(content)
    return put_lines(claim, content.lines, frame, content.total)


def _own_parts(content: Mended) -> list[tuple[int | None, int | None]]:
    return [(line.excluded, line.first_pay) for line in content.lines]


def _follow_register(claim: Claim, content: Mended) -> None:
    rights = queries.entitled([claim.person_id])
    was, now = rights.on(claim.person_id, claim.ends_on), rights.on(claim.person_id, content.ends_on)
    if claim.insurance in {was[0], Insurance.NONE.value}:
        claim.insurance = now[0]
    if claim.category in {was[1], ORDINARY}:
        claim.category = now[1]
