"""Models for which no published example exists: their tables, worked by hand from the printed rules."""

import math

import pytest


@pytest.mark.parametrize(
    ("pressure", "grade"),
    [
        ((119, 79), "normal"),
        ((120, 79), "high-normal"),
        ((119, 80), "high-normal"),
        ((140, 80), "grade 1"),
        ((139, 90), "grade 1"),
        ((160, 90), "grade 2"),
        ((150, 100), "grade 2"),
        ((180, 90), "grade 3"),
        ((130, 110), "grade 3"),
        ((190, None), "grade 3"),
        ((150, None), None),
    ],
)
def test_the_higher_of_the_two_pressures_grades(assess, pressure, grade):
    (result,) = assess("hypertension_grade", dict(zip(("sbp_mmhg", "dbp_mmhg"), pressure, strict=True)))
    assert result["band"] == grade


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, "low"),
        ({"sbp_mmhg": 165}, "medium"),
        ({"sbp_mmhg": 185}, "high"),
        ({"risk_factor_count": 2}, "medium"),
        ({"risk_factor_count": 2, "sbp_mmhg": 185}, "very high"),
        ({"risk_factor_count": 3, "sbp_mmhg": 165}, "high"),
        ({"diabetes": True}, "high"),
        ({"clinical_comorbidity": True}, "very high"),
    ],
)
def test_the_four_level_table_of_hypertension(assess, change, level):
    person = {
        "sbp_mmhg": 145,
        "dbp_mmhg": 80,
        "risk_factor_count": 0,
        "target_organ_damage": False,
        "diabetes": False,
        "clinical_comorbidity": False,
    }
    (result,) = assess("hypertension_stratification_2010", person | change)
    assert result["band"] == level


@pytest.mark.parametrize(
    ("person", "points"),
    [
        ((20, "female", 100, 60, 18, False), 0),
        ((25, "male", 110, 75, 22, False), 4 + 2 + 1 + 3 + 1),
        ((34.9, "male", 129.9, 79.9, 23.9, True), 4 + 2 + 3 + 3 + 1 + 6),
        ((50, "female", 135, 89.9, 24, False), 13 + 6 + 8 + 3),
        ((74, "male", 160, 95, 30, True), 51),
    ],
)
def test_the_point_tables_of_the_chinese_diabetes_score(assess, person, points):
    names = ("age_years", "sex", "sbp_mmhg", "waist_cm", "bmi_kg_m2", "family_history_diabetes")
    (result,) = assess("new_chinese_diabetes_risk_score", dict(zip(names, person, strict=True)))
    assert result["value"] == points
    assert result["band"] == ("high" if points >= 25 else "low")


LUNG = {
    "age_years": 60,
    "smoking_status": "never",
    "passive_smoking_years": 0,
    "copd": False,
    "occupational_exposure_years": 0,
    "family_history_lung_cancer": False,
}


@pytest.mark.parametrize(
    ("change", "in_2024", "in_2021"),
    [
        ({}, "not high", "not high"),
        ({"smoking_status": "current", "pack_years": 20}, "high", "not high"),
        ({"smoking_status": "current", "pack_years": 30}, "high", "high"),
        ({"smoking_status": "former", "pack_years": 40, "quit_years": 15}, "not high", "not high"),
        ({"smoking_status": "former", "pack_years": 40, "quit_years": 14}, "high", "high"),
        ({"passive_smoking_years": 20}, "high", "high"),
        ({"occupational_exposure_years": 1}, "high", "high"),
    ],
)
def test_the_lung_criteria_of_both_years(assess, change, in_2024, in_2021):
    (new,) = assess("lung_high_risk_nhc_2024", LUNG | change)
    (old,) = assess("lung_high_risk_ncc_2021", LUNG | change)
    assert (new["band"], old["band"]) == (in_2024, in_2021)


