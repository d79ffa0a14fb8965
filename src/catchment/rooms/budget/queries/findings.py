"""Findings of the watch and the events behind them."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.flow import Choice as Offered
from catchment.kernel.flow import weigh
from catchment.rooms.budget.models import Evidence, Finding
from catchment.rooms.budget.rules.steps import FINDING
from catchment.rooms.budget.types import Side


def findings() -> QuerySet[Finding]:
    """All findings, open ones first, then newest."""
    rows = Finding.objects.select_related("network", "facility")
    return rows.order_by("-year", "state_since", "id")


def finding(public_id: UUID) -> Finding:
    """One finding; `NotFound`."""
    found = findings().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not-found", _("没有这条风险提示"))
    return found


def sides_of(actor: Actor) -> frozenset[str]:
    """The insurance office judges; the community reads."""
    return frozenset({Side.OFFICE.value}) if actor.may("budget.review") else frozenset()


def offered(one: Finding, actor: Actor) -> list[Offered]:
    """The judgements that can be given now."""
    steps = FINDING.leaving(one.state)
    return [weigh(step, state=one.state, variant="", actor=actor, sides=sides_of(actor)) for step in steps]


def evidence_of(one: Finding) -> QuerySet[Evidence]:
    """The events behind a finding that the acting post may see, those with most money first."""
    return _events(one.pk)


def people_of(finding_id: int) -> list[int]:
    """The people behind a finding, as far as the acting post may see its events; each once, in the events' order."""
    return list(dict.fromkeys(_events(finding_id).values_list("person_id", flat=True)))


def _events(finding_id: int) -> QuerySet[Evidence]:
    return Evidence.objects.filter(finding_id=finding_id).order_by("-fund", "-day", "id")
