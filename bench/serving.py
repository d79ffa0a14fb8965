"""The site under test: two web processes on one database, as a county would run it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

PROGRAM = """
from granian import Granian
from granian.constants import Interfaces
import sys
Granian("catchment.site.wsgi:application", port=int(sys.argv[1]), interface=Interfaces.WSGI, workers=2,
        blocking_threads=4, log_enabled=False).serve()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def site(home: str, *, walls: bool = True):
    """Run the site of a home folder on a free port until the block ends; yields the port.

    Without `walls` the same pages are served to the tables' owner, whom no policy holds.
    """
    port = free_port()
    environment = {
        **os.environ,
        "CATCHMENT_HOME": home,
        "CATCHMENT_LOGIN": "application" if walls else "",
        "BENCH_WALLS": "" if walls else "off",
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(port)], env=environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the site did not come up")
