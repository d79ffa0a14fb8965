"""One claim: what it says, how it was shared and why, what the ledger holds of it, what can be done now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import audit, clock, uploads, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound, Refusal
from catchment.kernel.ui.paper import draw, printed
from catchment.rooms.board import queries as board
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.actions.making import DESK
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.queries import Books, ClaimPage
from catchment.rooms.claims.rules import words
from catchment.rooms.claims.rules.work import CHECK_WORK
from catchment.rooms.claims.types import Kind, ReviewKind, State
from catchment.rooms.claims.web import shares, slip_paper
from catchment.standards.drg import explaining


@needs("claims.read")
@require_GET
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The claim's page; opening it is noted for the person."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    noted(claim, actor, "claim.read")
    return render(request, "claims/claim.html", _content(claim, actor))


@require_POST
@needs("claims.work")
def step(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Take one step with the claim; what refuses it stands on the page."""
    actor, now = actor_of(request), clock.now()
    claim = queries.by_public_id(actor, public_id)
    taken = {
        "check": lambda: actions.check_claims(actor=actor, now=now, claim_ids=[claim.pk]),
        "settle": lambda: actions.settle_claims(actor=actor, now=now, claim_ids=[claim.pk]),
        "cancel": lambda: actions.cancel_claim(
            actor=actor, now=now, claim_id=claim.pk, reason=request.POST.get("reason", "")
        ),
        "recompute": lambda: actions.recompute_year(
            actor=actor, now=now, person_id=claim.person_id, year=claim.ends_on.year
        ),
    }.get(verb)
    if taken is None:
        raise NotFound("not-found", _("没有这个步骤"))
    return tried(request, claim, actor, taken)


@require_POST
@needs("claims.oversee")
def inquire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the claim up as a case of the office."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    asked: dict[str, Any] = {"actor": actor, "now": clock.now(), "claim": claim}
    return tried(request, claim, actor, lambda: actions.inquire(**asked, reason=request.POST.get("occasion", "")))


@needs("claims.read")
@require_GET
def slip(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The settlement slip as PDF, A4."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    page = queries.page_of(claim)
    if page.live is None:
        raise NotFound("not-settled", _("这张结算单还没有结算，没有可打印的内容"))
    drawn = draw(slip_paper.TEMPLATE, slip_paper.content_of(page, queries.called(actor, [claim])[claim.pk]))
    noted(claim, actor, "claim.print")
    return printed(drawn, claim.number)


def noted(claim: Claim, actor: Actor, event: str) -> None:
    """Write down that the claim was opened or taken away, for the person."""
    audit.record(actor=actor, event=event, at=clock.now(), person_id=claim.person_id, subject=("claim", claim.pk))


def tried(request: HttpRequest, claim: Claim, actor: Actor, act: Any) -> HttpResponse:
    """Do it and open the claim's page; what refuses it stands on the page, with what was typed."""
    try:
        act()
    except Refusal as refused:
        if refused.status in {403, 404}:
            raise
        fresh = queries.by_public_id(actor, claim.public_id)
        context = {**_content(fresh, actor), "refused": refused.message, "typed": request.POST}
        return render(request, "claims/claim.html", context, status=refused.status)
    return redirect("claims:claim", public_id=claim.public_id)


def _content(claim: Claim, actor: Actor) -> dict[str, Any]:
    with wall.acting(DESK):
        page = queries.page_of(claim)
    live = page.live
    cases = board.held_on(actor, str(claim.public_id), clock.now())
    inpatient = claim.kind == Kind.INPATIENT
    own = actor.may("claims.work") and actor.facility_id == claim.facility_id
    grouped = inpatient and claim.state != State.HISTORY
    rule, edition, verified = Books().payment(claim.ends_on) if grouped else (None, "", True)
    return {
        "section": "claims",
        "page": page,
        "claim": claim,
        "called": queries.called(actor, [claim])[claim.pk],
        "live": live,
        "parts": shares.parts_of(claim, live) if live else [],
        "chart": shares.chart_of(claim, live) if live else None,
        "choices": [one for one in queries.actions_for(claim, actor) if one.allowed],
        "may_recompute": bool(live and live.stale) and actor.may("claims.work"),
        "group": _group(page) if inpatient else None,
        "payment_edition": edition,
        "payment_verified": verified,
        "documents_taken": ",".join(uploads.DOCUMENTS.values()),
        "review_reasons": rule.review_reasons if rule else {},
        "may_add": own,
        "may_ask": inpatient
        and live is not None
        and own
        and not any(one.kind == ReviewKind.SPECIAL and one.state in {"asked", "granted"} for one in page.reviews),
        **_dispute(claim, own=own),
        "to_recover": queries.waits_to_be_recovered(claim.pk) if _was_cancelled(page) else [],
        "cases": cases,
        "may_inquire": actor.may("claims.oversee")
        and queries.may_inquire(claim)
        and all(one.kind != CHECK_WORK.code for one in cases),
        "oversees": actor.may("claims.oversee"),
        "may_decide": actor.may("claims.pay"),
        "verbs": words.VERBS,
    }


def _dispute(claim: Claim, *, own: bool) -> dict[str, Any]:
    """Whether the hospital may dispute what became of the claim, and until when."""
    may = own and queries.why_no_dispute(claim, timezone.localdate(clock.now())) is None
    return {"may_dispute": may, "dispute_until": queries.dispute_until(claim) if may else None}


def _was_cancelled(page: ClaimPage) -> bool:
    return any(one.cancelled_at for one in page.settlements)


@dataclass(frozen=True, slots=True)
class Group:
    """How the claim was grouped, told for its page."""

    name: str
    told: dict[str, Any]


def _group(page: ClaimPage) -> Group | None:
    if not page.claim.scheme:
        return None
    scheme = queries.scheme_named(page.claim.scheme)
    names = {drg.code: drg.name for mdc in scheme.mdcs for adrg in mdc.adrgs for drg in adrg.drgs}
    told = explaining.explain(scheme, queries.record_of(page.claim))
    return Group(names.get(page.claim.drg, ""), told)
