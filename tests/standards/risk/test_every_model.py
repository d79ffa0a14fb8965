"""What must hold of every model: its ranges, its units, what is not known, its direction, what would change its band."""

import random

import pytest

from catchment.standards.risk import catalogue
from catchment.standards.risk.catalogue import definitions
from catchment.standards.risk.explanation import explain
from catchment.standards.risk.running import Runner

from .people import people

MODELS = [one.model for one in definitions()]
UP, DOWN = 1, -1
DIRECTION = {
    "abcd2": {"age_years": UP, "sbp_mmhg": UP, "dbp_mmhg": UP, "duration_min": UP, "diabetes": UP},
    "amap_score": {"age_years": UP, "bilirubin_umol_l": UP, "albumin_g_l": DOWN, "platelets_10e9_l": DOWN},
    "apcs_2011": {"age_years": UP, "family_history_crc": UP, "ever_smoker": UP},
    "apri": {"ast_u_l": UP, "ast_uln_u_l": DOWN, "platelets_10e9_l": DOWN},
    "barthel": {"feeding": UP, "transfers": UP, "stairs": UP},
    "china_par_10y_ascvd_percent": {"sbp_mmhg": UP, "hdl_c_mg_dl": DOWN, "diabetes": UP, "north_of_yangtze": UP},
    "china_par_lifetime_ascvd_percent": {
        "sbp_mmhg": UP, "total_cholesterol_mg_dl": UP, "hdl_c_mg_dl": DOWN, "current_smoker": UP, "diabetes": UP,
    },
    "ckd_epi_2021_creatinine_cystatin_egfr": {
        "serum_creatinine_mg_dl": DOWN, "cystatin_c_mg_l": DOWN, "age_years": DOWN,
    },
    "ckd_epi_2021_creatinine_egfr": {"serum_creatinine_mg_dl": DOWN, "age_years": DOWN},
    "elderly_self_care": {"eating": UP, "grooming_bathing": UP, "dressing": UP, "toileting": UP, "mobility": UP},
    "fib4": {"age_years": UP, "ast_u_l": UP, "alt_u_l": DOWN, "platelets_10e9_l": DOWN},
    "findrisc": {"age_years": UP, "bmi_kg_m2": UP, "waist_cm": UP, "active_30min_daily": DOWN},
    "framingham_atp3_2001_hard_chd_10y_percent": {"sbp_mmhg": UP, "hdl_c_mg_dl": DOWN},
    "framingham_cvd_2008_10y": {
        "age_years": UP, "sbp_mmhg": UP, "total_cholesterol_mg_dl": UP, "hdl_c_mg_dl": DOWN, "current_smoker": UP,
        "diabetes": UP,
    },
    "grace_2003_inhospital": {
        "sbp_mmhg": DOWN, "heart_rate": UP, "age_years": UP, "creatinine_mg_dl": UP, "cardiac_arrest": UP,
    },
    "heart_score": {"age_years": UP, "risk_factor_count": UP, "troponin_multiple_of_uln": UP},
    "new_chinese_diabetes_risk_score": {
        "age_years": UP, "sbp_mmhg": UP, "waist_cm": UP, "bmi_kg_m2": UP, "family_history_diabetes": UP,
    },
    "nihss": {"items_1": UP, "items_7": UP, "items_15": UP},
    "phq9": {f"items_{at}": UP for at in range(1, 10)},
    "plcom2012_6y_probability": {"age_years": UP, "bmi_kg_m2": DOWN, "copd": UP, "smoking_years": UP},
    "qsofa": {"respiratory_rate": UP, "sbp_mmhg": DOWN, "altered_mentation": UP},
    "stroke_8_factor": {"current_smoker": UP, "diabetes": UP, "family_history_stroke": UP},
    "timi_stemi": {"age_years": UP, "sbp_mmhg": DOWN, "heart_rate": UP, "hours_to_treatment": UP},
    "timi_ua_nstemi": {"age_years": UP, "positive_marker": UP},
    "who_cvd_2019_lab_east_asia_10y_percent": {"sbp_mmhg": UP, "diabetes": UP, "current_smoker": UP},
}  # fmt: skip
"""Where more of one input, all else as it is, can only mean more (or less) of the score, whoever the person is."""
UNITS = {
    ("total_cholesterol_mg_dl", "total_cholesterol_mmol_l"): 38.67,
    ("hdl_c_mg_dl", "hdl_c_mmol_l"): 38.67,
    ("total_cholesterol_mmol_l", "total_cholesterol_mg_dl"): 1 / 38.67,
    ("serum_creatinine_mg_dl", "serum_creatinine_umol_l"): 1 / 88.4,
    ("creatinine_mg_dl", "creatinine_umol_l"): 1 / 88.4,
    ("bilirubin_umol_l", "bilirubin_mg_dl"): 17.1,
}
"""How much of an input one unit of its alternative is; China-PAR has a factor of its own."""
SCORES = ("score", "score_rounded", "count")
CHINA_PAR_LIPIDS = 1 / 0.0259


def assessed(assess, model, most=12):
    """People of whom every input is known, within its range, and whom the model assesses."""
    definition = catalogue.definition(model)
    for seed in range(7, 12):
        rows = people(definition, 400, seed=seed).drop("row_").to_dicts()
        told = [{name: value for name, value in row.items() if value is not None} for row in rows]
        needed = {one.name for one in definition.columns() if not one.optional}
        told = [row for row in told if needed <= row.keys()] or told
        found = [row for row, result in zip(told, assess(model, *told), strict=True) if result["status"] == "assessed"]
        if found:
            return found[:most]
    pytest.skip(f"nobody whom {model} assesses is met by chance")


