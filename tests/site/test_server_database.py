"""The same behaviour on a server of the user's own, named by `DATABASE_URL`: Debian's PostgreSQL."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servers import own_server

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server_url():
    with own_server() as server:
        yield server.url


@pytest.fixture
def environment(server_url, tmp_path):
    return {
        **os.environ,
        "DATABASE_URL": server_url,
        "CATCHMENT_HOME": str(tmp_path),
        "PYTHONPATH": str(PROJECT / "src"),
    }


def test_the_command_line_sets_up_a_server_of_the_users_own(environment, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "catchment", "migrate", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(json.loads(done.stdout)["published"]) >= 5
    assert not (tmp_path / "postgres").exists()


def test_nothing_is_there_to_be_stopped_on_a_server_of_the_users_own(environment):
    done = subprocess.run(
        [sys.executable, "-m", "catchment", "stop", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"stopped": False}


def test_the_referral_loop_and_its_api_behave_the_same(environment, tmp_path):
    suites = ["tests/rooms/referral/test_loop.py", "tests/site/test_api.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", *suites],
        env={**environment, "CATCHMENT_TEST_HOME": str(tmp_path)}, cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_an_address_that_is_none_is_refused_with_the_form_it_must_have(environment):
    wrong = {**environment, "DATABASE_URL": "mysql://somewhere"}
    done = subprocess.run(
        [sys.executable, "-m", "catchment", "migrate"], env=wrong, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "postgresql://user:password@host:5432/database" in done.stderr
