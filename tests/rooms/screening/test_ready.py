"""A worker's session knows the question before the first person is asked about."""

from django.db import connection

from catchment.kernel import wall
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.screening import jobs
from catchment.rooms.screening.models import Assessment, Reassessed
from catchment.rooms.screening.rules import PROGRAMMES
from county import NOW


def planned():
    with connection.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements where statement like 'with screening_people%'")
        return {statement for (statement,) in cursor.fetchall()}


def test_the_question_is_planned_without_asking_about_anybody(county, publish, pressure):
    publish("hypertension", population={"min_age": 36, "max_age": 120})
    pressure(county.person, 152, 88)
    before = planned()
    jobs.ready(NOW)
    assert len(planned() - before) == 1
    assert not Assessment.objects.exists()
    assert not Reassessed.objects.exists()
    assert not wall.is_entered()


def test_without_programmes_there_is_nothing_to_get_ready(db):
    Edition.objects.filter(key=PROGRAMMES).delete()
    before = planned()
    jobs.ready(NOW)
    assert planned() == before


def test_the_session_is_given_back_by_the_thread_that_made_it_ready(transactional_db):
    beside = jobs.make_ready(sessions=2)
    beside.join(timeout=60)
    assert not beside.is_alive()
