"""The lake on the command line: filled, shown, proved; a mistake is one clear line."""

import json

import pytest
from typer.testing import CliRunner

import county as small
from catchment.kernel import lake
from catchment.kernel.lake import manifest
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.models import Post
from catchment.site.cli import app
from catchment.site.cli.output import CommandError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def county(transactional_db, tmp_path, monkeypatch):
    from catchment.site.cli import running

    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))
    monkeypatch.setattr(running, "ready", lambda: None)
    rulebook.forget()
    yield small.build()
    rulebook.forget()


def told(*command):
    done = CliRunner().invoke(app, ["lake", *command, "--json"], catch_exceptions=False)
    return done.exit_code, json.loads(done.stdout)


def test_a_lake_is_filled_shown_and_proved():
    code, done = told("refresh")
    assert (code, done["full"], done["rows"]["people"]) == (0, True, 1)
    assert told("refresh")[1]["rows"] == {}
    code, checked = told("check")
    assert (code, checked["sound"], checked["differing"]) == (0, True, [])
    shown = told("status")[1]
    assert {line["table"]: line["rows"] for line in shown["tables"]}["people"] == 1
    assert not shown["interrupted"]


def test_what_changed_since_is_told_and_passed_over():
    told("refresh")
    Post.objects.update(since="2024-05-01")
    small.make_person("李一", None, None)
    assert {line["table"]: line["waiting"] for line in told("status")[1]["tables"]}["people"] == 1
    code, checked = told("check")
    assert (code, checked["sound"]) == (0, True)
    spans = {"residences", "coverages", "responsibilities"}
    assert {part.split("/")[0] for part in checked["waiting"]} == {"people", "posts"} | spans


def test_a_lake_that_lies_ends_with_code_one():
    told("refresh")
    manifest.current().files("places")[0].unlink()
    code, checked = told("check")
    assert (code, checked["differing"]) == (1, ["places/all"])
    assert told("refresh", "--full")[1]["full"]
    assert told("check")[0] == 0


@pytest.mark.parametrize("command", ["check", "status"])
def test_without_a_lake_the_command_says_what_to_do(command):
    with pytest.raises(CommandError, match="catchment lake refresh"):
        told(command)


def test_the_lake_of_another_database_is_written_anew():
    told("refresh")
    state = manifest.current()
    state.origin = "another/1/1"
    manifest.switch(state)
    assert told("refresh")[1]["full"]
    assert told("check")[1]["sound"]


def test_a_table_that_is_stated_otherwise_is_written_anew():
    told("refresh")
    state = manifest.current()
    state.tables["places"].digest = "older"
    manifest.switch(state)
    assert told("refresh")[1]["partitions"] == {"places": 1}
    assert list(lake.tables()) == list(manifest.current().tables)
