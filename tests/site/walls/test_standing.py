"""The walls stand around every table that tells something about a person, also against careless code."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections, transaction
from django.http import JsonResponse
from django.test import RequestFactory

import county as small
import walled_rows as written
from catchment.kernel import audit, clock, wall
from catchment.kernel.models import AuditEntry
from catchment.rooms.board.models import Opening, WorkItem
from catchment.rooms.people.models import Person
from catchment.rooms.record.models import Observation
from catchment.rooms.staff.queries import actor_of_post
from catchment.site import middleware, walls
from catchment.site.walls.reaches import REACHES, SYSTEMS

TERMS = wall.Terms(after_days=30)
NAMES = ("person_id", "kept_id", "duplicate_id", "left_id", "right_id")


def tells_of_a_person(model):
    """Whether a row points at a person, directly or through a table that does."""
    columns = {field.column for field in model._meta.concrete_fields}
    targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    walled = {one for one in apps.get_models() if one._meta.db_table in walls.WALLS} - {model}
    return bool(columns & set(NAMES) or targets & walled)


def test_every_table_that_tells_of_a_person_has_a_wall():
    tables = {model._meta.db_table for model in apps.get_models() if tells_of_a_person(model)}
    assert tables - set(walls.WALLS) - set(walls.UNWALLED) == set()


def test_every_named_table_is_one_of_ours():
    known = {model._meta.db_table for model in apps.get_models()}
    assert {*walls.WALLS, *walls.UNWALLED} <= known


def test_a_wall_is_forced_and_complete_in_the_database(db):
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
        cursor.execute("select tablename, count(*) from pg_policies where policyname like 'wall_%' group by 1")
        policies = dict(cursor.fetchall())
    assert forced == {*walls.WALLS, *walls.UNWALLED}
    assert all(policies[table] == 5 for table in walls.WALLS)


def test_the_applications_role_can_neither_bypass_nor_own(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'catchment_app'"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'catchment_app'"
        )
        assert cursor.fetchone() == (0,)


def careless(request):
    """A view that forgets to ask who is asking."""
    return JsonResponse(
        {"people": list(Person.objects.values_list("name", flat=True)), "facts": Observation.objects.count()}
    )


@pytest.fixture
def asked(county):
    """What the careless view answers a post, or nobody."""
    written.write(county, county.person, small.make_person("陌生人", county.person.area, None))

    def ask(actor):
        request = RequestFactory().get("/")
        request.actor = actor
        answer = middleware.wall(careless)(request)
        import json

        return json.loads(answer.content)

    return ask


def test_a_careless_view_shows_nothing_to_nobody(asked):
    assert asked(None) == {"people": [], "facts": 0}


def test_a_careless_view_shows_a_post_its_own_people_only(asked, county):
    assert asked(actor_of_post(county.village_doctor.post_id, user_id=None)) == {"people": ["王秀英"], "facts": 1}
    assert asked(actor_of_post(county.specialist.post_id, user_id=None)) == {"people": [], "facts": 0}


def test_a_careless_view_shows_an_office_nobody_but_whom_it_has_opened_in_its_case(asked, county):
    office = small._facility("I1", "县医保局", "insurance-office", "county", county.hospital.area, 121.3, 28.1)
    officer, now = small._actor("孟佳宁", office, "insurance-officer"), clock.now()
    nobody = {"people": [], "facts": 0}
    assert asked(officer) == nobody
    item = WorkItem.objects.create(
        kind="claims.review", subject_kind="special-review", subject_id=1, subject_ref="x", person=county.person,
        facility=office, priority="ordinary", rank=2, headline="x", since=now,
    )  # fmt: skip
    assert asked(officer) == nobody
    Opening.objects.create(
        item=item, person=county.person, facility=office, post_id=officer.post_id, purpose="ask-person", since=now,
        until=now + timedelta(hours=1),
    )  # fmt: skip
    assert asked(officer) == {"people": ["王秀英"], "facts": 0}
    WorkItem.objects.update(state="done")
    assert asked(officer) == nobody


def test_after_the_request_the_connection_acts_for_nobody(asked, county):
    asked(actor_of_post(county.village_doctor.post_id, user_id=None))
    assert not wall.is_entered()
    with connection.cursor() as cursor:
        cursor.execute("select current_user = session_user, wall_reach('people:read'), wall_facilities()")
        assert cursor.fetchone() == (True, False, [])


def test_a_view_that_fails_lets_go_all_the_same(county):
    def broken(_request):
        raise RuntimeError

    request = RequestFactory().get("/")
    request.actor = actor_of_post(county.village_doctor.post_id, user_id=None)
    with pytest.raises(RuntimeError):
        middleware.wall(broken)(request)
    assert not wall.is_entered()


def test_the_application_can_neither_read_nor_change_the_audit(county):
    actor = actor_of_post(county.village_doctor.post_id, user_id=None)
    wall.enter(actor, at=clock.now(), terms=TERMS)
    audit.record(actor=actor, event="person.read", at=clock.now(), person_id=county.person.pk)
    assert AuditEntry.objects.count() == 0
    for statement in (
        "update kernel_auditentry set event = 'x'",
        "delete from kernel_auditentry",
        "truncate kernel_auditentry",
        "update kernel_auditlane set seq = 0",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute(statement)
    wall.leave()
    assert AuditEntry.objects.filter(event="person.read").count() == 1


def test_the_relations_are_not_open_to_questions_about_other_facilities(county):
    wall.enter(actor_of_post(county.specialist.post_id, user_id=None), at=clock.now(), terms=TERMS)
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("select wall_related(%s, %s, %s)", [county.person.pk, [county.village.pk], 1])
    wall.leave()


def test_a_named_system_acts_with_its_own_reach_and_then_it_is_as_before(county):
    wall.enter(actor_of_post(county.specialist.post_id, user_id=None), at=clock.now(), terms=TERMS)
    assert Person.objects.count() == 0
    with wall.acting("referral-clocks"):
        assert Person.objects.count() == 1
        assert Observation.objects.count() == 0
    assert Person.objects.count() == 0
    wall.leave()


def test_a_system_nobody_knows_does_not_act(county):
    with pytest.raises(KeyError), wall.acting("somebody", at=clock.now()):
        pass
    assert not wall.is_entered()


def test_a_failure_inside_a_systems_act_leaves_the_actor_as_they_were(county):
    wall.enter(actor_of_post(county.village_doctor.post_id, user_id=None), at=clock.now(), terms=TERMS)
    with pytest.raises(ProgrammingError), transaction.atomic(), wall.acting("linkage"):
        connection.cursor().execute("select * from nowhere")
    assert Person.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('catchment.role')")
        assert cursor.fetchone() == ("village-doctor",)
    wall.leave()


def test_every_reach_is_of_an_area_that_some_table_has():
    areas = {one.area for one in walls.WALLS.values()} | {"audit", "people"}
    told = {reach for reaches in (*REACHES.values(), *SYSTEMS.values()) for reach in reaches}
    assert {reach.split(":")[0] for reach in told} <= areas


def test_the_seal_of_a_person_seen_ends_with_the_transaction(county):
    actor = actor_of_post(county.village_doctor.post_id, user_id=None)
    wall.enter(actor, at=clock.now(), terms=TERMS)
    with transaction.atomic():
        assert Observation.objects.filter(person=county.person).count() == 0
        connection.cursor().execute("select wall_sees(%s)", [county.person.pk])
    wall.enter(actor_of_post(county.specialist.post_id, user_id=None), at=clock.now(), terms=TERMS)
    with connection.cursor() as cursor:
        cursor.execute("select wall_sees(%s)", [county.person.pk])
        assert cursor.fetchone() == (False,)
    wall.leave()


@pytest.mark.django_db(transaction=True)
def test_two_actors_on_one_connection_never_see_with_each_others_eyes():
    place = small.build()
    posts = [place.village_doctor.post_id, place.specialist.post_id]
    seen = []
    for turn in range(20):
        request = RequestFactory().get("/")
        request.actor = actor_of_post(posts[turn % 2], user_id=None)
        middleware.wall(lambda _request: seen.append(Person.objects.count()) or JsonResponse({}))(request)
    assert seen == [1, 0] * 10
    connections.close_all()


def test_time_moves_relations_on(county):
    from catchment.rooms.consent.models import Relation

    now = clock.now()
    Relation.objects.create(
        person=county.person, facility=county.hospital, kind="presence", since=now, until=now + timedelta(hours=24)
    )
    actor = actor_of_post(county.specialist.post_id, user_id=None)
    for at, seen in (
        (now, 1),
        (now + timedelta(hours=23), 1),
        (now + timedelta(hours=25), 0),
        (now - timedelta(hours=1), 0),
    ):
        wall.enter(actor, at=at, terms=TERMS)
        assert Person.objects.count() == seen
        wall.leave()


def test_a_job_sees_what_its_name_gives_and_nothing_when_it_has_none(county):
    with wall.acting("referral-statistics", at=clock.now()):
        assert Person.objects.count() == 0
    with wall.acting("referral-clocks", at=clock.now()):
        assert Person.objects.count() == 1
