"""Site, worker and PostgreSQL are killed again and again under referral load; what was acknowledged stands, nothing is half done.

`CATCHMENT_KILLS` says how often in all (50).
"""

import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from loaded import FOUND, JUDGE, Client, House, answered, until
from servers import own_server

pytestmark = pytest.mark.slow
KILLS, CLIENTS, OLD = int(os.environ.get("CATCHMENT_KILLS", "50")), 4, 5


@pytest.fixture(params=["embedded", "own"])
def house(request):
    home = Path(tempfile.mkdtemp(prefix="catchment-killed-"))
    if request.param == "own":
        with own_server() as own:
            one = House(home, own)
            yield one
            one.end()
    else:
        one = House(home)
        yield one
        one.end()
    shutil.rmtree(home, ignore_errors=True)


def test_what_was_acknowledged_stands_and_nothing_is_half_done(house):
    told = house.python(FOUND.format(old=OLD))
    house.begin("serve")
    house.begin("worker")
    stop = threading.Event()
    clients = [Client(house, told["person"], stop) for _ in range(CLIENTS)]
    begun = time.monotonic()
    for client in clients:
        client.start()
    killed = Counter()
    try:
        for number in range(KILLS):
            before = answered(clients)
            until(lambda before=before: answered(clients) > before, f"nothing was done after {dict(killed)} kills")
            time.sleep(random.uniform(0, 2))
            name = ("postgres", "serve", "worker")[number % 3]
            house.kill(name)
            killed[name] += 1
        time.sleep(75)
    finally:
        stop.set()
        for client in clients:
            client.join()
    found = house.python(JUDGE)
    acknowledged = {key: state for client in clients for key, state in client.acknowledged.items()}
    answers = sum((client.answers for client in clients), Counter())
    report = {
        "kills": dict(killed), "acknowledged": len(acknowledged), "answers": {str(k): n for k, n in answers.items()},
        "seconds": round(time.monotonic() - begun), "half": found["half"], "breaks": found["breaks"],
    }  # fmt: skip
    sys.stdout.write(f"{json.dumps(report)}\n")
    unclear = [one for client in clients for one in client.unclear]
    assert unclear == [], unclear[:3]
    assert {key: found["states"].get(key) for key in acknowledged} == acknowledged
    assert len(found["states"]) == len(acknowledged) + OLD
    assert not any(found["half"].values()), found["half"]
    assert found["breaks"] == 0
    assert found["logins"] == ["catchment_app"]
    assert found["expired"] == {str(key): 1 for key in told["late"]}
    assert sum(killed.values()) == KILLS
