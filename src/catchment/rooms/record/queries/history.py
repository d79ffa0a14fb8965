"""What was known of a person on a day: rows as they stood, later changes taken back, later entries left out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from psycopg import sql

from catchment.rooms.record.models import FACT_MODELS

MOST = 500
KNOWN = """
with changed as (
    select distinct on ("table", row_id) "table", row_id, was from kernel_rowhistory
    where person_id = %(person)s and changed_at > %(at)s order by "table", row_id, id
), now_there as ({parts})
select coalesce(n.kind, replace(c."table", 'record_', '')), coalesce(c.was, n.row), c.was is not null
from now_there n full join changed c on c."table" = n.tbl and c.row_id = n.id
where coalesce(c.was, n.row) ->> 'recorded_at' is not null
  and (coalesce(c.was, n.row) ->> 'recorded_at')::timestamptz <= %(at)s
order by coalesce(c.was, n.row) ->> 'at' desc limit %(most)s
"""
PART = """
select {kind} as kind, {tbl} as tbl, f.id, to_jsonb(f) as row from {table} f
where f.person_id = %(person)s
"""


@dataclass(frozen=True, slots=True)
class Known:
    """One entry as it stood. `since_changed` marks one that reads differently today, or is gone."""

    kind: str
    at: datetime
    recorded_at: datetime
    display: str
    detail: str
    status: str
    since_changed: bool


def known_on(person_id: int, at: datetime) -> list[Known]:
    """What the record held of a person at a moment, newest entry first, at most 500; one query."""
    parts = sql.SQL(" union all ").join(
        sql.SQL(PART).format(kind=sql.Literal(kind), tbl=sql.Literal(_table(kind)), table=sql.Identifier(_table(kind)))
        for kind in FACT_MODELS
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(KNOWN).format(parts=parts), {"person": person_id, "at": at, "most": MOST})
        return [_known(*row) for row in cursor.fetchall()]


def _table(kind: str) -> str:
    return str(FACT_MODELS[kind]._meta.db_table)  # noqa: SLF001 Django's public name for it


def _known(kind: str, held: Any, changed: bool) -> Known:
    row: dict[str, Any] = orjson.loads(held) if isinstance(held, str) else held
    value = "" if row.get("value") is None else f"{row['value']:g} {row.get('unit', '')}"
    parts = [part["value"] for part in row.get("components") or [] if part.get("value") is not None]
    components = " / ".join(f"{part:g}" for part in parts)
    detail = value or components or row.get("value_text") or row.get("dose") or row.get("conclusion") or ""
    return Known(
        kind=kind if kind in FACT_MODELS else "request",
        at=datetime.fromisoformat(row["at"]),
        recorded_at=datetime.fromisoformat(row["recorded_at"]),
        display=row.get("display") or row.get("reason") or row.get("department") or "",
        detail=str(detail)[:200].strip(),
        status=row.get("status", ""),
        since_changed=changed,
    )
