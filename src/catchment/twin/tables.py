"""The tables of the twin: every column with its type and meaning. Numbers (`id`) are assigned by the
generator.

Money is in fen. Moments are UTC; days are calendar days in China. `list` columns hold codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

Columns = Mapping[str, tuple[pl.DataType, str]]
ID, WHOLE, REAL, TEXT, FLAG = pl.Int64(), pl.Int32(), pl.Float64(), pl.String(), pl.Boolean()
DAY, MOMENT, CODES = pl.Date(), pl.Datetime("us", "UTC"), pl.List(pl.String())


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name and its columns in order."""

    name: str
    columns: Columns

    @property
    def schema(self) -> pl.Schema:
        """Column names and types as polars wants them."""
        return pl.Schema({name: kind for name, (kind, _) in self.columns.items()})

    def frame(self, values: Mapping[str, object]) -> pl.DataFrame:
        """A data frame in this table's column order and types; a missing or surplus column is an error."""
        if set(values) != set(self.columns):
            odd = sorted(set(values) ^ set(self.columns))
            raise ValueError(f"table {self.name}: columns missing or not declared: {', '.join(odd)}")
        return pl.DataFrame({name: values[name] for name in self.columns}).cast(self.schema)


PLACES = Table(
    "places",
    {
        "id": (ID, "number"),
        "parent_id": (ID, "the place it lies in; empty for the county"),
        "kind": (TEXT, "county, township or village"),
        "code": (TEXT, "statistical area code of 6, 9 or 12 digits under an unassigned prefix"),
        "name": (TEXT, "Chinese name"),
        "urban": (FLAG, "a residents' committee of the county seat"),
        "population": (
            ID,
            "residents planned for; the generated residents match within one household a village",
        ),
        "area_km2": (REAL, "area of the geometry"),
        "longitude": (REAL, "WGS84, of the settlement"),
        "latitude": (REAL, "WGS84, of the settlement"),
        "geometry": (TEXT, "GeoJSON MultiPolygon, WGS84"),
    },
)
FACILITIES = Table(
    "facilities",
    {
        "id": (ID, "number"),
        "code": (TEXT, "institution code, county prefix and running number"),
        "name": (TEXT, "Chinese name"),
        "kind": (
            TEXT,
            "kind of `facility_plan.PLANS`",
        ),
        "level": (TEXT, "hospital level: 3, 2, 1 or empty"),
        "place_id": (ID, "village or township it stands in; empty outside the county"),
        "parent_id": (ID, "for a village clinic the centre that manages it"),
        "beds": (WHOLE, "beds in all departments"),
        "longitude": (REAL, "WGS84"),
        "latitude": (REAL, "WGS84"),
        "capabilities": (CODES, "what it can do, codes of `facility_plan.CAPABILITIES`"),
        "phone": (TEXT, "telephone under a prefix that is not in use"),
    },
)
DEPARTMENTS = Table(
    "departments",
    {
        "id": (ID, "number"),
        "facility_id": (ID, "facility"),
        "specialty": (TEXT, "code of `facility_plan.SPECIALTIES`"),
        "name": (TEXT, "Chinese name"),
        "beds": (WHOLE, "open beds"),
        "takes_referrals": (FLAG, "offers a referral service"),
    },
)
CATCHMENTS = Table(
    "catchments",
    {
        "facility_id": (ID, "facility that answers for the place"),
        "place_id": (ID, "village"),
    },
)
NETWORKS = Table(
    "networks",
    {
        "id": (ID, "number"),
        "code": (TEXT, "short code"),
        "name": (TEXT, "Chinese name"),
        "kind": (TEXT, "county_community, city_group, specialty_alliance or remote_collaboration"),
        "lead_id": (ID, "leading facility"),
        "specialty": (TEXT, "specialty of an alliance, else empty"),
    },
)
NETWORK_MEMBERS = Table(
    "network_members",
    {
        "network_id": (ID, "network"),
        "facility_id": (ID, "facility"),
        "role": (TEXT, "lead or member"),
        "since": (DAY, "first day"),
    },
)
PRACTITIONERS = Table(
    "practitioners",
    {
        "id": (ID, "number"),
        "name": (TEXT, "Chinese name"),
        "sex": (TEXT, "male or female"),
        "birth_date": (DAY, "birth"),
        "title": (TEXT, "professional title in Chinese"),
        "qualification": (
            TEXT,
            "physician, assistant_physician, village_doctor, nurse, public_health or none",
        ),
        "licence": (TEXT, "licence number, starts with 99; empty for administrators"),
        "specialty": (TEXT, "code of `facility_plan.SPECIALTIES`, empty for administrators"),
        "phone": (TEXT, "mobile number under a prefix that is not in use"),
        "login": (TEXT, "user name of a member of the guided tour's cast, else empty"),
    },
)
POSTS = Table(
    "posts",
    {
        "id": (ID, "number"),
        "practitioner_id": (ID, "who"),
        "facility_id": (ID, "where"),
        "department_id": (ID, "department, where there is one"),
        "role": (TEXT, "code of `staff.ROLES`"),
        "valid_from": (DAY, "first day"),
        "valid_to": (DAY, "last day, empty while it lasts"),
        "primary": (FLAG, "the main post; others are multi-site practice or postings down"),
    },
)
PEOPLE = Table(
    "people",
    {
        "id": (ID, "number; residents of one village stand together"),
        "resident_id": (TEXT, "GB 11643 citizen number under an unassigned area code"),
        "insurance_number": (TEXT, "health insurance number"),
        "insurance_kind": (TEXT, "resident, employee or none"),
        "name": (TEXT, "Chinese name"),
        "sex": (TEXT, "male or female"),
        "birth_date": (DAY, "birth"),
        "deceased_on": (DAY, "day of death, empty for the living"),
        "phone": (TEXT, "mobile number under a prefix that is not in use; empty for children"),
        "place_id": (ID, "village"),
        "household_id": (ID, "household"),
        "relation": (TEXT, "to the head: head, spouse, child, parent, grandchild or other"),
        "mother_id": (ID, "mother, where she lives in the same household"),
        "facility_id": (ID, "primary facility that answers for the person"),
        "contract_doctor_id": (ID, "family doctor under contract, else empty"),
        "contract_from": (DAY, "first day of the contract"),
    },
)
HOUSEHOLDS = Table(
    "households",
    {
        "id": (ID, "number"),
        "head_id": (ID, "head of the household"),
        "place_id": (ID, "village"),
        "members": (WHOLE, "persons, the deceased included"),
    },
)
HEALTH = Table(
    "health",
    {
        "person_id": (ID, "person"),
        "height_cm": (REAL, "height"),
        "bmi": (REAL, "kg/m2"),
        "waist_cm": (REAL, "waist"),
        "smoking": (TEXT, "never, former or current"),
        "drinking": (FLAG, "drinks weekly"),
        "systolic": (REAL, "usual systolic pressure, mmHg"),
        "diastolic": (REAL, "usual diastolic pressure, mmHg"),
        "glucose": (REAL, "usual fasting glucose, mmol/L"),
        "hba1c": (REAL, "%"),
        "cholesterol": (REAL, "total, mmol/L"),
        "hdl": (REAL, "mmol/L"),
        "ldl": (REAL, "mmol/L"),
        "triglyceride": (REAL, "mmol/L"),
        "creatinine": (REAL, "umol/L"),
        "fev1_fvc": (REAL, "%, after bronchodilator"),
        "has": (ID, "bit set of diseases present, bit n is the n-th of `prevalence.DISEASES`"),
        "known": (ID, "bit set of diseases diagnosed, a subset of `has`"),
    },
)
ENCOUNTERS = Table(
    "encounters",
    {
        "id": (ID, "number; ascends with time inside a block of people"),
        "person_id": (ID, "patient"),
        "kind": (TEXT, "ambulatory, follow_up, health_check or inpatient"),
        "facility_id": (ID, "where"),
        "department_id": (ID, "department, where there is one"),
        "practitioner_id": (ID, "attending"),
        "started_at": (MOMENT, "registration or admission"),
        "ended_at": (MOMENT, "end or discharge; empty while in hospital"),
        "diagnosis": (TEXT, "main diagnosis, NHSA ICD-10 code"),
        "outcome": (TEXT, "for a discharge: recovered, improved, transferred or died; else empty"),
        "cost_drug": (ID, "fen"),
        "cost_consumable": (ID, "fen"),
        "cost_exam": (ID, "imaging and function tests, fen"),
        "cost_lab": (ID, "fen"),
        "cost_service": (ID, "consultation, bed, nursing, operation, fen"),
        "cost_total": (ID, "sum of the five, fen"),
        "fund_paid": (ID, "paid by the insurance fund, fen"),
    },
)
CONDITIONS = Table(
    "conditions",
    {
        "id": (ID, "number"),
        "person_id": (ID, "patient"),
        "encounter_id": (ID, "encounter that recorded it; empty when older than the history"),
        "code": (TEXT, "NHSA ICD-10 code"),
        "category": (TEXT, "problem or encounter_diagnosis"),
        "onset": (DAY, "diagnosed on"),
        "status": (TEXT, "active or resolved"),
    },
)
OBSERVATIONS = Table(
    "observations",
    {
        "id": (ID, "number"),
        "person_id": (ID, "patient"),
        "encounter_id": (ID, "encounter; empty for a cause of death"),
        "code": (TEXT, "LOINC code; 85354-9 is the blood pressure panel, 80359-3 the underlying cause of death"),
        "taken_at": (MOMENT, "when"),
        "value": (REAL, "value in `unit`; systolic for the panel; empty for a coded answer"),
        "answer": (TEXT, "coded answer to a question (`questions`) or cause of death (`deaths`), else empty"),
        "value_2": (REAL, "diastolic for the panel, else empty"),
        "unit": (TEXT, "UCUM"),
        "flag": (TEXT, "H, L or N"),
    },
)
MEDICATIONS = Table(
    "medications",
    {
        "id": (ID, "number"),
        "person_id": (ID, "patient"),
        "encounter_id": (ID, "encounter"),
        "medicine": (TEXT, "generic name with form"),
        "atc": (TEXT, "ATC code"),
        "dose_text": (TEXT, "dose and times in Chinese"),
        "days": (WHOLE, "days supplied"),
        "ordered_at": (MOMENT, "when"),
    },
)
PROCEDURES = Table(
    "procedures",
    {
        "id": (ID, "number"),
        "person_id": (ID, "patient"),
        "encounter_id": (ID, "admission"),
        "code": (TEXT, "NHSA ICD-9-CM-3 code"),
        "performed_at": (MOMENT, "when"),
    },
)
REPORTS = Table(
    "reports",
    {
        "id": (ID, "number"),
        "person_id": (ID, "patient"),
        "encounter_id": (ID, "encounter"),
        "kind": (TEXT, "ecg, chest_film, ultrasound or ct"),
        "code": (TEXT, "LOINC code"),
        "conclusion": (TEXT, "Chinese conclusion"),
        "abnormal": (FLAG, "whether the conclusion names a finding"),
        "reader_id": (ID, "facility that wrote it; not that of the encounter where it was read remotely"),
        "issued_at": (MOMENT, "when"),
    },
)
ALLERGIES = Table(
    "allergies",
    {
        "id": (ID, "number"),
        "person_id": (ID, "patient"),
        "substance": (TEXT, "Chinese name"),
        "category": (TEXT, "medication, food or environment"),
        "severity": (TEXT, "mild, moderate or severe"),
        "recorded_on": (DAY, "recorded"),
    },
)

FRAME = (PLACES, FACILITIES, DEPARTMENTS, CATCHMENTS, NETWORKS, NETWORK_MEMBERS, PRACTITIONERS, POSTS)
BY_BLOCK = (
    PEOPLE,
    HOUSEHOLDS,
    HEALTH,
    ENCOUNTERS,
    CONDITIONS,
    OBSERVATIONS,
    MEDICATIONS,
    PROCEDURES,
    REPORTS,
    ALLERGIES,
)
TABLES = {table.name: table for table in (*FRAME, *BY_BLOCK)}
