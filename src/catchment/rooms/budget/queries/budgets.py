"""Budgets and what belongs to them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from itertools import takewhile
from operator import or_
from uuid import UUID

from django.db.models import Case, Max, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.fates import Fate
from catchment.kernel.flow import Choice as Offered
from catchment.kernel.flow import weigh
from catchment.kernel.models import FlowEvent
from catchment.rooms.budget.models import (
    Budget,
    Clearance,
    Prepayment,
    PreSettlement,
    Score,
    ScoreSheet,
    Share,
    Spending,
    Upload,
    UploadRow,
)
from catchment.rooms.budget.queries import hands
from catchment.rooms.budget.rules.editions import MODEL, SHARING, ModelRule, SharingRule, model_of, sharing_of
from catchment.rooms.budget.rules.making import paid_in_full
from catchment.rooms.budget.rules.steps import BUDGET
from catchment.rooms.budget.types import Side, State
from catchment.rooms.places.models import Network
from catchment.rooms.places.types import NetworkKind
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue

LOADED = ("network", "lead")


def communities() -> list[Network]:
    """Networks that can have a budget."""
    return list(Network.objects.filter(kind=NetworkKind.COUNTY_COMMUNITY).order_by("code"))


def budgets() -> QuerySet[Budget]:
    """All budgets, newest year first."""
    return Budget.objects.select_related(*LOADED).order_by("-year", "network__code", "-id")


def by_public_id(public_id: UUID) -> Budget:
    """One budget; `NotFound`."""
    found = budgets().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not-found", _("没有这个预算"))
    return found


def live(community: str, year: int) -> Budget:
    """A community's budget of a year that was not withdrawn; `NotFound` names the way to make one."""
    found = budgets().filter(~Q(state=State.WITHDRAWN), network__code=community, year=year).first()
    if found is None:
        told = {"community": community, "year": year}
        raise NotFound("no-budget", _("%(community)s 在 %(year)d 年还没有预算，请先编制") % told)
    return found


def sides_of(actor: Actor, budget: Budget) -> frozenset[str]:
    """Where the actor stands: at the lead hospital, in the insurance office; the command line on both sides."""
    sides = set()
    if actor.role == "system" or actor.facility_id == budget.lead_id:
        sides.add(Side.LEAD.value)
    if actor.role == "system" or actor.may("budget.settle") or actor.may("budget.decide"):
        sides.add(Side.OFFICE.value)
    return frozenset(sides)


def offered(budget: Budget, actor: Actor, taken: Sequence[FlowEvent]) -> list[Offered]:
    """Every step that leaves the state, allowed or with the reason why not; `taken` are the steps so far."""
    sides = sides_of(actor, budget)
    steps = BUDGET.leaving(budget.state)
    weighed = [weigh(step, state=budget.state, variant="", actor=actor, sides=sides) for step in steps]
    return [hands.told(choice, taken, actor) for choice in weighed]


def model_on(day: date) -> tuple[EditionValue, ModelRule]:
    """The model in force on a day."""
    edition = rulebook.edition_on(MODEL, day)
    return edition, model_of(edition.content)


def sharing_on(place: str, day: date) -> tuple[EditionValue, SharingRule]:
    """A place's sharing in force on a day."""
    edition = rulebook.edition_on(SHARING + place, day)
    return edition, sharing_of(edition.content)


def latest_rounds(budget: Budget, until: int = 12) -> dict[int, int]:
    """For each month that was taken, up to one, its newest round."""
    rows = Spending.objects.filter(budget=budget, month__lte=until).values("month").annotate(last=Max("round"))
    return {row["month"]: row["last"] for row in rows}


def spent(budget: Budget, rounds: dict[int, int]) -> QuerySet[Spending]:
    """The spending of the months, each in the round named, with where it was spent."""
    return _of_rounds(budget, rounds).select_related("facility").order_by("month", "facility_id", "category")


def spent_sum(budget: Budget, rounds: dict[int, int]) -> int:
    """What the fund spent in these months, each in the round named."""
    return _of_rounds(budget, rounds).aggregate(n=Sum("fund"))["n"] or 0


