"""Every role × relation × table × operation, in plain SQL: what the rules do not give is not there, what they give is."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

import county as small
import walled_rows as written
from catchment.kernel import clock, wall
from catchment.rooms.board.models import Opening, WorkItem
from catchment.rooms.budget.models import Evidence
from catchment.rooms.consent.models import Choice, Relation
from catchment.rooms.places.models import Area, Facility, Membership, Network
from catchment.rooms.record.models import Encounter, Source
from catchment.rooms.referral.models import Advice, Referral
from catchment.rooms.staff.models import CareResponsibility, Post, Practitioner
from catchment.rooms.staff.queries import actor_of_post
from catchment.rooms.staff.types import Role
from catchment.site.walls import WALLS

CARE = {"people": "rw", "record": "rw", "referral": "rw", "board": "rw", "booking": "rw", "consent": "rw"}
SCREENS = {**CARE, "screening": "rw", "message": "r"}
OFFICE = {"board": "r", "identity": "rw"}
OVERSIGHT = {"referral": "R", "booking": "r", "board": "r"}
GIVEN = {
    Role.VILLAGE_DOCTOR: SCREENS,
    Role.TOWNSHIP_DOCTOR: SCREENS,
    Role.TOWNSHIP_NURSE: SCREENS,
    Role.HEALTH_MANAGER: {**SCREENS, "booking": "r"},
    Role.REFERRAL_DESK: CARE,
    Role.SPECIALIST: {**CARE, "screening": "r", "message": "r"},
    Role.DUTY_MANAGER: {**CARE, "people": "r"},
    Role.COUNTY_MANAGER: OVERSIGHT,
    Role.CASE_MIX_OFFICER: {"board": "rw"},
    Role.FINANCE_OFFICER: {"board": "r"},
    Role.INSURANCE_OFFICER: {"claims": "RW", "ledger": "R", "board": "rw", "evidence": "R", "identity": "rw"},
    Role.DISEASE_CONTROL_OFFICER: {**OFFICE, "board": "rw", "surveillance": "r"},
    Role.BUREAU_OFFICER: {"board": "r"},
    Role.PRIVACY_OFFICER: {"people": "R", "consent": "RW", "board": "rw", "identity": "R"},
    Role.ADMINISTRATOR: {"people": "R", "consent": "r", "board": "r"},
    Role.INTERFACE: SCREENS,
}
"""What each role has of each area: r/w where a relation stands, R/W of all rows."""
AREAS = {
    "people": "people_ staff_careresponsibility",
    "record": "record_ kernel_rowhistory",
    "referral": "referral_ kernel_flowevent",
    "identity": "board_opening",
    "board": "board_",
    "booking": "booking_",
    "consent": "consent_",
    "ledger": "ledger_",
    "screening": "screening_",
    "message": "message_",
    "claimants": "claims_claimant claims_incomingrow",
    "claims": "claims_",
    "evidence": "budget_evidence",
    "surveillance": "surveillance_",
}
NEVER = {"record_incomingresource", "record_incomingkey", "record_missinglink", "referral_personaldraft"}
"""Tables of imports, and what another post is still typing: for no role."""
BOTH = {"people_suspectedmatch", "people_merge"}
"""Rows about two people, of whom the other is seen only where the whole network shares."""
OWN = {"consent_relation", "board_opening", "surveillance_reportcard"}
"""Rows of another facility stay that facility's, whoever sees the person."""
TELLING = {"people_person", "people_personidentifier", "people_personcontact", "staff_careresponsibility"}
"""Who a person is and who answers for them: all that an office reads of the person of its case, and a manager of a
person referred."""
REFERRED = {"referral-to", "referral-from", "referral-closed-just-now", "referral-closed-long-ago"}
TERMS = wall.Terms(after_days=30, shared=False)


@pytest.fixture
def scene(county):
    """A person with rows everywhere, a stranger, and a facility that has nothing to do with either."""
    other = small.make_person("陌生人", county.person.area, county.village)
    rows = written.write(county, county.person, other)
    area = Area.objects.create(
        code="990100200", name="海门镇", level="township", parent=Area.objects.get(code="990100")
    )
    elsewhere = small._facility("T9", "海门镇卫生院", "township-centre", "township", area, 121.5, 28.3)
    return county, rows, elsewhere


def post_at(facility, role):
    practitioner = Practitioner.objects.create(
        code=f"{facility.code}-{Practitioner.objects.count()}", name="某某", user=None
    )
    return Post.objects.create(practitioner=practitioner, facility=facility, role=role, since=date(2025, 1, 1))


