"""Building the walls: grants, functions and policies, written anew after every migration by the tables' owner."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction

from catchment.kernel.database import APPLICATION_ROLE as APP
from catchment.site.walls.relations import functions
from catchment.site.walls.tables import HISTORY, SUBJECTS, WALLS

OWNER = "wall_owner"
OWN = ("kernel_auditentry", "kernel_flowevent", "kernel_keptanswer")
GRANTS = f"""
grant usage on schema public to {APP};
grant select, insert, update, delete on all tables in schema public to {APP};
grant usage, select on all sequences in schema public to {APP};
revoke update, delete, truncate on kernel_auditentry from {APP};
revoke insert, update, delete, truncate on kernel_auditlane, kernel_rowhistory, django_migrations from {APP};
revoke update, delete, truncate on ledger_transaction, ledger_posting, ledger_period, ledger_periodchange from {APP};
revoke insert, update, delete, truncate on ledger_journal from {APP};
"""  # noqa: S608 constants only
AUDIT = f"""
{{owner}}
create policy wall_insert on kernel_auditentry for insert to {APP} with check (true);
create policy wall_select on kernel_auditentry for select to {APP} using (
    (select wall_reach('audit:read-all')) or person_id = (select wall_person())
);
"""
FLOW = f"""
{{owner}}
create policy wall_select on kernel_flowevent for select to {APP} using ({{seen}});
create policy wall_insert on kernel_flowevent for insert to {APP} with check ({{seen}});
"""
ANSWERS = f"""
{{owner}}
create policy wall_select on kernel_keptanswer for select to {APP} using (post_id = (select wall_post()));
create policy wall_insert on kernel_keptanswer for insert to {APP} with check (post_id = (select wall_post()));
"""


def install() -> None:
    """Write grants, functions and every policy; the same again changes nothing. Needs the tables' owner."""
    if not _complete():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(471101)")
        for statement in statements():
            cursor.execute(statement)


def statements() -> Iterator[str]:
    """The SQL of all walls, in order."""
    yield functions()
    yield GRANTS
    yield from (_opened(table) for table in (*OWN, *WALLS))
    yield AUDIT.format(owner=_owner("kernel_auditentry"))
    yield ANSWERS.format(owner=_owner("kernel_keptanswer"))
    yield FLOW.format(owner=_owner("kernel_flowevent"), seen=_by_subject())
    yield from map(_keeping, HISTORY)
    for table, wall in WALLS.items():
        yield _owner(table)
        for command, (before, after) in wall.policies().items():
            yield _policy(table, command, before, after)


def _policy(table: str, command: str, before: str, after: str) -> str:
    using = f" using ({before})" if before else ""
    check = f" with check ({after})" if after else ""
    return f"create policy wall_{command} on {table} for {command} to {APP}{using}{check}"


def _keeping(table: str) -> str:
    return (
        f"create or replace trigger keep_row after update or delete on {table} for each row "
        "execute function kernel_keep_row()"
    )


def _opened(table: str) -> str:
    """Drop what stands; rows stay hidden meanwhile, for all of it is one transaction."""
    drops = "".join(
        f"drop policy if exists {name} on {table};"
        for name in (OWNER, "wall_select", "wall_insert", "wall_update", "wall_delete")
    )
    return f"alter table {table} enable row level security; alter table {table} force row level security; {drops}"


def _owner(table: str) -> str:
    return f"create policy {OWNER} on {table} for all to current_user using (true) with check (true);"


def _by_subject() -> str:
    parts = [f"(subject_kind = '{kind}' and {asked})" for kind, asked in SUBJECTS.items()]
    return " or ".join(["(select wall_reach('referral:read-all'))", *parts])


def _complete() -> bool:
    """Whether every walled table is there: not in the middle of the very first migrations."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    return {*WALLS, *OWN, "kernel_auditlane"} <= present and apps.ready
