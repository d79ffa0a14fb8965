"""The demo on a machine that has nothing yet: founded, lived in, furnished, and its maps answer."""

import os
import re
import socket
import subprocess
import sys
import time

import httpx
import pytest

pytestmark = pytest.mark.slow
PATIENCE = 600


@pytest.fixture
def demo(tmp_path):
    """The address of a demo of 2,000 people just built, so that the process has computed before it serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = os.environ | {"CATCHMENT_HOME": str(tmp_path / "home")}
    program = [sys.executable, "-m", "catchment", "demo", "--people", "2000", "--port", str(port)]
    process = subprocess.Popen(program, env=given)
    try:
        yield _ready(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _ready(address, process):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{address}/health/ready").status_code == 200:
                return address
        except httpx.TransportError:
            time.sleep(1)
    pytest.fail("the demo did not come up")


def test_a_visitor_enters_as_the_manager_and_the_pages_that_count_answer(demo):
    with httpx.Client(base_url=demo, timeout=60, follow_redirects=True) as visitor:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.get("/tour").text)[1]
        entered = visitor.post(
            "/enter-as", data={"who": "demo-jiang.yuanzhang", "csrfmiddlewaretoken": token}, headers={"Referer": demo}
        )
        assert entered.status_code == 200
        for page in ("/cockpit/", "/atlas/", "/measures/") * 2:
            assert visitor.get(page).status_code == 200, page