CRC = dict.fromkeys(
    (
        "fit_positive",
        "family_history_crc",
        "adenoma_or_polyp_history",
        "own_cancer_history",
        "chronic_diarrhoea",
        "chronic_constipation",
        "mucous_bloody_stool",
        "appendicitis_or_appendectomy",
        "cholecystitis_or_cholecystectomy",
        "mental_depression_or_life_event",
    ),
    False,
)


@pytest.mark.parametrize(
    ("change", "band", "status"),
    [
        ({}, "negative", "assessed"),
        ({"fit_positive": True}, "positive", "assessed"),
        ({"chronic_diarrhoea": True}, "negative", "assessed"),
        ({"chronic_diarrhoea": True, "mucous_bloody_stool": True}, "positive", "assessed"),
        ({"chronic_diarrhoea": True, "mucous_bloody_stool": None}, None, "missing"),
        ({"mucous_bloody_stool": None}, "negative", "assessed"),
        ({"chronic_diarrhoea": True, "mucous_bloody_stool": True, "fit_positive": None}, "positive", "assessed"),
    ],
)
def test_two_of_six_make_the_colorectal_form_positive_and_one_unknown_may_not_matter(assess, change, band, status):
    (result,) = assess("crc_questionnaire_cn", {"age_years": 60} | CRC | change)
    assert (result["band"], result["status"]) == (band, status)


@pytest.mark.parametrize(
    ("person", "points", "band"),
    [
        ((49, "female", False, False), 0, "average"),
        ((50, "male", False, False), 3, "moderate"),
        ((70, "male", True, True), 7, "high"),
    ],
)
def test_the_asia_pacific_colorectal_score(assess, person, points, band):
    names = ("age_years", "sex", "family_history_crc", "ever_smoker")
    (result,) = assess("apcs_2011", dict(zip(names, person, strict=True)))
    assert result["value"] == {"score": points, "band": band}


@pytest.mark.parametrize(
    ("hp", "first", "ratio", "group", "percent"),
    [(False, 71, 2, "A", 0.04), (True, 60, 3.1, "B", 0.06), (True, 70, 3, "C", 0.35), (False, 70, 3, "D", 0.6)],
)
def test_the_abc_method(assess, hp, first, ratio, group, percent):
    tests = {"hp_positive": hp, "pepsinogen_1_ng_ml": first, "pepsinogen_1_2_ratio": ratio}
    (result,) = assess("gastric_abc", tests)
    assert result["value"] == {"group": group, "annual_percent": percent}


WOMAN = {"sex": "female", "age_years": 40}
CERVIX = WOMAN | {"visible_abnormality": False, "hrhpv": "not_done", "cytology": "not_done", "colposcopy": "not_done"}


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({}, "test"),
        ({"hrhpv": "negative"}, "routine_5_years"),
        ({"cytology": "normal"}, "routine_3_years"),
        ({"hrhpv": "type_16_18"}, "colposcopy"),
        ({"hrhpv": "other_high_risk"}, "cytology"),
        ({"hrhpv": "other_high_risk", "cytology": "abnormal"}, "colposcopy"),
        ({"hrhpv": "other_high_risk", "cytology": "normal"}, "repeat_12_months"),
        ({"visible_abnormality": True, "hrhpv": "negative"}, "colposcopy"),
        ({"hrhpv": "type_16_18", "colposcopy": "abnormal"}, "biopsy"),
    ],
)
def test_the_next_step_of_cervical_screening(assess, change, step):
    (result,) = assess("cervical_screening_2022", CERVIX | change)
    assert result["value"] == {"next_step": step}


@pytest.mark.parametrize(
    ("ultrasound", "mammogram", "step"),
    [
        (1, None, "routine"),
        (2, None, "routine"),
        (0, None, "mammography"),
        (3, None, "mammography"),
        (4, None, "biopsy"),
        (3, 1, "routine"),
        (3, 0, "specialist_review"),
        (0, 5, "biopsy"),
    ],
)
def test_the_next_step_of_breast_screening(assess, ultrasound, mammogram, step):
    (result,) = assess(
        "breast_screening_2022", WOMAN | {"ultrasound_birads": ultrasound, "mammogram_birads": mammogram}
    )
    assert result["value"] == {"next_step": step}


