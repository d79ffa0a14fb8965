"""The county's institutions, their departments, what they answer for, and the networks that bind them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from catchment.twin.facility_plan import NO_REFERRALS, PLANS, SPECIALTIES
from catchment.twin.geography import TOWN_SEATS, to_degrees
from catchment.twin.streams import Floats, Ints, stream
from catchment.twin.tables import CATCHMENTS, DEPARTMENTS, FACILITIES, NETWORK_MEMBERS, NETWORKS
from catchment.twin.villages import COUNTY_CODE, TOWNSHIP_NAMES, Land

LEAD, TCM, MCH, CITY, PROVINCIAL, PRIVATE, INSURANCE, CDC, BUREAU = range(1, 10)
"""Numbers of the singular facilities; township centres follow, then village clinics."""
FIRST_CENTRE = 10
_PLANNED_FOR = 270_000
_SCALE_LIMITS = (0.2, 5.0)
_OUTSIDE = ("city_hospital", "provincial_hospital")
_SINGULAR = (
    ("county_hospital", "云溪县人民医院", (0.9, 0.4)),
    ("tcm_hospital", "云溪县中医院", (-1.6, 0.7)),
    ("mch_centre", "云溪县妇幼保健院", (0.2, -1.3)),
    ("city_hospital", "澜州市第一医院", (-42.0, 38.0)),
    ("provincial_hospital", "东澜省立医院", (28.0, 118.0)),
    ("private_hospital", "云溪康宁骨科医院", (2.2, -0.9)),
    ("insurance_office", "云溪县医疗保障局", (0.4, 0.9)),
    ("cdc", "云溪县疾病预防控制中心", (-0.7, 1.2)),
    ("health_bureau", "云溪县卫生健康局", (0.5, 1.0)),
)


@dataclass(frozen=True, slots=True)
class Institutions:
    """The tables of facilities, with the numbers that people and history need.

    `ward_of_village` is the department of the primary facility (0 for a clinic, which has none);
    `department_table[facility, specialty position]` is a department's number or 0.
    """

    facilities: pl.DataFrame
    departments: pl.DataFrame
    catchments: pl.DataFrame
    networks: pl.DataFrame
    members: pl.DataFrame
    primary_of_village: Ints
    centre_of_village: Ints
    ward_of_village: Ints
    department_table: Ints

    def department(self, facility: int, specialty: str) -> int | None:
        """The number of a facility's department for a specialty, or nothing where it has none."""
        return int(self.department_table[facility, list(SPECIALTIES).index(specialty)]) or None


def found_institutions(land: Land, seed: int, today: date) -> Institutions:
    """Found every facility; a community of the county seat is served by its community centre, not by a
    clinic.
    """
    centres = np.arange(len(TOWNSHIP_NAMES)) + FIRST_CENTRE
    villages = land.villages
    rural = np.flatnonzero(~villages.urban)
    clinics = np.arange(len(rural)) + FIRST_CENTRE + len(centres)
    centre_of_village = centres[villages.township]
    primary = centre_of_village.copy()
    primary[rural] = clinics
    scale = float(np.clip(villages.population.sum() / _PLANNED_FOR, *_SCALE_LIMITS))
    facilities = _facilities(land, rural, centres, seed, scale)
    departments = _departments(facilities, scale)
    networks, members = _networks(facilities, today)
    catchments = _catchments(primary, centre_of_village, villages.place_id)
    table = _department_table(departments, len(facilities))
    ward = table[primary, list(SPECIALTIES).index("general")]
    return Institutions(facilities, departments, catchments, networks, members, primary, centre_of_village, ward, table)


def _department_table(departments: pl.DataFrame, facilities: int) -> Ints:
    table = np.zeros((facilities + 1, len(SPECIALTIES)), dtype=np.int64)
    column = [list(SPECIALTIES).index(name) for name in departments["specialty"]]
    table[departments["facility_id"].to_numpy(), column] = departments["id"].to_numpy()
    return table


def _beds(kind: str, scale: float) -> dict[str, int]:
    """Open beds for each department; only facilities of the county grow with its people."""
    factor = 1.0 if kind in _OUTSIDE else scale
    return {specialty: max(2, round(beds * factor)) if beds else 0 for specialty, beds in PLANS[kind].beds.items()}


