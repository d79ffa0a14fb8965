"""Proving what the system promises."""

from dataclasses import asdict

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, show_json, show_table

app = typer.Typer(help="核验 · Prove what the system promises.", no_args_is_help=True)


@app.callback()
def proofs() -> None:
    """Each command proves one promise and ends with 1, naming the first fault, when it does not hold."""


@app.command()
def ledger(as_json: AsJson = False) -> None:
    """Prove that every transaction balances, none is an orphan and no number is missing; ends with 1 if not."""
    running.ready()
    from catchment.rooms.ledger import queries

    seen, faults = queries.verify()
    told = [asdict(fault) for fault in faults]
    if as_json:
        show_json({**seen, "faults": told})
    else:
        show_table([{**seen, "faults": len(told)}])
        show_table(told)
    if told:
        raise typer.Exit(1)
