"""Building a county into the database."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from psycopg import sql
from psycopg.types.json import Jsonb

from catchment.kernel.lake import views
from catchment.rooms.referral import queries as referral
from catchment.twin.county import County, found_county
from catchment.twin.loading import schema
from catchment.twin.loading.booking_rows import booking_rows
from catchment.twin.loading.cast_users import cast_users
from catchment.twin.loading.copying import Address, Connection, Frames, address, connect, copy_all
from catchment.twin.loading.frame_rows import place_rows, staff_rows
from catchment.twin.loading.record_rows import record_rows
from catchment.twin.loading.resident_rows import Neighbourhood, neighbourhood, resident_rows
from catchment.twin.loading.schema import Definition
from catchment.twin.processes import spread

ROOMS = (
    "kernel", "places", "people", "staff", "consent", "record", "surveillance", "board", "ledger", "booking",
    "referral", "screening", "claims", "budget",
)  # fmt: skip
"""What a build fills or empties; rules, sign-ins and settings stay."""
STAYS = frozenset({"kernel_auditentry", "kernel_auditlane"})
"""The audit is never emptied, not even of what was done in a county that is gone."""
_NUMBERED = (
    "select table_name from information_schema.columns "
    "where table_name = any(%s) and column_name = 'id' and is_identity = 'YES'"
)
"""The tables whose rows PostgreSQL numbers itself."""
LARGE = (
    "people_household", "people_person", "people_personidentifier", "people_coverage", "people_searchtoken",
    "staff_careresponsibility",
    "record_encounter", "record_condition", "record_observation", "record_medication", "record_procedure",
    "record_report", "record_allergy",
)  # fmt: skip
"""What grows with the people: loaded without indexes and constraints."""
_SOURCE = ("twin", "合成县", "twin")
_FEW_BLOCKS = 2
Report = Callable[[str, int, int], None]


class CannotBuild(Exception):  # noqa: N818 an answer to the person at the keyboard
    """The database is not one to build into; the message names the way out."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build has written."""

    people: int
    seed: int
    today: date
    rows: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What it takes to write one block, in whatever process."""

    county: County
    around: Neighbourhood
    source_id: int
    where: Address

    def write(self, number: int) -> int:
        county, block = self.county, self.county.block(number)
        rows = {
            **resident_rows(block, number, self.around, county.seed, county.today),
            **record_rows(block, county.institutions.departments, self.source_id, county.today),
        }
        with connect(self.where) as session:
            return copy_all(session, rows)


def build_county(
    *, people: int, seed: int, today: date, replace: bool = False, workers: int = 2, report: Report
) -> Built:
    """Write the county of `people` residents, whose history ends before `today`, into Django's database.

    `report` is told the stage, how much of it is done, and of how much. Raises `CannotBuild` when the database
    holds people already, unless they are a twin's and `replace` is given, and `ValueError` for people or seed
    out of range.
    """
    report("founding", 0, 1)
    county = found_county(people=people, seed=seed, today=today)
    report("founding", 1, 1)
    where = address()
    with connect(where) as session, _only_one(session):
        _make_room(session, replace=replace)
        source = _source(session)
        taken = _begin(session, county)
        rows = _write_frame(session, county)
        part = _Part(county, neighbourhood(county.frame_tables()), source, where)
        for done, written in enumerate(_write_blocks(part, workers), 1):
            rows += written
            report("writing", done, county.blocks)
        schema.put_back(where, taken, lambda done, total: report("indexing", done, total))
        _finish(session)
    return Built(people, seed, today, rows)


def unfinished(session: Connection) -> bool:
    """Whether a build was begun and did not come to its end, so that indexes and constraints are missing."""
    return bool(session.execute("select 1 from twin_build where finished_at is null").fetchone())


@contextmanager
def _only_one(session: Connection) -> Iterator[None]:
    """Hold the lock that makes a second build at the same time refuse to begin."""
    taken = session.execute("select pg_try_advisory_lock(hashtext('catchment twin build'))").fetchone()
    if not taken or not taken[0]:
        raise CannotBuild("another build is writing into this database; wait until it has ended")
    yield


def _make_room(session: Connection, *, replace: bool) -> None:
    held = _held(session)
    if unfinished(session):
        if not replace:
            raise CannotBuild("an earlier build was interrupted; run it with --replace to clear it and start anew")
    elif held and not replace:
        raise CannotBuild(f"the database already holds {held}; --replace removes a synthetic county and builds anew")
    elif held and not session.execute("select 1 from twin_build").fetchone():
        raise CannotBuild(
            f"the database holds {held} that no build of the twin put there, so --replace does not remove them; "
            "name another folder in CATCHMENT_HOME or another database in DATABASE_URL"
        )
    if replace:
        tables = sql.SQL(", ").join(map(sql.Identifier, _tables(ROOMS)))
        session.execute("set catchment.rebuild = on")
        session.execute(sql.SQL("truncate {} restart identity").format(tables))
        session.execute("reset catchment.rebuild")


def _held(session: Connection) -> str:
    for table, words in (
        ("people_person", "people"),
        ("places_area", "areas"),
        ("staff_practitioner", "practitioners"),
    ):
        if session.execute(sql.SQL("select 1 from {} limit 1").format(sql.Identifier(table))).fetchone():
            return words
    return ""


def _tables(labels: tuple[str, ...]) -> list[str]:
    found = [model._meta.db_table for label in labels for model in apps.get_app_config(label).get_models()]  # noqa: SLF001
    return [table for table in found if table not in STAYS]


def _begin(session: Connection, county: County) -> list[Definition]:
    """Remember what is taken off the large tables before taking it off, that of an interrupted build included."""
    left = session.execute("select pending from twin_build where finished_at is null").fetchall()
    found = schema.definitions(session, LARGE)
    known = {one.name for one in found}
    found += [one for (row,) in left for each in row if (one := Definition(**each)).name not in known]
    with session.transaction():
        session.execute("delete from twin_build")
        session.execute(
            "insert into twin_build (people, seed, today, pending, started_at) values (%s, %s, %s, %s, now())",
            [county.people, county.seed, county.today, Jsonb([one.as_json() for one in found])],
        )
        schema.take_off(session, found)
        _run(session, views.pause(LARGE))
    return found


def _run(session: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        session.execute(statement.encode())


def _write_frame(session: Connection, county: County) -> int:
    tables = county.frame_tables()
    staff = staff_rows(tables, cast_users(session, county.today))
    quotas = referral.quotas_on(county.today)
    frames: Frames = {**place_rows(tables), **staff, **booking_rows(tables, staff["staff_post"], quotas, county.today)}
    return copy_all(session, frames)


def _source(session: Connection) -> int:
    find = session.execute("select id from record_source where code = %s", _SOURCE[:1]).fetchone()
    made = (
        find
        or session.execute(
            "insert into record_source (code, name, kind) values (%s, %s, %s) returning id", _SOURCE
        ).fetchone()
    )
    return int(made[0]) if made else 0


def _write_blocks(part: _Part, workers: int) -> Iterator[int]:
    """Rows written by each block; larger counties by several processes, which share nothing but the county."""
    blocks = range(part.county.blocks)
    if workers == 1 or len(blocks) <= _FEW_BLOCKS:
        yield from map(part.write, blocks)
        return
    yield from spread(part.write, blocks, workers)


def _finish(session: Connection) -> None:
    tables = _tables(ROOMS)
    for (table,) in session.execute(_NUMBERED, [tables]).fetchall():
        name = sql.Identifier(table)
        session.execute(
            sql.SQL(
                "select setval(pg_get_serial_sequence({}, 'id'), coalesce(max(id), 1), max(id) is not null) from {}"
            ).format(sql.Literal(table), name)
        )
    session.execute(sql.SQL("analyze {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
    _run(session, views.resume(LARGE))
    session.execute("update twin_build set finished_at = clock_timestamp(), pending = '[]'")
