"""Many rows in one statement say the same as many statements would."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, DataError, IntegrityError, transaction

from catchment.kernel.bulk import AT_ONCE, insert, insert_many, update, update_many
from catchment.kernel.models import FlowEvent
from catchment.rooms.claims.types import State
from catchment.rooms.rulebook.models import Edition

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def event(at, **more):
    told = {"subject_kind": "claim", "verb": "check", "from_state": State.DRAFTED, "to_state": "checked", "at": NOW}
    return FlowEvent(subject_id=at, actor_role="system", detail={"n": [at, None, "肺炎"]}, **told, **more)


def test_rows_are_added_with_their_keys_and_read_back_as_they_were(db):
    rows = [event(at, post_id=None if at % 2 else at) for at in range(AT_ONCE + 1)]
    insert_many(rows)
    found = FlowEvent.objects.in_bulk([row.pk for row in rows])
    assert len(found) == AT_ONCE + 1
    for row in (rows[0], rows[1], rows[-1]):
        kept = found[row.pk]
        assert (kept.subject_id, kept.from_state, kept.at, kept.post_id, kept.detail) == (
            row.subject_id, "drafted", NOW, row.post_id, row.detail,
        )  # fmt: skip


def test_what_the_database_refuses_leaves_none_of_them(db):
    with pytest.raises(DataError), transaction.atomic():
        insert_many([event(1), event(2, actor_name="x" * 81)])
    assert not FlowEvent.objects.exists()


def test_saved_rows_are_changed_and_one_that_is_there_already_is_refused(db):
    rows = [Edition(**edition(version)) for version in ("1", "2")]
    insert_many(rows)
    rows[0].title, rows[1].content = "新标题", {"a": [1]}
    update_many(rows, ["title", "content"])
    assert [(one.title, one.content) for one in Edition.objects.order_by("pk")] == [("新标题", {}), ("t", {"a": [1]})]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([Edition(**edition("1"))])


def edition(version):
    day = NOW.date().replace(day=int(version))
    return {
        "key": "k", "version": version, "title": "t", "content": {}, "source": "s", "in_force_from": day,
        "digest": "d", "published_at": NOW, "published_by": "x",
    }  # fmt: skip


def test_nothing_is_done_for_no_rows(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_many([])
        update_many([], ["title"])


def test_one_row_is_added_with_its_key_and_changed_in_the_columns_named(db):
    row = event(1, post_id=7)
    insert(row)
    row.verb, row.detail, row.to_state = "mend", {"b": ["x", None]}, "not written"
    update(row, ["verb", "detail"])
    kept = FlowEvent.objects.get(pk=row.pk)
    assert (kept.verb, kept.detail, kept.to_state, kept.post_id) == ("mend", {"b": ["x", None]}, "checked", 7)


def test_a_change_of_a_row_that_is_not_there_is_an_error_and_no_columns_are_no_change(db, django_assert_num_queries):
    gone = event(1)
    gone.pk = 2**50
    with pytest.raises(DatabaseError):
        update(gone, ["verb"])
    with django_assert_num_queries(0):
        update(gone, [])
