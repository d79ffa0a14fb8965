"""Keeping the facilities: what each is, where it stands, what it can do, and the services it offers."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound
from catchment.kernel.ui.forms import RefusableForm
from catchment.rooms.places import actions, queries
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.places.web.forms import (
    FacilityForm,
    NewFacilityForm,
    NewServiceForm,
    ServiceForm,
    told_in_fields,
)

MOST_CHOICES = 1000


@needs("places.manage")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a facility; its services come on the page that follows."""
    form = NewFacilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if queries.facility_exists(code):
            form.add_error("code", _("这个代码已有机构使用，请换一个"))
        elif _saved(request, form, code):
            return redirect("facility-keep", code=code)
    context = {"section": "places", "form": form, **_choices()}
    return render(request, "places/facility_new.html", context, status=422 if form.errors else 200)


@needs("places.manage")
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, code: str) -> HttpResponse:
    """One facility and its services; a POST saves the one that `act` names."""
    facility, wrong = queries.facility_by_code(code), None
    if request.method == "POST":
        wrong = _attempt(request, facility)
        if wrong is None:
            return redirect("facility-keep", code=code)
    context = _context(facility, wrong)
    return render(request, "places/facility_keep.html", context, status=422 if wrong else 200)


def _attempt(request: HttpRequest, facility: Facility) -> RefusableForm | None:
    """Do what was sent; the form again where something is wrong with it."""
    act, code = request.POST.get("act", ""), request.POST.get("service", "")
    if act == "facility":
        form: Any = FacilityForm(request.POST, known=queries.told_of(facility))
        return None if form.is_valid() and _saved(request, form, facility.code) else form
    if act == "new-service":
        form = NewServiceForm(request.POST, auto_id="new-%s")
        return None if form.is_valid() and _added(request, form, facility) else form
    if act == "service" and queries.service_told(facility.pk, code) is not None:
        form = ServiceForm(request.POST, auto_id=f"{code}-%s")
        form.code_kept = code
        return None if form.is_valid() and _service_saved(request, form, facility, code) else form
    raise NotFound("unknown-act", _("没有这项操作"))


def _saved(request: HttpRequest, form: FacilityForm, code: str) -> bool:
    try:
        actions.save_facility(actor=actor_of(request), now=clock.now(), told=form.told(code))
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已保存。"))
    return True


def _added(request: HttpRequest, form: NewServiceForm, facility: Facility) -> bool:
    code = form.cleaned_data["code"]
    if queries.service_told(facility.pk, code) is not None:
        form.add_error("code", _("本机构已有这个代码的科室，请换一个"))
        return False
    return _service_saved(request, form, facility, code)


def _service_saved(request: HttpRequest, form: ServiceForm, facility: Facility, code: str) -> bool:
    try:
        actions.save_service(actor=actor_of(request), now=clock.now(), facility_id=facility.pk, told=form.told(code))
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已保存。"))
    return True


def _context(facility: Facility, wrong: RefusableForm | None) -> dict[str, Any]:
    told = queries.told_of(facility)
    own = wrong if isinstance(wrong, FacilityForm) else FacilityForm(initial=told_in_fields(facility, told), known=told)
    services = [(one, _form_of(one, wrong)) for one in queries.services_of(facility.pk, include_closed=True)]
    return {
        "section": "places",
        "facility": facility,
        "form": own,
        "services": services,
        "new_service": wrong if isinstance(wrong, NewServiceForm) else NewServiceForm(auto_id="new-%s"),
        "specialties": queries.specialties(),
        **_choices(),
    }


def _form_of(service: Service, wrong: RefusableForm | None) -> Any:
    if isinstance(wrong, ServiceForm) and wrong.code_kept == service.code:
        return wrong
    return ServiceForm(initial=asdict(queries.service_in_words(service)), auto_id=f"{service.code}-%s")


def _choices() -> dict[str, Any]:
    return {"areas": queries.areas_to_choose(MOST_CHOICES), "parents": queries.parents_to_choose(MOST_CHOICES)}