def actor_of(post):
    return actor_of_post(post.pk, user_id=None)


def responsible(county, facility, _post):
    county.person.primary_facility = facility
    county.person.save()


def contract(*, until=None, last=None, since=0):
    """A contract with a post of the facility; days are told from today."""

    def begun(county, _facility, post):
        today = timezone.localdate(clock.now())
        day = {None: None} | {n: today + timedelta(days=n) for n in range(-2, 3)}
        CareResponsibility.objects.filter(person=county.person).update(until=today - timedelta(days=9))
        CareResponsibility.objects.create(
            person=county.person, post=post, contracted=True, since=day[since] - timedelta(days=since == 0),
            until=day[until], agreed_until=day[last],
        )  # fmt: skip

    return begun


def by_hand(kind="presence", *, over=False, whose="nobody"):
    def begun(county, facility, post):
        now, day = clock.now(), timedelta(days=1)
        posts = {
            "nobody": None,
            "own": post,
            "colleague": post_at(facility, "specialist") if whose == "colleague" else None,
        }
        Relation.objects.create(
            person=county.person, facility=facility, post=posts[whose], kind=kind, explicit=kind == "break-glass",
            since=now - day, until=now - day / 2 if over else now + day,
        )  # fmt: skip

    return begun


def referred(state="sent", *, days=0, sender=False):
    def begun(county, facility, _post):
        now = clock.now()
        ends = (facility, county.hospital) if sender else (county.village, facility)
        Referral.objects.create(
            number="R2", person=county.person, direction="up", urgency="ordinary", holder_facility=county.hospital,
            created_at=now, parties=[one.pk for one in ends], state_since=now - timedelta(days=days), state=state,
            from_facility=ends[0], to_facility=ends[1],
        )  # fmt: skip

    return begun


def advised(county, facility, _post):
    now = clock.now()
    Advice.objects.create(
        person=county.person, from_facility=county.village, to_service=county.cardiology, holder_facility=facility,
        urgency="ordinary", question="x", created_at=now, state="asked", state_since=now,
    )  # fmt: skip


def visited(status="finished", *, ended=0):
    def begun(county, facility, _post):
        now = clock.now()
        Encounter.objects.create(
            person=county.person, facility=facility, source=Source.objects.first(), klass="IMP", recorded_at=now,
            status=status, at=now - timedelta(days=200), ended_at=now - timedelta(days=ended) if ended else None,
        )  # fmt: skip

    return begun


def in_network(county, facility, _post):
    network = Network.objects.get(code="N1")
    Membership.objects.create(network=network, facility=facility, role="member", since=date(2024, 1, 1))


def restricted(county, facility, post):
    in_network(county, facility, post)
    Choice.objects.filter(person=county.person).update(sharing="relations")


def case_opened(*, opened=True, over=False, closed=False, elsewhere=False, colleague=False):
    """Work about the person held by the facility, in which the post has opened them; or not quite."""

    def begun(county, facility, post):
        now, hour = clock.now(), timedelta(hours=1)
        item = WorkItem.objects.create(
            kind="claims.review", subject_kind="special-review", subject_id=77, subject_ref="x", person=county.person,
            facility=county.hospital if elsewhere else facility, priority="ordinary", rank=2, headline="x", since=now,
            state="done" if closed else "open",
        )  # fmt: skip
        if opened:
            Opening.objects.create(
                item=item, person=county.person, facility=facility, purpose="ask-person", since=now - 2 * hour,
                post=post_at(facility, post.role) if colleague else post, until=now - hour if over else now + hour,
            )  # fmt: skip

    return begun


RELATIONS = {
    "nothing": (lambda *_: None, False),
    "responsible": (responsible, True),
    "contract": (contract(), True),
    "contract-on-its-last-day": (contract(last=0), True),
    "contract-past-its-last-day": (contract(last=-1), False),
    "contract-ended": (contract(until=0), False),
    "contract-not-begun": (contract(since=1), False),
    "presence": (by_hand(), True),
    "presence-over": (by_hand(over=True), False),
    "break-glass": (by_hand("break-glass", whose="own"), True),
    "break-glass-of-a-colleague": (by_hand("break-glass", whose="colleague"), False),
    "referral-to": (referred(), True),
    "referral-from": (referred(sender=True), True),
    "referral-closed-just-now": (referred("closed"), True),
    "referral-closed-long-ago": (referred("closed", days=200), False),
    "advice": (advised, True),
    "encounter-open": (visited("in-progress"), True),
    "encounter-just-over": (visited(ended=1), True),
    "encounter-long-ago": (visited(ended=200), False),
    "network-shared": (in_network, True),
    "case-opened": (case_opened(), False),
    "case-held": (case_opened(opened=False), False),
    "case-opened-by-a-colleague": (case_opened(colleague=True), False),
    "case-opened-its-time-over": (case_opened(over=True), False),
    "case-concluded": (case_opened(closed=True), False),
    "case-gone-elsewhere": (case_opened(elsewhere=True), False),
    "network-shared-but-restricted": (restricted, False),
}
"""How each relation comes about, and whether it lets a post see the person."""


