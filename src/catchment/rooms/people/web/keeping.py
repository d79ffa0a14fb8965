"""Keeping what is known of a resident right: their data, household, facility, the day of their death."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catchment.kernel import audit, clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound, Refusal
from catchment.kernel.ui.forms import RefusableForm
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import Person
from catchment.rooms.people.types import IdentifierSystem
from catchment.rooms.people.web import picking
from catchment.rooms.people.web.forms import NEW, DeathForm, DetailsForm, HouseholdForm, MoveForm
from catchment.rooms.places import queries as places
from catchment.rooms.places.types import PRIMARY_KINDS

Act = Callable[[Actor, Person, Any], str]


@needs("people.register")
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page; a POST does one thing, named by `act`, or looks something up, named by `part`."""
    person = queries.person_by_public_id(public_id)
    told, actor = picking.told_in(request), actor_of(request)
    if picking.wants_part(request):
        return picking.options(request, _pick(told["part"], person, told, actor))
    form = None
    if request.method == "POST" and "part" not in told:
        form = _sent(told, person)
        if form.is_valid() and _done(request, person, told["act"], form):
            return redirect("person-keep", public_id=person.public_id)
    audit.record(actor=actor, event="person.read", at=clock.now(), person_id=person.pk, detail={"part": "details"})
    return render(request, "people/keeping/keep.html", _context(request, person, form, told), status=_status(form))


def _sent(told: dict[str, str], person: Person) -> RefusableForm:
    made = FORMS.get(told.get("act", ""))
    if made is None:
        raise NotFound("unknown-act", _("没有这项操作"))
    return made(told, initial=_known(person))


def _done(request: HttpRequest, person: Person, act: str, form: RefusableForm) -> bool:
    """Whether it was done; what is refused stands on the form."""
    try:
        said = ACTS[act](actor_of(request), person, form)
    except Refusal as refusal:
        form.refuse(refusal)
    else:
        messages.success(request, said)
        return True
    return False


def _change(actor: Actor, person: Person, form: DetailsForm) -> str:
    changes = form.changes(actor)
    if not changes:
        return _("没有改动。")
    actions.update_person(actor=actor, now=clock.now(), person_id=person.pk, **changes)
    return _("已保存。")


def _move(actor: Actor, person: Person, form: MoveForm) -> str:
    told = form.cleaned_data
    actions.move_primary_facility(
        actor=actor, now=clock.now(), person_id=person.pk, facility_id=told["facility"].pk, reason=told["reason"]
    )
    return str(_("责任机构已变更为%s。") % told["facility"].name)


def _house(actor: Actor, person: Person, form: HouseholdForm) -> str:
    with_whom, now = form.cleaned_data["household"], clock.now()
    if with_whom == NEW:
        actions.found_household(actor=actor, now=now, person_id=person.pk)
    else:
        actions.join_household(actor=actor, now=now, person_id=person.pk, with_person_id=with_whom)
    return _("家庭已登记。")


def _die(actor: Actor, person: Person, form: DeathForm) -> str:
    on = form.cleaned_data["deceased_on"]
    actions.record_death(actor=actor, now=clock.now(), person_id=person.pk, on=on)
    return str(_("已登记死亡日期 %s。") % on)


def _live(actor: Actor, person: Person, _form: RefusableForm) -> str:
    actions.record_death(actor=actor, now=clock.now(), person_id=person.pk, on=None)
    return _("已撤销死亡登记。")


FORMS: dict[str, type[RefusableForm]] = {
    "change": DetailsForm, "move": MoveForm, "house": HouseholdForm, "die": DeathForm, "live": RefusableForm,
}  # fmt: skip
ACTS: dict[str, Act] = {"change": _change, "move": _move, "house": _house, "die": _die, "live": _live}


def _known(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "phone": person.phone,
        "area": person.area.code if person.area else "",
        "address": person.address,
        "number_kind": IdentifierSystem.RESIDENT_ID.value,
        "moved_on": timezone.localdate(clock.now()),
    }


