"""What every command says of a mistake, and how its tables look to another program."""

import pytest

from catchment.kernel.errors import Invalid, Problem
from catchment.site.cli import output
from catchment.standards.analytics.errors import EngineError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (output.CommandError("there is no such thing"), "catchment: there is no such thing"),
        (Invalid(Problem("day", "write 2026-01-05")), "catchment: day: write 2026-01-05"),
        (EngineError("there is no lake"), "catchment: there is no lake"),
        (FileNotFoundError(2, "No such file", "out.csv"), "catchment: out.csv: No such file"),
    ],
)
def test_a_mistake_is_one_line_and_code_two(capsys, error, told):
    with pytest.raises(SystemExit) as end, output.clear_errors():
        raise error
    assert end.value.code == 2
    assert capsys.readouterr().err == f"{told}\n"


def test_a_table_for_another_program_breaks_no_row(capsys):
    output.show_table([{"code": "C" * 60, "name": "N" * 60, "note": "X" * 60}])
    assert f"{'C' * 60} │ {'N' * 60} │ {'X' * 60}" in capsys.readouterr().out
