"""What would change the band is found by the model itself, and is true: at that value the band is the one told."""

from catchment.standards.risk import catalogue
from catchment.standards.risk.explanation import explain
from catchment.standards.risk.running import Runner

PERSON = {
    "age_years": 50,
    "sex": "male",
    "sbp_mmhg": 135,
    "waist_cm": 91,
    "bmi_kg_m2": 25,
    "family_history_diabetes": False,
}


def runner(duckdb_engine):
    return Runner(catalogue.definition("new_chinese_diabetes_risk_score"), duckdb_engine)


def test_the_nearest_change_changes_the_band_and_nothing_nearer_does(duckdb_engine, assess):
    told = explain(runner(duckdb_engine), PERSON)
    assert (told.assessment["value"], told.assessment["band"]) == (32, "high")
    changes = {one.input: one for one in told.changes}
    assert set(changes) == {"waist_cm"}, "no blood pressure alone brings 32 points below 25"
    waist = changes["waist_cm"]
    there, nearer = assess(
        "new_chinese_diabetes_risk_score",
        PERSON | {"waist_cm": waist.nearest},
        PERSON | {"waist_cm": waist.nearest + 0.01},
    )
    assert (there["band"], nearer["band"]) == (waist.band, "high")


def test_contributions_add_up_to_the_score(duckdb_engine):
    told = explain(runner(duckdb_engine), PERSON)
    assert sum(told.assessment["reasons"]["contributions"].values()) == told.assessment["value"]


def test_no_change_is_told_for_someone_who_is_not_assessed(duckdb_engine):
    assert explain(runner(duckdb_engine), PERSON | {"waist_cm": None}).changes == ()
