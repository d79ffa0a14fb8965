"""The addresses of screening in the native API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Query

from catchment.kernel import clock
from catchment.kernel.access import actor_of
from catchment.kernel.api import actions_out
from catchment.rooms.people import queries as people
from catchment.rooms.screening import actions, queries
from catchment.rooms.screening.api.schemas import (
    AssessmentOut,
    CaseDetailOut,
    CasePage,
    CaseStepIn,
)
from catchment.rooms.screening.models import Assessment, Case

router = Router(tags=["screening"])
PAGE = 100


@router.get("/screening/cases", response=CasePage, summary="Open cases of this post's places, the most pressing first")
def list_cases(
    request: HttpRequest,
    programme: str = "",
    state: str = "",
    limit: int = Query(20, ge=1, le=PAGE),
    offset: int = Query(0, ge=0, le=100_000),
) -> dict[str, Any]:
    """Cases that this post may see; `state` asks for one state instead of all open ones."""
    rows = queries.cases(actor_of(request), programme=programme, state=state, mine=False)
    return {"total": rows.count(), "items": [_out(row) for row in rows[offset : offset + limit]]}


@router.get("/screening/cases/{public_id}", response=CaseDetailOut, summary="One case, with what may be done now")
def get_case(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    return _detail(request, queries.case_by_public_id(actor_of(request), public_id))


@router.post("/screening/cases/{public_id}/{verb}", response=CaseDetailOut, summary="Take a step")
def take_case_step(request: HttpRequest, public_id: UUID, verb: str, body: CaseStepIn) -> dict[str, Any]:
    """Take one of the steps that `actions` offers, with the same rules as on the page."""
    actor = actor_of(request)
    case = queries.case_by_public_id(actor, public_id)
    actions.take(actor=actor, now=clock.now(), case_id=case.pk, verb=verb, given=body.model_dump())
    return _detail(request, queries.case_by_public_id(actor, public_id))


@router.get("/people/{person}/assessments", response=list[AssessmentOut], summary="What the models say of a person")
def list_assessments(request: HttpRequest, person: UUID) -> list[Assessment]:
    """The newest assessment of every model that has looked at the person."""
    actor_of(request).require("screening.read")
    return queries.newest_of(people.person_by_public_id(person).pk)


def _detail(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {
        **_out(case),
        "message": case.message,
        "result": case.result,
        "assessment": case.assessment,
        "plan": queries.plan_of(case),
        "history": queries.history_of(case),
        "actions": actions_out(queries.actions_for(case, actor_of(request))),
    }


def _out(case: Case) -> dict[str, Any]:
    copied = ("programme", "model", "band", "priority", "state", "state_since", "due_at", "opened_at")
    return {
        **{name: getattr(case, name) for name in copied},
        "id": case.public_id,
        "person": case.person.public_id,
        "facility": case.facility.name,
    }
