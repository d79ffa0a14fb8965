"""A county's record as other systems sent it, and a client that may read it."""

import hashlib
from datetime import timedelta

import orjson
import pytest

import samples
from catchment.kernel import clock
from catchment.kernel.actor import system
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions
from catchment.rooms.staff.models import ApiToken, Post
from catchment.standards.fhir.validity import faults

TOKEN = "token-of-a-test"


@pytest.fixture
def sent(db, tmp_path):
    """Every sample resource, imported; answers with the person."""
    path = tmp_path / "all.ndjson"
    path.write_bytes(b"\n".join(map(orjson.dumps, samples.everything())))
    source = actions.ensure_source("samples")
    importer = system("tests", "record.import")
    actions.import_files(actor=importer, now=clock.now(), source=source, paths=[path])
    Person.objects.update(primary_facility=Post.objects.get().facility)
    return Person.objects.get()


@pytest.fixture
def fhir(client, sent):
    """Ask a FHIR address with a token; answers with the response, its resource checked against R4."""
    post = Post.objects.get()
    now = clock.now()
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    ApiToken.objects.create(name="t", digest=digest, post=post, created_at=now, expires_at=now + timedelta(days=1))

    def ask(address, data=None, *, method="get", token=TOKEN, content_type="", **headers):
        sent_headers = {"Authorization": f"Bearer {token}"} if token else {}
        typed = {"content_type": content_type} if content_type else {}
        response = getattr(client, method)(f"/fhir/R4/{address}", data, headers={**sent_headers, **headers}, **typed)
        assert response.headers["Content-Type"].startswith("application/fhir+json")
        response.resource = orjson.loads(response.content) if response.content else None
        assert response.resource is None or faults(response.resource) == []
        return response

    return ask
