"""Cases as pages and programs see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import flow
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.flow import Choice, weigh
from catchment.kernel.models import FlowEvent
from catchment.rooms.screening.models import Case, MessageRead, PlanAction
from catchment.rooms.screening.queries.editions import programmes_on
from catchment.rooms.screening.rules import CASE
from catchment.rooms.screening.types import OPEN_STATES, Message, Side
from catchment.standards.risk.catalogue import definition

RELATED = ("person__area", "facility__parent", "post__practitioner", "assessment")


def sides_of(actor: Actor, case: Case) -> frozenset[str]:
    """Where the actor stands: in the team that answers for the person, its centre included, or the system."""
    sides = set()
    if actor.role == "system":
        sides.add(Side.SYSTEM.value)
    if actor.facility_id is not None and actor.facility_id in {case.facility_id, case.facility.parent_id}:
        sides.add(Side.TEAM.value)
    return frozenset(sides)


def cases(actor: Actor, *, programme: str = "", state: str = "", mine: bool = True) -> QuerySet[Case]:
    """The cases of the actor's own places: open ones, or those of one state; `mine` leaves those of other posts out."""
    actor.require("screening.read")
    rows = Case.objects.filter(facility_id__in=[*actor.scope, actor.here])
    rows = rows.filter(state=state) if state else rows.filter(state__in=[one.value for one in OPEN_STATES])
    if programme:
        rows = rows.filter(programme=programme)
    if mine:
        rows = rows.filter(post_id__in=[actor.post_id]) | rows.filter(post_id__isnull=True)
    return rows.select_related(*RELATED).order_by("due_at", "id")


def under_way() -> dict[str, int]:
    """How many cases of each programme are open."""
    rows = Case.objects.filter(state__in=[one.value for one in OPEN_STATES]).values_list("programme")
    return dict(rows.annotate(n=Count("id")))


def case_by_public_id(actor: Actor, public_id: UUID) -> Case:
    """One case with all that its page shows; `NotFound` when it is not this actor's to see."""
    actor.require("screening.read")
    found = Case.objects.filter(public_id=public_id).select_related(*RELATED).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这条筛查"))
    return found


def cases_of(person_id: int) -> list[Case]:
    """Every case of a person, newest first."""
    rows = Case.objects.filter(person_id=person_id).select_related(*RELATED)
    return list(rows.order_by("-opened_at", "-id"))


def messages_of(person_id: int) -> list[Message]:
    """What the plans under way tell a resident, newest first, with what they are asked to do and by when."""
    rows = Case.objects.filter(person_id=person_id, state__in=[one.value for one in OPEN_STATES])
    held = list(rows.exclude(message="").select_related("facility").order_by("-opened_at", "-id"))
    read = dict(MessageRead.objects.filter(case__in=held).values_list("case_id", "read_at"))
    waiting = PlanAction.objects.filter(case__in=held, done_at__isnull=True).order_by("due_on", "place")
    steps: dict[int, list[PlanAction]] = {}
    for one in waiting:
        steps.setdefault(one.case_id, []).append(one)
    return [Message(case=one, read_at=read.get(one.pk), steps=tuple(steps.get(one.pk, ()))) for one in held]


def read_at(case: Case) -> datetime | None:
    """When the resident said that they had read the case's message."""
    return MessageRead.objects.filter(case=case).values_list("read_at", flat=True).first()


def actions_for(case: Case, actor: Actor) -> list[Choice]:
    """What this actor may do with the case now, and why not: the one answer for page and API."""
    sides = sides_of(actor, case)
    steps = [step for step in CASE.leaving(case.state) if step.side != Side.SYSTEM.value]
    return [weigh(step, state=case.state, variant="", actor=actor, sides=sides) for step in steps]


def plan_of(case: Case) -> list[PlanAction]:
    """The person's plan in order."""
    return list(PlanAction.objects.filter(case=case).select_related("done_by__practitioner").order_by("place"))


def history_of(case: Case) -> list[FlowEvent]:
    """Every step with actor, time and reason, first to last."""
    return flow.history(CASE, case.pk)


def words_of(case: Case) -> tuple[str, str]:
    """The programme and the band of a case, in Chinese."""
    programme = programmes_on(timezone.localdate(case.opened_at)).programme(case.programme)
    return programme.zh if programme else case.programme, band_words(case.model, case.band)


def band_words(model: str, band: str) -> str:
    """A band's Chinese name; its key where the model has no such band any more."""
    found = next((one for one in definition(model).bands if one.key == band), None)
    return found.zh if found else band