def expected(role, relation, table):
    """`(may read, may write)` by the rules, written down here once more."""
    if table in NEVER:
        return False, False
    area = next(name for name, prefixes in AREAS.items() if any(table.startswith(p) for p in prefixes.split()))
    given = GIVEN[role].get(area, "")
    related = RELATIONS[relation][1] and table not in OWN and (table not in BOTH or relation == "network-shared")
    opened = relation == "case-opened" and table in TELLING and "r" in GIVEN[role].get("identity", "")
    opened = opened or (role == Role.COUNTY_MANAGER and relation in REFERRED and table in TELLING)
    return "R" in given or opened or (related and "r" in given), "W" in given or (related and "w" in given)


def tried(table, key, body):
    """What the connection may do to one row: read, add one like it, change it, remove it."""

    def done(statement, values):
        with transaction.atomic(), connection.cursor() as cursor:
            try:
                cursor.execute(statement.format(table=table), values)
                count = cursor.rowcount
            except IntegrityError:
                count = 1
            except ProgrammingError:
                count = 0
            transaction.set_rollback(True)
            return bool(count)

    return {
        "read": done("select 1 from {table} where id = %s", [key]),
        "add": done("insert into {table} select * from json_populate_record(null::{table}, %s)", [body]),
        "change": done("update {table} set id = id where id = %s", [key]),
        "remove": done("delete from {table} where id = %s", [key]),
    }


def bodies(rows):
    found = {}
    with connection.cursor() as cursor:
        for table, key in rows.items():
            cursor.execute(f"select row_to_json(t) from {table} t where id = %s", [key])  # noqa: S608 a walled table
            body = cursor.fetchone()[0]
            body = json.loads(body) if isinstance(body, str) else body
            found[table] = json.dumps({**body, "id": 10_000_000 + key})
    return found


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_and_writes_what_its_relation_gives_and_nothing_else(scene, role):
    county, rows, elsewhere = scene
    wrong, checks = [], 0
    for relation in RELATIONS:
        with transaction.atomic():
            post = post_at(elsewhere, role)
            RELATIONS[relation][0](county, elsewhere, post)
            told = bodies(rows)
            terms = wall.Terms(after_days=30, shared=relation.startswith("network"))
            wall.enter(actor_of(post), at=clock.now(), terms=terms)
            for table, key in rows.items():
                got = tried(table, key, told[table])
                may_read, may_write = expected(role, relation, table)
                checks += 4
                want = {**want_of(table, may_read, may_write), **first_writes(role, relation, table)}
                wrong += [(relation, table, op, got[op]) for op in want if got[op] != want[op]]
            wall.leave()
            transaction.set_rollback(True)
    assert wrong == [], wrong
    assert checks == len(RELATIONS) * len(rows) * 4


def first_writes(role, relation, table):
    """A household stands before its people; a person is added by the facility that will answer for them."""
    writes = "w" in GIVEN[role].get("people", "")
    if table == "people_household":
        return {"add": writes}
    return {"add": writes and relation == "responsible"} if table == "people_person" else {}


def want_of(table, may_read, may_write):
    """A row that nobody may read is not changed either; history is added to and never changed."""
    want = {"read": may_read, "add": may_write, "change": may_write and may_read, "remove": may_write and may_read}
    if table == "kernel_rowhistory":
        return {"read": may_read, "add": False, "change": False, "remove": False}
    if table == "kernel_flowevent":
        want |= {"add": may_read, "change": False, "remove": False}
    return want


def test_the_matrix_covers_every_walled_table(scene):
    _county, rows, _elsewhere = scene
    assert set(rows) == {*WALLS, "kernel_flowevent"}


