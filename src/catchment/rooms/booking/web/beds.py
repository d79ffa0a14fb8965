"""A facility's beds by state: adding them, blocking one, freeing it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound, Refusal
from catchment.kernel.ui.paging import offset_of, without_offset
from catchment.rooms.booking import actions, queries, rules
from catchment.rooms.booking.models import Bed
from catchment.rooms.booking.types import BedMove, BedState
from catchment.rooms.booking.web.forms import BedsForm
from catchment.rooms.booking.web.place import facility_run, numbers
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.places.rules import label

PAGE = 60
MARKS = {
    BedState.FREE: "mark-green",
    BedState.HELD: "mark-amber",
    BedState.OCCUPIED: "mark-blue",
    BedState.CLOSED: "mark-grey",
}


@needs(rules.CAPABILITY)
@require_http_methods(["GET", "POST"])
def beds(request: HttpRequest, facility: str) -> HttpResponse:
    """The beds of a ward in a state; a POST adds beds or moves one, and comes back to the same list."""
    place = facility_run(request, facility)
    wards = [one for one in places.services_of(place.pk) if one.inpatient]
    form = None
    if request.method == "POST":
        if request.POST.get("act") == "add":
            form = _add(request, wards)
        else:
            _move(request, place)
        if form is None:
            return redirect(f"{reverse('schedule:beds', args=[place.code])}?{request.GET.urlencode()}")
    context = {
        "section": "schedule",
        "facility": place,
        "form": form or BedsForm(wards=wards, initial={"service": request.GET.get("ward")}),
        **_listed(request, place, wards),
    }
    return render(request, "booking/beds.html", context, status=422 if form else 200)


def _add(request: HttpRequest, wards: list[Service]) -> BedsForm | None:
    form = BedsForm(request.POST, wards=wards)
    if not form.is_valid():
        return form
    ward = next(one for one in wards if one.code == form.cleaned_data["service"])
    try:
        added = actions.add_beds(
            actor=actor_of(request), now=clock.now(), service_id=ward.pk, codes=form.cleaned_data["codes"]
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return form
    messages.success(request, _("已添加 %s 张床。") % len(added))
    return None


def _move(request: HttpRequest, place: Facility) -> None:
    act, chosen = request.POST.get("act", ""), numbers(request, "bed")
    if act not in {move.value for move in BedMove} or not chosen:
        raise NotFound("unknown-act", _("没有这项操作"))
    try:
        bed = actions.move_bed(
            actor=actor_of(request), now=clock.now(), facility_id=place.pk, bed_id=chosen[0], move=BedMove(act)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("床 %(code)s：%(state)s。")
        messages.success(request, told % {"code": bed.code, "state": label(rules.BED_STATES, bed.state)})


def _listed(request: HttpRequest, place: Facility, wards: list[Service]) -> dict[str, Any]:
    ward, state, offset = request.GET.get("ward", "")[:40], request.GET.get("state", ""), offset_of(request)
    state = state if state in set(BedState) else ""
    found = list(queries.beds(place.pk, service_code=ward, state=state)[offset : offset + PAGE + 1])
    counts = queries.bed_counts(place.pk)
    return {
        "wards": [(one, _by_state(counts.get(one.pk, {})), sum(counts.get(one.pk, {}).values())) for one in wards],
        "states": [(one.value, label(rules.BED_STATES, one)) for one in BedState],
        "ward": ward,
        "state": state,
        "beds": [_line(one) for one in found[:PAGE]],
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": without_offset(request),
    }


def _by_state(counts: Any) -> list[tuple[str, str, str, int]]:
    return [(one.value, MARKS[one], label(rules.BED_STATES, one), counts.get(one.value, 0)) for one in BedState]


def _line(bed: Bed) -> dict[str, Any]:
    return {
        "bed": bed,
        "mark": MARKS[BedState(bed.state)],
        "state": label(rules.BED_STATES, bed.state),
        "moves": [
            (move.value, label(rules.MOVES, move)) for move, (was, _to) in rules.BED_MOVES.items() if was == bed.state
        ],
    }
