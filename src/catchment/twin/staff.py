"""Who works where: practitioners and their posts, in numbers that follow the people served.

Proportions: one village doctor for 1,000 residents and at least one a clinic, one township general
practitioner for 3,000, nurses about as many; county specialists by beds (0.35 a bed). Approximations of
national ratios.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
import polars as pl

from catchment.twin import cast
from catchment.twin.facilities import LEAD, Institutions
from catchment.twin.identifiers import phones
from catchment.twin.names import full_names, surname_positions
from catchment.twin.streams import Floats, Ints, pick, stream
from catchment.twin.tables import POSTS, PRACTITIONERS

ROLES: dict[str, tuple[str, tuple[str, ...], tuple[float, ...]]] = {
    "village_doctor": ("village_doctor", ("乡村医生", "乡村全科执业助理医师", "执业医师"), (0.7, 0.22, 0.08)),
    "township_gp": ("physician", ("住院医师", "全科主治医师", "副主任医师"), (0.45, 0.45, 0.1)),
    "township_nurse": ("nurse", ("护士", "护师", "主管护师"), (0.4, 0.4, 0.2)),
    "health_manager": ("public_health", ("公共卫生医师", "健康管理师"), (0.6, 0.4)),
    "township_referral_desk": ("nurse", ("护师", "主管护师"), (0.6, 0.4)),
    "county_referral_desk": ("nurse", ("护师", "主管护师"), (0.5, 0.5)),
    "county_specialist": ("physician", ("住院医师", "主治医师", "副主任医师", "主任医师"), (0.3, 0.4,
        0.2, 0.1)),
    "county_manager": ("physician", ("主任医师", "副主任医师"), (0.5, 0.5)),
    "bureau_officer": ("none", ("科员", "副科长"), (0.8, 0.2)),
    "insurance_officer": ("none", ("科员", "副科长"), (0.8, 0.2)),
    "finance_officer": ("none", ("会计", "会计师"), (0.6, 0.4)),
    "case_mix_officer": ("none", ("病案科科员", "医保办科员"), (0.5, 0.5)),
    "privacy_officer": ("none", ("隐私专员",), (1.0,)),
    "system_administrator": ("none", ("信息科工程师",), (1.0,)),
}  # fmt: skip
"""For each role the qualification, the titles and their weights."""
_LICENCE_KIND = {
    "physician": 1,
    "assistant_physician": 2,
    "village_doctor": 3,
    "nurse": 4,
    "public_health": 5,
}
_HOSPITALS = frozenset({"county_hospital", "tcm_hospital", "mch_centre", "city_hospital",
    "provincial_hospital",
                        "private_hospital"})  # fmt: skip
_OUTSIDE = frozenset({"city_hospital", "provincial_hospital"})
_POSTED_DOWN = 0.06
_PostRow: TypeAlias = tuple[int, int, int | None, str, date, date | None, bool]


@dataclass(frozen=True, slots=True)
class Staff:
    """The tables of practitioners and posts."""

    practitioners: pl.DataFrame
    posts: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Vacancy:
    role: str
    facility: int
    department: int | None
    specialty: str


def hire(institutions: Institutions, population: Ints, seed: int, today: date) -> Staff:
    """Fill every post; `population` counts the residents of each village. The tour's cast takes its posts
    first.
    """
    vacancies = _vacancies(institutions, population)
    players = _seat_cast(vacancies, institutions.facilities)
    practitioners = _practitioners(vacancies, players, seed, today)
    return Staff(practitioners, _posts(vacancies, practitioners, institutions, seed, today))


def _vacancies(institutions: Institutions, population: Ints) -> list[_Vacancy]:
    served = np.bincount(institutions.primary_of_village, population, len(institutions.facilities) + 1)
    in_centre = np.bincount(institutions.centre_of_village, population, len(institutions.facilities) + 1)
    departments = {key[0]: part for key, part in institutions.departments.group_by("facility_id")}
    found: list[_Vacancy] = []
    for facility, kind in institutions.facilities.select("id", "kind").iter_rows():
        wards = dict(departments[facility].select("specialty", "id").iter_rows()) if facility in departments else {}
        if kind == "village_clinic":
            found += [_Vacancy("village_doctor", facility, None, "general")] * max(1, round(served[facility] / 1000))
        elif kind.endswith("_centre") and kind != "mch_centre":
            found += _centre_vacancies(facility, wards, in_centre[facility])
        elif kind in _HOSPITALS:
            found += _hospital_vacancies(facility, departments[facility], outside=kind in _OUTSIDE)
        found += _office_vacancies(facility, kind)
    return found


def _centre_vacancies(facility: int, wards: dict[str, int], people: float) -> list[_Vacancy]:
    counts = {"township_gp": max(2, round(people / 3000)), "township_nurse": max(2, round(people / 3000)),
              "health_manager": max(1, round(people / 10_000)), "township_referral_desk": 1}  # fmt: skip
    return [
        _Vacancy(role, facility, wards[specialty], specialty)
        for role, count in counts.items()
        for specialty in ["public_health" if role == "health_manager" else "general"]
        for _ in range(count)
    ]


def _hospital_vacancies(facility: int, departments: pl.DataFrame, *, outside: bool) -> list[_Vacancy]:
    desk = [_Vacancy("county_referral_desk", facility, None, "general")]
    rows = departments.select("id", "specialty", "beds").iter_rows()
    return desk * 2 + [
        _Vacancy("county_specialist", facility, department, specialty)
        for department, specialty, beds in rows
        for _ in range(2 if outside else max(2, round(beds * 0.35)))
    ]


def _office_vacancies(facility: int, kind: str) -> list[_Vacancy]:
    roles = {"county_hospital": ["county_manager", "county_manager", "privacy_officer", "system_administrator",
                                 "case_mix_officer", "finance_officer", "finance_officer"],
             "tcm_hospital": ["county_manager", "case_mix_officer"], "health_bureau": ["bureau_officer"] * 4,
             "cdc": ["bureau_officer"] * 2, "insurance_office": ["insurance_officer"] * 4}  # fmt: skip
    clinical = {"county_manager": "general"}
    return [_Vacancy(role, facility, None, clinical.get(role, "")) for role in roles.get(kind, [])]


def _seat_cast(vacancies: list[_Vacancy], facilities: pl.DataFrame) -> dict[int, cast.Player]:
    """Which vacancy each member of the cast takes."""
    seated: dict[int, cast.Player] = {}
    for player in cast.STAFF:
        facility = _facility_of(player.place, facilities)
        seated[next(
            number for number, vacancy in enumerate(vacancies)
            if number not in seated and (vacancy.role, vacancy.facility) == (player.role, facility)
            and (player.role != "county_specialist" or vacancy.specialty == player.specialty)
        )] = player  # fmt: skip
    return seated


def _facility_of(place: str, facilities: pl.DataFrame) -> int:
    if place == "lead":
        return LEAD
    found = facilities.filter((pl.col("kind") == place) | pl.col("name").str.starts_with(place))
    return int(found["id"][0])


def _practitioners(vacancies: list[_Vacancy], players: dict[int, cast.Player], seed: int, today: date) -> pl.DataFrame:
    generator = stream(seed, "practitioners")
    size = len(vacancies)
    number = np.arange(size) + 1
    nurse = np.array([ROLES[vacancy.role][0] == "nurse" for vacancy in vacancies])
    woman = generator.random(size) < np.where(nurse, 0.96, 0.46)
    year = today.year - generator.integers(26, 60, size)
    day = generator.integers(0, 365, size)
    names = full_names(generator, surname_positions(generator, size), woman, year).to_list()
    roles = [ROLES[vacancy.role] for vacancy in vacancies]
    titles = [kinds[int(pick(generator, np.array(weights), 1)[0])] for _, kinds, weights in roles]
    births = [date(int(y), 1, 1) + timedelta(days=int(d)) for y, d in zip(year, day, strict=True)]
    sexes = ["female" if value else "male" for value in woman]
    logins = [""] * size
    for position, player in players.items():
        names[position], titles[position], sexes[position] = player.name, player.title, player.sex
        births[position], logins[position] = date(player.birth_year, 6, 1), player.login
    return PRACTITIONERS.frame({
        "id": number, "name": names, "sex": sexes, "birth_date": births, "title": titles,
        "qualification": [kind for kind, _, _ in roles],
        "licence": [f"99{_LICENCE_KIND[kind]}{n:012d}" if kind in _LICENCE_KIND else ""
                    for n, (kind, _, _) in zip(number, roles, strict=True)],
        "specialty": [vacancy.specialty for vacancy in vacancies],
        "phone": phones(number + 90_000_000),
        "login": logins,
    })  # fmt: skip


def _posts(
    vacancies: list[_Vacancy], practitioners: pl.DataFrame, institutions: Institutions, seed: int, today: date
) -> pl.DataFrame:
    """Main posts, and postings down from the lead hospital to township centres that last half a year or
    more.
    """
    generator = stream(seed, "posts")
    years = np.minimum(
        generator.gamma(2.0, 4.0, len(vacancies)),
        today.year - practitioners["birth_date"].dt.year().to_numpy() - 23,
    )
    since = [today - timedelta(days=int(365.25 * max(0.2, y))) for y in years]
    rows: list[_PostRow] = [
        (n, v.facility, v.department, v.role, day, None, True)
        for n, (v, day) in enumerate(zip(vacancies, since, strict=True), 1)
    ]
    rows += [row for n, v in enumerate(vacancies, 1) for row in _posting_down(n, v, generator, institutions, today)]
    columns = zip(*rows, strict=True)
    return POSTS.frame({"id": np.arange(len(rows)) + 1, **dict(zip(list(POSTS.columns)[1:], columns, strict=True))})


def _posting_down(
    number: int, vacancy: _Vacancy, generator: np.random.Generator, institutions: Institutions, today: date
) -> list[_PostRow]:
    chance: Floats = generator.random(3)
    if vacancy.facility != LEAD or vacancy.role != "county_specialist" or chance[0] >= _POSTED_DOWN:
        return []
    centres = np.unique(institutions.centre_of_village)
    centre = int(centres[int(chance[1] * len(centres))])
    since = today - timedelta(days=int(chance[2] * 500))
    until = since + timedelta(days=200 + int(chance[2] * 165))
    ward = institutions.department(centre, "general")
    return [(number, centre, ward, "township_gp", since, until if until < today else None, False)]
