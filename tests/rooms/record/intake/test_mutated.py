"""Sound resources with something turned wrong, and bytes turned over: each is accounted for, and nothing falls over."""

import gzip
import itertools
import random
from copy import deepcopy

import orjson
import pytest

import samples
from catchment.rooms.people.models import Person

WRONG = [
    None, True, -1, 10**400, 1e308, "", " ", "\x00", "\ud83d\ude00" * 300, "x" * 70_000, [], {}, [[]], [{}], {"a": {"b": []}},
    "9999-99-99", "0000-01-01", "2026-02-29", "2026-13-01T25:61:61+99:99", "-4712-01-01", "10000-01-01", "Patient/../../etc",
    "urn:uuid:none", "#", "http://[::1", "' or 1=1 --", {"reference": {"reference": "x"}}, {"value": "NaN", "unit": 7}, [1, [2, [3]]],
]  # fmt: skip


def places(node, path=()):
    """Every place inside a resource."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def mutated(resource, chance):
    """A copy with one to three places wrong, gone or doubled."""
    changed = deepcopy(resource)
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(list(places(changed)) or [("x",)])
        node = changed
        for key in way:
            node = node[key]
        kind = chance.random()
        if kind < 0.15:
            del node[last]
        elif kind < 0.3 and isinstance(node, dict):
            node[f"{last}-x"] = deepcopy(node[last])
        else:
            node[last] = deepcopy(chance.choice(WRONG))
    return changed


def written(resource):
    try:
        return orjson.dumps(resource)
    except (TypeError, ValueError):  # a number that only Python writes
        import json

        return json.dumps(resource).encode("utf-8", "surrogatepass")


def accounted(tally, least):
    told = tally.as_dict()["by_type"]
    for name, row in told.items():
        assert row["read"] == sum(n for fate, n in row.items() if fate != "read"), (name, row)
    assert sum(row["read"] for row in told.values()) >= least


def try_them(send, path, resources, chance, copies):
    lines = [written(mutated(one, chance)) for one in resources for _ in range(copies)]
    path.write_bytes(b"\n".join(lines))
    accounted(send(path), 1)
    overturned = bytearray(b"\n".join(lines[: len(lines) // 2]))
    for _ in range(len(overturned) // 300):
        overturned[chance.randrange(len(overturned))] = chance.randrange(256)
    path.write_bytes(bytes(overturned))
    accounted(send(path), 1)


def test_mutated_resources_are_accounted_for(send, tmp_path):
    send(*samples.everything())
    people = Person.objects.count()
    try_them(send, tmp_path / "m.ndjson", samples.everything(), random.Random(7), 4)
    assert Person.objects.count() >= people


@pytest.mark.slow
@pytest.mark.parametrize("number", range(6))
def test_mutated_resources_are_accounted_for_at_length(send, tmp_path, number):
    try_them(send, tmp_path / "m.ndjson", samples.everything(), random.Random(number), 40)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("number", range(3))
def test_generated_bundles_turned_wrong_are_accounted_for(send, shared, tmp_path, number):
    with gzip.open(shared / "data" / "fhir" / "synthea_r4_bundles_200.ndjson.gz") as lines:
        bundles = [orjson.loads(line) for line in itertools.islice(lines, 2)]
    resources = [entry["resource"] for bundle in bundles for entry in bundle["entry"]][:400]
    try_them(send, tmp_path / "m.ndjson", resources, random.Random(number), 2)
