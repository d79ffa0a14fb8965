"""Computing again: every claim and every figure of a month by the editions of its day, beside what was kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from catchment.kernel import wall
from catchment.rooms.budget.models import Budget, Clearance
from catchment.rooms.budget.queries import budgets, inputs, spending
from catchment.rooms.budget.queries.kept import (
    heads_in,
    history_in,
    kept_lines,
    kept_result,
    members_in,
    result_in,
)
from catchment.rooms.budget.rules.editions import MODEL, SHARING, model_of, percent, sharing_of
from catchment.rooms.budget.rules.making import make
from catchment.rooms.budget.rules.settling import (
    due_by,
    factor_of,
    mean_score,
    prepaid,
    reckon,
    share_lines,
)
from catchment.rooms.claims import queries as claims
from catchment.rooms.people.models import Person
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.reasons import same_content

MONTHS = 12
Heard = Callable[[str, int, int], None]


def unheard(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One figure: as kept, as computed again, in fen; the edition it went by; the first difference beneath it."""

    what: str
    kept: int
    again: int
    edition: str
    same_steps: bool = True
    first: str = ""

    @property
    def same(self) -> bool:
        return self.kept == self.again and self.same_steps


@dataclass(frozen=True, slots=True)
class Drift:
    """What the record says of a month today beside what was taken then, in fen."""

    month: int
    taken: int
    now: int


def replay(budget: Budget, month: int, *, heard: Heard = unheard) -> list[Check]:
    """Everything computed for a month, computed again: in January the budget too, in December the clearance.

    Every settlement of the residents' claims of the month, with the year it counted on, and every payment by group: a
    block of people at a time; `heard` is told what is reckoned, how many and of how many.
    """
    return _replayed(budget, [month], heard)[month]


def replay_year(budget: Budget, *, heard: Heard = unheard) -> dict[int, list[Check]]:
    """The same of every month of the year, each resident's year read once for all of them."""
    return _replayed(budget, range(1, MONTHS + 1), heard)


def _replayed(budget: Budget, months: Sequence[int], heard: Heard) -> dict[int, list[Check]]:
    settled = _settled(budget, months, heard)
    return {month: list(_of_month(budget, month, settled[month], heard)) for month in months}


def _of_month(budget: Budget, month: int, settled: claims.Again, heard: Heard) -> Iterator[Check]:
    if month == 1:
        yield from _made(budget)
    yield from _prepaid(budget, month)
    with wall.acting("budget"):
        paid = claims.restate(budget.year, month, heard=partial(heard, "payments by group"))
    for what, again in (("settlements", settled), ("payments by group", paid)):
        if again.counted:
            yield _compared(what, again)
    if month % 3 == 0:
        yield from _presettled(budget, month // 3)
    if month == MONTHS:
        for one in budgets.clearances(budget):
            yield from _cleared(budget, one)


def drift(budget: Budget, month: int) -> Drift | None:
    """How far the record has moved since a month was taken; `None` for one that was not."""
    rounds = {at: n for at, n in budgets.latest_rounds(budget, month).items() if at == month}
    if not rounds:
        return None
    rule = model_of(rulebook.edition(MODEL, budget.editions[MODEL]).content)
    end = date(budget.year + month // MONTHS, month % MONTHS + 1, 1)
    with wall.acting("budget"):
        rows = spending.counted(inputs.community_of(budget.network, rule), date(budget.year, month, 1), end)
    taken = budgets.spent_sum(budget, rounds)
    return Drift(month, taken, sum(row.fund for row in rows))


def _made(budget: Budget) -> Iterator[Check]:
    version = budget.editions[MODEL]
    rule = model_of(rulebook.edition(MODEL, version).content)
    kept = budget.inputs
    made = make(rule, history_in(kept), heads_in(kept["now"]), heads_in(kept["before"]), kept["carried"])
    same = same_content(budget.lines, kept_lines(made))
    yield Check("budget", budget.total, made.total, f"{MODEL} {version}", same)
    yield Check("reserve", budget.reserve, made.reserve, f"{MODEL} {version}")


def _prepaid(budget: Budget, month: int) -> Iterator[Check]:
    for one in budgets.prepayments(budget):
        if one.month == month:
            rule = model_of(rulebook.edition(MODEL, one.edition).content)
            again = prepaid(budget.total, month, percent(rule.prepay_percent))
            yield Check("prepayment", one.amount, again, f"{MODEL} {one.edition}")


def _settled(budget: Budget, months: Sequence[int], heard: Heard) -> dict[int, claims.Again]:
    """The residents' settlements as posted, beside those reckoned from their claims: what spending is made of."""
    rule = model_of(rulebook.edition(MODEL, budget.editions[MODEL]).content)
    with wall.acting("budget"):
        members = inputs.community_of(budget.network, rule).members
        people = Person.objects.filter(primary_facility_id__in=members).values("pk")
        return claims.resettle(budget.year, months, people=people, heard=partial(heard, "settlements"))


def _compared(what: str, again: claims.Again) -> Check:
    one, editions = again.first, ", ".join(sorted(filter(None, again.editions)))
    first = "" if one is None else f"{one.subject} {one.what}: {one.kept} → {one.again} ({again.differing})"
    return Check(what, again.kept, again.again, editions, again.differing == 0, first)


def _presettled(budget: Budget, quarter: int) -> Iterator[Check]:
    for one in budgets.presettlements(budget):
        if one.quarter == quarter:
            rounds = {int(month): number for month, number in one.rounds.items()}
            actual = budgets.spent_sum(budget, rounds)
            yield Check("pre-settlement due", one.due, due_by(budget.total, quarter), "")
            yield Check("pre-settlement actual", one.actual, actual, "")


def _cleared(budget: Budget, one: Clearance) -> Iterator[Check]:
    key = SHARING + budget.place
    rule = sharing_of(rulebook.edition(key, one.edition).content)
    rounds = {int(month): number for month, number in one.rounds.items()}
    actual = budgets.spent_sum(budget, rounds)
    members = members_in(one.members)
    scores = [member.score for member in members if member.score is not None]
    again = reckon(rule, budgets.medical(budget), actual, factor_of(rule, mean_score(scores)))
    told, name = result_in(one.result), f"{key} {one.edition}"
    same = same_content(one.result, kept_result(again))
    yield Check(f"clearance {one.number}", told.difference, again.difference, name, same)
    if one.choice in {"", "share"}:
        kept = {row.facility_id: row.amount for row in budgets.shares_of(one)}
        computed = {line.facility_id: line.fen for line in share_lines(rule, again, members)}
        yield Check(f"shares {one.number}", sum(kept.values()), sum(computed.values()), name, kept == computed)
