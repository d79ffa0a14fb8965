"""One block of residents as rows of the tables of people and of who answers for them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from hashlib import blake2b

import polars as pl

from catchment.rooms.people.types import IdentifierSystem
from catchment.standards.identity.names import search_tokens
from catchment.twin.loading.copying import Frames
from catchment.twin.numbering import numbers
from catchment.twin.timeline import CHINA_MINUTES

_HOUSE_NUMBERS = 997
"""Neighbouring households differ in their number modulo this; no village has so many."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What a resident's row takes from the frame: `villages` (place_id, address), `doctors` (facility_id, posts)."""

    villages: pl.DataFrame
    doctors: pl.DataFrame


def neighbourhood(tables: Frames) -> Neighbourhood:
    """Addresses of villages and the posts that answer for the residents of each primary facility."""
    places, posts = tables["places"], tables["posts"]
    towns = places.select(parent_id="id", town="name")
    villages = places.filter(pl.col("kind") == "village").join(towns, on="parent_id")
    answering = posts.filter(pl.col("role").is_in(["village_doctor", "township_gp"]), pl.col("primary"))
    return Neighbourhood(
        villages.select(place_id="id", address=pl.col("town") + pl.col("name")),
        answering.group_by("facility_id", maintain_order=True).agg(posts=pl.col("id")),
    )


def resident_rows(block: Frames, number: int, around: Neighbourhood, seed: int, today: date) -> Frames:
    """Rows of households, persons, identifiers, coverages, search keys and responsibilities of block `number`."""
    people, households = block["people"], block["households"]
    return {
        "people_household": _households(households, around),
        "people_person": _persons(people, around, seed, today),
        "people_personidentifier": _identifiers(people, number),
        "people_coverage": _coverages(people, number),
        "people_searchtoken": _search_keys(people, number),
        "staff_careresponsibility": _responsibilities(people, number, around, today),
    }


def public_id(seed: int, number: int) -> str:
    """The public UUID of the resident of that number: the same in every build with the seed."""
    digest = blake2b(f"{seed}/{number}".encode(), digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))


def _address(household: str) -> pl.Expr:
    return pl.format("{}{}号", "address", pl.col(household) % _HOUSE_NUMBERS + 1)


def _households(rows: pl.DataFrame, around: Neighbourhood) -> pl.DataFrame:
    joined = rows.join(around.villages, on="place_id", how="left", maintain_order="left")
    code = pl.format("HH{}", pl.col("id").cast(pl.String).str.zfill(9))
    return joined.select("id", code=code, area_id="place_id", address=_address("id"))


def _persons(rows: pl.DataFrame, around: Neighbourhood, seed: int, today: date) -> pl.DataFrame:
    joined = rows.join(around.villages, on="place_id", how="left", maintain_order="left")
    morning = datetime.combine(today, time(), timezone(timedelta(minutes=CHINA_MINUTES)))
    return joined.select(
        "id", "name", "sex", "birth_date", "deceased_on", "household_id",
        public_id=pl.Series([public_id(seed, number) for number in rows["id"]]),
        area_id="place_id",
        address=_address("household_id"),
        phone=pl.col("phone").fill_null(""),
        is_head=pl.col("relation") == "head",
        primary_facility_id="facility_id",
        merged_into_id=pl.lit(None, pl.Int64),
        created_at=pl.lit(morning).dt.convert_time_zone("UTC"),
        updated_at=pl.lit(morning).dt.convert_time_zone("UTC"),
    )  # fmt: skip


def _identifiers(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    insured = rows.filter(pl.col("insurance_kind") != "none")
    card = rows.select(person_id="id", system=pl.lit(IdentifierSystem.RESIDENT_ID.value), value="resident_id")
    insurance = insured.select(
        person_id="id", system=pl.lit(IdentifierSystem.INSURANCE.value), value="insurance_number"
    )
    return pl.concat([card, insurance]).with_columns(
        id=pl.Series(numbers(number, len(card) + len(insurance))),
        assigner=pl.lit(""), valid_until=pl.lit(None, pl.Date),
    )  # fmt: skip


def _coverages(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    insured = rows.filter(pl.col("insurance_kind") != "none")
    return insured.select(
        person_id="id", kind="insurance_kind", since=pl.lit(None, pl.Date), until=pl.lit(None, pl.Date)
    ).with_columns(id=pl.Series(numbers(number, len(insured))))


def _search_keys(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    names = rows["name"].unique(maintain_order=True)
    keys = pl.DataFrame({"name": names, "token": [list(_keys(name)) for name in names]})
    whose = rows.select("name", person_id="id", facility_id="facility_id")
    by_name = whose.join(keys, on="name", maintain_order="left").explode("token")
    by_phone = rows.filter(pl.col("phone") != "").select(person_id="id", facility_id="facility_id", token="phone")  # noqa: S106
    found = pl.concat([by_name.select("person_id", "facility_id", "token"), by_phone])
    return found.with_columns(id=pl.Series(numbers(number, len(found))))


@lru_cache(maxsize=200_000)
def _keys(name: str) -> Iterable[str]:
    return tuple(search_tokens(name))


def _responsibilities(rows: pl.DataFrame, number: int, around: Neighbourhood, today: date) -> pl.DataFrame:
    """The family doctor under contract, else one of the primary facility's doctors in turn; until death."""
    turn = pl.col("id") % pl.col("posts").list.len()
    contracted = pl.col("contract_doctor_id").is_not_null()
    joined = rows.join(around.doctors, on="facility_id", how="left", maintain_order="left")
    return joined.select(
        person_id="id",
        post_id=pl.coalesce("contract_doctor_id", pl.col("posts").list.get(turn)),
        contracted=contracted,
        since=pl.coalesce("contract_from", pl.lit(date(today.year - 2, 1, 1)).clip(lower_bound="birth_date")),
        until="deceased_on",
    ).with_columns(id=pl.Series(numbers(number, len(rows))))  # fmt: skip
