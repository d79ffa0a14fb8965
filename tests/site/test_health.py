"""What a load balancer is told."""

from django.db import connection

from catchment.site.pages import health


def test_alive_and_ready(client, db):
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_not_ready_while_the_database_does_not_answer(rf, db):
    def refuse(*_asked):
        from django.db import OperationalError

        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = health.ready(rf.get("/health/ready"))
    assert answer.status_code == 503


def test_alive_without_asking_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200
