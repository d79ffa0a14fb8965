"""The one command line. Each subject is a module here that defines `app`; this one only gathers them."""

import typer

from catchment.site.cli import (
    access,
    accounts,
    audit,
    backup,
    budget,
    claims,
    drg,
    furnishing,
    geo,
    imports,
    lake,
    ledger,
    measures,
    output,
    people,
    persons,
    places,
    risk,
    screening,
    server,
    staff,
    twin,
    verify,
)

app = typer.Typer(
    name="catchment",
    help="县域医共体 · Run a county's health care as one community.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for command in (server.demo, server.migrate, server.serve, server.worker, server.stop):
    app.command()(command)
app.command()(accounts.setup_administrator)
for keeping in (backup.backup, backup.restore, backup.rehearse):
    app.command()(keeping)
app.command(hidden=True)(backup.backup_checks)
for account in (accounts.password_link, accounts.disable, accounts.enable, accounts.reset_second_factor):
    staff.app.command()(account)
people.app.command()(persons.suspect)
people.app.command()(persons.duplicates)
people.app.command()(persons.merge)
people.app.command()(persons.unmerge)
imports.app.command("geo")(geo.import_geo)
twin.app.command()(furnishing.furnish)
for name, group in (
    ("people", people.app),
    ("places", places.app),
    ("staff", staff.app),
    ("import", imports.app),
    ("access", access.app),
    ("audit", audit.app),
    ("twin", twin.app),
    ("risk", risk.app),
    ("screening", screening.app),
    ("drg", drg.app),
    ("ledger", ledger.app),
    ("lake", lake.app),
    ("claims", claims.app),
    ("budget", budget.app),
    ("measures", measures.app),
    ("verify", verify.app),
):
    app.add_typer(group, name=name)


def main() -> None:
    """Run the command line; a foreseeable mistake ends with one clear line on standard error and code 2."""
    with output.clear_errors():
        app()
