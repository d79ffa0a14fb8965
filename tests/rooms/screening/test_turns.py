"""A run over the county and the assessment of one person at the same time: neither fails, and newer facts stand."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from catchment.kernel.actor import system
from catchment.kernel.lake import refreshing
from catchment.rooms.screening import actions
from catchment.rooms.screening.models import Assessment, Reassessed
from county import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SCREENER = system("screening", "screening.run", "screening.clock")
WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


def reassess(person, now=NOW):
    return actions.reassess(actor=SCREENER, now=now, person_ids=[person.pk])


def newest(person):
    return list(Assessment.objects.filter(person=person, newest=True).values_list("model", "band"))


def somebody_waits():
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return True
            time.sleep(0.02)
    return False


def test_a_run_waits_for_whoever_keeps_the_same_person_and_neither_fails(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 152, 88)
    found = []

    def over_the_county():
        try:
            with connection.cursor() as cursor:
                cursor.execute("set lock_timeout = 100")
            found.append(run())
        except Exception as error:  # noqa: BLE001
            found.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=over_the_county)
    with transaction.atomic():
        assert reassess(county.person).changed == 1
        other.start()
        assert somebody_waits()
        time.sleep(0.5)
    other.join(timeout=60)
    assert [one.changed for one in found] == [0]
    assert newest(county.person) == [("hypertension_grade", "grade 1")]


def test_a_run_over_an_older_lake_leaves_a_finding_from_newer_facts(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 186, 112, days_ago=3)
    refreshing.refresh()
    pressure(county.person, 152, 88, days_ago=2)
    reassess(county.person)
    account = run(engine="duckdb")
    assert (account.newer, account.changed) == (1, 0)
    assert newest(county.person) == [("hypertension_grade", "grade 1")]


def test_a_finding_confirmed_by_newer_facts_is_left_too_though_nothing_was_written(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 152, 88, days_ago=3)
    reassess(county.person)
    pressure(county.person, 186, 112, days_ago=2)
    refreshing.refresh()
    pressure(county.person, 152, 88, days_ago=1)
    reassess(county.person)
    run(engine="duckdb")
    assert newest(county.person) == [("hypertension_grade", "grade 1")]


def test_a_run_over_a_lake_that_knows_it_all_forgets_who_was_assessed_before(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 152, 88)
    reassess(county.person)
    time.sleep(1)
    refreshing.refresh()
    assert run(now=NOW + timedelta(days=1), engine="duckdb").newer == 0
    assert not Reassessed.objects.exists()
