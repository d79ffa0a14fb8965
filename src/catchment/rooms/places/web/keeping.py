"""Keeping the networks: what each is called, who belongs to it from which day to which."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import NotFound, Refusal
from catchment.kernel.ui.forms import RefusableForm
from catchment.rooms.places import actions, queries, rules
from catchment.rooms.places.models import Network
from catchment.rooms.places.types import MemberRole, NetworkKind
from catchment.rooms.places.web.forms import JoinForm, LeaveForm, NetworkForm, NewNetworkForm

FOUND = 20


@needs("places.manage")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Found a network; its members come on the page that follows."""
    form = NewNetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if queries.network_exists(code):
            form.add_error("code", _("这个代码已有网络使用，请换一个"))
        elif _done(request, form, lambda: _save(request, code, form)):
            return redirect("network-keep", code=code)
    return render(request, "places/network_new.html", {"section": "places", "form": form}, status=_status(form))


@needs("places.manage")
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, code: str) -> HttpResponse:
    """One network; a POST does one thing, named by `act`, and says at its field what was wrong with it."""
    network, wrong = queries.network_by_code(code), None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise NotFound("unknown-act", _("没有这项操作"))
        wrong = act(request, network)
        if wrong is None:
            return redirect("network-keep", code=code)
    return render(request, "places/network_keep.html", _context(request, network, wrong), status=_status(wrong))


def _rename(request: HttpRequest, network: Network) -> RefusableForm | None:
    form = NetworkForm(request.POST)
    return None if form.is_valid() and _done(request, form, lambda: _save(request, network.code, form)) else form


def _join(request: HttpRequest, network: Network) -> RefusableForm | None:
    form = JoinForm(request.POST)

    def act() -> None:
        told = form.cleaned_data
        actions.join_network(
            actor=actor_of(request), now=clock.now(), network_id=network.pk, facility_id=told["facility"],
            role=MemberRole(told["role"]), since=told["since"],
        )  # fmt: skip

    return None if form.is_valid() and _done(request, form, act) else form


def _leave(request: HttpRequest, network: Network) -> RefusableForm | None:
    form = LeaveForm(request.POST)

    def act() -> None:
        member = queries.membership(network.pk, form.cleaned_data["membership"])
        actions.leave_network(
            actor=actor_of(request), now=clock.now(), membership_id=member.pk, until=form.cleaned_data["until"]
        )

    return None if form.is_valid() and _done(request, form, act) else form


ACTS: dict[str, Callable[[HttpRequest, Network], RefusableForm | None]] = {
    "rename": _rename,
    "join": _join,
    "leave": _leave,
}


def _save(request: HttpRequest, code: str, form: NetworkForm) -> None:
    told = form.cleaned_data
    kind = NetworkKind(told["kind"])
    specialty = told["specialty"] if kind is NetworkKind.SPECIALTY_ALLIANCE else ""
    actions.save_network(
        actor=actor_of(request), now=clock.now(), code=code, name=told["name"], kind=kind, specialty=specialty
    )


def _done(request: HttpRequest, form: RefusableForm, act: Callable[[], None]) -> bool:
    """Whether it was done; what is refused stands on the form."""
    try:
        act()
    except Refusal as refusal:
        form.refuse(refusal)
    else:
        messages.success(request, _("已保存。"))
        return True
    return False


def _context(request: HttpRequest, network: Network, wrong: RefusableForm | None) -> dict[str, Any]:
    today, text = timezone.localdate(), request.GET.get("q", "").strip()[:60]
    told = {"name": network.name, "kind": network.kind, "specialty": network.specialty}
    periods = queries.members_of(network.pk)
    inside = [one.facility_id for one in periods if one.until is None]
    return {
        "section": "places",
        "network": network,
        "form": wrong if isinstance(wrong, NetworkForm) else NetworkForm(initial=told),
        "wrong": None if isinstance(wrong, NetworkForm) else wrong,
        "q": text,
        "found": [
            (one, rules.label(rules.KINDS, one.kind), _join_form(one.pk, today))
            for one in (queries.facilities(text=text).exclude(pk__in=inside)[:FOUND] if text else ())
        ],
        "members": [
            (one, rules.label(rules.ROLES, one.role), _leave_form(one.pk, today))
            for one in periods
            if one.until is None
        ],
        "past": [(one, rules.label(rules.ROLES, one.role)) for one in periods if one.until is not None],
    }


def _join_form(facility_id: int, today: date) -> JoinForm:
    return JoinForm(initial={"facility": facility_id, "since": today}, auto_id=f"join-{facility_id}-%s")


def _leave_form(membership_id: int, today: date) -> LeaveForm:
    return LeaveForm(initial={"membership": membership_id, "until": today}, auto_id=f"leave-{membership_id}-%s")


def _status(form: RefusableForm | None) -> int:
    return 422 if form is not None and form.errors else 200
