"""Getting ready: the embedded server up where it is used, Django set up, the schema and default rules in place."""

import os
from typing import Any

from catchment.site.cli.output import CommandError


def ready() -> None:
    """Make the database usable for a command; quick when it already is. `CommandError` when it cannot be reached."""
    connect()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    from catchment.kernel import database

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CommandError(f"数据库连接不上 · the database cannot be reached: {error}") from None
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if os.environ.get(database.LOGIN_VARIABLE) == database.APPLICATION:
            raise CommandError("数据库结构不是最新，请先运行 catchment migrate · run catchment migrate first")
        migrate()


def as_application() -> None:
    """From here on this process and those it starts log in as the role that cannot bypass the walls."""
    from catchment.kernel import database

    os.environ[database.LOGIN_VARIABLE] = database.APPLICATION


def connect() -> None:
    """Start the embedded server where it is used, and set Django up; the schema is not looked at."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
    from catchment.kernel import database

    try:
        database.connection_settings()
    except ValueError as error:
        raise CommandError(str(error)) from None
    database.ensure_running()
    import django

    django.setup()


def migrate() -> list[str]:
    """Bring the schema up to date and publish the default editions that are not there yet; returns their names."""
    from django.core.management import call_command

    from catchment.kernel import clock, database
    from catchment.kernel.actor import system
    from catchment.rooms.rulebook import actions

    call_command("migrate", verbosity=0, interactive=False)
    database.give_application_password()
    publisher = system("installation", "rulebook.publish")
    editions = actions.publish_defaults(actor=publisher, now=clock.now())
    return [f"{edition.key} {edition.version}" for edition in editions]


def operator(*capabilities: str) -> Any:
    """The actor of a command line: whoever has the machine, with just the capabilities the command needs."""
    from catchment.kernel.actor import system

    return system("command-line", *capabilities)