def _form_of(kind: type[RefusableForm], form: RefusableForm | None, person: Person, told: dict[str, str]) -> Any:
    """The form that was sent, or one that begins with what is known and what was typed to look something up."""
    return form if type(form) is kind else kind(initial={**_known(person), **told})


def _pick(part: str, person: Person, told: dict[str, str], actor: Actor) -> picking.Pick:
    if part == "area":
        return picking.area_pick(DetailsForm(initial={**_known(person), **told}), told, actor)
    if part == "household":
        return picking.household_pick(HouseholdForm(initial=told), told, actor, optional=False)
    return _facility_pick(MoveForm(initial=told), person, told, actor)


def _area_pick(form: Any, person: Person, told: dict[str, str], actor: Actor) -> picking.Pick:
    """The village on file; others come when they are looked for."""
    if told or person.area is None:
        return picking.area_pick(form, told, actor)
    known = picking.Option(person.area.code, person.area.name)
    return picking.Pick(
        name="area", label=_("住在哪个村或社区"), hint=_("村名、拼音、首字母"), words="", chosen=known.value,
        options=[known],
    )  # fmt: skip


def _facility_pick(
    form: Any, person: Person, told: dict[str, str], actor: Actor, *, at_first: bool = False
) -> picking.Pick:
    """Who may take over: this post's own facility alone, unless it gives the person up; then whoever is looked for."""
    if not _gives_up(actor, person):
        code = places.facility_code(actor.here)
        own = picking.Option(code, actor.facility_name)
        return picking.Pick(
            name="facility", label=_("接管的机构"), hint="", words="", chosen=code, options=[own],
            problems=[str(one) for one in form.errors.get("facility", [])],
        )  # fmt: skip
    if at_first:
        return picking.Pick(
            name="facility", label=_("接管的机构"), hint=_("机构名、拼音、首字母"), words="", chosen="", options=[]
        )
    area = person.area.code if person.area else ""
    return picking.facility_pick(form, told, actor, area=area, without=person.primary_facility_id or 0)


def _gives_up(actor: Actor, person: Person) -> bool:
    """Whether this post may hand the person over to any facility; others may only take them over."""
    return actor.may("places.manage") or person.primary_facility_id == actor.facility_id


def _context(request: HttpRequest, person: Person, form: RefusableForm | None, told: dict[str, str]) -> dict[str, Any]:
    actor, now = actor_of(request), clock.now()
    shown = panels.gather("person-keeping", person=person, actor=actor, now=now)
    details = _form_of(DetailsForm, form, person, told)
    move, house = _form_of(MoveForm, form, person, told), _form_of(HouseholdForm, form, person, told)
    return {
        "section": "people",
        "person": person,
        "banner": _banner(person, shown),
        "form": details,
        "area": _area_pick(details, person, told, actor),
        "move": move,
        "facility": _facility_pick(move, person, told, actor, at_first=not told),
        "why_no_move": _why_no_move(actor, person),
        "house": house,
        "household": picking.household_pick(house, told, actor, optional=False),
        "housemates": queries.housemates(person),
        "death": _form_of(DeathForm, form, person, {}),
        "numbers": queries.numbers_of(person.pk),
        "moves": queries.moves_of(person.pk),
        "suspected": queries.suspected_with(person.pk),
        "may_compare": actor.may("people.compare"),
        "today": timezone.localdate(now),
        "panels": shown,
    }


def _why_no_move(actor: Actor, person: Person) -> str:
    """Why this post cannot change the responsible facility; empty where it can."""
    if _gives_up(actor, person):
        return ""
    here = places.kind_at(actor.facility_id)
    return "" if here in PRIMARY_KINDS else _("只有现在的责任机构或接管的基层机构可以变更")


def _banner(person: Person, shown: list[tuple[str, Any]]) -> dict[str, Any]:
    """The banner with what the page's own panels have found for it, so that nothing is asked twice."""
    found = {key: value for _name, panel in shown for key, value in panel.get("banner", {}).items()}
    alerts = panels.merged("banner-alerts", person_id=person.pk)
    return {**asdict(queries.banner(person)), **found, **alerts}


def _status(form: RefusableForm | None) -> int:
    return 422 if form is not None and form.errors else 200
