"""Writing a referral: one page, kept while it is written, sent at the end."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catchment.kernel import clock, idempotency
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.people.models import Person
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.rules.editions import URGENCY
from catchment.rooms.referral.types import Direction, LetterForm
from catchment.rooms.referral.web.forms import problems
from catchment.rooms.referral.web.forms.letter import LetterFields
from catchment.rooms.referral.web.forms.referral import DRAFT, ReferralFields
from catchment.rooms.referral.web.frame import about, own_documents, person_of

FIELD_OF = {
    "slot-taken": "to_service",
    "no-slot": "to_service",
    "no-bed": "wants_bed",
    "live-referral": "acknowledged_live",
}
NOT_KEPT = {"csrfmiddlewaretoken", "do", "file", idempotency.FIELD}


@needs("referral.create")
def write(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show the form with what was kept of it; send it, ask instead, or keep it."""
    actor = actor_of(request)
    whose = person_of(actor, person)
    if request.method != "POST":
        kept = queries.kept_draft(actor, whose.pk, DRAFT)
        given = _restored(kept.content) if kept else None
        return _show(request, whose, given, kept_at=kept.saved_at if kept else None)
    do = request.POST.get("do", "send")
    if do == "keep":
        _keep(actor, whose, request.POST)
        messages.success(request, _("草稿已保存，在“转诊”列表最上面可以找到"))
        return redirect("referral:list")
    return _ask(request, actor, whose) if do == "ask" else _send(request, actor, whose)


@require_POST
@needs("referral.create")
def keep(request: HttpRequest, person: UUID) -> HttpResponse:
    """Keep what stands in the form, as it is being typed."""
    actor = actor_of(request)
    _keep(actor, person_of(actor, person), request.POST)
    return HttpResponse(status=204)


def _send(request: HttpRequest, actor: Actor, person: Person) -> HttpResponse:
    form, letter = _forms(request.POST, person)
    if not (form.is_valid() & letter.is_valid()):
        return _show(request, person, request.POST, forms=(form, letter))
    now = clock.now()
    try:
        with transaction.atomic():
            if first := _first(request, actor):
                return first
            written = form.referral(_letter(form, letter))
            drafted = actions.draft_referral(actor=actor, now=now, person_id=person.pk, form=written)
            sent = actions.send_referral(
                actor=actor, now=now, referral_id=drafted.pk, sending=form.sending(), drafted=drafted
            )
            actions.forget_draft(actor=actor, now=now, person_id=person.pk, form=DRAFT)
            address = _keep_first(request, actor, now, "referral:referral", sent.public_id)
    except Refusal as refusal:
        problems.show(form, refusal, FIELD_OF)
        return _show(request, person, request.POST, forms=(form, letter))
    messages.success(request, _("已发送，%s 会收到") % (sent.to_facility.name if sent.to_facility else ""))
    return redirect(address)


def _ask(request: HttpRequest, actor: Actor, person: Person) -> HttpResponse:
    form, letter = _forms(request.POST, person)
    if not form.is_valid():
        return _show(request, person, request.POST, forms=(form, letter))
    now = clock.now()
    try:
        with transaction.atomic():
            if first := _first(request, actor):
                return first
            advice = actions.ask_advice(actor=actor, now=now, person_id=person.pk, form=form.referral(None))
            actions.forget_draft(actor=actor, now=now, person_id=person.pk, form=DRAFT)
            address = _keep_first(request, actor, now, "referral:advice", advice.public_id)
    except Refusal as refusal:
        problems.show(form, refusal)
        return _show(request, person, request.POST, forms=(form, letter))
    messages.success(request, _("咨询已发出"))
    return redirect(address)


def _first(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Where the form led when it was sent before: a second click or a repeated request does nothing."""
    key = request.POST.get(idempotency.FIELD)
    if not key or actor.post_id is None:
        return None
    first = idempotency.first_answer(post_id=actor.post_id, key=key, asked=_asked(request), wait=True)
    if first is None:
        return None
    messages.info(request, _("这张表单已经发送过，没有重复发送"))
    return redirect(first.location)


def _keep_first(request: HttpRequest, actor: Actor, now: datetime, name: str, public_id: UUID) -> str:
    address, key = reverse(name, args=[public_id]), request.POST.get(idempotency.FIELD)
    if key and actor.post_id is not None:
        answer = idempotency.Answer(302, location=address)
        idempotency.keep(post_id=actor.post_id, key=key, asked=_asked(request), answer=answer, now=now)
    return address


def _asked(request: HttpRequest) -> str:
    """A form is one request, however often it is sent and whatever is changed in it after it was sent."""
    return idempotency.fingerprint(request.path.encode())


def _forms(given: QueryDict | None, person: Person) -> tuple[ReferralFields, LetterFields]:
    documents = own_documents(person, given) if given is not None else set()
    return ReferralFields(given, document_ids=documents), LetterFields(given)


def _letter(form: ReferralFields, letter: LetterFields) -> LetterForm | None:
    if form.cleaned_data["direction"] != Direction.DOWN or not letter.has_letter():
        return None
    return letter.letter()


def _keep(actor: Actor, person: Person, given: QueryDict) -> None:
    content = {name: values for name, values in given.lists() if name not in NOT_KEPT and any(values)}
    actions.keep_draft(actor=actor, now=clock.now(), person_id=person.pk, form=DRAFT, content=content)


def _restored(content: dict[str, list[str]]) -> QueryDict:
    given = QueryDict(mutable=True)
    for name, values in content.items():
        given.setlist(name, values)
    return given


def _show(
    request: HttpRequest,
    person: Person,
    given: QueryDict | None,
    *,
    forms: tuple[ReferralFields, LetterFields] | None = None,
    kept_at: Any = None,
) -> HttpResponse:
    now = clock.now()
    form, letter = forms or (ReferralFields(given), LetterFields(given))
    actor = actor_of(request)
    ways = _directions(actor)
    chosen = form["direction"].value() or ways[0]
    context = {
        "section": "referral",
        **about(person),
        "here_level": queries.level_of(actor),
        "may_ask": actor.may("advice.ask"),
        "form": form,
        "once": request.POST.get(idempotency.FIELD) or uuid4(),
        "letter": letter,
        "checked": forms is not None,
        "kept_at": kept_at,
        "direction": chosen,
        "directions": ways,
        "given": given.urlencode() if given else "",
        "live": queries.live_referrals(person.pk),
        "urgencies": queries.urgencies_on(now.date()),
        "urgency_edition": queries.edition(URGENCY, now.date()),
        "phone_first": ",".join(item.code for item in queries.urgencies_on(now.date()) if item.phone_first),
        "reasons": queries.reasons_of("reason", now.date()),
        "indications": queries.reasons_of("indication", now.date()),
    }
    return render(request, "referral/form.html", context, status=422 if forms else 200)


def _directions(actor: Actor) -> list[str]:
    if actor.role == "village-doctor":
        return [Direction.UP, Direction.OUT]
    if actor.role in {"township-doctor", "interface"}:
        return [Direction.UP, Direction.DOWN, Direction.ACROSS, Direction.OUT]
    return [Direction.DOWN, Direction.ACROSS, Direction.UP, Direction.OUT]
