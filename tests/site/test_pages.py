"""Every page opens for whom it is meant, in few queries, and for nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import county as county_of_tests
from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.board import actions as board
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.people import actions as people
from catchment.rooms.people.types import Registration
from catchment.rooms.record import actions as record
from catchment.rooms.record.types import VisitForm
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm

MOST_QUERIES = 12  # session, account and post included


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
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(f"/people/{county.person.public_id}/")
    assert answer.status_code == 200
    assert "王秀英" in answer.content.decode()


def queries_of(client, path):
    county_of_tests.remember_rules()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def searched(client, words):
    county_of_tests.remember_rules()
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/people/", {"q": words}).status_code == 200
    return len(asked)


def test_what_is_searched_for_is_not_taken_from_the_address(enter, county):
    client = enter(county.village_doctor)
    link = f"/people/{county.person.public_id}/"
    assert link not in client.get("/people/?q=王秀英").content.decode()
    assert link in client.post("/people/", {"q": "wxy"}).content.decode()


def test_the_board_asks_as_much_for_sixty_lines_as_for_one(enter, county, sent):
    client = enter(county.desk)
    client.get("/?view=facility")
    one = queries_of(client, "/?view=facility")
    for n in range(60):
        board.put_work(
            now=clock.now(),
            kind="referral.accept",
            subject=Subject(kind="referral", key=1000 + n, ref=str(sent.public_id), person_id=county.person.pk),
            holder=Holder(facility_id=county.hospital.pk),
            origin=Origin(facility_id=county.village.pk),
            priority=Priority.URGENT,
            headline=f"{n}",
        )
    assert queries_of(client, "/?view=facility") == one <= MOST_QUERIES


def test_a_search_asks_as_much_for_many_people_as_for_one(enter, county):
    client = enter(county.village_doctor)
    one = searched(client, "李")
    for n in range(30):
        people.register_person(
            actor=county.village_doctor, now=clock.now(), told=Registration(name=f"李建{chr(0x4E00 + n)}")
        )
    assert searched(client, "李") <= one + 1 <= MOST_QUERIES  # none found needs no second query


def test_a_person_with_a_long_record_asks_no_more_than_one_with_none(enter, county, sent):
    client, path = enter(county.village_doctor), f"/people/{county.person.public_id}/"
    client.get(path)
    short = queries_of(client, path)
    for n in range(40):
        record.record_visit(
            actor=county.village_doctor,
            now=clock.now(),
            person_id=county.person.pk,
            form=VisitForm(pulse=60 + n, note="好"),
        )
    assert queries_of(client, path) == short <= MOST_QUERIES


def test_the_board_shows_what_waits(enter, county, sent):
    page = enter(county.desk).get("/").content.decode()
    assert "王秀英" in page
    assert "接收" in page


def test_the_selected_line_is_shown_beside_the_board_and_its_reading_is_noted(enter, county, sent):
    item = WorkItem.objects.get(person=county.person)
    page = enter(county.desk).get(f"/board/preview/{item.pk}").content.decode()
    assert "王秀英" in page
    assert AuditEntry.objects.filter(event="person.preview", person_id=county.person.pk).count() == 1
    assert enter(county.township_doctor).get(f"/board/preview/{item.pk}").status_code == 404


def test_the_page_of_a_person_keeps_the_navigation(enter, county):
    page = enter(county.village_doctor).get(f"/people/{county.person.public_id}/").content.decode()
    assert 'href="/rulebook/"' in page


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
