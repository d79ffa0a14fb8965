"""`catchment audit`: the proof on the command line."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from typer.testing import CliRunner

from catchment.kernel import audit
from catchment.kernel.actor import system
from catchment.site.cli import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Seals go to a folder of their own; the database is the test's."""
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))
    monkeypatch.setattr("catchment.site.cli.running.ready", lambda: None)
    for _ in range(3):
        audit.record(actor=system("tester"), event="record.read", at=datetime(2026, 3, 1, tzinfo=UTC))


def run(*arguments):
    return CliRunner().invoke(app, ["audit", *arguments])


def test_verify_proves_and_gives_the_roots():
    done = run("verify", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["entries"], told["breaks"]) == (0, 3, [])


def test_verify_ends_with_1_and_names_the_first_broken_entry():
    with connection.cursor() as cursor:
        cursor.execute("update kernel_auditentry set event = 'x.y' where seq = 2 returning id")
        key = cursor.fetchone()[0]
    done = run("verify", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["breaks"][0] | {"day": ""} == {
        "day": "",
        "lane": json.loads(done.stdout)["breaks"][0]["lane"],
        "seq": 2,
        "entry": key,
        "fault": "edited",
    }


def test_the_root_given_to_an_outsider_is_compared():
    day, root = next(iter(json.loads(run("verify", "--json").stdout)["roots"].items()))
    assert run("verify", "--day", day, "--root", root).exit_code == 0
    assert run("verify", "--day", day, "--root", "0" * 64).exit_code == 1


def test_seal_writes_the_root_once():
    first, second = (json.loads(run("seal", "--json").stdout)["root"] for _ in range(2))
    assert len(first) == 64
    assert second is None
