"""The page of one referral: the letter, the track, the talk, the history, what may be done now."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import clock, uploads
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import NotFound
from catchment.kernel.flow import Choice
from catchment.kernel.models import FlowEvent
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.rules import REFERRAL, words
from catchment.rooms.referral.web.frame import about, not_now

FORWARD = ("accept", "supply-information", "arrive", "answer", "take-over", "follow-up", "resend", "send")


@needs("referral.read")
@require_GET
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The referral as both sides see it."""
    return render(request, "referral/referral.html", context_of(request, public_id))


@needs("referral.read")
@require_GET
def file(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """The file of the referral's document in that place, counted from 1, to keep."""
    actor = actor_of(request)
    documents = queries.documents_of(queries.by_public_id(actor, public_id))
    if not 0 < number <= len(documents):
        raise NotFound("no-file", _("没有找到这份文件"))
    document = documents[number - 1]
    content = actions.read_file(actor=actor, now=clock.now(), document=document)
    return uploads.to_keep(content, document.content_type, document.file_name)


def context_of(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    """Everything the page of a referral shows."""
    actor = actor_of(request)
    referral = queries.by_public_id(actor, public_id)
    choices = queries.actions_for(referral, actor)
    day = referral.created_at.date()
    return {
        "section": "referral",
        **about(referral.person),
        "referral": referral,
        "track": queries.track_of(referral),
        "history": [_told(event) for event in queries.history_of(referral)],
        "talk": queries.messages_of(referral),
        "letter": queries.letter_of(referral),
        "documents": queries.documents_of(referral),
        "forward": _forward(choices),
        "others": [one for one in choices if one.allowed and one.step.verb not in FORWARD],
        "not_now": not_now(choices, words.VERBS),
        "reason": queries.reason_words("reason", referral.reason_code, day) if referral.reason_code else "",
        "indication": _indication(referral),
        "may_print": actor.may("referral.print"),
    }


def _forward(choices: list[Choice]) -> list[Choice]:
    return [one for one in choices if one.allowed and one.step.verb in FORWARD]


def _indication(referral: Referral) -> str:
    if not referral.indication_code:
        return ""
    return queries.reason_words("indication", referral.indication_code, referral.created_at.date())


def _told(event: FlowEvent) -> dict[str, Any]:
    """One step of the history with its coded reason in words."""
    leaving = [step for step in REFERRAL.steps if step.verb == event.verb and step.reasons]
    said = ""
    if event.reason_code and leaving:
        said = queries.reason_words(leaving[0].reasons, event.reason_code, event.at.date())
    return {"event": event, "reason": said, "held": event.detail.get("to", "") if event.verb == "escalate" else ""}
