"""How a county settles: whose layers for which insurance, which level a facility counts as, what is first paid."""

from fractions import Fraction

from pydantic import Field

from catchment.rooms.claims.types import Category, Insurance, LineTold
from catchment.rooms.rulebook.rules import Rule
from catchment.standards.money import share

FRAME = "claims.frame"


class SelfPayItem(Rule):
    """What of a category is not covered and what is paid first, in thousandths, where a source does not say."""

    category: Category
    excluded: int = Field(ge=0, le=1000)
    first_pay: int = Field(ge=0, le=1000)


class FrameRule(Rule):
    """`layers` names the city's edition by insurance, `levels` the settlement level by a facility's level.

    `referral_days`: for how long before the admission a referral counts as the papers of a transfer.
    """

    layers: dict[Insurance, str]
    levels: dict[str, str]
    referral_days: int = Field(ge=0, le=365)
    payment: str
    self_pay: tuple[SelfPayItem, ...] = ()

    def completed(self, line: LineTold) -> tuple[int, int, bool]:
        """The line's excluded and first-pay parts in fen, and whether either had to be estimated."""
        item = next((one for one in self.self_pay if one.category is line.category), None)
        excluded, first = (item.excluded, item.first_pay) if item else (0, 0)
        estimated = line.excluded is None or line.first_pay is None
        return (
            share(line.amount, Fraction(excluded, 1000)) if line.excluded is None else line.excluded,
            share(line.amount, Fraction(first, 1000)) if line.first_pay is None else line.first_pay,
            estimated and bool(excluded or first),
        )
