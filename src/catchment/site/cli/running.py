"""Getting ready: the embedded server up where it is used, Django set up, the schema and default rules in place."""

import os
from datetime import timedelta
from typing import Any

from catchment.site.cli.output import CommandError

RECENT = timedelta(hours=24)
MIGRATING = 471104
"""PostgreSQL's advisory lock of whoever changes the schema."""


def ready() -> None:
    """Make the database usable for a command; quick when it already is. `CommandError` when it cannot be reached."""
    connect()
    from catchment.kernel import database

    if not is_behind():
        return
    if os.environ.get(database.LOGIN_VARIABLE) == database.APPLICATION:
        raise CommandError("数据库结构不是最新，请先运行 catchment migrate · run catchment migrate first")
    require_backup()
    migrate()


def is_behind() -> bool:
    """Whether the schema lacks migrations; `CommandError` when the database cannot be reached."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CommandError(f"数据库连接不上 · the database cannot be reached: {error}") from None
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def require_backup() -> None:
    """Refuse to change the schema of a county in use without a backup of the last day; `CommandError` says the way out.

    An empty database, the demo and a synthetic county need none.
    """
    from catchment.kernel import backup, clock

    taken = backup.last_taken()
    if (taken is not None and clock.now() - taken < RECENT) or not _in_use():
        return
    raise CommandError(
        "升级数据库结构前需要 24 小时内的备份：先运行 catchment backup 文件夹，或加 --without-backup · "
        "the schema is not changed without a backup of the last 24 hours: catchment backup FOLDER, or --without-backup"
    )


def _in_use() -> bool:
    from django.conf import settings
    from django.db import connection

    if settings.DEMO:
        return False
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if "people_person" not in tables:
            return False
        built = "exists (select from twin_build)" if "twin_build" in tables else "false"
        cursor.execute(f"select exists (select from people_person) and not {built}")  # noqa: S608 constants only
        return bool(cursor.fetchone()[0])


def as_application() -> None:
    """From here on this process and those it starts log in as the role that cannot bypass the walls."""
    from catchment.kernel import database

    os.environ[database.LOGIN_VARIABLE] = database.APPLICATION


def let_go() -> None:
    """Close every connection of this process, those of the tables' owner among them: only the web processes serve."""
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]


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
    """Bring the schema up to date and publish the default editions that are not there yet; returns their names.

    Where another process is at it, waits for it.
    """
    from django.core.management import call_command
    from django.db import connection

    from catchment.kernel import clock, database
    from catchment.kernel.actor import system
    from catchment.rooms.rulebook import actions

    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = 0; set statement_timeout = 0")
        cursor.execute("select pg_advisory_lock(%s)", [MIGRATING])
        cursor.execute("reset lock_timeout; reset statement_timeout")
    try:
        call_command("migrate", verbosity=0, interactive=False)
        database.give_application_password()
        publisher = system("installation", "rulebook.publish")
        editions = actions.publish_defaults(actor=publisher, now=clock.now())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [MIGRATING])
    return [f"{edition.key} {edition.version}" for edition in editions]


def operator(*capabilities: str) -> Any:
    """The actor of a command line: whoever has the machine, with just the capabilities the command needs."""
    from catchment.kernel.actor import system

    return system("command-line", *capabilities)