def _facilities(land: Land, rural: Ints, centres: Ints, seed: int, scale: float) -> pl.DataFrame:
    villages = land.villages
    kinds = [kind for kind, _, _ in _SINGULAR]
    kinds += ["community_centre" if n < TOWN_SEATS else "township_centre" for n in range(len(centres))]
    kinds += ["village_clinic"] * len(rural)
    names = [name for _, name, _ in _SINGULAR]
    names += [_centre_name(n) for n in range(len(centres))]
    names += [villages.name[n] + "卫生室" for n in rural]
    places = [None if kind in _OUTSIDE else 2 for kind, _, _ in _SINGULAR]
    places += [*land.township_ids.tolist(), *villages.place_id[rural].tolist()]
    parents = [*[None] * (len(_SINGULAR) + len(centres)), *centres[villages.township[rural]].tolist()]
    spots = to_degrees(_positions(land, rural, seed))
    return FACILITIES.frame({
        "id": np.arange(len(kinds)) + 1,
        "code": [f"{COUNTY_CODE}{n + 1:05d}" for n in range(len(kinds))],
        "name": names,
        "kind": kinds,
        "level": [PLANS[kind].level for kind in kinds],
        "place_id": places,
        "parent_id": parents,
        "beds": [sum(_beds(kind, scale).values()) for kind in kinds],
        "longitude": spots[:, 0],
        "latitude": spots[:, 1],
        "capabilities": [list(PLANS[kind].capabilities) for kind in kinds],
        "phone": [f"0990-10{n + 1:05d}" for n in range(len(kinds))],
    })  # fmt: skip


def _centre_name(township: int) -> str:
    town = TOWNSHIP_NAMES[township]
    if township < TOWN_SEATS:
        return f"{town}社区卫生服务中心"
    return f"{town}中心卫生院" if township in {2, 6} else f"{town}卫生院"


def _positions(land: Land, rural: Ints, seed: int) -> Floats:
    """Plane positions: singular facilities around the seat, centres and clinics beside their settlement."""
    jitter = stream(seed, "clinic sites").normal(0, 0.12, (len(rural), 2))
    seat = np.asarray(land.seat_position)
    singular = seat + np.array([offset for _, _, offset in _SINGULAR])
    return np.concatenate([singular, land.township_centres, land.villages.position[rural] + jitter])


def _departments(facilities: pl.DataFrame, scale: float) -> pl.DataFrame:
    rows = [
        (facility, specialty, SPECIALTIES[specialty], beds, _takes_referrals(kind, specialty))
        for facility, kind in facilities.select("id", "kind").iter_rows()
        for specialty, beds in _beds(kind, scale).items()
        if kind != "village_clinic"
    ]
    owner, specialty, name, beds, referrals = zip(*rows, strict=True)
    return DEPARTMENTS.frame({
        "id": np.arange(len(rows)) + 1, "facility_id": owner, "specialty": specialty, "name": name,
            "beds": beds,
        "takes_referrals": referrals,
    })  # fmt: skip


def _takes_referrals(kind: str, specialty: str) -> bool:
    """A department takes referrals unless it only reads; a centre's general ward takes patients back."""
    if kind in {"township_centre", "community_centre"}:
        return specialty in {"general", "rehabilitation"}
    return specialty not in NO_REFERRALS


def _catchments(primary: Ints, centre: Ints, place: Ints) -> pl.DataFrame:
    pairs = np.unique(np.concatenate([np.column_stack([primary, place]), np.column_stack([centre, place])]), axis=0)
    whole = np.column_stack([np.full(len(place), LEAD), place])
    both = np.concatenate([whole, pairs])
    return CATCHMENTS.frame({"facility_id": both[:, 0], "place_id": both[:, 1]})


def _networks(facilities: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    by_kind = {key[0]: part["id"].to_list() for key, part in facilities.group_by("kind", maintain_order=True)}
    centres = by_kind["community_centre"] + by_kind["township_centre"]
    described = (
        ("YXYGT", "云溪县紧密型县域医共体", "county_community", LEAD, None,
         [TCM, MCH, *centres, *by_kind["village_clinic"]], 6),
        ("LZYLT", "澜州市城市医疗集团", "city_group", CITY, None, [LEAD, TCM, PROVINCIAL], 4),
        ("XTLM", "澜州胸痛专科联盟", "specialty_alliance", CITY, "cardiology", [LEAD, *centres[1:5]], 3),
        ("YCXZ", "东澜省远程协作网", "remote_collaboration", PROVINCIAL, None, [CITY, LEAD, *centres], 2),
    )  # fmt: skip
    rows = [
        (number, code, name, kind, lead, specialty)
        for number, (code, name, kind, lead, specialty, _, _) in enumerate(described, 1)
    ]
    members = [
        (number, facility, "lead" if facility == lead else "member", date(today.year - years, 1, 1))
        for number, (_, _, _, lead, _, others, years) in enumerate(described, 1)
        for facility in (lead, *others)
    ]
    return (NETWORKS.frame(dict(zip(NETWORKS.columns, zip(*rows, strict=True), strict=True))),
            NETWORK_MEMBERS.frame(dict(zip(NETWORK_MEMBERS.columns, zip(*members, strict=True),
                strict=True))))  # fmt: skip
