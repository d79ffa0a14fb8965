"""What outside sources supplied, looked up for a place and a period."""

from collections.abc import Iterable

from catchment.rooms.measures.models import SuppliedFigure, Supply, SupplyRow
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


def supplies(limit: int = 30) -> list[Supply]:
    """The files that were supplied, latest first."""
    return list(Supply.objects.order_by("-id")[:limit])


def rejected(supply_id: int) -> list[SupplyRow]:
    """The rows of a file that could not be taken."""
    return list(SupplyRow.objects.filter(supply_id=supply_id, fate=Fate.REJECTED).order_by("number"))
