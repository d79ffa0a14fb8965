"""Rows keep what they were; a page can say what was known on a day."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

import county as small
from catchment.kernel import clock
from catchment.kernel.models import RowHistory
from catchment.rooms.record import actions, queries
from catchment.rooms.record.models import Condition


def written(county, at, display="高血压"):
    return actions.record_condition(
        actor=county.village_doctor, now=at, person_id=county.person.pk, code="I10", display=display
    )


def known(county, at):
    return [(one.display, one.since_changed) for one in queries.known_on(county.person.pk, at)]


def test_a_change_keeps_what_was_there(county):
    row = written(county, small.NOW)
    Condition.objects.filter(pk=row.pk).update(display="继发性高血压")
    (kept,) = RowHistory.objects.all()
    assert (kept.table, kept.row_id, kept.person_id, kept.gone) == ("record_condition", row.pk, county.person.pk, False)
    assert kept.was["display"] == "高血压"


def test_a_removed_row_is_kept_too(county):
    row = written(county, small.NOW)
    Condition.objects.filter(pk=row.pk).delete()
    assert RowHistory.objects.get().gone


def test_a_new_label_is_no_change(county):
    written(county, small.NOW)
    Condition.objects.update(sensitivity="mental")
    assert not RowHistory.objects.exists()


def test_what_was_known_is_what_stood_then(county):
    now = clock.now()
    row = written(county, now - timedelta(days=3))
    before = clock.now()
    Condition.objects.filter(pk=row.pk).update(display="继发性高血压")
    written(county, now, "糖尿病")
    assert known(county, now - timedelta(days=4)) == []
    assert ("高血压", True) in known(county, before)
    assert sorted(known(county, clock.now())) == [("糖尿病", False), ("继发性高血压", False)]


def test_what_is_gone_today_was_known_then(county):
    row = written(county, clock.now() - timedelta(days=3))
    before = clock.now()
    Condition.objects.filter(pk=row.pk).delete()
    assert known(county, before) == [("高血压", True)]
    assert known(county, clock.now()) == []


@pytest.mark.parametrize("statement", ["update kernel_rowhistory set gone = true", "delete from kernel_rowhistory"])
def test_a_history_is_never_changed(county, statement):
    row = written(county, small.NOW)
    Condition.objects.filter(pk=row.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)
