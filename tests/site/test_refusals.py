"""Every refusal of permission is in the audit: who asked, for what, and why it was not given."""

import pytest

import county as small
from catchment.kernel.models import AuditEntry


@pytest.fixture
def officer(county):
    return small._actor("孟佳宁", county.hospital, "insurance-officer")


def refused():
    return [entry.detail for entry in AuditEntry.objects.filter(event="access.refused").order_by("id")]


def test_a_page_that_a_post_may_not_open_is_noted(enter, county, officer):
    assert enter(officer).get(f"/people/{county.person.public_id}/").status_code == 403
    assert refused() == [{"code": "capability", "page": "person", "method": "GET"}]


def test_a_person_without_a_relation_is_noted_by_their_public_identifier(enter, county):
    stranger = small.make_person("何远行", county.person.area, county.village)
    enter(county.specialist).get(f"/people/{stranger.public_id}/")
    (entry,) = refused()
    assert (entry["code"], entry["person"]) == ("no-relation", str(stranger.public_id))


def test_the_api_notes_its_refusals_too(enter, county, officer):
    assert enter(officer).get("/api/v1/referrals").status_code == 403
    assert [entry["code"] for entry in refused()] == ["capability"]


def test_what_is_merely_not_there_is_no_refusal(enter, county):
    enter(county.specialist).get("/referrals/00000000-0000-4000-8000-000000000000/")
    assert refused() == []
