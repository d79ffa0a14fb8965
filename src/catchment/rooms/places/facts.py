"""The areas and facilities that this room publishes."""

from catchment.kernel.lake.tables import FLAG, NUMBER, REAL, TEXT, FactTable, Feed, Whole
from catchment.rooms.places.types import PRIMARY_KINDS, Level, MemberRole, NetworkKind

ABOVE = """
    left join places_area {area}1 on {area}1.id = {area}.parent_id
    left join places_area {area}2 on {area}2.id = {area}1.parent_id
    left join places_area {area}3 on {area}3.id = {area}2.parent_id
"""
"""The areas above one of a given alias, as far as from a village to its province."""
_COUNTY_COMMUNITY = f"""
    places_membership m join places_network n on n.id = m.network_id
        and n.kind = '{NetworkKind.COUNTY_COMMUNITY}' and m.until is null
"""


def code_at(level: Level, area: str) -> str:
    """The code of the area at that level, itself or above, as SQL over the alias and what `ABOVE` joins; '' if none."""
    cases = " ".join(f"when {one}.level = '{level}' then {one}.code" for one in (area, *(f"{area}{n}" for n in "123")))
    return f"(case {cases} else '' end)::text"


AREAS = FactTable(
    name="areas",
    columns={
        "area_code": TEXT, "name": TEXT, "level": TEXT, "parent_code": TEXT, "township_code": TEXT,
        "county_code": TEXT, "population": NUMBER,
    },
    query=f"""
        select a.code::text as area_code, a.name::text, a.level::text, coalesce(a1.code, '')::text as parent_code,
            {code_at(Level.TOWNSHIP, "a")} as township_code, {code_at(Level.COUNTY, "a")} as county_code,
            a.population::bigint
        from places_area a {ABOVE.format(area="a")}
    """,  # noqa: S608 constants only
    key=("area_code",),
    partition=Whole(),
    feeds=(Feed("places_area"),),
)  # fmt: skip
PLACES = FactTable(
    name="places",
    columns={
        "facility_id": NUMBER, "code": TEXT, "name": TEXT, "kind": TEXT, "level": TEXT, "is_primary": FLAG,
        "is_lead": FLAG, "in_network": FLAG, "in_county": FLAG, "parent_id": NUMBER, "area_code": TEXT,
        "township_code": TEXT, "county_code": TEXT, "network_code": TEXT, "longitude": REAL, "latitude": REAL,
    },
    query=f"""
        with located as (
            select f.*, a.code as area_code, {code_at(Level.TOWNSHIP, "a")} as township_code,
                {code_at(Level.COUNTY, "a")} as county_code
            from places_facility f join places_area a on a.id = f.area_id {ABOVE.format(area="a")}
        ), community as (
            select m.facility_id, min(n.code) as network_code, bool_or(m.role = '{MemberRole.LEAD}') as is_lead
            from {_COUNTY_COMMUNITY} group by m.facility_id
        ), led as (
            select l.county_code from community c join located l on l.id = c.facility_id where c.is_lead
        )
        select l.id as facility_id, l.code::text, l.name::text, l.kind::text, l.level::text,
            l.kind in ({", ".join(f"'{kind}'" for kind in sorted(PRIMARY_KINDS))}) as is_primary,
            coalesce(c.is_lead, false) as is_lead, l.in_network,
            l.county_code <> '' and (l.county_code in (select county_code from led) or not exists (select from led))
                as in_county,
            l.parent_id, l.area_code::text, l.township_code, l.county_code,
            coalesce(c.network_code, '')::text as network_code, l.longitude, l.latitude
        from located l left join community c on c.facility_id = l.id
    """,  # noqa: S608 constants only
    key=("facility_id",),
    partition=Whole(),
    feeds=(Feed("places_facility"), Feed("places_area"), Feed("places_membership"), Feed("places_network")),
)  # fmt: skip
TABLES = (AREAS, PLACES)
