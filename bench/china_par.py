"""China-PAR as a plain program has it: one person after the other, with all that the compiled model says of them.

Value, band, status, what is missing, out of range or excluded, and the alerts; not the contributions.
"""

from math import exp, log

MODEL = "china_par_10y_ascvd_percent"
_NEEDED = (
    "sex", "age_years", "sbp_mmhg", "on_antihypertensive", "total_cholesterol_mg_dl", "hdl_c_mg_dl", "waist_cm",
    "current_smoker", "diabetes", "north_of_yangtze",
)  # fmt: skip
_OF_MEN = ("urban", "family_history_ascvd")
_RANGES = {
    "age_years": (0, 120), "sbp_mmhg": (70, 200), "dbp_mmhg": (40, 140), "total_cholesterol_mg_dl": (80, 400),
    "hdl_c_mg_dl": (20, 130), "waist_cm": (50, 130),
}  # fmt: skip


def assess(person):
    """What the model says of one person, given as a dictionary of its inputs with None for what is not known."""
    one = dict(person)
    for name in ("total_cholesterol", "hdl_c"):
        if one.get(f"{name}_mg_dl") is None and one.get(f"{name}_mmol_l") is not None:
            one[f"{name}_mg_dl"] = one[f"{name}_mmol_l"] / 0.0259
    rejected = [n for n, (low, high) in _RANGES.items() if one.get(n) is not None and not low <= one[n] <= high]
    if one.get("sex") not in (None, "male", "female"):
        rejected.append("sex")
    for name in rejected:
        one[name] = None
    sex, age = one.get("sex"), one.get("age_years")
    wanted = _NEEDED + (_OF_MEN if sex != "female" else ())
    missing = [name for name in wanted if one.get(name) is None]
    outside = age is not None and not 20 <= age <= 85
    excluded = [key for key, holds in (("age", outside), ("known_cvd", one.get("known_cvd"))) if holds]
    value = _score(one) if _can(one, sex) else None
    status = _status(outside, one.get("known_cvd"), rejected, age, value)
    if status != "assessed":
        value = None
    band = None if value is None else "low" if value < 5 else "medium" if value < 10 else "high"
    return {
        "value": value, "band": band, "status": status, "missing": missing, "rejected": rejected, "excluded": excluded,
        "unconfirmed": one.get("known_cvd") is None, "alerts": _alerts(one, sex, age),
    }  # fmt: skip


def _status(outside, known, rejected, age, value):
    if outside:
        return "out_of_population"
    if known:
        return "not_applicable"
    if rejected:
        return "rejected"
    return "missing" if age is None or value is None else "assessed"


def _can(one, sex):
    needed = _NEEDED + (_OF_MEN if sex == "male" else ())
    return sex is not None and all(one.get(name) is not None for name in needed) and one["age_years"] > 0


def _score(one):
    age, pressure = log(one["age_years"]), log(one["sbp_mmhg"])
    treated, untreated = (pressure, 0.0) if one["on_antihypertensive"] else (0.0, pressure)
    chol, hdl, waist = log(one["total_cholesterol_mg_dl"]), log(one["hdl_c_mg_dl"]), log(one["waist_cm"])
    smoker, diabetes, north = one["current_smoker"], one["diabetes"], one["north_of_yangtze"]
    if one["sex"] == "male":
        urban, family = one["urban"], one["family_history_ascvd"]
        z = (
            31.967069 * age + 27.387635 * treated + 26.147460 * untreated + 0.620398 * chol - 0.694915 * hdl
            - 0.711405 * waist + 3.955157 * smoker + 0.357665 * diabetes + 0.475000 * north - 0.163736 * urban
            + 6.218260 * family - 6.018078 * age * treated - 5.730988 * age * untreated - 0.938848 * age * smoker
            - 1.533253 * age * family - 144.193423
        )  # fmt: skip
    else:
        z = (
            24.873889 * age + 20.708617 * treated + 19.980088 * untreated + 0.057833 * chol - 0.217058 * hdl
            + 1.475006 * waist + 0.494941 * smoker + 0.567037 * diabetes + 0.543819 * north
            - 4.527996 * age * treated - 4.359624 * age * untreated - 121.453500
        )  # fmt: skip
    return 100 * (1 - exp(-exp(z)))


def _alerts(one, sex, age):
    waist, sbp, dbp = one.get("waist_cm"), one.get("sbp_mmhg"), one.get("dbp_mmhg")
    wide = waist is not None and sex is not None and waist >= (90 if sex == "male" else 85)
    high = (sbp is not None and sbp >= 140) or (dbp is not None and dbp >= 90)
    fat = one.get("total_cholesterol_mg_dl")
    told = (age is not None and age < 35, wide, high, fat is not None and fat >= 240)
    return [number for number, holds in enumerate(told) if holds]


def check(people, flat):
    """Raise where the loop and the engine do not say the same of somebody; `flat` is by `row_`."""
    for row in flat:
        mine = assess(people[row["row_"]])
        same = (mine["status"], mine["band"]) == (row["status"], row["band"])
        value = row["value__value"]
        if not same or (value is not None and abs(value - mine["value"]) > 1e-9 * max(1, abs(value))):
            raise AssertionError(f"{MODEL}: loop and engine differ: {mine} {row['status']} {row['band']} {value}")
        for name in ("missing", "rejected", "excluded", "alerts"):
            if len(mine[name]) != len([one for one in row[name].split("|") if one]):
                raise AssertionError(f"{MODEL}: loop and engine differ in {name}: {mine[name]} {row[name]}")
