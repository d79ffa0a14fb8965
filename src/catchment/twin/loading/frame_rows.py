"""The county's frame as rows: areas, facilities with their services, networks, staff."""

import polars as pl

from catchment.rooms.places.types import Level
from catchment.rooms.staff.types import Role
from catchment.twin.loading import words
from catchment.twin.loading.copying import Frames
from catchment.twin.villages import COUNTY_CODE

PROVINCE, CITY = "东澜省", "澜州市"
_ABOVE = (("provincial_hospital", Level.PROVINCE, PROVINCE, "990000"), ("city_hospital", Level.CITY, CITY, "990100"))
_COUNTY = "云溪县"
CAST = "demo-"
_ORDER_OF_DUTY = ("county_specialist", "township_gp")


def place_rows(tables: Frames) -> Frames:
    """Rows of the tables of places. The province and the city of the hospitals outside are added as areas."""
    facilities = _located(tables)
    return {
        "places_area": _areas(tables),
        "places_organization": _organizations(facilities),
        "places_facility": _facilities(facilities),
        "places_facilitycapability": _capabilities(facilities),
        "places_service": _services(tables["departments"], facilities),
        "places_catchment": _numbered(tables["catchments"].rename({"place_id": "area_id"})),
        "places_network": tables["networks"].select(
            "id", "code", "name", kind=_dashed("kind"), specialty=pl.col("specialty").fill_null("")
        ),
        "places_membership": _numbered(tables["network_members"].with_columns(until=pl.lit(None, pl.Date))),
    }


def staff_rows(tables: Frames, users: pl.DataFrame) -> Frames:
    """Rows of practitioners, their qualifications and posts; `users` (login, user_id) are the cast's sign-ins."""
    practitioners = tables["practitioners"].join(users, on="login", how="left", maintain_order="left")
    qualified = practitioners.filter(pl.col("qualification") != "none")
    return {
        "staff_practitioner": practitioners.select(
            "id", "name", "sex", "title", "phone", "user_id", active=pl.lit(value=True),
            code=pl.when(pl.col("login") != "").then(CAST + pl.col("login"))
            .otherwise(pl.format(COUNTY_CODE + "-{}", pl.col("id").cast(pl.String).str.zfill(6))),
        ),
        "staff_qualification": _numbered(qualified.select(
            practitioner_id="id", kind=_dashed("qualification"), number="licence", issuer=pl.lit(""),
            since=pl.lit(None, pl.Date), until=pl.lit(None, pl.Date),
        )),
        "staff_post": _posts(tables),
    }  # fmt: skip


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_row_index("id", offset=1)


