"""The facts that an indicator may count: their columns, as docs/reference/facts.md has them, and their places."""

from dataclasses import dataclass

LEVELS = ("county", "township", "village", "facility")
"""What a value can be told for, largest first."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One table. `key` names its row, `day` its day and is empty where it has none."""

    key: str
    day: str
    columns: frozenset[str]

    @property
    def has_person(self) -> bool:
        return "person_key" in self.columns


def _fact(key: str, day: str, columns: str) -> Fact:
    return Fact(key, day, frozenset(columns.split()) | {key} | ({day} if day else set()))


_CODED = "person_key encounter_id facility_id code_system code display status sensitivity"
FACTS: dict[str, Fact] = {
    "areas": _fact(
        "area_code", "", "name level parent_code township_code county_code population"),
    "places": _fact(
        "facility_id", "", "code name kind level is_primary is_lead in_network in_county parent_id area_code "
        "township_code county_code network_code longitude latitude"),
    "people": _fact(
        "person_key", "", "sex birth_date deceased_on area_code township_code county_code facility_id doctor_post_id "
        "contracted insurance"),
    "residences": _fact(
        "person_key", "since", "until area_code township_code county_code facility_id"),
    "coverages": _fact("person_key", "since", "until insurance"),
    "responsibilities": _fact("person_key", "since", "until doctor_post_id contracted"),
    "posts": _fact(
        "post_id", "", "practitioner_id facility_id from_facility_id role title qualification since until"),
    "beds": _fact("bed_span_id", "", "facility_id specialty since until"),
    "encounters": _fact(
        "encounter_id", "day", "person_key facility_id klass status at ended_at ended_on department disposition "
        "reason_code reason cost_fen drug_fen consumable_fen exam_fen lab_fen service_fen fund_fen sensitivity"),
    "conditions": _fact("condition_id", "day", f"{_CODED} verification category abated_on"),
    "measurements": _fact(
        "observation_id", "day", f"{_CODED} category at value unit value_code value_text interpretation part"),
    "procedures": _fact("procedure_id", "day", f"{_CODED} grade"),
    "medicines": _fact("medication_id", "day", f"{_CODED} days"),
    "reports": _fact("report_id", "day", f"{_CODED} category"),
    "referrals": _fact(
        "referral_id", "day", "person_key from_facility_id to_facility_id direction urgency state diagnosis_code "
        "against_catalogue sent_at accepted_at arrived_at answered_at taken_over_at effective"),
    "contracts": _fact("contract_id", "day", "person_key post_id facility_id contracted until"),
}  # fmt: skip
PLACES = {"place": "facility_id", "from_place": "from_facility_id", "to_place": "to_facility_id"}
"""How the columns of a row's facilities are called (`place_kind`, `to_place_level`), and which column names them."""
HOMES = ("area_code", "township_code", "county_code", "facility_id")
"""What changes when a person moves."""
SPANS = {"residences": HOMES, "coverages": ("insurance",), "responsibilities": ("doctor_post_id", "contracted")}
"""What is told of a person as of a day, and the table of spans that tells it."""
OTHERWISE = {"insurance": "", "contracted": False}
"""What holds on a day that lies in none of the person's spans, where that is not the unknown."""
PERIOD_NAMES = frozenset({"period_start", "period_end"})


def names_in(table: str) -> frozenset[str]:
    """What an expression over a table may name: its columns, those of its facilities and person, the period's days."""
    fact = FACTS[table]
    found = set(fact.columns) | PERIOD_NAMES
    for prefix, column in PLACES.items():
        if column in fact.columns and table != "places":
            found |= {f"{prefix}_{name}" for name in FACTS["places"].columns}
    if table == "people":
        found.add("age")
    elif fact.has_person:
        found |= {f"person_{name}" for name in (*FACTS["people"].columns, "age")} - {"person_person_key"}
    return frozenset(found)
