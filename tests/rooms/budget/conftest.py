import pytest

import lived
from catchment.rooms.budget.actions import agreeing, clearing, running


@pytest.fixture
def budget(county):
    """The draft of 2025, made from 2023 and 2024."""
    lived.live(county)
    return agreeing.make_budget(actor=lived.CLERK, now=lived.NOW, community="N1", year=2025)


@pytest.fixture
def act():
    """Take an action as the clerk, now."""
    return lambda action, **given: action(actor=lived.CLERK, now=lived.NOW, **given)


@pytest.fixture
def run_year(act):
    """Everything from signing to the reckoning of a year; gives the budget."""

    def run(budget):
        act(agreeing.sign_budget, budget_id=budget.pk, by="许总")
        act(agreeing.agree_budget, budget_id=budget.pk, by="孟佳宁")
        for month in range(1, 13):
            act(running.prepay, budget_id=budget.pk, month=month, by="孟佳宁")
            if month % 3 == 0:
                act(running.presettle, budget_id=budget.pk, quarter=month // 3, by="孟佳宁")
        return act(clearing.reckon_year, budget_id=budget.pk, by="孟佳宁")

    return run
