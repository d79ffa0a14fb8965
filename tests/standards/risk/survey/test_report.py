from pathlib import Path

import pytest

from catchment.standards.analytics.engines import Engine
from catchment.standards.risk.survey import report


@pytest.mark.shared
def test_every_person_of_the_survey_is_accounted_for_by_every_model(shared: Path, duckdb_engine: Engine) -> None:
    runs = {run.model: run for run in report.model_runs(shared / "data" / "survey", duckdb_engine)}
    assert set(runs) == set(report.MODELS)
    for run in runs.values():
        assert run.people == sum(run.statuses.values()) == 20293
        assert sum(run.bands.values()) == run.statuses.get("assessed", 0) or run.model == "who_child_growth_2006_z"
    assert "assessed" not in runs["china_par_10y_ascvd_percent"].statuses
    assert "waist_cm" in runs["china_par_10y_ascvd_percent"].missing
    assert runs["who_cvd_2019_lab_east_asia_10y_percent"].statuses["assessed"] > 5000


@pytest.mark.shared
def test_the_known_points_tell_people_with_diabetes_from_others(shared: Path, duckdb_engine: Engine) -> None:
    found = {one.score: one for one in report.comparisons(shared / "data" / "survey", duckdb_engine)}
    score = found["new_chinese_diabetes_risk_score (at_least)"]
    assert 0.7 < score.low < score.area < score.high < 0.85
