"""Choosing a village, a facility or a housemate: found by name, pinyin or initials, chosen with one tap."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from catchment.kernel import audit, clock
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.tags import age, sex
from catchment.rooms.people import queries
from catchment.rooms.people.web.forms import NEW
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Area, Facility

MOST = 12
Place = TypeVar("Place", Area, Facility)


@dataclass(frozen=True, slots=True)
class Option:
    """One that can be chosen: its value, its name, and what tells it from its namesakes."""

    value: str
    title: str
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A choice on a form: `name` is the field; `then` the part of the page that hangs on it.

    Without a `hint` there is nothing to look for.
    """

    name: str
    label: str
    hint: str
    words: str
    chosen: str
    options: list[Option]
    empty: str = ""
    then: str = ""
    problems: list[str] = field(default_factory=list)


def area_pick(form: forms.Form, told: dict[str, str], actor: Actor) -> Pick:
    """Where the person lives: at first the villages around the post's own facility."""
    here, words, chosen = places.area_around(actor.facility_id), told.get("area_words", ""), _value(form, "area")
    found = places.villages_named(words, near=here) if words else places.villages_near(here)
    if chosen and chosen not in {one.code for one in found}:
        found = [*_known(places.area_by_code, chosen), *found]
    return Pick(
        name="area", label=_("住在哪个村或社区"), hint=_("村名、拼音、首字母"), words=words, chosen=chosen,
        options=[Option(one.code, one.name, one.parent.name if one.parent else "") for one in found],
        empty=_("没有找到这个村。请换个词。"), then="facility", problems=_problems(form, "area"),
    )  # fmt: skip


def facility_pick(
    form: forms.Form, told: dict[str, str], actor: Actor, *, area: str, without: int | None = None
) -> Pick:
    """Who answers for the person: proposed from the area they live in, unless another is looked for.

    The likeliest is chosen beforehand, except where a present facility is to be left (`without`).
    """
    words = told.get("facility_words", "")
    fresh = "fresh" in told or "facility" not in told
    chosen = "" if "fresh" in told else _value(form, "facility")
    found = places.primary_facilities_named(words) if words else _proposed(area, actor)
    found = [one for one in found if one.pk != without]
    if chosen and chosen not in {one.code for one in found}:
        found = [*_known(places.facility_by_code, chosen), *found]
    if fresh and not chosen and not words and found and without is None:
        chosen = found[0].code
    options = [Option(one.code, one.name, one.area.name) for one in found]
    return Pick(
        name="facility", label=_("基层责任机构"), hint=_("机构名、拼音、首字母"), words=words, chosen=chosen,
        options=options if without is not None else [*options, Option("", _("暂不指定"))],
        empty=_("没有找到基层机构。请换个词。"), problems=_problems(form, "facility"),
    )  # fmt: skip


def household_pick(form: forms.Form, told: dict[str, str], actor: Actor, *, optional: bool) -> Pick:
    """With whom the person lives: nobody said, a household of their own, or that of somebody found."""
    words, chosen = told.get("household_words", "").strip()[:60], _value(form, "household")
    found = queries.search(actor, words, limit=MOST) if words else []
    if words:
        audit.record(actor=actor, event="people.search", at=clock.now(), detail={"found": len(found)})
    options = [
        Option(str(one.public_id), one.name, " ".join((sex(one.sex), age(one.birth_date), one.village)))
        for one in found
    ]
    fixed = [Option("", _("暂不登记"))] if optional else []
    return Pick(
        name="household", label=_("家庭"), hint=_("家人的姓名、拼音或电话"), words=words, chosen=chosen,
        options=[*fixed, Option(NEW, _("新建家庭，本人为户主")), *options], problems=_problems(form, "household"),
    )  # fmt: skip


def options(request: HttpRequest, pick: Pick) -> HttpResponse:
    """What is chosen from, alone."""
    return render(request, "people/keeping/options.html", {"pick": pick})


def wants_part(request: HttpRequest) -> bool:
    """Whether only a part of the page is asked for."""
    return "part" in request.POST and request.headers.get("HX-Request") == "true"


def told_in(request: HttpRequest) -> dict[str, str]:
    """What was typed and ticked, each field once."""
    return {name: str(value) for name, value in request.POST.items()}


def _proposed(code: str, actor: Actor) -> list[Facility]:
    areas = _known(places.area_by_code, code) if code else []
    near = areas[0] if areas else places.area_around(actor.facility_id)
    return places.primary_facilities(near) if near else []


def _known(ask: Callable[[str], Place], code: str) -> list[Place]:
    try:
        return [ask(code)]
    except NotFound:
        return []


def _value(form: forms.Form, name: str) -> str:
    return str(form[name].value() or "") if name in form.fields else ""


def _problems(form: forms.Form, name: str) -> list[str]:
    return [str(problem) for problem in form.errors.get(name, [])] if form.is_bound else []
