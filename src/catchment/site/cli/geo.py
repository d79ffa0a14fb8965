"""Importing geography: areas and villages."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

MOST_NOTES = 20

Files = Annotated[
    list[Path], typer.Argument(help="GeoJSON (.geojson, .json) and village lists (.csv).", exists=True, dir_okay=False)
]
Counties = Annotated[
    list[str] | None, typer.Option("--county", help="Take only this six-digit county code; may be repeated.")
]


class Crs(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"


def import_geo(
    files: Files,
    crs: Annotated[Crs, typer.Option(help="The datum of the lists' coordinate columns.")] = Crs.WGS84,
    polygon_crs: Annotated[Crs, typer.Option(help="The datum of GeoJSON, which by its standard is wgs84.")] = Crs.WGS84,
    county: Counties = None,
    as_json: AsJson = False,
) -> None:
    """Take areas from GeoJSON and village lists; every row is accounted for, and a second run takes nothing twice."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.places import actions
    from catchment.standards.geography.rows import AreaFileError

    try:
        account = actions.import_areas(
            actor=running.operator("places.manage"),
            now=clock.now(),
            rows=_rows(files, crs, polygon_crs),
            counties=frozenset(county or ()),
        )
    except AreaFileError as error:
        raise CommandError(str(error)) from None
    if as_json:
        show_json(_document(account))
    else:
        _print(account)


def _rows(files: Iterable[Path], crs: Crs, polygon_crs: Crs) -> Iterator[Any]:
    from catchment.standards.geography.reading import read_areas

    for file in files:
        yield from read_areas(file, list_datum=crs.value, polygon_datum=polygon_crs.value)


def _counts(account: Any) -> dict[str, int]:
    names = ("read", "taken", "known", "rejected", "outside", "completed", "mended", "known_by_name")
    return {name: getattr(account, name) for name in names}


def _document(account: Any) -> dict[str, Any]:
    return {
        **_counts(account),
        "taken_by_level": dict(account.levels),
        "parents_found": dict(account.parents),
        "notes": [
            {"place": note.place, "label": note.label, "fate": note.fate, "reason": note.reason}
            for note in account.notes
        ],
    }


def _print(account: Any) -> None:
    show_table([_counts(account)])
    if account.levels:
        show_table([dict(account.levels)], title="taken by level")
        show_table([dict(account.parents)], title="parent found")
    shown = account.notes[:MOST_NOTES]
    if shown:
        rows = [{"place": n.place, "row": n.label, "fate": n.fate, "why": n.reason} for n in shown]
        show_table(rows, title=f"{len(shown)} of {len(account.notes)} notes; --json shows all")
