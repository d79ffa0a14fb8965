import datetime as dt
from pathlib import Path

import pytest
import yaml

from catchment.standards.risk import catalogue, compiler
from catchment.standards.risk.definition import DefinitionError
from catchment.standards.risk.reading import read_definition

SOUND = """
model: sample
edition: "1"
zh: 样例
en: Sample
citation: none
evidence: S
population_zh: 成人
starts: 2020-01-01
inputs:
  age_years: {kind: number, unit: a, range: [0, 120], zh: 年龄}
let:
  score: age_years * 2
value: score
"""


def test_every_definition_loads_and_names_its_source():
    for one in catalogue.definitions():
        assert one.citation
        assert one.evidence
        assert all(each.zh for each in one.inputs), one.model


def test_every_number_input_says_what_is_allowed():
    for one in catalogue.definitions():
        for each in one.columns():
            assert each.kind != "number" or each.only or each.low is not None, (one.model, each.name)


def test_file_names_and_editions_are_unique():
    names = [(one.model, one.edition) for one in catalogue.definitions()]
    assert len(names) == len(set(names)) == len(list(catalogue.FOLDER.glob("*.yaml")))


def test_no_column_of_the_schema_is_taken_twice():
    for one in catalogue.definitions():
        assert len(compiler.schema(one)) == 2 + len(
            {
                *[each.name for each in one.columns()],
                *[
                    other.name
                    for each in one.columns()
                    for other in each.alternatives
                    if other.name not in {i.name for i in one.inputs}
                ],
            }
        )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"let": {"score": "age_year * 2"}}, "age_year"),
        ({"lett": {}}, "lett"),
        ({"citation": None}, "citation"),
        ({"let": {"score": {"of": "age_years", "steps": {"under 5": 1}}}}, "under 5"),
    ],
)
def test_a_faulty_definition_is_refused_with_the_file_and_the_field(tmp_path: Path, change, told):
    content = {key: value for key, value in (yaml.safe_load(SOUND) | change).items() if value is not None}
    path = tmp_path / "sample.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError, match=rf"(?s)sample\.yaml.*{told}"):
        read_definition(path)


def test_an_unknown_model_is_answered_with_the_closest():
    with pytest.raises(catalogue.UnknownModelError, match="findrisc"):
        catalogue.definition("findrisk")


def test_the_edition_of_a_day_is_the_one_in_force():
    with pytest.raises(catalogue.UnknownModelError):
        catalogue.definition("news2", on=dt.date(2016, 1, 1))
    assert catalogue.definition("news2", on=dt.date(2026, 1, 1)).edition == "2017"


def test_every_model_tells_what_its_inputs_contribute():
    silent = [
        one.model
        for one in catalogue.definitions()
        if not (one.parts or one.criteria or any(each.reference for each in one.columns()))
    ]
    assert silent == []
