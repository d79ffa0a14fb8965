"""What every page of indicators is asked for: which set, which period, which place."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.measures import queries
from catchment.rooms.measures.rules import DEFAULT, key_of
from catchment.standards.measures.periods import Period, period_of, series


@dataclass(frozen=True, slots=True)
class Asked:
    """The set, the period, the place and its level that a page shows."""

    name: str
    period: Period
    level: str
    place: str

    def query(self, **changed: str) -> str:
        """The address's part that asks for the same, or for what is changed."""
        return urlencode({"set": self.name, "period": self.period.code, "place": self.place, **changed})

    def url(self, view: str, *args: str, **changed: str) -> str:
        """The address of one of these pages for the same, or for what is changed."""
        return f"{reverse(f'measures:{view}', args=args)}?{self.query(**changed)}"


def asked_of(request: HttpRequest, actor: Actor) -> Asked:
    """What the address asks for; without a period the last computed one, without a place the post's own.

    Raises `Invalid` for a period that is none, `NotFound` for a set or a place that is none.
    """
    given = request.POST if request.method == "POST" else request.GET
    name = given.get("set") or DEFAULT
    key_of(name)
    place = given.get("place") or queries.own_place(actor)
    code = given.get("period") or _last(name)
    try:
        period = period_of(code)
    except ValueError:
        raise Invalid(Problem("period", _("期间应写作 2025、2025Q3、2025-09 或 2025-09-12m"))) from None
    return Asked(name, period, queries.level_of(place), place)


def _last(name: str) -> str:
    found = queries.runs(name)
    return found[0].period if found else str(timezone.localdate().year)


def periods_offered(name: str, today: date) -> list[str]:
    """The periods that a page offers: those computed, then this year and last, quarters, months, twelve months."""
    year, month = str(today.year), f"{today:%Y-%m}"
    quarters = [one.code for one in series(period_of(f"{year}Q{(today.month - 1) // 3 + 1}"), 5)][::-1]
    months = [one.code for one in series(period_of(month), 4)][::-1]
    rolling = period_of(f"{month}-12m").before().code
    computed = [run.period for run in queries.runs(name)]
    return list(dict.fromkeys([*computed, year, str(today.year - 1), rolling, *quarters, *months]))[:40]
