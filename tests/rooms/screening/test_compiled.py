"""What was compiled once is used by the next process, and made anew where it cannot be read or something has changed."""

from datetime import date

import pyarrow as pa
import pytest
from django.db import connection

from catchment.kernel import database
from catchment.rooms.screening.queries import compiled
from catchment.rooms.screening.queries.assessing import ask_few, plan_on
from catchment.rooms.screening.queries.compiled import Question
from county import NOW

WANTED = pa.schema([("person_key", pa.int64()), ("at", pa.date32())])


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Ask for a statement, as a process that has asked for none; how often one was made so far."""
    monkeypatch.setenv(database.HOME_VARIABLE, str(tmp_path))
    times = []

    def ask(mark="m", name="a"):
        def make():
            times.append(name)
            return Question("select 1", WANTED)

        monkeypatch.setattr(compiled, "_kept", {})
        assert compiled.question(mark, name, make) == Question("select 1", WANTED)
        return len(times)

    return ask


def test_the_next_process_finds_it_and_another_mark_or_name_does_not(made):
    assert [made(), made(), made(mark="n"), made(name="b"), made()] == [1, 1, 2, 3, 3]


def test_what_is_broken_is_made_anew(made, tmp_path):
    made()
    (path,) = tmp_path.rglob("*.json")
    path.write_text('{"text": "select 2"', encoding="utf-8")
    assert [made(), made()] == [2, 2]


def test_without_a_mark_nothing_is_kept(made, tmp_path):
    assert [made(mark=""), made(mark="")] == [1, 2]
    assert not list(tmp_path.rglob("*.json"))


def test_old_sets_go(made, tmp_path):
    for number in range(12):
        made(mark=f"m{number}")
    assert len(list(tmp_path.rglob("m*/a.json"))) == 8


def test_another_edition_makes_another_mark(county, publish):
    publish("hypertension")
    first = plan_on(NOW.date())
    publish("hypertension", since=date(2026, 2, 1), interval_days=100)
    assert plan_on(NOW.date()).mark != first.mark
    assert plan_on(NOW.date()).mark == plan_on(NOW.date()).mark


def test_a_statement_for_one_person_is_planned_once_in_a_session(county, publish, pressure):
    publish("hypertension")
    pressure(county.person, 152, 88)
    connection.ensure_connection()
    before = connection.connection.prepare_threshold
    for _ in range(3):
        ask_few(NOW.date(), [county.person.person_key])
    with connection.cursor() as cursor:
        cursor.execute(
            "select generic_plans, custom_plans from pg_prepared_statements where statement like '%screening_people%'"
        )
        assert cursor.fetchall() == [(3, 0)]
    assert connection.connection.prepare_threshold == before
