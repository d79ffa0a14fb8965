"""Damaged files and interrupted runs: what is sound is taken, the rest is told with its file and line."""

import gzip

import orjson
import pytest
from django.db import connection

import samples
from catchment.kernel.errors import Refusal
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions
from catchment.rooms.record.actions.intake import runs
from catchment.rooms.record.models import IncomingFile, Observation
from catchment.rooms.record.types import Fate

from .conftest import IMPORTER, NOW

LINES = [samples.patient(f"p{n}", identifier=[]) for n in range(40)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cut.ndjson.gz", gzip.compress(b"\n".join(map(orjson.dumps, LINES)), mtime=0)[:-200], "damaged"),
        (
            "bad.ndjson",
            orjson.dumps(LINES[0]) + b'\n{"resourceType": "Patient", \n' + orjson.dumps(LINES[1]),
            "not JSON",
        ),
        ("latin.ndjson", '{"resourceType":"Patient","id":"é"}\n'.encode("latin-1"), "not UTF-8"),
        ("utf16.json", orjson.dumps(LINES[0]).decode().encode("utf-16"), "not UTF-8"),
        ("deep.json", b'{"resourceType":"Patient","x":' + b"[" * 5000 + b"]" * 5000 + b"}", "not JSON"),
        ("list.json", b"[1, 2]", "no resourceType"),
        ("empty-type.json", b'{"a": 1}', "no resourceType"),
        ("null-type.json", b'{"resourceType": "Pat\\u0000ient"}', "not the name of a resource"),
        ("long-type.json", b'{"resourceType": "' + b"P" * 41 + b'"}', "not the name of a resource"),
        ("entity.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><Patient xmlns="http://hl7.org/fhir"/>', "document type"),
        ("half.xml", b'<Patient xmlns="http://hl7.org/fhir"><id value="x"/>', "not readable as FHIR XML"),
        ("other.xml", b"<a/>", "does not belong to FHIR"),
        ("zip.json", b"PK\x03\x04\x00\x00\xff\xfe", "not UTF-8"),
        ("bundle.json", b'{"resourceType":"Bundle","entry":{"a":1}}', "not a list"),
    ],
)
def test_a_damaged_file_is_told_and_the_next_one_is_taken(send, tmp_path, name, content, reason):
    broken, sound = tmp_path / name, tmp_path / "z.ndjson"
    broken.write_bytes(content)
    sound.write_bytes(orjson.dumps(samples.patient("sound")))
    tally = send(broken, sound)
    assert Person.objects.filter(pk__isnull=False).exists()
    assert tally.as_dict()["by_type"]["(unreadable)"]["rejected"] == tally[Fate.REJECTED] >= 1
    assert all(told["file"] == name and told["line"] >= 1 and reason in told["reason"] for told in tally.rejections)
    assert tally[Fate.TAKEN] >= 1


def test_lines_before_a_break_are_kept(send, tmp_path):
    path = tmp_path / "cut.ndjson.gz"
    whole = gzip.compress(b"\n".join(map(orjson.dumps, LINES)) + b"\n" + bytes(str(list(range(9000))), "ascii"))
    path.write_bytes(whole[:-4000])
    tally = send(path)
    assert Person.objects.count() == tally[Fate.TAKEN] > 0
    assert tally[Fate.REJECTED] == 1


def test_a_line_beyond_the_limit_is_rejected_without_being_held(send, tmp_path, monkeypatch):
    from catchment.standards.fhir import files

    monkeypatch.setattr(files, "LARGEST", 2000)
    path = tmp_path / "long.ndjson"
    path.write_bytes(orjson.dumps(LINES[0]) + b"\n" + b"x" * 100_000 + b"\n" + orjson.dumps(LINES[1]))
    tally = send(path)
    assert (tally[Fate.TAKEN], tally[Fate.REJECTED]) == (2, 1)
    assert "longer than 2000 bytes" in tally.rejections[0]["reason"]


def test_an_interrupted_run_goes_on_where_it_stopped(db, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 10)
    path = tmp_path / "Patient.ndjson"
    path.write_bytes(b"\n".join(map(orjson.dumps, LINES)))
    source = actions.ensure_source("test")

    def stop(_done, tally):
        if tally.read >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.import_files(actor=IMPORTER, now=NOW, source=source, paths=[path], progress=stop)
    assert Person.objects.count() == 20
    assert (IncomingFile.objects.get().position, IncomingFile.objects.get().finished_at) == (20, None)
    tally = actions.import_files(actor=IMPORTER, now=NOW, source=source, paths=[path])
    assert (tally.read, tally[Fate.TAKEN], tally[Fate.KNOWN]) == (40, 20, 20)
    assert Person.objects.count() == 40
    assert IncomingFile.objects.get().finished_at == NOW


def test_two_versions_in_one_file_settle_on_the_later_and_stay_settled(send, tmp_path):
    path = tmp_path / "both.ndjson"
    older, newer = samples.patient(gender="male"), samples.patient(gender="female")
    path.write_bytes(b"\n".join(map(orjson.dumps, [older, newer])))
    assert send(path)[Fate.TAKEN] == 2
    assert send(path)[Fate.KNOWN] == 2
    assert Person.objects.get().sex == "female"


def test_one_row_that_the_database_refuses_does_not_take_the_others_along(send):
    with connection.cursor() as cursor:
        cursor.execute("alter table record_observation add constraint no_boom check (display <> 'boom')")
    told = [samples.fact("Observation", f"o{n}", status="final", code={"text": "x"}) for n in range(5)]
    told[2]["code"] = {"text": "boom"}
    tally = send(samples.patient(), *told)
    assert (tally[Fate.TAKEN], tally[Fate.REJECTED], Observation.objects.count()) == (5, 1, 4)
    assert tally.rejections[0]["id"] == "o2"
    assert "no_boom" in tally.rejections[0]["reason"]


def test_a_second_run_of_one_source_at_the_same_time_is_refused(send, transactional_db):
    import psycopg

    source = actions.ensure_source("test")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("select pg_advisory_lock(%s, %s)", [runs._LOCK, source.pk])
        with pytest.raises(Refusal):
            send(samples.patient())
