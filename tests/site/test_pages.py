"""Every page opens for whom it is meant, in few queries, and for nobody else."""

import pytest

from catchment.kernel import clock
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm

MOST_QUERIES = 14  # 12 of the page, 2 of the session


@pytest.fixture
def sent(county):
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请诊"
    )
    draft = actions.draft_referral(actor=county.village_doctor, now=clock.now(), person_id=county.person.pk, form=form)
    return actions.send_referral(actor=county.village_doctor, now=clock.now(), referral_id=draft.pk)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?view=facility",
        "/?view=waiting",
        "/notices/",
        "/people/",
        "/people/?q=王",
        "/me",
        "/rulebook/",
        "/rulebook/referral.urgency/",
        "/people/scan",
    ],
)
def test_a_page_opens_in_few_queries(enter, county, sent, path, django_assert_max_num_queries):
    client = enter(county.village_doctor)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(path).status_code == 200


def test_the_person_page_opens_in_few_queries(enter, county, sent, django_assert_max_num_queries):
    client = enter(county.village_doctor)
    with django_assert_max_num_queries(18):
        answer = client.get(f"/people/{county.person.public_id}/")
    assert answer.status_code == 200
    assert "王秀英" in answer.content.decode()


def test_the_board_shows_what_waits(enter, county, sent):
    page = enter(county.desk).get("/").content.decode()
    assert "王秀英" in page
    assert "接收" in page


def test_signed_out_a_page_leads_to_the_sign_in(client, county):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/sign-in", "/tour", "/health/live", "/health/ready"])
def test_public_pages_open_for_everyone(client, db, path):
    assert client.get(path).status_code == 200


def test_a_post_without_the_capability_is_refused(enter, county):
    answer = enter(county.village_doctor).get("/rulebook/upload")
    assert answer.status_code == 403
