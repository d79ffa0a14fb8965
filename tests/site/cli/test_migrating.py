"""`catchment migrate` on a county in use whose schema is an older one: every row stays, new rules hold, work goes on.

The older schema is made by the project's own migrations, its rows by the models of that time.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).resolve().parents[3]
PEOPLE = 60
THEN = {
    "the first that landed": {
        "kernel": "0001", "rulebook": "0001", "places": "0001", "people": "0001", "staff": "0001", "record": "0001",
        "board": "0001", "booking": "0001", "referral": "0001",
    },
    "before walls and accounts": {
        "kernel": "0002", "rulebook": "0001", "places": "0001", "people": "0002", "staff": "0002", "record": "0002",
        "board": "0001", "booking": "0001", "referral": "0001", "twin": "0001",
    },
    "before the ledger in double entry": {
        "kernel": "0004", "rulebook": "0001", "places": "0001", "people": "0003", "staff": "0003", "record": "0003",
        "board": "0001", "booking": "0001", "referral": "0002", "consent": "0001", "ledger": "0001", "twin": "0002",
    },
}  # fmt: skip
OLD = """
import json, uuid
from datetime import UTC, date, datetime, timedelta
from catchment.site.cli import running; running.connect()
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
then, people = json.loads({then!r}), {people}
executor = MigrationExecutor(connection)
nodes = executor.loader.graph.nodes
targets = [node for node in nodes if node[0] in then and node[1].startswith(then[node[0]])]
targets += [node for node in executor.loader.graph.leaf_nodes() if node[0] in ("auth", "sessions", "contenttypes", "procrastinate", "mfa", "account")]
executor.migrate(targets)
apps = executor.loader.project_state(targets).apps
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
number = iter(range(10**6))

def value(field):
    if isinstance(field, models.UUIDField): return uuid.uuid4()
    if isinstance(field, models.DateTimeField): return NOW
    if isinstance(field, models.DateField): return date(2025, 1, 1)
    if isinstance(field, models.BooleanField): return False
    if isinstance(field, models.JSONField): return {{}}
    if isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField)): return 0
    if isinstance(field, models.CharField) and field.unique: return "u%d" % next(number)
    if isinstance(field, (models.CharField, models.TextField)): return ""
    return []

def put(label, **given):
    model = apps.get_model(label)
    for field in model._meta.concrete_fields:
        if field.attname in given or field.name in given or field.null or field.primary_key or field.has_default():
            continue
        given[field.name] = value(field)
    known = {{f.name for f in model._meta.concrete_fields}} | {{f.attname for f in model._meta.concrete_fields}}
    return model.objects.create(**{{name: one for name, one in given.items() if name in known}})

area = put("places.Area", code="990100100201", name="石桥村", level="village")
owner = put("places.Organization", code="O1", name="县医院", kind="hospital")
home, lead = (put("places.Facility", code=c, name=n, kind=k, level=l, area=area, organization=owner, in_network=True, active=True)
    for c, n, k, l in (("V1", "石桥村卫生室", "village-clinic", "village"), ("H1", "县人民医院", "hospital", "county")))
heart = put("places.Service", facility=lead, code="cardiology", name="心血管内科", specialty="cardiology", active=True)
User = apps.get_model("auth.User")
posts = {{}}
for code, place, role in (("zhou", home, "village-doctor"), ("desk", lead, "referral-desk")):
    user = User.objects.create(username=code)
    who = put("staff.Practitioner", code=code, name=code, user=user, active=True)
    posts[code] = put("staff.Post", practitioner=who, facility=place, role=role, since=date(2025, 1, 1))
source = put("record.Source", code="native", name="Catchment", kind="native")
for n in range(people):
    person = put("people.Person", name="居民%d" % n, sex="female", birth_date=date(1952, 2, 29), primary_facility=home, area=area)
    put("people.PersonIdentifier", person=person, system="resident-id", value="id-%d" % n)
    put("record.Encounter", person=person, facility=home, source=source, status="finished", at=NOW)
    put("record.Observation", person=person, facility=home, source=source, status="final", at=NOW, code="8480-6", display="收缩压")
    slot = put("booking.Slot", service=heart, starts_at=NOW + timedelta(days=300 + n), ends_at=NOW + timedelta(days=300 + n, minutes=10), free=False)
    row = put("referral.Referral", number="R%d" % n, person=person, direction="up", urgency="urgent", reason_code="0", diagnosis="胸痛",
        from_facility=home, from_post=posts["zhou"], to_facility=lead, to_service=heart, holder_facility=lead, holder_role="referral-desk",
        state="sent", state_since=NOW, sent_at=NOW, created_at=NOW, parties=[home.pk, lead.pk])
    row.booking = put("booking.Booking", slot=slot, person=person, subject_kind="referral", subject_id=row.pk, state="held", made_at=NOW,
        expires_at=NOW + timedelta(days=900))
    row.save()
    for verb, state in (("draft", "draft"), ("send", "sent")):
        put("kernel.FlowEvent", subject_kind="referral", subject_id=row.pk, verb=verb, from_state="draft" if verb == "send" else "", to_state=state, at=NOW)
    put("board.WorkItem", kind="referral.accept", subject_kind="referral", subject_id=row.pk, person=person, facility=lead, role="referral-desk",
        priority="urgent", rank=1, headline="x", state="open", since=NOW)
