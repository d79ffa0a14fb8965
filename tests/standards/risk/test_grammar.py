import pytest

from catchment.standards.risk.definition import DefinitionError
from catchment.standards.risk.grammar import parse


def test_names_are_those_that_are_read():
    assert parse("where(sex == 'male', 1, bmi / 2)", "x").names == {"sex", "bmi"}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a.b",
        "a[0]",
        "lambda: 1",
        "[x for x in y]",
        "f(1)",
        "exp(1, 2)",
        "a := 1",
        "None",
        "a if b else c",
    ],
)
def test_what_is_not_the_language_is_refused_by_name(text):
    with pytest.raises(DefinitionError, match=r"m\.yaml: let\.x"):
        parse(text, "m.yaml: let.x")
