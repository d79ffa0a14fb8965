"""Assessed, missing, out of population, not applicable, rejected: five answers that are never confused."""

import pytest

PERSON = {
    "sex": "male",
    "age_years": 55,
    "sbp_mmhg": 150,
    "on_antihypertensive": True,
    "waist_cm": 95,
    "current_smoker": True,
    "diabetes": False,
    "north_of_yangtze": False,
    "urban": True,
    "family_history_ascvd": False,
    "total_cholesterol_mg_dl": 220,
    "hdl_c_mg_dl": 40,
}
PAR = "china_par_10y_ascvd_percent"


@pytest.mark.parametrize("name", sorted(PERSON))
def test_one_missing_input_is_named_and_nothing_is_put_in_its_place(assess, name):
    (result,) = assess(PAR, PERSON | {name: None})
    assert (result["status"], result["value"], result["band"]) == ("missing", None, None)
    assert name in result["reasons"]["missing"]


def test_what_a_woman_does_not_need_is_not_missing(assess):
    (result,) = assess(PAR, PERSON | {"sex": "female", "urban": None, "family_history_ascvd": None})
    assert result["status"] == "assessed"
    assert result["reasons"]["missing"] == []


def test_no_column_at_all_is_missing_not_zero(assess):
    (result,) = assess(PAR, {"sex": "male"})
    assert result["status"] == "missing"
    assert result["value"] is None


def test_age_outside_the_population_says_so_even_when_much_is_missing(assess):
    (result,) = assess(PAR, {"age_years": 12})
    assert result["status"] == "out_of_population"
    assert result["reasons"]["excluded"] == ["年龄不在 20-85 岁"]


def test_known_disease_is_not_applicable_and_unknown_disease_is_unconfirmed(assess):
    ill, unsaid = assess(PAR, PERSON | {"known_cvd": True}, PERSON | {"known_cvd": None})
    assert ill["status"] == "not_applicable"
    assert unsaid["status"] == "assessed"
    assert unsaid["reasons"]["unconfirmed"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"waist_cm": 950}, "waist_cm: outside 50 to 130 cm"),
        ({"waist_cm": "wide"}, "waist_cm: not a number"),
        ({"sex": "M"}, "sex: not one of male, female"),
        ({"diabetes": "perhaps"}, "diabetes: not true or false"),
        ({"waist_cm": float("inf")}, "waist_cm: not a number"),
    ],
)
def test_a_bad_value_is_rejected_by_name_and_not_also_called_missing(assess, change, told):
    (result,) = assess(PAR, PERSON | change)
    assert (result["status"], result["value"]) == ("rejected", None)
    assert result["reasons"]["rejected"] == [told]
    assert not set(change) & set(result["reasons"]["missing"])


def test_edges_of_the_allowed_range_are_allowed(assess):
    results = assess(PAR, *(PERSON | {"waist_cm": at} for at in (49.999, 50, 130, 130.001)))
    assert [one["status"] for one in results] == ["rejected", "assessed", "assessed", "rejected"]


def test_an_unknown_input_still_bounds_a_point_score(assess):
    known = {"age_years": 66, "sex": "male", "sbp_mmhg": 165, "bmi_kg_m2": 31, "family_history_diabetes": True}
    (result,) = assess("new_chinese_diabetes_risk_score", known)
    assert result["status"] == "missing"
    assert (result["reasons"]["at_least"], result["reasons"]["at_most"]) == (41, 51)


def test_one_criterion_that_holds_decides_although_others_are_unknown(assess):
    holds, open_ = assess("lung_high_risk_nhc_2024", {"age_years": 60, "copd": True}, {"age_years": 60, "copd": False})
    assert holds["value"] == {"high_risk": True}
    assert open_["status"] == "missing"
    assert "pack_years" in open_["reasons"]["missing"]


def test_three_known_factors_decide_the_stroke_card_although_the_count_is_unknown(assess):
    factors = {"hypertension": True, "diabetes": True, "current_smoker": True}
    (result,) = assess("stroke_8_factor", {"age_years": 60} | factors)
    assert result["band"] == "high"
    assert result["value"]["count"] is None


def test_a_missing_vital_sign_gives_no_news2(assess):
    vitals = {
        "respiratory_rate": 30,
        "spo2_percent": 90,
        "spo2_scale": 1,
        "on_oxygen": True,
        "sbp_mmhg": 85,
        "pulse": 140,
        "acvpu": "P",
    }
    (result,) = assess("news2", vitals)
    assert (result["status"], result["reasons"]["missing"]) == ("missing", ["temperature_c"])


def test_a_child_without_weight_has_the_scores_that_need_none(assess):
    (result,) = assess(
        "who_child_growth_2006_z", {"sex": "male", "age_days": 44, "length_height_cm_after_0_7_adjustment": 50}
    )
    assert {key for key, value in result["value"].items() if value is not None} == {"length_height_for_age_z"}
    assert result["reasons"]["missing"] == ["weight_kg"]


def test_oedema_leaves_only_the_scores_without_weight(assess):
    child = {
        "sex": "male",
        "age_days": 600,
        "length_height_cm_after_0_7_adjustment": 80,
        "weight_kg": 11,
        "oedema": True,
    }
    (result,) = assess("who_child_growth_2006_z", child)
    assert {key for key, value in result["value"].items() if value is not None} == {"length_height_for_age_z"}


def test_item_nine_of_the_phq_asks_for_a_safety_check_whatever_the_total(assess):
    (result,) = assess("phq9", {"items": [0, 0, 0, 0, 0, 0, 0, 0, 1]})
    assert result["value"]["band"] == "minimal"
    assert result["reasons"]["alerts"]
    assert result["reasons"]["action"]


def test_a_list_of_the_wrong_length_is_rejected(assess):
    short, text = assess("phq9", {"items": [0, 1]}, {"items": [0, 0, 0, 0, 0, 0, 0, 0, "x"]})
    assert short["status"] == text["status"] == "rejected"


def test_a_series_of_readings_gives_a_list_of_values_in_order(assess):
    (result,) = assess("news2_component_pulse", {"pulse": [40, 41, 90, 91, 131]})
    assert result["value"] == [3, 1, 0, 1, 3]