@pytest.mark.parametrize(
    ("relation", "seen"),
    [("responsible", False), ("referral-to", False), ("presence", False), ("break-glass", True), ("nothing", False)],
)
def test_a_sensitive_entry_asks_for_an_explicit_relation(scene, relation, seen):
    county, rows, elsewhere = scene
    with connection.cursor() as cursor:
        cursor.execute("update record_condition set sensitivity = 'mental' where id = %s", [rows["record_condition"]])
    post = post_at(elsewhere, "specialist")
    RELATIONS[relation][0](county, elsewhere, post)
    told = bodies(rows)
    wall.enter(actor_of(post), at=clock.now(), terms=TERMS)
    got = tried("record_condition", rows["record_condition"], told["record_condition"])
    wall.leave()
    assert bool(got["read"]) == bool(got["change"]) == seen


@pytest.fixture
def office(scene):
    """An insurance office with a case about the person, and one of its posts that acts."""
    county, _rows, elsewhere = scene
    post = post_at(elsewhere, "insurance-officer")
    case_opened(opened=False)(county, elsewhere, post)
    return county, elsewhere, post


def opened_as(post, item, person, facility, whose=None):
    """Whether plain SQL, acting for the post, may write that a person is open to a post."""
    wall.enter(actor_of(post), at=clock.now(), terms=TERMS)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into board_opening (item_id, person_id, facility_id, post_id, purpose, note, since, until) "
                "values (%s, %s, %s, %s, 'x', '', now(), now() + interval '1 hour')",
                [item.pk, person.pk, facility.pk, (whose or post).pk],
            )
            return True
    except ProgrammingError:
        return False
    finally:
        wall.leave()


def test_an_opening_is_written_for_oneself_in_a_case_that_ones_office_holds_and_for_nothing_else(office):
    county, here, post = office
    stranger, item = small.make_person("旁人", None, county.village), WorkItem.objects.get(kind="claims.review")
    assert not opened_as(post, item, stranger, here)
    assert not opened_as(post, item, county.person, county.hospital)
    assert not opened_as(post, item, county.person, here, whose=post_at(here, "insurance-officer"))
    assert not opened_as(post_at(county.hospital, "insurance-officer"), item, county.person, county.hospital)
    assert not opened_as(post_at(here, "specialist"), item, county.person, here)
    assert opened_as(post, item, county.person, here)
    WorkItem.objects.update(state="done")
    assert not opened_as(post, item, county.person, here)


def test_the_people_behind_a_finding_are_of_its_case(office):
    county, here, post = office
    finding = Evidence.objects.get().finding_id
    item = WorkItem.objects.create(
        kind="budget.finding", subject_kind="finding", subject_id=finding, subject_ref="x", facility=here,
        priority="ordinary", rank=2, headline="x", since=clock.now(),
    )  # fmt: skip
    assert opened_as(post, item, county.person, here)
    assert not opened_as(post, item, small.make_person("旁人", None, county.village), here)


def test_an_opening_is_never_changed_and_ends_with_the_case(office):
    county, here, post = office
    item = WorkItem.objects.get(kind="claims.review")
    assert opened_as(post, item, county.person, here)

    def told(statement):
        wall.enter(actor_of(post), at=clock.now(), terms=TERMS)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            count = cursor.rowcount
        wall.leave()
        return count

    assert told("update board_opening set until = until + interval '1 year'") == 0
    assert told("delete from board_opening") == 0
    assert told("select name from people_person") == 1
    assert told("select 1 from record_condition") == 0
    WorkItem.objects.filter(pk=item.pk).update(facility=county.hospital)
    assert told("select name from people_person") == 0


def test_who_wrote_a_sensitive_entry_sees_it(scene):
    county, rows, _elsewhere = scene
    with connection.cursor() as cursor:
        cursor.execute("update record_condition set sensitivity = 'mental' where id = %s", [rows["record_condition"]])
    Referral.objects.update(state="sent", parties=[county.village.pk, county.hospital.pk])
    wall.enter(actor_of_post(county.specialist.post_id, user_id=None), at=clock.now(), terms=TERMS)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from record_condition where id = %s", [rows["record_condition"]])
        assert cursor.fetchone() == (1,)
    wall.leave()


def test_a_facility_of_the_network_is_no_relation_by_itself(scene):
    county, rows, _elsewhere = scene
    assert Facility.objects.filter(pk=county.hospital.pk).exists()
    wall.enter(actor_of_post(county.specialist.post_id, user_id=None), at=clock.now(), terms=TERMS)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_person where id = %s", [rows["people_person"]])
        assert cursor.fetchone() == (0,)
    wall.leave()
