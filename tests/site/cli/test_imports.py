"""The command that takes resources in: what it counts, how it ends, what it refuses."""

import json

import orjson
import pytest
from typer.testing import CliRunner

import samples
from catchment.rooms.claims.models import Claim
from catchment.site.cli import imports
from catchment.site.cli.output import CommandError

TOTALS = ("read", "taken", "known", "unsupported", "rejected")


@pytest.fixture
def folder(db, tmp_path):
    """Everything once, a type that is not taken, an observation of nobody, a file that is not JSON."""
    nobody = samples.observation("nobody", subject=samples.reference("Patient/none"))
    lines = [*samples.everything(), {"resourceType": "Schedule", "id": "c"}, nobody]
    (tmp_path / "all.ndjson").write_bytes(b"\n".join(map(orjson.dumps, lines)))
    (tmp_path / "broken.json").write_bytes(b"{")
    (tmp_path / "notes.txt").write_bytes(b"not for us")
    return tmp_path


def run(*arguments, code=0):
    result = CliRunner().invoke(imports.app, [str(argument) for argument in arguments])
    if isinstance(result.exception, CommandError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def test_every_resource_of_a_folder_is_counted_in_all_and_by_type(folder):
    told = json.loads(run("fhir", folder, "--json", code=1).stdout)
    assert [told[name] for name in TOTALS] == [19, 16, 0, 1, 2]
    for row in (told, *told["by_type"].values()):
        assert row["read"] == sum(row[name] for name in TOTALS[1:])
    for name in TOTALS:
        assert told[name] == sum(row[name] for row in told["by_type"].values())
    assert {one["file"] for one in told["rejections"]} == {"all.ndjson", "broken.json"}


def test_a_second_run_takes_nothing_and_what_is_mended_is_taken(folder):
    run("fhir", folder, code=1)
    again = json.loads(run("fhir", folder, "--json", code=1).stdout)
    assert [again[name] for name in TOTALS] == [19, 0, 16, 1, 2]
    listed = json.loads(run("rejected", "--json").stdout)
    assert [(one["type"], one["id"]) for one in listed if one["type"] != "(unreadable)"] == [("Observation", "nobody")]
    (folder / "broken.json").write_bytes(orjson.dumps(samples.patient("none", identifier=[])))
    assert json.loads(run("fhir", folder / "broken.json", "--json").stdout)["replayed"] == 1
    assert [one["type"] for one in json.loads(run("rejected", "--json").stdout)] == ["(unreadable)"]


def test_people_read_a_table_with_the_reasons_beside_it(folder):
    shown = run("fhir", folder, code=1)
    assert "全部" in shown.stdout
    assert "Observation/nobody unknown-subject" in shown.stderr
    assert "unknown-subject" in run("rejected").stdout


def test_replay_tells_the_fate_of_what_was_rejected(folder):
    run("fhir", folder, code=1)
    told = json.loads(run("replay", "--json", code=1).stdout)
    assert (told["read"], told["rejected"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("fhir", "absent.ndjson"), "absent.ndjson"),
        (("fhir", "{folder}/empty"), "nothing to read"),
        (("fhir", "{folder}/all.ndjson", "--source", ""), "--source"),
        (("fhir", "{folder}/all.ndjson", "--source", "x" * 61), "--source"),
        (("rejected", "--source", " "), "--source"),
    ],
)
def test_a_mistake_is_told_before_anything_is_read(folder, arguments, word):
    (folder / "empty").mkdir()
    with pytest.raises(CommandError, match=word):
        run(*(argument.format(folder=folder) for argument in arguments))


def test_claims_are_taken_after_the_record_and_old_ones_are_kept_as_history(county, tmp_path):
    lines = [
        *samples.everything(),
        *(samples.claim(key, day) for key, day in (("new", "2025-03-02"), ("old", "1991-06-07"))),
    ]
    nobody = samples.claim("nobody", "2025-03-02", patient=samples.reference("Patient/none"))
    (tmp_path / "all.ndjson").write_bytes(
        b"\n".join(map(orjson.dumps, [*lines, nobody, samples.claim("draft", "2025-03-02", status="draft")]))
    )
    told = json.loads(run("fhir", tmp_path, "--json", code=1).stdout)
    assert told["by_type"]["Claim"] == {"read": 4, "taken": 2, "known": 0, "unsupported": 0, "rejected": 2}
    assert told["history"] == 1
    assert {one["id"]: one["reason"].split(":")[0] for one in told["rejections"]} == {
        "nobody": "unknown-person",
        "draft": "invalid",
    }
    assert dict(Claim.objects.values_list("ref", "state")) == {"new": "drafted", "old": "history"}
    again = json.loads(run("fhir", tmp_path, "--json", code=1).stdout)["by_type"]["Claim"]
    assert (again["taken"], again["known"]) == (0, 2)
    assert {one["id"] for one in json.loads(run("rejected", "--json").stdout)} == {"nobody", "draft"}