def untroubled(person):
    """The same person without any of the troubles that may be counted."""
    calm = {name: False for name, value in person.items() if isinstance(value, bool)}
    return {**person, **calm, **{name: 0.0 for name in person if name.endswith("_count")}}


def score(result):
    """The number that a value is or holds."""
    value = result["value"]
    return next((value[name] for name in SCORES if name in value), None) if isinstance(value, dict) else value


def factor(model, pair):
    lipids = pair[0].endswith("mg_dl") and pair[1].endswith("mmol_l")
    return CHINA_PAR_LIPIDS if model.startswith("china_par") and lipids else UNITS[pair]


@pytest.mark.parametrize("model", MODELS)
def test_the_ends_of_each_range_are_allowed_and_nothing_beyond(assess, model):
    ranged = [one for one in catalogue.definition(model).columns() if one.low is not None and one.high is not None]
    ranged = [one for one in ranged if not one.only]
    tried = [
        (one.name, value, inside)
        for one in ranged
        for value, inside in ((one.low, True), (one.high, True), (one.low - 1, False), (one.high + 1, False))
        if value not in one.also
    ]
    if not tried:
        return
    results = assess(model, *({name: value} for name, value, _inside in tried))
    for (name, value, inside), result in zip(tried, results, strict=True):
        rejected = any(one.startswith(f"{name}:") for one in result["reasons"]["rejected"])
        assert rejected is not inside, (name, value)
        assert inside or result["value"] is None or result["status"] != "assessed", (name, value)


@pytest.mark.parametrize("model", DIRECTION)
def test_the_score_only_goes_the_way_it_should(assess, model):
    chance, base = random.Random(3), assessed(assess, model)
    known = {one.name: one for one in catalogue.definition(model).columns()}
    for name, sign in DIRECTION[model].items():
        one, pairs = known[name], []
        for person in base:
            low, high = one.low or 0, one.high or 0
            ends = sorted(low + (high - low) * chance.random() ** chance.choice((1, 3, 9)) for _ in range(2))
            if one.only:
                ends = sorted(chance.sample(one.only, 2))
            if one.kind == "boolean":
                ends = [False, True]
            pairs += [{**person, name: end} for end in ends]
        results = assess(model, *pairs)
        moved = [
            sign * (score(more) - score(less))
            for less, more in zip(results[::2], results[1::2], strict=True)
            if less["status"] == more["status"] == "assessed"
        ]
        assert all(step >= -1e-9 for step in moved), name
        if name != "age_years":
            assert any(step > 0 for step in moved), f"{name} never moved the score, so nothing was tested"


@pytest.mark.parametrize(
    ("model", "pair"),
    [
        (one.model, (told.name, other.name))
        for one in definitions()
        for told in one.columns()
        for other in told.alternatives
        if (told.name, other.name) in UNITS
    ],
)
def test_the_same_amount_in_another_unit_gives_the_same(assess, model, pair):
    given = next(one for one in catalogue.definition(model).columns() if one.name == pair[0])
    base = [one for one in assessed(assess, model) if one.get(pair[0], given.low) not in (given.low, given.high)]
    others = [{**one, pair[1]: one[pair[0]] / factor(model, pair)} for one in base]
    for one in others:
        del one[pair[0]]
    for here, there in zip(assess(model, *base), assess(model, *others), strict=True):
        assert score(there) == pytest.approx(score(here), rel=1e-9)
        assert there["band"] == here["band"]
    wrong = assess(model, *({**one, pair[1]: one[pair[1]] * 1.5} for one in others))
    assert any(there["value"] != here["value"] for here, there in zip(assess(model, *base), wrong, strict=True))


@pytest.mark.parametrize("model", MODELS)
def test_what_is_not_known_never_changes_what_is_told(assess, model):
    """Without an input there is either no value, or the input could not have mattered and the value stands."""
    base = assessed(assess, model, most=3)
    needed = [one.name for one in catalogue.definition(model).columns() if not one.optional]
    lacking = [(person, name) for person in base for name in needed if name in person]
    results = assess(model, *({key: value for key, value in person.items() if key != name} for person, name in lacking))
    whole = {id(person): result for person, result in zip(base, assess(model, *base), strict=True)}
    silent = 0
    for (person, name), result in zip(lacking, results, strict=True):
        if result["status"] == "assessed":
            silent += result["value"] is None
            told = whole[id(person)]
            assert result["band"] in {told["band"], None}, (name, person)
        else:
            assert name in result["reasons"]["missing"] or result["band"] is None, (name, result)
    assert silent == 0


CHANGING = [one.model for one in definitions() if any(given.modifiable for given in one.columns())]


@pytest.mark.parametrize("model", CHANGING)
def test_what_is_told_to_change_the_band_changes_it_and_just_before_it_does_not(duckdb_engine, assess, model):
    runner, told = Runner(catalogue.definition(model), duckdb_engine), 0
    for person in (one for told in assessed(assess, model) for one in (told, untroubled(told))):
        found = explain(runner, person)
        for change in found.changes:
            told += 1
            (there,) = assess(model, {**person, change.input: change.nearest})
            assert there["band"] == change.band != found.assessment["band"], change
            if not isinstance(change.nearest, bool):
                before = change.now + 0.98 * (change.nearest - change.now)
                (nearly,) = assess(model, {**person, change.input: before})
                assert nearly["band"] in {found.assessment["band"], None}, change
        if told:
            return
    assert not any(one["band"] for one in assess(model, *assessed(assess, model))), "nothing was told"
