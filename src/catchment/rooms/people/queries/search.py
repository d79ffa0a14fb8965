"""Find residents by what people type: name, pinyin, initials, phone, a number of any register."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from catchment.kernel.actor import Actor
from catchment.rooms.people.types import Evidence, PersonLine
from catchment.standards.identity.identifiers import mask_mobile
from catchment.standards.identity.names import normalise_query

LAST = "\U0010ffff"
TOKENS_PER_PERSON = 4
FIND = "select {} from people_find(%s, %s, %s, %s, %s)"
COLUMNS = ("person_id", "public_id", "name", "sex", "birth_date", "village", "phone", "facility", "place", "token")


def search(actor: Actor, text: str, *, limit: int = 20) -> list[PersonLine]:
    """Persons found by the beginning of a name, its pinyin, initials or phone, or by a whole number of any register.

    Numbers first, then the actor's own facility, then everybody; in each the closest first. A merged duplicate is
    shown as the person who was kept. One query, through a door in the wall that shows index lines only, also of
    people whom the actor may not open. Raises `NotAllowed` without `people.search`.
    """
    actor.require("people.search")
    if not text.strip():
        return []
    token = normalise_query(text).token
    last = token + LAST if token else ""
    rows = _asked(FIND, [actor.facility_id, token, last, _numbers(text), limit * TOKENS_PER_PERSON])
    first: dict[int, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["person_id"], row)
    return [_line(row) for row in list(first.values())[:limit]]


def found_line(public_id: UUID) -> tuple[int, PersonLine] | None:
    """Row and index line of a person, seen or not by the acting post; `None` for nobody, or who may not search."""
    rows = _asked("select {} from people_line_of(%s)", [public_id])
    return (rows[0]["person_id"], _line(rows[0] | {"place": -1})) if rows else None


def holds_number(person_id: int, number: str) -> bool:
    """Whether a whole number of any register, or the phone, is this person's; seen or not by the acting post."""
    with connection.cursor() as cursor:
        cursor.execute("select people_holds(%s, %s)", [person_id, _numbers(number)])
        return bool(cursor.fetchone()[0])


def _asked(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(", ".join(COLUMNS)), values)
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _numbers(text: str) -> list[str]:
    bare = text.strip()
    return list({bare, bare.upper(), bare.replace(" ", "").upper()})


def _line(row: Mapping[str, Any]) -> PersonLine:
    return PersonLine(
        public_id=row["public_id"],
        name=row["name"],
        sex=row["sex"],
        birth_date=row["birth_date"],
        village=row["village"],
        phone_masked=mask_mobile(row["phone"]),
        primary_facility_name=row["facility"],
        matched=_evidence(row),
    )


def _evidence(row: Mapping[str, Any]) -> Evidence:
    token: str = row["token"]
    if row["place"] < 0:
        return Evidence.IDENTIFIER
    if token.isdecimal():
        return Evidence.PHONE
    return Evidence.NAME if token in row["name"].lower() or not token.isascii() else Evidence.SOUND
