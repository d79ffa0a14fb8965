"""Setting the links of rows to resources that arrived after them."""

from collections.abc import Sequence

from django.db import connection, transaction
from psycopg import sql

from catchment.rooms.record.actions.intake.directory import Directory
from catchment.rooms.record.models import MissingLink, Source
from catchment.standards.fhir.references import Key

CHUNK = 2000
COLUMNS = {
    "encounter": "encounter_id",
    "facility": "facility_id",
    "parent": "parent_id",
    "practitioner": "practitioner_id",
}


def mend_links(source: Source) -> int:
    """Set every missing link whose target has arrived; says how many were set."""
    last, mended = 0, 0
    while rows := list(MissingLink.objects.filter(source=source, pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        mended += _mend(source, rows)
    return mended


def _mend(source: Source, rows: Sequence[MissingLink]) -> int:
    directory = Directory(source)
    keys = {row.pk: Key(row.target_type, row.target_key) for row in rows}
    directory.load(keys.values())
    done = []
    with transaction.atomic():
        for row in rows:
            key = keys[row.pk]
            if row.link == "medication":
                done += [row.pk] if _name_medicine(row, directory, key) else []
            elif (found := directory.find(row.link, key)) is not None:
                _set(row, found)
                done.append(row.pk)
        MissingLink.objects.filter(pk__in=done).delete()
    return len(done)


def _set(row: MissingLink, found: int) -> None:
    if row.link == "result":
        change: sql.Composable = sql.SQL("observation_ids = observation_ids || to_jsonb(%s::bigint)")
        unset: sql.Composable = sql.SQL("not observation_ids @> to_jsonb(%s::bigint)")
        values = [found, row.row_id, found]
    else:
        column = sql.Identifier(COLUMNS[row.link])
        change, unset = sql.SQL("{} = %s").format(column), sql.SQL("{} is null").format(column)
        values = [found, row.row_id]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("update {} set {} where id = %s and {}").format(sql.Identifier(row.table), change, unset), values
        )


def _name_medicine(row: MissingLink, directory: Directory, key: Key) -> bool:
    columns = directory.medicine(key)
    if columns is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("update {} set code_system = %s, code = %s, display = %s where id = %s").format(
                sql.Identifier(row.table)
            ),
            [columns["code_system"], columns["code"], columns["display"], row.row_id],
        )
    return True
