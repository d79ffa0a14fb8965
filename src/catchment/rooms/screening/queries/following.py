"""Screening as disease control sees it: cases by pseudonym, for the whole county, and without places."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.board import queries as board
from catchment.rooms.people import queries as people
from catchment.rooms.people.rules import age_on
from catchment.rooms.screening.models import Case
from catchment.rooms.screening.queries.cases import band_words
from catchment.rooms.screening.queries.funnel import CASE_STAGES
from catchment.rooms.screening.rules import Programme
from catchment.rooms.screening.rules.work import FOLLOW
from catchment.rooms.screening.types import FollowLine

DECADE = 10


def to_follow(actor: Actor, programme: Programme, stage: str) -> QuerySet[Case]:
    """The cases behind one figure of a programme, the newest first; `NotFound` for a figure that counts no cases."""
    actor.require("screening.follow")
    if stage not in CASE_STAGES:
        raise NotFound("not-found", _("没有这一项统计"))
    rows = Case.objects.filter(CASE_STAGES[stage], programme=programme.code)
    return rows.select_related("person").order_by("-opened_at", "-id")


def case_to_follow(actor: Actor, public_id: UUID) -> Case:
    """One case; `NotFound` where there is none. Asked as the system: disease control sees no row of it."""
    actor.require("screening.follow")
    found = Case.objects.select_related("person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这条筛查"))
    return found


def follow_lines(actor: Actor, cases: Iterable[Case], day: date) -> list[FollowLine]:
    """Cases as disease control reads them: pseudonym, sex, ten years of age, band and state; whether it has them."""
    rows = list(cases)
    called = people.pseudonyms(actor, (case.person_id for case in rows))
    held = board.held_among(actor, FOLLOW.code, (case.pk for case in rows))
    return [
        FollowLine(
            public_id=case.public_id,
            pseudonym=called[case.person_id],
            sex=case.person.sex,
            ages=_ages(case.person.birth_date, day),
            band=band_words(case.model, case.band),
            state=case.state,
            opened_at=case.opened_at,
            followed=case.pk in held,
        )
        for case in rows
    ]


def _ages(born: date | None, day: date) -> str:
    if born is None:
        return "—"
    years = age_on(born, day)
    first = years - years % DECADE
    return f"{first}–{first + DECADE - 1}"
