"""Proving the audit: verify the chain, seal where it stands, give its root to an outsider."""

import re
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

app = typer.Typer(help="审计 · The audit: verify its chain, seal it.", no_args_is_help=True)
ROOT = re.compile(r"[0-9a-f]{64}")
Day = Annotated[str, typer.Option(help="Only this day (YYYY-MM-DD) of the chain, which counts days in China time.")]
Root = Annotated[str, typer.Option(help="The root that was given to an outsider for the day, to compare with.")]


@app.command()
def verify(day: Day = "", root: Root = "", as_json: AsJson = False) -> None:
    """Prove that no entry was changed, removed, added or moved; ends with 1 and names the first broken entry if so."""
    running.ready()
    from catchment.kernel import proof

    days = [_day(day)] if day else None
    if root and (days is None or not ROOT.fullmatch(root)):
        raise CommandError("--root 需要 64 位十六进制的根与 --day · --root needs 64 hexadecimal digits and --day")
    found = proof.verify(days)
    breaks = [asdict(fault) for fault in found.breaks]
    if root and found.roots.get(day) != root:
        breaks.append({"day": day, "lane": 0, "seq": 0, "entry": None, "fault": "differs-from-root"})
    _show({"entries": found.entries, "days": len(found.roots), "roots": found.roots, "breaks": breaks}, as_json)
    if breaks:
        raise typer.Exit(1)


@app.command()
def seal(as_json: AsJson = False) -> None:
    """Write where the chain stands to the seals file outside the database; the worker does so every minute."""
    running.ready()
    from catchment.kernel import clock, proof

    told = {"root": proof.seal(clock.now())}
    show_json(told) if as_json else show_table([told])


def _show(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(told)
        return
    show_table([{"entries": told["entries"], "days": told["days"], "breaks": len(told["breaks"])}])
    show_table([{"day": day, "root": root} for day, root in told["roots"].items()])
    show_table(told["breaks"][:1])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--day {text}: 日期应写作 2025-12-31 · write a day as 2025-12-31") from None
