"""What outside sources supplied, looked up for a place and a period."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.rooms.measures.models import SuppliedFigure, Supply, SupplyRow
from catchment.rooms.measures.queries.values import edition_of
from catchment.rooms.measures.rules import SETS
from catchment.rooms.measures.types import Fate
from catchment.standards.measures.definition import Figure
from catchment.standards.measures.periods import Period, PeriodKind, within


class Figures:
    """The standing figures of some codes, read once."""

    def __init__(self, codes: Iterable[str]) -> None:
        rows = SuppliedFigure.objects.filter(figure__in=list(codes), replaced_at__isnull=True)
        self._held = {
            (figure, level, place, period): value
            for figure, level, place, period, value in rows.values_list("figure", "level", "place", "period", "value")
        }

    def value(self, figure: Figure, spot: tuple[str, str], period: Period) -> float | None:
        """The figure, or for one that adds up the sum of its months or quarters when none is lacking; else `None`."""
        whole = self._held.get((figure.code, *spot, period.code))
        if whole is not None or not figure.adds:
            return whole
        for kind in (PeriodKind.QUARTER, PeriodKind.MONTH):
            parts = [self._held.get((figure.code, *spot, part.code)) for part in within(period, kind)]
            if parts and None not in parts:
                return sum(value for value in parts if value is not None)
        return None


def figures(code: str = "") -> list[SuppliedFigure]:
    """The standing figures, of one code where given, newest period first."""
    rows = SuppliedFigure.objects.filter(replaced_at__isnull=True).select_related("supply")
    if code:
        rows = rows.filter(figure=code)
    return list(rows.order_by("figure", "-period", "place"))


def wanted_figures(day: date) -> list[Figure]:
    """Every figure that the sets in force on a day can take, once each."""
    found: dict[str, Figure] = {}
    for name in SETS:
        try:
            found |= edition_of(name, day)[1].figure_by_code
        except NotFound:
            continue
    return list(found.values())


def supply_account(supply_id: int) -> tuple[Supply, list[SupplyRow]]:
    """A file with the account of its rows, the rejected ones first; `NotFound` for one that there is not."""
    supply = Supply.objects.filter(pk=supply_id).first()
    if supply is None:
        raise NotFound("no-such-supply", _("没有这份供数文件"))
    rows = SupplyRow.objects.filter(supply=supply)
    return supply, sorted(rows, key=lambda row: (row.fate != Fate.REJECTED, row.number))


def supplies(limit: int = 30) -> list[Supply]:
    """The files that were supplied, latest first."""
    return list(Supply.objects.order_by("-id")[:limit])
