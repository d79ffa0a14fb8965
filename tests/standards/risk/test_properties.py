"""What must hold for every person, not only for the published ones. People are assessed many at a time."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catchment.standards.risk.growth import growth_table

QUICK = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
PAR = "china_par_10y_ascvd_percent"
SEX = st.sampled_from(["male", "female"])
PERSON = st.fixed_dictionaries(
    {
        "sex": SEX,
        "age_years": st.integers(40, 74),
        "sbp_mmhg": st.integers(100, 180),
        "on_antihypertensive": st.booleans(),
        "waist_cm": st.integers(60, 120),
        "current_smoker": st.booleans(),
        "diabetes": st.booleans(),
        "north_of_yangtze": st.booleans(),
        "urban": st.booleans(),
        "family_history_ascvd": st.booleans(),
        "total_cholesterol_mmol_l": st.floats(3, 8),
        "hdl_c_mmol_l": st.floats(0.8, 3),
    }
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "age_years": st.integers(20, 74),
        "sex": SEX,
        "sbp_mmhg": st.integers(90, 200),
        "waist_cm": st.integers(60, 120),
        "bmi_kg_m2": st.floats(16, 40),
        "family_history_diabetes": st.booleans(),
    },
)


def many(strategy):
    return st.lists(strategy, min_size=30, max_size=30)


def values(results):
    return [one["value"] for one in results]


def never_falls(assess, people, name, low, high):
    both = values(assess(PAR, *(one | {name: at} for at in (low, high) for one in people)))
    return all(a <= b + 1e-9 for a, b in zip(both[: len(people)], both[len(people) :], strict=True))


@QUICK
@given(people=many(PERSON), step=st.integers(1, 60))
def test_risk_rises_with_pressure_and_cholesterol_and_with_diabetes(assess, people, step):
    assert never_falls(assess, people, "sbp_mmhg", 100, 100 + step)
    assert never_falls(assess, people, "total_cholesterol_mmol_l", 3, 3 + step / 20)
    assert never_falls(assess, people, "diabetes", False, True)


@QUICK
@given(people=many(PERSON))
def test_the_same_blood_in_another_unit_gives_the_same_risk(assess, people):
    units = {"total_cholesterol_mmol_l": "total_cholesterol_mg_dl", "hdl_c_mmol_l": "hdl_c_mg_dl"}
    others = [
        {units.get(key, key): value / 0.0259 if key in units else value for key, value in one.items()} for one in people
    ]
    here, there = values(assess(PAR, *people)), values(assess(PAR, *others))
    assert all(abs(a - b) < 1e-9 for a, b in zip(here, there, strict=True))


@QUICK
@given(people=many(PERSON))
def test_a_risk_is_a_percentage_and_its_band_follows_from_it(assess, people):
    for result in assess(PAR, *people):
        assert 0 < result["value"] < 100
        assert result["band"] == ("low" if result["value"] < 5 else "medium" if result["value"] < 10 else "high")


@QUICK
@given(people=many(PERSON), name=st.sampled_from(["age_years", "sex", "sbp_mmhg", "diabetes", "current_smoker"]))
def test_whoever_lacks_an_input_is_not_given_a_number(assess, people, name):
    for model in (PAR, "framingham_cvd_2008_10y"):
        rows = [{key: value for key, value in one.items() if key != name} for one in people]
        allowed = [{key: value for key, value in row.items() if model == PAR or key in FRAMINGHAM} for row in rows]
        assert set(values(assess(model, *allowed))) == {None}


FRAMINGHAM = {
    "sex",
    "age_years",
    "sbp_mmhg",
    "on_antihypertensive",
    "current_smoker",
    "diabetes",
    "total_cholesterol_mmol_l",
    "hdl_c_mmol_l",
}


@QUICK
@given(people=many(KNOWN))
def test_bounds_hold_the_score_and_meet_where_all_is_known(assess, people):
    for result in assess("new_chinese_diabetes_risk_score", *people):
        low, high = result["reasons"]["at_least"], result["reasons"]["at_most"]
        assert 0 <= low <= high <= 51
        assert (result["status"] == "assessed") == (not result["reasons"]["missing"])
        if result["status"] == "assessed":
            assert low == high == result["value"]


@QUICK
@given(rows=many(st.tuples(st.floats(0.3, 10), st.integers(18, 100), SEX)))
def test_filtration_falls_with_creatinine_and_age_and_knows_both_units(assess, rows):
    people = [{"serum_creatinine_mg_dl": creatinine, "age_years": age, "sex": sex} for creatinine, age, sex in rows]
    more = [one | {"serum_creatinine_mg_dl": one["serum_creatinine_mg_dl"] * 1.1} for one in people]
    older = [one | {"age_years": one["age_years"] + 1} for one in people]
    metric = [{"serum_creatinine_umol_l": c * 88.4, "age_years": age, "sex": sex} for c, age, sex in rows]
    base, *others = (values(assess("ckd_epi_2021_creatinine_egfr", *group)) for group in (people, more, older, metric))
    for at, here in enumerate(base):
        assert others[0][at] < here
        assert others[1][at] < here
        assert abs(others[2][at] - here) < 1e-6


def test_the_median_child_of_every_day_stands_at_zero(assess):
    median = {(row["indicator"], row["sex"], row["position"]): row["m"] for row in growth_table().to_pylist()}
    children = [
        {
            "sex": sex,
            "age_days": day,
            "weight_kg": median["wfa", sex, day],
            "length_height_cm_after_0_7_adjustment": median["lfa", sex, day],
        }
        for sex in ("male", "female")
        for day in range(0, 1826, 5)
    ]
    for result in assess("who_child_growth_2006_z", *children):
        assert abs(result["value"]["weight_for_age_z"]) < 0.01
        assert abs(result["value"]["length_height_for_age_z"]) < 0.01