def _dashed(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all("_", "-")


def _located(tables: Frames) -> pl.DataFrame:
    """Facilities with the level, the kind and the area that the rooms know."""
    last = int(tables["places"]["id"].max())  # type: ignore[arg-type]
    above = {kind: last + n for n, (kind, *_) in enumerate(_ABOVE, 1)}
    return tables["facilities"].with_columns(
        level=pl.col("kind").replace_strict(words.FACILITY_LEVELS, default=Level.COUNTY.value),
        plan=pl.col("kind"),
        kind=pl.col("kind").replace_strict(words.FACILITY_KINDS),
        area_id=pl.coalesce("place_id", pl.col("kind").replace_strict(above, default=None, return_dtype=pl.Int64)),
    )


def _areas(tables: Frames) -> pl.DataFrame:
    places = tables["places"]
    last = int(places["id"].max())  # type: ignore[arg-type]
    county = places.filter(pl.col("kind") == "county")["id"][0]
    inside = places.select(
        "id", "code", "name", "longitude", "latitude", "population", level="kind", boundary="geometry",
        parent_id=pl.when(pl.col("id") == county).then(last + len(_ABOVE)).otherwise("parent_id"),
    )  # fmt: skip
    above = pl.DataFrame({
        "id": [last + n for n, _ in enumerate(_ABOVE, 1)],
        "code": [code for *_, code in _ABOVE],
        "name": [name for _, _, name, _ in _ABOVE],
        "level": [level.value for _, level, _, _ in _ABOVE],
        "parent_id": [None, last + 1],
    })  # fmt: skip
    return pl.concat([above, inside], how="diagonal_relaxed")


def _organizations(facilities: pl.DataFrame) -> pl.DataFrame:
    """One body a facility; a village clinic belongs to the body of the centre that manages it."""
    own = facilities.filter(pl.col("parent_id").is_null())
    return own.select("id", "code", "name", "kind", active=pl.lit(value=True))


def _facilities(facilities: pl.DataFrame) -> pl.DataFrame:
    short = pl.col("name").str.replace("^" + _COUNTY, "县")
    return facilities.select(
        "id", "code", "name", "kind", "level", "area_id", "parent_id", "longitude", "latitude", "phone",
        organization_id=pl.coalesce("parent_id", "id"),
        short_name=short,
        search_key=pl.col("name").map_elements(_sounds, return_dtype=pl.String),
        address=pl.lit(""),
        in_network=~pl.col("plan").is_in(words.OUTSIDE_NETWORK),
        active=pl.lit(value=True),
    )  # fmt: skip


def _sounds(name: str) -> str:
    """Pinyin and initials of a facility's name."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name)) + " " + "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def _capabilities(facilities: pl.DataFrame) -> pl.DataFrame:
    each = facilities.select(facility_id="id", code="capabilities").explode("code").drop_nulls("code")
    return _numbered(each.with_columns(_dashed("code")))


def _services(departments: pl.DataFrame, facilities: pl.DataFrame) -> pl.DataFrame:
    at = facilities.select("level", "phone", facility_id="id")
    usual = pl.col("level").replace_strict(words.WAIT_DAYS, return_dtype=pl.Int64)
    return departments.join(at, on="facility_id", maintain_order="left").select(
        "id", "facility_id", "name", "phone",
        code=_dashed("specialty"),
        specialty=pl.col("specialty").replace(words.SPECIALTIES),
        accepts_referrals="takes_referrals",
        inpatient=pl.col("beds") > 0,
        sex=pl.when(pl.col("specialty").is_in(words.FOR_WOMEN)).then(pl.lit("female")).otherwise(pl.lit("")),
        min_age=pl.lit(0),
        max_age=pl.col("specialty").replace_strict(words.FOR_CHILDREN, default=150),
        wait_days=usual + pl.col("id") % 3,
        active=pl.lit(value=True),
    )  # fmt: skip


def _posts(tables: Frames) -> pl.DataFrame:
    posts = tables["posts"]
    disease_control = tables["facilities"].filter(pl.col("kind") == "cdc")["id"]
    officer = (pl.col("role") == "bureau_officer") & pl.col("facility_id").is_in(disease_control.implode())
    own = posts.select(
        "id", "practitioner_id", "facility_id", service_id="department_id", since="valid_from",
        until=pl.col("valid_to") + pl.duration(days=1),
        role=pl.when(officer).then(pl.lit(Role.DISEASE_CONTROL_OFFICER.value))
        .otherwise(pl.col("role").replace_strict(words.ROLES)),
    )  # fmt: skip
    return pl.concat([own, _duty(tables, last=int(posts["id"].max()))], how="diagonal_relaxed")  # type: ignore[arg-type]


def _duty(tables: Frames, *, last: int) -> pl.DataFrame:
    """In each hospital and centre one doctor outside the cast is also the manager on duty, who gets what escalates."""
    cast = tables["practitioners"].filter(pl.col("login") != "")["id"]
    doctors = tables["posts"].filter(
        pl.col("role").is_in(_ORDER_OF_DUTY), pl.col("primary"), ~pl.col("practitioner_id").is_in(cast.implode())
    )
    chosen = doctors.group_by("facility_id", maintain_order=True).first()
    return chosen.drop("id").with_row_index("id", offset=last + 1).select(
        "id", "practitioner_id", "facility_id", role=pl.lit(Role.DUTY_MANAGER.value), since="valid_from"
    )  # fmt: skip
