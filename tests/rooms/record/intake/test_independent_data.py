"""Bundles, bulk files and examples that others made: taken whole, linked, and not twice."""

import gzip
import itertools
from collections import Counter

import orjson
import pytest

from catchment.rooms.people.models import Person
from catchment.rooms.record import queries
from catchment.rooms.record.models import Encounter, MissingLink, Observation
from catchment.rooms.record.types import Fate
from catchment.standards.fhir.mapping import READERS

from .conftest import NOW

pytestmark = pytest.mark.shared
BUNDLES = 6


@pytest.fixture
def bundles(shared, tmp_path):
    """The first few transaction bundles of generated people."""
    path = tmp_path / "bundles.ndjson"
    with gzip.open(shared / "data" / "fhir" / "synthea_r4_bundles_200.ndjson.gz") as lines:
        path.write_bytes(b"".join(itertools.islice(lines, BUNDLES)))
    return path


def test_generated_people_are_taken_with_their_whole_record(send, bundles):
    held = Counter(
        entry["resource"]["resourceType"]
        for line in bundles.read_bytes().splitlines()
        for entry in orjson.loads(line)["entry"]
    )
    tally = send(bundles)
    told = tally.by_type()
    assert {name: row["read"] for name, row in told.items()} == held
    assert tally[Fate.REJECTED] == 0
    assert all(row["unsupported"] == (0 if name in READERS else row["read"]) for name, row in told.items())
    assert (Person.objects.count(), Encounter.objects.count(), Observation.objects.count()) == (
        held["Patient"], held["Encounter"], held["Observation"],
    )  # fmt: skip
    assert not MissingLink.objects.exists()
    assert not Observation.objects.filter(encounter__isnull=True).exists()
    assert not Encounter.objects.filter(facility__isnull=True).exists()
    fullest = max(Person.objects.all(), key=lambda one: Observation.objects.filter(person=one).count())
    assert queries.summary(fullest.pk, now=NOW).results
    assert send(bundles)[Fate.TAKEN] == 0


@pytest.mark.parametrize(
    "name", ["us_core_examples.ndjson.gz", "cn_public_health_core_examples", "r4_official_examples.ndjson.gz"]
)
def test_official_examples_meet_the_same_fate_twice(send, shared, name):
    from catchment.standards.fhir.files import found_in

    files = found_in(shared / "data" / "fhir" / name)
    first, second = send(*files), send(*files)
    assert first[Fate.TAKEN] > 0
    assert second[Fate.TAKEN] == 0
    for fate in (Fate.REJECTED, Fate.UNSUPPORTED):
        assert {kind: row[fate] for kind, row in first.by_type().items()} == {
            kind: row[fate] for kind, row in second.by_type().items()
        }
    for tally in (first, second):
        assert all(one["reason"].partition(":")[0] for one in tally.rejections)
