"""The audit proves itself: whatever somebody with all rights over the database changes in it is found."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from catchment.kernel import audit, proof
from catchment.kernel.actor import system
from catchment.kernel.models import AuditEntry, AuditLane

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
DETAIL = {"read": 3, "share": 0.25, "whole": 2.0, "large": 1e22, "codes": ["a", "乙"], "more": {"z": None, "b": True}}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder of its own for the seals."""
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))


def write(count=1, **facts):
    told = [
        audit.record(actor=system("tester"), event="record.read", at=NOW + timedelta(seconds=n), **facts)
        for n in range(count)
    ]
    return [AuditEntry.objects.get(nonce=entry.nonce) for entry in told]


def as_superuser(statement, *values):
    """What somebody can do who owns the database: triggers do not stop them."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        try:
            cursor.execute(statement, values)
        finally:
            cursor.execute("set session_replication_role = origin")


def faults():
    return [fault.fault for fault in proof.verify().breaks]


def test_an_untouched_audit_is_proven_entry_by_entry():
    write(20, person_id=7, detail=DETAIL, purpose="care")
    found = proof.verify()
    assert (found.entries, found.breaks) == (20, [])
    assert len(found.roots) == 1


def test_the_application_itself_can_neither_change_nor_remove_entries():
    entry = write()[0]
    with connection.cursor() as cursor:
        cursor.execute("set catchment.rebuild = off")
    try:
        for statement in (
            "update kernel_auditentry set purpose = 'x'",
            "delete from kernel_auditentry",
            "truncate kernel_auditentry",
        ):
            with (
                pytest.raises(DatabaseError, match="never changed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("set catchment.rebuild = on")
    assert AuditEntry.objects.get().pk == entry.pk


@pytest.mark.parametrize(
    "change",
    [
        "event = 'record.print'",
        "person_id = 8",
        "at = at + interval '1 second'",
        "detail = '{}'",
        "written_at = written_at + interval '1 hour'",
        "actor_name = '他人'",
        "id = id + 1000",
    ],
)
def test_editing_an_entry_is_found_and_the_entry_named(change):
    entries = write(5, person_id=7, detail={"n": 1})
    as_superuser(f"update kernel_auditentry set {change} where id = %s", entries[2].pk)  # noqa: S608 written above
    found = proof.verify().breaks[0]
    assert found.fault == "edited"
    assert found.seq == 3


def test_editing_with_the_chain_made_good_again_is_found_by_the_key():
    write(3)
    as_superuser("update kernel_auditentry set event = 'nothing.happened'")
    for entry in AuditEntry.objects.order_by("seq"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"select sha256(coalesce((select digest from kernel_auditentry where seq = %s), ''::bytea) || convert_to({proof.CHAINED}, 'UTF8')) from kernel_auditentry where id = %s",  # noqa: S608 written in the module under test
                [entry.seq - 1, entry.pk],
            )
            digest = cursor.fetchone()[0]
        as_superuser("update kernel_auditentry set digest = %s where id = %s", digest, entry.pk)
        as_superuser("update kernel_auditlane set digest = %s", digest)
    assert "edited" in faults()


def test_removing_an_entry_from_the_middle_is_found():
    entries = write(5)
    as_superuser("delete from kernel_auditentry where id = %s", entries[2].pk)
    assert faults()[0] == "missing-before"


def test_removing_the_last_entry_is_found():
    as_superuser("delete from kernel_auditentry where id = %s", write(5)[-1].pk)
    assert faults() == ["missing-at-end"]


def test_removing_the_end_and_setting_the_lane_back_is_found_by_the_seal():
    entries = write(5)
    proof.seal(NOW)
    as_superuser("delete from kernel_auditentry where id = %s", entries[-1].pk)
    as_superuser("update kernel_auditlane set seq = 4, digest = (select digest from kernel_auditentry where seq = 4)")
    assert faults() == ["differs-from-seal"]


def test_removing_a_whole_day_is_found_by_the_seal():
    write(2)
    proof.seal(NOW)
    as_superuser("delete from kernel_auditentry")
    as_superuser("delete from kernel_auditlane")
    assert faults() == ["day-gone"]


def test_inserting_through_the_database_is_found():
    write(2)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_auditentry (at, event, actor_role, actor_name, subject_kind, purpose, detail, request_id) values (now(), 'x.y', 'r', '', '', '', '{}', '')"
        )
    assert faults() == ["not-written-here"]


def test_inserting_a_copy_of_a_true_entry_is_found():
    write(2)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_auditentry (at, event, actor_role, actor_name, subject_kind, purpose, detail, request_id, nonce, mac) select at, event, actor_role, actor_name, subject_kind, purpose, detail, request_id, nonce, mac from kernel_auditentry limit 1"
        )
    assert faults() == ["copied"]


def test_inserting_past_the_triggers_is_found():
    write(2)
    as_superuser(
        "insert into kernel_auditentry (at, event, actor_role, actor_name, subject_kind, purpose, detail, request_id) values (now(), 'x.y', 'r', '', '', '', '{}', '')"
    )
    assert faults() == ["unchained"]


def test_reordering_two_entries_is_found():
    first, second = write(2)
    for key, seq in ((first.pk, 99), (second.pk, 1), (first.pk, 2)):
        as_superuser("update kernel_auditentry set seq = %s where id = %s", seq, key)
    assert "edited" in faults()


def test_writers_at_the_same_time_use_lanes_of_their_own_and_never_wait():
    both = threading.Barrier(2, timeout=20)

    def one():
        with transaction.atomic():
            write(3)
            both.wait()
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditLane.objects.count() == 2
    assert faults() == []


def test_what_is_rolled_back_leaves_no_gap():
    write()
    with transaction.atomic():
        write(2)
        transaction.set_rollback(True)
    write()
    assert faults() == []


def test_the_root_of_a_day_changes_with_every_entry_and_a_seal_is_written_only_when_it_does():
    write()
    first = proof.seal(NOW)
    assert proof.seal(NOW) is None
    write()
    second = proof.seal(NOW)
    assert first != second
    assert list(proof.verify().roots.values()) == [second]
