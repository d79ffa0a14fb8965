"""One entry of the record: what it says, where it came from, and putting it right."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions, queries
from catchment.rooms.record.types import Amendment, FactKind
from catchment.rooms.record.web.banner import shown
from catchment.rooms.record.web.words import KINDS, MISTAKES, fields_of, status_of
from catchment.rooms.staff import queries as staff


@needs("record.read")
@require_GET
def entry(request: HttpRequest, public_id: UUID, kind: str, key: int) -> HttpResponse:
    """One entry with where it came from."""
    found, banner = staff.person_in_care(public_id, timezone.localdate(clock.now()))
    answer = _page(request, found, banner, _kind(kind), key)
    audit.record(actor=actor_of(request), event="entry.read", at=clock.now(), person_id=found.pk)
    return answer


@needs("record.write")
@require_POST
def amend(request: HttpRequest, public_id: UUID, kind: str, key: int) -> HttpResponse:
    """End the entry or say that it was written in error, and back to it."""
    found, banner = staff.person_in_care(public_id, timezone.localdate(clock.now()))
    what = _kind(kind)
    try:
        how = Amendment(request.POST.get("how", ""))
        actions.amend_entry(
            actor=actor_of(request), now=clock.now(), person_id=found.pk, kind=what, key=key, how=how,
            mistake=request.POST.get("mistake", ""),
        )  # fmt: skip
    except ValueError:
        raise NotFound("not-found", _("没有这个步骤")) from None
    except Invalid as refusal:
        return _page(request, found, banner, what, key, problem=refusal.problems[0].message)
    messages.success(request, _("已改。原来的内容留在历史里。"))
    return redirect(reverse("person-entry", args=[found.public_id, kind, key]))


def _kind(kind: str) -> FactKind:
    if kind not in set(FactKind):
        raise NotFound("not-found", _("没有这一类记录"))
    return FactKind(kind)


def _page(
    request: HttpRequest, person: Person, banner: Any, kind: FactKind, key: int, *, problem: str = ""
) -> HttpResponse:
    detail = queries.entry(kind, key)
    if detail.person_id != person.pk:
        raise NotFound("not-found", _("没有找到这条记录"))
    context = {
        "section": "people",
        "person": person,
        "banner": shown(banner),
        "entry": detail,
        "kind": KINDS[kind][0],
        "kind_code": kind.value,
        "key": key,
        "fields": fields_of(detail.fields),
        "status": status_of(detail.line.status),
        "ways": {way.value: why for way, why in queries.amendments(actor_of(request), kind, detail.row).items()},
        "mistakes": [(code.value, name) for code, name in MISTAKES.items()],
        "problem": problem,
    }
    return render(request, "record/entry.html", context, status=422 if problem else 200)
