"""How small a count of people a reader of the map may see, and what has to be hidden beside it."""

from collections.abc import Iterable, Mapping
from datetime import date

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.rules import told_shares
from catchment.rooms.measures.queries.layers import HIDDEN, Row
from catchment.rooms.places.models import Catchment


def least_shown(actor: Actor, day: date) -> int:
    """Counts of people below this are hidden from the actor; 0 for those who may see every person of the county."""
    return 0 if "people:read-all" in wall.reach_of(actor) else consent.smallest_cell(day)


def areas_open_to(actor: Actor) -> frozenset[str]:
    """Codes of the areas whose people the acting post cares for, so that nothing about them is small to it."""
    if not actor.may("record.read"):
        return frozenset()
    rows = Catchment.objects.filter(facility_id__in=actor.scope or {actor.facility_id or 0})
    return frozenset(rows.values_list("area__code", flat=True))


def hide_small(
    rows: Mapping[str, Row], parents: Mapping[str, str], least: int, open_areas: Iterable[str] = ()
) -> dict[str, Row]:
    """The same with small counts and what would give them away replaced by `HIDDEN`, save in `open_areas`.

    `parents` says to which area each belongs: beside the parent's own count the areas of one parent are hidden
    together, as the county's rule for small cells says. Indicators, which need not add up, are hidden one by one.
    """
    if not least:
        return dict(rows)
    beside: dict[str, list[str]] = {}
    for code in rows:
        beside.setdefault(parents.get(code, ""), []).append(code)
    shown = {code: _copied(row) for code, row in rows.items()}
    for codes in beside.values():
        for step in range(len(rows[codes[0]]["n"])):
            _hide_step(shown, [code for code in codes if _is_counted(rows[code], step)], step, least)
    return {**shown, **{code: dict(rows[code]) for code in open_areas if code in rows}}


def _is_counted(row: Row, step: int) -> bool:
    return row["n"][step] is not None and row["d"][step] is not None


def _hide_step(shown: dict[str, Row], codes: list[str], step: int, least: int) -> None:
    for code in [code for code in codes if "v" in shown[code]]:
        n, d = shown[code]["n"][step], shown[code]["d"][step]
        if any(0 < one < least for one in (n, d, d - n)):
            shown[code]["n"][step], shown[code]["v"][step] = HIDDEN, None
    codes = [code for code in codes if "v" not in shown[code]]
    shares = {code: (shown[code]["n"][step], shown[code]["d"][step]) for code in codes}
    if not any(0 < n < least or 0 < d < least or 0 < d - n < least for n, d in shares.values()):
        return
    for code, share in told_shares(shares, smallest=least).items():
        if share.numerator is None or share.denominator is None:
            for name in shown[code].keys() - {"d"}:
                shown[code][name][step] = HIDDEN if name == "n" else None


def _copied(row: Row) -> Row:
    return {name: list(numbers) for name, numbers in row.items()}
