"""The administrator's pages: who works here, through which posts, with which sign-in and tokens; who may do what."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Refusal
from catchment.kernel.ui.forms import RefusableForm
from catchment.rooms.places import queries as places
from catchment.rooms.staff import actions, queries
from catchment.rooms.staff.models import Practitioner
from catchment.rooms.staff.rules import KNOWN, role_label
from catchment.rooms.staff.types import Role
from catchment.rooms.staff.web.forms import GivePost, GiveSignIn, GiveToken, NewMember

MOST, PASSWORD_PATH = 60, "/account/password/link/"


@needs("staff.manage")
@require_GET
def everybody(request: HttpRequest) -> HttpResponse:
    """Open posts by name or staff code, the first sixty."""
    text = request.GET.get("q", "").strip()[:60]
    found = queries.open_posts(timezone.localdate(clock.now()), text=text)
    lines = [(post, role_label(post.role)) for post in found[:MOST]]
    context = {"section": "staff", "q": text, "posts": lines, "more": len(found) > MOST, "form": NewMember()}
    return render(request, "staff/everybody.html", context)


@needs("staff.manage")
@require_http_methods(["POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody who works here."""
    form = NewMember(request.POST)
    if form.is_valid():
        try:
            member = actions.create_practitioner(actor=actor_of(request), now=clock.now(), **form.cleaned_data)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return redirect("staff-member", code=member.code)
    return render(request, "staff/everybody.html", {"section": "staff", "posts": [], "form": form}, status=422)


@needs("staff.manage")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One member of staff; a POST does one thing, named by `act`."""
    member = queries.practitioner_by_code(code)
    shown: dict[str, Any] = {}
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise NotFound("unknown-act", _("没有这项操作"))
        form, told = _attempt(act, request, member)
        if form is None and not told:
            return redirect("staff-member", code=code)
        shown = {**({form.name: form} if form is not None else {}), **told}
        member.refresh_from_db()
    return _page(request, member, shown)


@needs("staff.manage")
@require_GET
def capabilities(request: HttpRequest) -> HttpResponse:
    """Which role has which capability today, by the installed ones and the county's edition."""
    day = timezone.localdate(clock.now())
    held = {role: queries.capabilities_on(role, day) for role in Role}
    rows = [(name, [name in held[role] for role in Role]) for name in sorted(KNOWN)]
    heads = [role_label(role) for role in Role]
    return render(request, "staff/capabilities.html", {"section": "staff", "rows": rows, "heads": heads})


def _page(request: HttpRequest, member: Practitioner, shown: dict[str, Any]) -> HttpResponse:
    posts = queries.posts_of(member.pk)
    open_ids = {post.pk for post in posts if post.until is None}
    context = {
        "section": "staff",
        "member": member,
        "posts": [(post, role_label(post.role)) for post in posts],
        "tokens": [token for token in queries.tokens() if token.post_id in open_ids],
        "give_post": GivePost(),
        "give_sign_in": GiveSignIn(),
        "give_token": GiveToken(),
        "now": clock.now(),
        **shown,
    }
    refused = any(isinstance(value, RefusableForm) and value.errors for value in shown.values())
    answer = render(request, "staff/member.html", context, status=422 if refused else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


Told = dict[str, Any]
Act = Callable[[Actor, datetime, HttpRequest, Practitioner, Any], Told]


def _attempt(act: tuple[type[RefusableForm] | None, Act], request: HttpRequest, member: Practitioner) -> Any:
    kind, do = act
    form = None
    if kind is not None:
        form = kind(request.POST)
        form.name = NAMES[kind]  # type: ignore[attr-defined]
        if not form.is_valid():
            return form, {}
    try:
        told = do(actor_of(request), clock.now(), request, member, form.cleaned_data if form else {})
    except Invalid as refusal:
        if form is None:
            raise
        form.refuse(refusal)
        return form, {}
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None, {}
    messages.success(request, _("已办理。"))
    return None, told


def _give_post(actor: Actor, now: datetime, _request: HttpRequest, member: Practitioner, given: Any) -> Told:
    facility = places.facility_by_code(given["facility"])
    actions.open_post(
        actor=actor, now=now, practitioner_id=member.pk, facility_id=facility.pk, role=Role(given["role"]),
        since=timezone.localdate(now),
    )  # fmt: skip
    return {}


def _end_post(actor: Actor, now: datetime, request: HttpRequest, _member: Practitioner, _given: Any) -> Told:
    actions.close_post(actor=actor, now=now, post_id=_number(request, "post"), until=timezone.localdate(now))
    return {}


def _give_sign_in(actor: Actor, now: datetime, request: HttpRequest, member: Practitioner, given: Any) -> Told:
    user = actions.create_user_for(actor=actor, now=now, practitioner_id=member.pk, username=given["username"])
    return _link(actor, now, request, user.username)


def _password_link(actor: Actor, now: datetime, request: HttpRequest, member: Practitioner, _given: Any) -> Told:
    return _link(actor, now, request, _username(member))


def _disable(actor: Actor, now: datetime, _request: HttpRequest, member: Practitioner, _given: Any) -> Told:
    actions.set_user_active(actor=actor, now=now, username=_username(member), active=False)
    return {}


def _enable(actor: Actor, now: datetime, _request: HttpRequest, member: Practitioner, _given: Any) -> Told:
    actions.set_user_active(actor=actor, now=now, username=_username(member), active=True)
    return {}


def _reset(actor: Actor, now: datetime, _request: HttpRequest, member: Practitioner, _given: Any) -> Told:
    actions.reset_second_factor(actor=actor, now=now, username=_username(member))
    return {}


def _give_token(actor: Actor, now: datetime, _request: HttpRequest, _member: Practitioner, given: Any) -> Told:
    token = actions.issue_token(
        actor=actor, now=now, post_id=given["post"], name=given["name"], scopes=given["scopes"].split() or None,
        expires_at=now + timedelta(days=given["days"]),
    )  # fmt: skip
    return {"secret": token.secret}


def _revoke(actor: Actor, now: datetime, request: HttpRequest, _member: Practitioner, _given: Any) -> Told:
    actions.revoke_token(actor=actor, now=now, token_id=_number(request, "token"))
    return {}


def _link(actor: Actor, now: datetime, request: HttpRequest, username: str) -> Told:
    key = actions.issue_password_link(actor=actor, now=now, username=username)
    return {"link": request.build_absolute_uri(PASSWORD_PATH + key)}


def _username(member: Practitioner) -> str:
    if member.user is None:
        raise Refusal("no-user", _("这位人员还没有登录账号"))
    return str(member.user.get_username())


def _number(request: HttpRequest, field: str) -> int:
    given = request.POST.get(field, "")
    if not given.isdecimal():
        raise NotFound("not-found", _("没有找到"))
    return int(given)


ACTS: dict[str, tuple[type[RefusableForm] | None, Act]] = {
    "give-post": (GivePost, _give_post),
    "end-post": (None, _end_post),
    "give-sign-in": (GiveSignIn, _give_sign_in),
    "password-link": (None, _password_link),
    "disable": (None, _disable),
    "enable": (None, _enable),
    "reset-second-factor": (None, _reset),
    "give-token": (GiveToken, _give_token),
    "revoke-token": (None, _revoke),
}
NAMES = {GivePost: "give_post", GiveSignIn: "give_sign_in", GiveToken: "give_token"}