def test_two_cancers_are_screened_in_women_from_35_to_64(assess):
    people = [
        CERVIX | change
        for change in ({"sex": "male"}, {"age_years": 34.9}, {"age_years": 65}, {"screened_in_cycle": True})
    ]
    statuses = [one["status"] for one in assess("cervical_screening_2022", *people)]
    assert statuses == ["out_of_population"] * 3 + ["not_applicable"]


@pytest.mark.parametrize(
    ("scores", "total", "band"),
    [
        ((0, 0, 0, 0, 0), 0, "self-caring"),
        ((3, 0, 0, 0, 0), 3, "self-caring"),
        ((3, 1, 0, 0, 0), 4, "mild dependence"),
        ((3, 1, 3, 1, 1), 9, "moderate dependence"),
        ((5, 3, 5, 5, 1), 19, "unable"),
    ],
)
def test_the_self_care_of_older_people(assess, scores, total, band):
    names = ("eating", "grooming_bathing", "dressing", "toileting", "mobility")
    (result,) = assess("elderly_self_care", dict(zip(names, scores, strict=True)))
    assert result["value"] == {"score": total, "band": band}


def test_a_self_care_mark_that_the_form_does_not_have_is_rejected(assess):
    (result,) = assess("elderly_self_care", {"eating": 4})
    assert result["status"] == "rejected"
    assert result["reasons"]["rejected"] == ["eating: not one of 0, 3, 5"]


def thirty_three(**answers):
    items = [answers.get(f"i{at}", 1) for at in range(1, 34)]
    return {"items": items}


def test_the_33_items_of_older_people(assess):
    calm = {"i1": 5, "i2": 1, "i4": 1, "i5": 1, "i13": 1}
    damp = calm | {"i9": 5, "i16": 4, "i28": 1, "i32": 1}
    balanced, confirmed, leaning = assess(
        "tcm_constitution_33_verdict",
        thirty_three(**calm),
        thirty_three(**damp),
        thirty_three(**(damp | {"i16": 2})),
    )
    assert balanced["value"]["final"] == "是平和质"
    assert confirmed["value"]["final"] == "是痰湿质"
    assert leaning["value"]["final"] == "基本是平和质，有痰湿质倾向"


def test_sixty_answers_give_the_transformed_scores(assess):
    sizes = {
        "pinghe": 8,
        "qixu": 8,
        "yangxu": 7,
        "yinxu": 8,
        "tanshi": 8,
        "shire": 6,
        "xueyu": 7,
        "qiyu": 7,
        "tebing": 7,
    }
    answers = {name: [1] * size for name, size in sizes.items()}
    answers["pinghe"] = [5, 1, 1, 1, 1, 5, 1, 1]
    (result,) = assess("tcm_constitution_60_verdict", answers | {"qixu": [3] * 8})
    assert result["reasons"]["contributions"]["pinghe"] == 100
    assert result["reasons"]["contributions"]["qixu"] == 50
    assert result["value"]["final"] == "是气虚质"


def test_untestable_items_of_the_stroke_scale_score_nothing(assess):
    (result,) = assess("nihss", {"items": [1] * 6 + [9] * 5 + [1, 1, 9, 1]})
    assert result["value"] == 9


def test_filtration_from_creatinine_and_cystatin(assess):
    person = {"serum_creatinine_mg_dl": 0.9, "cystatin_c_mg_l": 0.8, "age_years": 50, "sex": "male"}
    (result,) = assess("ckd_epi_2021_creatinine_cystatin_egfr", person)
    assert result["value"] == pytest.approx(135 * math.pow(0.9961, 50))
