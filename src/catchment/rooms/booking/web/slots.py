"""A service's week: its sessions and what became of their slots; opening sessions, closing and reopening slots."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.rooms.booking import actions, queries, rules
from catchment.rooms.booking.queries import Sitting
from catchment.rooms.booking.types import Quota, SlotState
from catchment.rooms.booking.web.forms import SessionForm
from catchment.rooms.booking.web.place import facility_run, numbers
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.places.rules import label
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import Post
from catchment.rooms.staff.types import Role

EARLIEST, LATEST = date(1990, 1, 1), date(9990, 12, 31)
SEATED = frozenset({Role.SPECIALIST, Role.TOWNSHIP_DOCTOR, Role.VILLAGE_DOCTOR})
MARKS = {
    SlotState.FREE: "mark-green",
    SlotState.HELD: "mark-amber",
    SlotState.BOOKED: "mark-blue",
    SlotState.USED: "mark-grey",
    SlotState.CLOSED: "mark-grey",
}


@needs(rules.CAPABILITY)
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The schedule of the facility for which this post acts."""
    facility = Facility.objects.only("code").get(pk=actor_of(request).here)
    return redirect("schedule:week", facility=facility.code)


@needs(rules.CAPABILITY)
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, facility: str) -> HttpResponse:
    """One service's week; a POST does one thing, named by `act`, and says at its field what was wrong with it."""
    place = facility_run(request, facility)
    services = places.services_of(place.pk)
    service = next((one for one in services if one.code == request.GET.get("service")), None)
    if service is None and "service" in request.GET:
        raise NotFound("no-such-service", _("没有这个开放的科室，请重新选择"))
    service = service or (services[0] if services else None)
    monday, doctors = _monday(request), _doctors(place, service)
    form = None
    if request.method == "POST" and service is not None:
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise NotFound("unknown-act", _("没有这项操作"))
        form = act(request, service, doctors)
        if form is None:
            return redirect(f"{reverse('schedule:week', args=[place.code])}?service={service.code}&week={monday}")
    shown = {"facility": place, "services": services, "service": service, **_week(service, monday)}
    if service is not None:
        shown["form"] = form or _blank(service, doctors, monday)
    return render(request, "booking/week.html", {"section": "schedule", **shown}, status=422 if form else 200)


def _open(request: HttpRequest, service: Service, doctors: list[Post]) -> SessionForm | None:
    form = SessionForm(request.POST, doctors=doctors)
    if not form.is_valid():
        return form
    try:
        slots = actions.open_session(actor=actor_of(request), now=clock.now(), told=form.told(service))
    except Invalid as refusal:
        form.refuse(refusal)
        return form
    messages.success(request, _("已开放 %s 个号。") % len(slots))
    return None


def _close(request: HttpRequest, service: Service, _doctors: list[Post]) -> None:
    chosen = numbers(request, "slot")
    count = actions.close_slots(actor=actor_of(request), now=clock.now(), service_id=service.pk, slot_ids=chosen)
    _tell(request, _("已关闭 %s 个空号。") % count, len(set(chosen)) - count)


def _reopen(request: HttpRequest, service: Service, _doctors: list[Post]) -> None:
    chosen = numbers(request, "slot")
    count = actions.reopen_slots(actor=actor_of(request), now=clock.now(), service_id=service.pk, slot_ids=chosen)
    _tell(request, _("已重新开放 %s 个号。") % count, len(set(chosen)) - count)


ACTS: dict[str, Callable[[HttpRequest, Service, list[Post]], SessionForm | None]] = {
    "open": _open,
    "close": _close,
    "reopen": _reopen,
}


def _tell(request: HttpRequest, done: str, left: int) -> None:
    if left > 0:
        done += _("另有 %s 个未变：刚被约走、时间已过或状态不同。") % left
    messages.success(request, done) if left <= 0 else messages.warning(request, done)


def _monday(request: HttpRequest) -> date:
    """The Monday of the week asked for; this week's where none is. `Invalid` for no day, or one out of all bounds."""
    given = request.GET.get("week", "")
    try:
        day = date.fromisoformat(given) if given else timezone.localdate(clock.now())
    except ValueError:
        day = date.min
    if not EARLIEST <= day <= LATEST:
        told = _("没有“%(day)s”这一周：日期应写作 2026-03-02，在 %(first)s 到 %(last)s 之间")
        raise Invalid(Problem("week", told % {"day": given[:20], "first": EARLIEST, "last": LATEST}))
    return day - timedelta(days=day.weekday())


def _doctors(place: Facility, service: Service | None) -> list[Post]:
    if service is None:
        return []
    posts = staff.posts_at(place.pk, timezone.localdate(clock.now()))
    return [one for one in posts if one.role in SEATED and one.service_id in {None, service.pk}]


def _blank(service: Service, doctors: list[Post], monday: date) -> SessionForm:
    tomorrow = timezone.localdate(clock.now()) + timedelta(days=1)
    return SessionForm(initial={"day": max(monday, tomorrow), **queries.usual_session(service.pk)}, doctors=doctors)


def _week(service: Service | None, monday: date) -> dict[str, Any]:
    now = clock.now()
    days = queries.week_of(service.pk, monday) if service is not None else []
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(weeks=1),
        "after": monday + timedelta(weeks=1),
        "today": timezone.localdate(now),
        "days": [
            (monday + timedelta(days=n), [_sitting(one, now) for one in sittings]) for n, sittings in enumerate(days)
        ],
        "states": [(MARKS[state], label(rules.SLOT_STATES, state)) for state in SlotState],
        "open": sum(
            slot.state == SlotState.FREE and slot.starts_at > now for day in days for one in day for slot in one.slots
        ),
    }


def _sitting(one: Sitting, now: Any) -> dict[str, Any]:
    counts = one.counts()
    quotas = [
        (
            label(rules.QUOTAS, quota),
            [
                (MARKS[state], label(rules.SLOT_STATES, state), counts[quota, state])
                for state in SlotState
                if counts[quota, state]
            ],
        )
        for quota in Quota.kept_first()
        if any(counts[quota, state] for state in SlotState)
    ]
    slots = [
        {
            "slot": slot,
            "quota": label(rules.QUOTAS, slot.quota),
            "state": label(rules.SLOT_STATES, slot.state),
            "mark": MARKS[SlotState(slot.state)],
            "chosen": slot.starts_at > now and slot.state in {SlotState.FREE, SlotState.CLOSED},
        }
        for slot in one.slots
    ]
    return {"sitting": one, "quotas": quotas, "slots": slots, "changes": any(slot["chosen"] for slot in slots)}
