"""A backup taken while the county works can be made whole elsewhere, at its end or at a moment after it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).resolve().parents[3]
WRITE = """
import time
from catchment.site.cli import running
running.ready()
from django.db import connection
from catchment.kernel import audit, clock
from catchment.kernel.actor import system
audit.record(actor=system("tests"), event="tests.before", at=clock.now())
time.sleep(1.2)
print(clock.now().isoformat())
time.sleep(1.2)
audit.record(actor=system("tests"), event="tests.after", at=clock.now())
connection.cursor().execute("select pg_switch_wal()")
time.sleep(2)
"""
EVENTS = """
from catchment.site.cli import running
running.ready()
from catchment.kernel.models import AuditEntry
print(",".join(AuditEntry.objects.filter(event__startswith="tests.").order_by("id").values_list("event", flat=True)))
"""
TAMPER = """
from catchment.site.cli import running
running.ready()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("set session_replication_role = replica")
    cursor.execute("update kernel_auditentry set actor_name = 'x' where event = 'tests.before'")
"""


class Home:
    """A Catchment of its own under a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "CATCHMENT_HOME": str(folder), "PYTHONPATH": str(PROJECT / "src")}
        self.environment.pop("CATCHMENT_DEMO", None)

    def run(self, *command):
        return self._done("-m", "catchment", *map(str, command))

    def python(self, text):
        done = self._done("-c", text)
        assert done.returncode == 0, done.stderr[-800:]
        return done.stdout.strip()

    def _done(self, *arguments):
        return subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """A home with a backup, and what happened after it: `(home, folder of backups, the moment between)`."""
    place = tmp_path_factory.mktemp("keeping")
    home = Home(place / "home")
    assert home.run("migrate").returncode == 0
    done = home.run("backup", place / "kept", "--json")
    assert done.returncode == 0, done.stderr
    moment = home.python(WRITE)
    yield home, place / "kept", moment
    home.run("stop")


def test_the_end_of_the_backup_is_made_whole_elsewhere(taken, tmp_path):
    home, kept, _moment = taken
    assert home.run("restore", kept, "--into", tmp_path / "new").returncode == 0
    new = Home(tmp_path / "new")
    assert new.python(EVENTS) == ""
    new.run("stop")


def test_any_moment_after_it_is_reached(taken, tmp_path):
    home, kept, moment = taken
    done = home.run("restore", kept, "--into", tmp_path / "new", "--at", moment)
    assert done.returncode == 0, done.stderr
    new = Home(tmp_path / "new")
    assert new.python(EVENTS) == "tests.before"
    assert new.run("audit", "verify").returncode == 0
    new.run("stop")


def test_a_moment_before_it_and_one_beyond_the_log_are_refused(taken, tmp_path):
    home, kept, _moment = taken
    early = home.run("restore", kept, "--into", tmp_path / "a", "--at", "2020-01-01T00:00:00+08:00")
    late = home.run("restore", kept, "--into", tmp_path / "b", "--at", "2099-01-01T00:00:00+08:00")
    assert (early.returncode, late.returncode) == (2, 2)
    assert "earlier backup" in early.stderr
    assert "does not reach" in late.stderr


def test_a_folder_that_holds_something_is_not_restored_into(taken, tmp_path):
    home, kept, _moment = taken
    (tmp_path / "mine").write_text("x")
    done = home.run("restore", kept, "--into", tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "mine").read_text() == "x"


def test_a_rehearsal_proves_audit_counts_and_keys_and_leaves_nothing(taken):
    home, kept, _moment = taken
    done = home.run("rehearse", kept, "--json")
    assert done.returncode == 0, done.stderr
    assert [(line["part"], line["found"]) for line in json.loads(done.stdout)] == [
        ("restore", "ok"), ("audit", "ok"), ("counts and foreign keys", "ok"),
    ]  # fmt: skip


def test_a_rehearsal_finds_a_backup_of_a_forged_audit(taken, tmp_path):
    home, _kept, _moment = taken
    home.python(TAMPER)
    time.sleep(1)
    assert home.run("backup", tmp_path / "forged").returncode == 0
    done = home.run("rehearse", tmp_path / "forged", "--json")
    assert done.returncode == 1
    assert ("audit", "broken") in [(line["part"], line["found"]) for line in json.loads(done.stdout)]


def test_no_backup_is_said_plainly(taken, tmp_path):
    done = taken[0].run("rehearse", tmp_path)
    assert done.returncode == 2
    assert "holds no backup" in done.stderr
