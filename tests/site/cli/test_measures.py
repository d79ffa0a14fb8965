"""`catchment measures`: what cannot be computed or written is refused with the way out."""

import pytest
from typer.testing import CliRunner

from catchment.rooms.measures.models import Run
from catchment.site.cli import app, output


@pytest.fixture(autouse=True)
def here(db, county, monkeypatch, tmp_path):
    monkeypatch.setattr("catchment.site.cli.running.ready", lambda: None)
    monkeypatch.setenv("ANALYTICS_URL", "postgresql")
    monkeypatch.chdir(tmp_path)


def told(capsys, *words):
    with pytest.raises(SystemExit), output.clear_errors():
        CliRunner().invoke(app, ["measures", *words], catch_exceptions=False)
    return capsys.readouterr().err


SET = ("--set", "national-2024")


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (("run", *SET, "--period", "2099"), "2099"),
        (("run", *SET, "--period", "2025-13"), "write 2025, 2025Q3, 2025-09, 2025-09-12m"),
        (("run", *SET, "--period", "2025", "--level", "moon"), "write one of county, township, village, facility"),
        (("run", *SET, "--period", "2025", "--scope", "nowhere"), "`catchment places list --json` has the codes"),
        (("report", *SET, "--period", "2025", "--out", "a.csv"), "let the name end in .xlsx"),
        (("report", *SET, "--period", "2025", "--out", "a.xlsx", "--level", "moon"), "write one of county"),
    ],
)
def test_a_mistake_is_named_with_the_way_out(capsys, words, way_out):
    assert way_out in told(capsys, *words)
    assert not Run.objects.exists()


def test_an_engine_that_does_not_answer_is_named(capsys, monkeypatch):
    monkeypatch.setenv("ANALYTICS_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert "the database for analysis cannot be reached" in told(capsys, "run", *SET, "--period", "2025")
