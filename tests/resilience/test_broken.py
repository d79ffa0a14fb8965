"""A full disk, a database that is away for a while, a clock that is set back: under load, and nothing is lost or half done."""

import glob
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from loaded import FOUND, JUDGE, Client, House, answered, until
from servers import own_server
from tiny import fill, tiny_disk

pytestmark = pytest.mark.slow
CLIENTS = 3
SMALL = ("max_wal_size=48MB", "min_wal_size=32MB", "shared_buffers=32MB", "wal_recycle=off")


@contextmanager
def under_load(own, **serving):
    """The site and worker on a server, with clients at work; leads to what they were told, once it is over."""
    home = Path(tempfile.mkdtemp(prefix="catchment-broken-"))
    house = House(home, own, **serving)
    told = house.python(FOUND.format(old=0))
    house.begin("serve")
    house.begin("worker")
    stop = threading.Event()
    clients = [Client(house, told["person"], stop) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        until(lambda: sum(len(client.acknowledged) for client in clients) > 5, "nothing was acknowledged at first")
        yield house, clients
        before = answered(clients)
        until(lambda: answered(clients) > before + 10, "nothing was acknowledged afterwards")
    finally:
        stop.set()
        for client in clients:
            client.join()
        judged(house, clients)
        house.end()
        shutil.rmtree(home, ignore_errors=True)


def judged(house, clients):
    found = house.python(JUDGE)
    acknowledged = {key: state for client in clients for key, state in client.acknowledged.items()}
    codes = sum((client.codes for client in clients), Counter())
    sys.stdout.write(f"{len(acknowledged)} acknowledged, codes {dict(codes)}\n")
    unclear = [one for client in clients for one in client.unclear]
    assert unclear == [], unclear[:3]
    assert {key: found["states"].get(key) for key in acknowledged} == acknowledged
    assert len(found["states"]) == len(acknowledged)
    assert not any(found["half"].values()), found["half"]
    assert found["breaks"] == 0


def codes(clients):
    return sum((client.codes for client in clients), Counter())


def test_a_database_without_room_says_so_and_goes_on_when_there_is_some(tmp_path):
    with tiny_disk(Path(tempfile.mkdtemp(prefix="catchment-tiny-")), "420m") as disk, own_server(disk, *SMALL) as own:
        with under_load(own) as (_house, clients):
            ballast = fill(disk)
            until(
                lambda: codes(clients)["disk-full"] + codes(clients)["database-unavailable"] > 3,
                "the full disk was not told",
            )
            time.sleep(5)
            ballast.unlink()
            if not (own.data / "postmaster.pid").exists():
                own.start()
        assert codes(clients)["disk-full"] > 0


def test_a_database_that_is_away_for_ten_seconds_is_told_and_comes_back():
    with own_server() as own, under_load(own) as (_house, clients):
        own.stop()
        time.sleep(10)
        own.start()
        assert codes(clients)["database-unavailable"] > 0


def test_a_clock_set_back_two_hours_and_on_again_breaks_nothing(tmp_path):
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")  # noqa: PTH207 a pattern over folders of the system
    assert found, "libfaketime is missing: run tools/system-packages clock"
    clock = tmp_path / "clock"
    clock.write_text("+0")
    serving = {
        "LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    with own_server() as own, under_load(own, **serving) as (_house, clients):
        for offset in ("-2h", "+0", "+3h", "-1d", "+0"):
            before = answered(clients)
            clock.write_text(offset)
            until(lambda before=before: answered(clients) > before + 10, f"nothing was done at {offset}")
