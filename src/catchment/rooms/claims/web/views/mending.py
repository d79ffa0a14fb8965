"""Mending a claim that was sent back: each finding beside the field it speaks of, and handing in again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Refusal
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.rules import words
from catchment.rooms.claims.types import State
from catchment.rooms.claims.web.forms import MOST_LINES, MendForm, with_more
from catchment.rooms.claims.web.views.claim import noted

MORE = {"diagnoses", "procedures", "lines"}


@needs("claims.work")
@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The claim as a form with what the rules found; sent, it is written, checked again, and shown as it stands."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    if not _may(claim, actor):
        raise Refusal("state", _("这张结算单现在不能修改；已结算的要先撤销"))
    content = queries.content_of(claim)
    if request.method == "GET":
        noted(claim, actor, "claim.read")
        return _page(request, claim, MendForm(claim, content))
    if (more := request.POST.get("more", "")) in MORE:
        return _page(request, claim, MendForm(claim, content, with_more(request.POST, more)))
    form = MendForm(claim, content, request.POST)
    if not form.is_valid():
        return _page(request, claim, form, status=422)
    return _sent(request, claim, form)


@needs("claims.work")
@require_POST
def codes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the text in a row's field could mean. It comes by POST: a diagnosis stands in no address."""
    claim = queries.by_public_id(actor_of(request), public_id)
    row = request.headers.get("HX-Trigger-Name", "")
    found = queries.codes_matching(
        request.POST.get(row, "")[:80], claim.ends_on, procedures=row.startswith("procedures")
    )
    return render(request, "claims/parts/codes.html", {"found": found, "row": row})


def _sent(request: HttpRequest, claim: Claim, form: MendForm) -> HttpResponse:
    asked: dict[str, Any] = {"claim_id": claim.pk, "content": form.told(), "seen": form.basics.cleaned_data["seen"]}
    try:
        mended = actions.mend_claim(actor=actor_of(request), now=clock.now(), **asked)
    except Invalid as refused:
        form.refuse(refused)
        return _page(request, claim, form, status=422)
    except Refusal as refused:
        if refused.status in {403, 404}:
            raise
        return _page(request, claim, form, refused=refused.message, status=refused.status)
    if mended.state == State.REJECTED:
        messages.warning(request, _("已保存并重新检查，仍有要改的地方。"))
        return redirect("claims:mend", public_id=claim.public_id)
    messages.success(request, _("已保存，重新检查通过，可以结算。"))
    return redirect("claims:claim", public_id=claim.public_id)


def _page(request: HttpRequest, claim: Claim, form: MendForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "section": "claims",
        "claim": claim,
        "called": queries.called(actor_of(request), [claim])[claim.pk],
        "form": form,
        "found": _beside(claim, actor_of(request)),
        "refused": refused,
        "most_lines": MOST_LINES,
    }
    return render(request, "claims/mend.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with what it rests on, in words; `other` is the claim it speaks of, where the actor may open it."""

    finding: dict[str, Any]
    evidence: list[tuple[Any, Any]]
    other: Claim | None


def _beside(claim: Claim, actor: Actor) -> dict[str, list[Found]]:
    """Findings by the part of the form that they speak of."""
    found: dict[str, list[Found]] = defaultdict(list)
    others = _others(claim.findings, actor)
    for one in claim.findings:
        place = words.PLACES.get(one["code"], "total")
        found[place].append(Found(one, _evidence(one["facts"]), others.get(one["facts"].get("claim", 0))))
    return dict(found)


def _others(findings: Iterable[dict[str, Any]], actor: Actor) -> dict[int, Claim]:
    return queries.visible(actor).in_bulk([one["facts"]["claim"] for one in findings if "claim" in one["facts"]])


def _evidence(facts: dict[str, Any]) -> list[tuple[Any, Any]]:
    """What a finding rests on: its name and its value in words."""
    return [(words.FACTS[name], words.WHY.fact(name, value)) for name, value in facts.items() if name in words.FACTS]


def _may(claim: Claim, actor: Actor) -> bool:
    return any(one.step.verb == "mend" and one.allowed for one in queries.actions_for(claim, actor))