def monthly(budget: Budget) -> list[int]:
    """Fund spending of the months from January on, each as last taken, as far as they were taken without a gap."""
    rows = Spending.objects.filter(budget=budget).values_list("month", "round").annotate(n=Sum("fund"))
    known = {month: fund for month, _round, fund in rows.order_by("month", "round")}
    return [known[month] for month in takewhile(known.__contains__, range(1, 13))]


def _of_rounds(budget: Budget, rounds: dict[int, int]) -> QuerySet[Spending]:
    rows = Spending.objects.filter(budget=budget)
    chosen = [Q(month=month, round=number) for month, number in rounds.items()]
    return rows.filter(reduce(or_, chosen)) if chosen else rows.none()


def prepayments(budget: Budget) -> list[Prepayment]:
    """What was paid ahead, by month."""
    return list(Prepayment.objects.filter(budget=budget).select_related("transaction__period").order_by("month"))


def prepaid_sum(budget: Budget, until: int = 12) -> int:
    """What was paid ahead up to a month."""
    return Prepayment.objects.filter(budget=budget, month__lte=until).aggregate(n=Sum("amount"))["n"] or 0


def presettlements(budget: Budget) -> list[PreSettlement]:
    """How the quarters stood."""
    return list(PreSettlement.objects.filter(budget=budget).order_by("quarter"))


def clearances(budget: Budget) -> list[Clearance]:
    """Every reckoning of the year, newest first."""
    rows = Clearance.objects.filter(budget=budget).select_related("transaction__period", "taken_back", "scores")
    return list(rows.order_by("-number"))


def clearance(budget: Budget) -> Clearance | None:
    """The newest reckoning, unless it was taken back."""
    return newest(clearances(budget))


def newest(reckoned: Sequence[Clearance]) -> Clearance | None:
    """The first of them, newest first, unless it was taken back."""
    found = next(iter(reckoned), None)
    return None if found is None or found.taken_back_id else found


def medical(budget: Budget) -> int:
    """What of the budget is compared with spending: all but the packages that are paid in full."""
    return budget.total - paid_in_full(budget.parts)


def shares_of(clearance: Clearance) -> list[Share]:
    """The parts of a reckoning, largest first."""
    return list(Share.objects.filter(clearance=clearance).select_related("facility").order_by("-amount", "facility_id"))


def scores_of(network: Network, year: int) -> tuple[ScoreSheet | None, dict[int, Fraction]]:
    """The newest frozen sheet of a community and year, and each facility's score."""
    sheet = ScoreSheet.objects.filter(network=network, year=year).order_by("-frozen_at", "-id").first()
    if sheet is None:
        return None, {}
    rows = Score.objects.filter(sheet=sheet).values_list("facility_id", "score")
    return sheet, {facility: Fraction(score) for facility, score in rows}


def uploads(network: Network) -> list[Upload]:
    """Files of earlier years that were brought for a community, newest first."""
    return list(Upload.objects.filter(network=network).order_by("-at"))


def carried_over(network: Network, year: int) -> list[Clearance]:
    """Overruns of earlier years that were decided to be carried and no budget has taken yet."""
    rows = Clearance.objects.filter(
        budget__network=network, budget__year__lt=year, choice="carry", carried_into__isnull=True
    )
    return list(rows.filter(cleared_at__isnull=False, taken_back__isnull=True).order_by("id"))


def clearance_by_id(key: int) -> Clearance:
    """One reckoning with its budget; `NotFound`."""
    found = Clearance.objects.select_related("budget__network", "budget__lead").filter(pk=key).first()
    if found is None:
        raise NotFound("not-found", _("没有这份清算单"))
    return found


def upload_rows(community: str, number: int) -> tuple[Upload, QuerySet[UploadRow]]:
    """A file that was brought for a community, and its rows, the rejected first."""
    found = Upload.objects.select_related("network").filter(network__code=community, pk=number).first()
    if found is None:
        raise NotFound("not-found", _("没有这个文件"))
    rejected = Case(When(fate=Fate.REJECTED, then=0), default=1)
    return found, UploadRow.objects.filter(upload=found).order_by(rejected, "line")