counted = {{m._meta.db_table: m.objects.count() for m in apps.get_models() if m._meta.app_label in then}}
print(json.dumps({{"counted": counted, "zhou": posts["zhou"].pk, "desk": posts["desk"].pk}}))
"""
NEW = """
import json
from datetime import date
from catchment.site.cli import running; running.connect()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from catchment.kernel import clock, proof, wall
from catchment.rooms.booking.models import Booking
from catchment.rooms.consent import queries as consent
from catchment.rooms.people.models import Person
from catchment.rooms.referral import actions
from catchment.rooms.referral.models import Referral
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import Post
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
tables = {{m._meta.db_table: m for m in apps.get_models()}}
counted = {{name: tables[name].objects.count() for name in json.loads({tables!r}) if name in tables}}
now = clock.now()
posts = {{p.practitioner.code: staff.actor_for(p, day=now.date()) for p in Post.objects.select_related("practitioner", "facility", "service")}}
seen = {{}}
terms = consent.wall_terms(now.date())
for code in ("zhou", "desk"):
    wall.enter(posts[code], at=now, terms=terms)
    seen[code] = Person.objects.count()
    if code == "desk":
        moved = actions.accept_referral(actor=posts[code], now=now, referral_id=Referral.objects.get(number="R0").pk)
    wall.leave()
with wall.nobody(at=now):
    seen["nobody"] = Person.objects.count()
print(json.dumps({{"behind": running.is_behind(), "counted": counted, "seen": seen, "moved": moved.state, "breaks": len(proof.verify().breaks),
    "booked": Booking.objects.filter(state="booked").count(), "born": str(Person.objects.values_list("birth_date", flat=True).distinct().get())}}))
"""


@pytest.fixture
def home():
    folder = Path(tempfile.mkdtemp(prefix="catchment-migrating-"))
    yield folder
    run(folder, "-m", "catchment", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def run(home, *arguments):
    paths = f"{PROJECT / 'src'}:{PROJECT / 'tests'}"
    environment = {**os.environ, "CATCHMENT_HOME": str(home), "PYTHONPATH": paths}
    for name in ("CATCHMENT_DEMO", "DATABASE_URL"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, cwd="/"
    )


def told(done):
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("then", THEN)
def test_an_older_county_is_brought_up_to_date_and_goes_on(home, then):
    old = told(run(home, "-c", OLD.format(then=json.dumps(THEN[then]), people=PEOPLE)))
    assert old["counted"]["people_person"] == PEOPLE
    refused = run(home, "-m", "catchment", "migrate")
    assert refused.returncode != 0
    assert "catchment backup" in refused.stderr + refused.stdout
    done = run(home, "-m", "catchment", "migrate", "--without-backup")
    assert done.returncode == 0, done.stderr[-2000:]
    new = told(run(home, "-c", NEW.format(tables=json.dumps(list(old["counted"])))))
    grown = {
        "rulebook_edition",
        "kernel_auditentry",
        "kernel_auditlane",
        "kernel_flowevent",
        "board_workitem",
        "board_notice",
    }
    lost = {name: (n, new["counted"].get(name)) for name, n in old["counted"].items() if new["counted"].get(name) != n}
    assert set(lost) <= grown, lost
    assert new["behind"] is False
    assert new["seen"] == {"zhou": PEOPLE, "desk": PEOPLE, "nobody": 0}
    assert (new["moved"], new["booked"], new["breaks"], new["born"]) == ("accepted", 1, 0, "1952-02-29")


def test_two_commands_that_begin_a_new_county_at_once_both_end_well():
    with tempfile.TemporaryDirectory(prefix="catchment-test-") as home:
        here = {**os.environ, "CATCHMENT_HOME": home}
        here.pop("DATABASE_URL", None)
        catchment = [sys.executable, "-m", "catchment"]
        words = (["migrate"], ["places", "list"])
        begun = [subprocess.Popen([*catchment, *each], env=here, stdout=subprocess.DEVNULL) for each in words]
        try:
            assert [one.wait(timeout=300) for one in begun] == [0, 0]
        finally:
            subprocess.run([*catchment, "stop"], env=here, check=True, stdout=subprocess.DEVNULL)
