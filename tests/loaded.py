"""The site, its worker and its database as processes under referral load, and the judge of what they left."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 1200  # attempts of a quarter of a second each: a busy machine takes long to start the site again
FOUND = """
import hashlib, json
from datetime import timedelta
from catchment.site.cli import running; running.ready()
import county as small
from catchment.kernel import clock
from catchment.rooms.booking.models import Slot
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm, Sending
from catchment.rooms.staff.models import ApiToken
now = clock.now()
small.NOW = now - timedelta(days=30)
county = small.build()
form = ReferralForm(to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请诊")
late = []
for _ in range({old}):
    row = actions.draft_referral(actor=county.village_doctor, now=now - timedelta(days=20), person_id=county.person.pk, form=form)
    late.append(actions.send_referral(actor=county.village_doctor, now=now - timedelta(days=20), referral_id=row.pk,
        sending=Sending(reserve=False, acknowledged_live=True)).pk)
small.NOW = now
small.open_slots(county.cardiology, 40000, days=2)
for name, actor in (("doctor", county.village_doctor), ("desk", county.desk)):
    ApiToken.objects.create(name=name, post_id=actor.post_id, created_at=now, expires_at=now + timedelta(days=1),
        digest=hashlib.sha256(f"secret-{{name}}".encode()).hexdigest())
print(json.dumps({{"person": str(county.person.public_id), "late": late}}))
"""
JUDGE = """
import json
from catchment.site.cli import running; running.ready()
from django.db import connection
from catchment.kernel import proof
from catchment.rooms.referral.models import Referral
asked = {
    "state_without_history": "select count(*) from referral_referral r where r.state <> coalesce((select e.to_state from "
        "kernel_flowevent e where e.subject_kind = 'referral' and e.subject_id = r.id order by e.id desc limit 1), '')",
    "history_without_audit": "select count(*) from (select subject_id, count(*) n from kernel_flowevent where subject_kind = "
        "'referral' group by 1) e left join (select subject_id, count(*) n from kernel_auditentry where subject_kind = 'referral' "
        "and event in (select 'referral.' || verb from kernel_flowevent) group by 1) a using (subject_id) where a.n is distinct from e.n",
    "same_step_twice": "select count(*) from (select 1 from kernel_flowevent where subject_kind = 'referral' and verb in "
        "('send', 'accept', 'arrive', 'expire') group by subject_id, verb having count(*) > 1) t",
    "slot_taken_by_nobody": "select count(*) from booking_slot s where s.state in ('held', 'booked', 'used') and not exists (select from booking_booking b "
        "where b.slot_id = s.id and b.state in ('held', 'booked', 'attended'))",
    "slot_free_and_taken": "select count(*) from booking_slot s join booking_booking b on b.slot_id = s.id and b.state in "
        "('held', 'booked') where s.state = 'free'",
    "accepted_without_booking": "select count(*) from referral_referral r where r.state in ('accepted', 'arrived') and not exists "
        "(select from booking_booking b where b.subject_kind = 'referral' and b.subject_id = r.id and b.state in ('booked', 'attended'))",
}
told = {}
with connection.cursor() as cursor:
    for name, statement in asked.items():
        cursor.execute(statement)
        told[name] = cursor.fetchone()[0]
    cursor.execute("select subject_id, count(*) from kernel_flowevent where subject_kind = 'referral' and verb = 'expire' group by 1")
    expired = dict(cursor.fetchall())
with connection.cursor() as cursor:
    cursor.execute("select distinct usename from pg_stat_activity where datname = current_database() and application_name <> 'judge' "
        "and backend_type = 'client backend'")
    logins = [name for (name,) in cursor.fetchall()]
print(json.dumps({"logins": logins, "half": told, "breaks": len(proof.verify().breaks), "expired": expired,
    "states": {str(k): v for k, v in Referral.objects.values_list("public_id", "state")}}))
"""


class House:
    """The site, its worker and its database as processes of their own."""

    def __init__(self, home, own=None, **serving):
        self.own, self.home = own, home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        paths = f"{PROJECT / 'src'}:{PROJECT / 'tests'}"
        self.environment = {**os.environ, "CATCHMENT_HOME": str(home), "PYTHONPATH": paths}
        self.environment.pop("DATABASE_URL", None)
        self.judging = {**self.environment, "PGAPPNAME": "judge"}
        if own:
            self.environment["DATABASE_URL"] = self.judging["DATABASE_URL"] = own.url
        self.processes, self.serving = {}, serving

    def python(self, text):
        done = subprocess.run(
            [sys.executable, "-c", text], env=self.judging, capture_output=True, text=True, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def begin(self, name):
        more = ["--port", str(self.port)] if name == "serve" else []
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "catchment", name, *more], env={**self.environment, **(self.serving if name == "serve" else {})}, stdout=log, stderr=log,
                start_new_session=True, cwd="/",
            )  # fmt: skip

    def kill(self, name):
        if name == "postgres":
            self._kill_database()
            return
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()
        self.begin(name)

    def _kill_database(self):
        data = self.own.data if self.own else self.home / "postgres"
        head = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        family = [head, *head.children(recursive=True)]
        for one in family:
            one.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)
        if self.own:
            self.own.start()
        else:
            self.python("from catchment.kernel import database; database.ensure_running(); print(1)")

    def end(self):
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if not self.own:
            subprocess.run([sys.executable, "-m", "catchment", "stop"], env=self.environment, check=False, cwd="/")


class Client(threading.Thread):
    """Sends a referral, has it accepted and arrived, again and again; asks again until there is an answer."""

    def __init__(self, house, person, stop):
        super().__init__()
        self.house, self.person, self.stop = house, person, stop
        self.acknowledged, self.answers, self.unclear, self.codes = {}, Counter(), [], Counter()

    def run(self):
        while not self.stop.is_set():
            made = self.ask("doctor", "/referrals", self.referral())
            if made is None:
                continue
            for verb in ("accept", "arrive"):
                self.acknowledged[made["id"]] = made["state"]
                made = self.ask("desk", f"/referrals/{made['id']}/{verb}", {}) or made
            self.acknowledged[made["id"]] = made["state"]

    def referral(self):
        return {
            "person": self.person, "to": {"facility": "H1", "service": "cardiology"}, "urgency": "urgent", "reason_code": "0",
            "diagnosis": "胸痛", "question": "请诊", "send": {"acknowledged_live": True},
        }  # fmt: skip

    def ask(self, who, path, body):
        key = str(uuid.uuid4())
        for _attempt in range(PATIENCE):
            status, told = self.once(who, path, body, key)
            self.answers[status] += 1
            self.codes[told.get("code") if isinstance(told, dict) else "no JSON"] += 1
            if status in {200, 201}:
                return told
            if not (status in {0, 503} or (status == 409 and told.get("code") == "in-flight")):
                self.unclear.append((path, status, told))
                return None
            time.sleep(random.uniform(0.1, 0.4))
        self.unclear.append((path, "no answer at all", None))
        return None

    def once(self, who, path, body, key):
        headers = {"Authorization": f"Bearer secret-{who}", "Content-Type": "application/json", "Idempotency-Key": key}
        try:
            line = HTTPConnection("127.0.0.1", self.house.port, timeout=20)
            line.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = line.getresponse()
            text = answer.read()
            line.close()
        except (OSError, HTTPException):
            return 0, {}
        try:
            told = json.loads(text)
        except ValueError:
            return -answer.status, text[:300]
        if answer.status == 503 and "Retry-After" not in answer.headers:
            return -503, told
        return answer.status, told


def answered(clients):
    """How many requests have been done so far."""
    return sum(client.answers[200] + client.answers[201] for client in clients)


def until(holds, otherwise, seconds=180):
    """Wait until something holds; fail, saying what did not, when it takes too long."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.2)
