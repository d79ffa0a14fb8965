"""So many staff at work at once, with time to think between what they do: latencies, errors, memory over time.

`python -m bench.staff HOME [--staff 500] [--seconds 600] [--think 10]` prints one JSON object. Each of the staff acts through a
post of their own where the county has enough, over a connection of their own.
"""

import argparse
import asyncio
import json
import os
import random
import time
import uuid
from collections import defaultdict, deque

import httpx
import psutil

from bench.load import Measured

DOCTORS, DESKS = 0.8, 0.17
QUERIES = ("wxy", "lh", "zjg", "cm", "王", "李建", "1001")
OFTEN = 10  # how many times in a run memory is looked at


class Ward:
    """What all share: the site, what was measured, and referrals that wait for the other side."""

    def __init__(self, port, ready, seed):
        self.port, self.ready, self.chance = port, ready, random.Random(seed)
        self.measured = defaultdict(lambda: Measured(""))
        self.fresh, self.sent, self.accepted = deque(ready["senders"]), deque(), deque()
        self.people = defaultdict(list)
        for token, person in ready["senders"]:
            self.people[token].append(person)

    async def ask(self, client, what, method, path, token, **body):
        one, began = self.measured[what], time.perf_counter()
        one.name = what
        try:
            answer = await client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **body)
            status, text = answer.status_code, answer.text
        except httpx.HTTPError as error:
            status, text = 0, repr(error)
        one.seconds.append(time.perf_counter() - began)
        if status // 100 not in {2, 3}:
            one.failures.append(f"{status} {text[:200]}")
            return None
        return text


async def doctor(ward, client, token):
    """One thing a village doctor does."""
    person = ward.chance.choice(ward.people[token])
    kind = ward.chance.random()
    if kind < 0.30:
        await ward.ask(client, "board", "GET", "/", token)
    elif kind < 0.50:
        await ward.ask(client, "search", "POST", "/people/", token, data={"q": ward.chance.choice(QUERIES)})
    elif kind < 0.80:
        await ward.ask(client, "person page", "GET", f"/people/{person}/", token)
    elif kind < 0.92:
        form = {
            "systolic": ward.chance.randint(105, 175),
            "diastolic": ward.chance.randint(60, 100),
            "key": str(uuid.uuid4()),
        }
        await ward.ask(client, "visit entered", "POST", f"/people/{person}/visit", token, data=form)
    elif ward.fresh:
        await send(ward, client)


async def send(ward, client):
    """A referral by the doctor of the next person who has none yet."""
    token, person = ward.fresh.popleft()
    body = {
        "person": person, "to": ward.ready["to"], "urgency": "ordinary", "reason_code": "0", "diagnosis": "胸痛", "question": "请诊", "send": {},
    }  # fmt: skip
    text = await ward.ask(client, "referral sent", "POST", "/api/v1/referrals", token, json=body)
    if text:
        ward.sent.append(json.loads(text)["id"])


async def desk(ward, client, token):
    """One thing the referral desk does: look at its board, or take the next referral a step on."""
    if ward.sent and ward.chance.random() < 0.5:
        key = ward.sent.popleft()
        if await ward.ask(client, "referral accepted", "POST", f"/api/v1/referrals/{key}/accept", token, json={}):
            ward.accepted.append(key)
    elif ward.accepted and ward.chance.random() < 0.5:
        await ward.ask(
            client, "referral arrived", "POST", f"/api/v1/referrals/{ward.accepted.popleft()}/arrive", token, json={}
        )
    elif ward.chance.random() < 0.6:
        await ward.ask(client, "facility's board", "GET", "/?view=facility", token)
    else:
        await ward.ask(client, "list of referrals", "GET", "/referrals/", token)


async def manager(ward, client, token):
    await ward.ask(client, "statistics", "GET", "/referrals/statistics?period=30", token)


async def work(ward, client, act, token, until, think):
    """Come in at some moment of the first thinking time, then act and think until the end."""
    async with client:
        await asyncio.sleep(ward.chance.uniform(0, think))
        while time.monotonic() < until:
            await act(ward, client, token)
            await asyncio.sleep(ward.chance.uniform(0.5, 1.5) * think)


async def watch(until, seconds):
    """The memory of the web processes in MB, over time."""
    samples, began = [], time.monotonic()
    while time.monotonic() < until:
        family = [one for one in psutil.Process().children(recursive=True) if one.is_running()]
        samples.append(
            {
                "second": round(time.monotonic() - began),
                "web_mb": round(sum(one.memory_info().rss for one in family) / 2**20),
            }
        )
        await asyncio.sleep(seconds / OFTEN)
    return samples


async def shift(port, ready, manager_token, given):
    ward, address = Ward(port, ready, 7), f"http://127.0.0.1:{port}"
    plain = {"base_url": address, "timeout": 60, "verify": False, "trust_env": False}
    clients = [httpx.AsyncClient(**plain) for _ in range(given.staff)]
    doctors, until = list(ward.people), time.monotonic() + given.seconds
    tasks = []
    for number in range(given.staff):
        share = number / given.staff
        act, token = (doctor, doctors[number % len(doctors)]) if share < DOCTORS else (desk, ready["desk"])
        if share >= DOCTORS + DESKS:
            act, token = manager, manager_token
        tasks.append(work(ward, clients[number], act, token, until, given.think))
    memory, *_ = await asyncio.gather(watch(until, given.seconds), *tasks)
    return ward, memory, given.seconds + max(0.0, time.monotonic() - until)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.staff")
    asked.add_argument("home")
    for name, default in (("--staff", 500), ("--seconds", 600), ("--think", 10)):
        asked.add_argument(name, type=int, default=default)
    given = asked.parse_args()
    os.environ["CATCHMENT_HOME"] = given.home
    from catchment.site.cli import running

    running.ready()
    from bench import referral, serving
    from catchment.rooms.people.models import Person
    from catchment.rooms.staff.models import Post

    ready = referral.prepare(max(200, int(given.staff * given.seconds / given.think * 0.09)))
    boss = Post.objects.filter(role="county-manager", until__isnull=True).order_by("id").first()
    with serving.site(given.home) as port:
        ward, memory, wall = asyncio.run(shift(port, ready, referral.token_of(boss), given))
    rows = sorted((one for one in ward.measured.values()), key=lambda one: -len(one.seconds))
    for one in rows:
        one.wall = wall
    every = Measured(
        "all",
        [second for one in rows for second in one.seconds],
        given.seconds,
        [f for one in rows for f in one.failures],
    )
    told = {
        "residents": Person.objects.count(), "staff": given.staff, "seconds": given.seconds, "think_seconds": given.think,
        "errors": sorted(set(every.failures))[:5], "memory": memory, "rows": [every.row(), *(one.row() for one in rows)],
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
