"""People in the database: suspected duplicates, merging, undoing a merge."""

from typing import Annotated, Any
from uuid import UUID

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, show_json, show_table

Kept = Annotated[UUID, typer.Argument(help="The public identifier of the person kept.")]
Duplicate = Annotated[UUID, typer.Argument(help="The public identifier of the duplicate.")]


def suspect(
    least: Annotated[float, typer.Option(help="Lowest match probability that is written down.", min=0, max=1)] = 0.5,
    as_json: AsJson = False,
) -> None:
    """Look for duplicates among all people, by shared keys and by linkage; decided pairs stay decided."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.people import actions, queries

    found = actions.suspect_all(actor=running.operator("people.match"), now=clock.now(), least=least)
    waiting = queries.suspected_matches().count()
    _show({"pairs": found.pairs, "new": found.new, "waiting_for_review": waiting}, as_json)


def duplicates(
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 50, as_json: AsJson = False
) -> None:
    """Show suspected duplicates that wait for a decision, the likeliest first."""
    running.ready()
    from catchment.rooms.people import queries

    rows = [
        {
            "probability": match.probability,
            "left": str(match.left.public_id),
            "left_name": match.left.name,
            "right": str(match.right.public_id),
            "right_name": match.right.name,
            "birth_dates": f"{match.left.birth_date} / {match.right.birth_date}",
        }
        for match in queries.suspected_matches()[:limit]
    ]
    if as_json:
        show_json(rows)
    elif rows:
        show_table(rows)
    else:
        typer.echo("无 · none")


def merge(
    kept: Kept,
    duplicate: Duplicate,
    reason: Annotated[str, typer.Option(help="What shows that both are one person.")],
    as_json: AsJson = False,
) -> None:
    """Make the duplicate part of the person kept; `unmerge` puts everything back."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.people import actions, queries

    done = actions.merge_people(
        actor=running.operator("people.match"),
        now=clock.now(),
        kept_id=queries.row_of(kept).pk,
        duplicate_id=queries.row_of(duplicate).pk,
        reason=reason,
    )
    _show({"merge": done.pk, "moved": _sizes(done.moved), "held": _sizes(done.held)}, as_json)


def unmerge(kept: Kept, duplicate: Duplicate, as_json: AsJson = False) -> None:
    """Undo the merge of these two; rows that the person kept has gained since stay and are listed."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.people import actions, queries

    standing = queries.live_merge(queries.row_of(kept).pk, queries.row_of(duplicate).pk)
    done = actions.unmerge_people(actor=running.operator("people.match"), now=clock.now(), merge_id=standing.pk)
    told = {"merge": standing.pk, "restored": done.restored, "missing": done.missing, "added_since": done.added}
    _show(told, as_json)


def _sizes(rows: dict[str, list[int]]) -> dict[str, int]:
    return {name: len(keys) for name, keys in rows.items()}


def _show(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(told)
        return
    for key, value in told.items():
        if isinstance(value, dict):
            typer.echo(f"{key}: " + ("; ".join(f"{name} {rows}" for name, rows in value.items()) or "-"))
        else:
            typer.echo(f"{key}: {value}")
