"""The pages of referral: what each opens with, what a wrong form says, who is let in, how much is asked."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import county as county_of_tests
from catchment.kernel import clock
from catchment.rooms.referral import actions
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import LetterForm, ReferralForm

MOST_QUERIES = 12
LETTER = {"diagnosis_row": "不稳定性心绞痛 I20.000", "course": "造影", "advice": "每周测血压"}


@pytest.fixture
def form(county):
    return {
        "direction": "up", "urgency": "urgent", "reason_code": "0", "diagnosis": "胸痛", "diagnosis_code": "R07.400",
        "question": "请明确诊断", "to_service": str(county.cardiology.pk), "do": "send", "level": "village",
        "parts": ["problems", "results"],
    }  # fmt: skip


def send(county, person=None, **changes):
    told = {
        "to_service_id": county.cardiology.pk,
        "urgency": "urgent",
        "reason_code": "0",
        "diagnosis": "胸痛",
        "question": "请诊",
    }
    actor, now = county.village_doctor, clock.now()
    draft = actions.draft_referral(
        actor=actor, now=now, person_id=(person or county.person).pk, form=ReferralForm(**{**told, **changes})
    )
    return actions.send_referral(actor=actor, now=now, referral_id=draft.pk)


def step(client, referral, verb, **given):
    return client.post(f"/referrals/{referral.public_id}/{verb}/", given)


def test_the_form_is_sent_in_one_page_and_leads_to_the_referral(enter, county, form):
    client = enter(county.village_doctor)
    assert client.get(f"/referrals/new/{county.person.public_id}/").status_code == 200
    answer = client.post(f"/referrals/new/{county.person.public_id}/", form)
    referral = Referral.objects.get()
    assert answer.headers["Location"] == f"/referrals/{referral.public_id}/"
    assert (referral.state, referral.booking.state) == ("sent", "held")


@pytest.mark.parametrize(
    ("left_out", "said"),
    [("to_service", "请选择"), ("reason_code", "转诊原因")],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_written(enter, county, form, left_out, said):
    del form[left_out]
    answer = enter(county.village_doctor).post(f"/referrals/new/{county.person.public_id}/", form)
    assert answer.status_code == 422
    assert "field-problem" in answer.content.decode()
    assert said in answer.content.decode()
    assert Referral.objects.count() == 0


def test_an_emergency_without_a_phone_call_is_not_sent(enter, county, form):
    answer = enter(county.village_doctor).post(
        f"/referrals/new/{county.person.public_id}/", {**form, "urgency": "emergency"}
    )
    assert answer.status_code == 422
    assert "先电话联系" in answer.content.decode()
    assert Referral.objects.count() == 0


def test_a_second_referral_to_the_same_specialty_shows_the_first(enter, county, form):
    first = send(county)
    client = enter(county.village_doctor)
    answer = client.post(f"/referrals/new/{county.person.public_id}/", form)
    assert answer.status_code == 422
    assert first.number in answer.content.decode()
    assert (
        client.post(f"/referrals/new/{county.person.public_id}/", {**form, "acknowledged_live": "1"}).status_code == 302
    )


def test_a_draft_is_kept_and_found_again(enter, county, form):
    client = enter(county.village_doctor)
    assert client.post(f"/referrals/new/{county.person.public_id}/kept", form).status_code == 204
    assert "请明确诊断" in client.get(f"/referrals/new/{county.person.public_id}/").content.decode()
    assert "没写完的" in client.get("/referrals/").content.decode()


def test_proposals_come_with_their_reasons_best_first(enter, county):
    client = enter(county.village_doctor)
    answer = client.get(
        f"/referrals/new/{county.person.public_id}/destinations?level=village&direction=up&diagnosis_code=R07.400"
    )
    text = answer.content.decode()
    assert text.index("县人民医院") < text.index("公里")
    assert "首选" in text


def test_the_whole_way_by_the_pages(enter, county):
    referral = send(county)
    assert step(enter(county.desk), referral, "accept").status_code in {204, 302}
    assert step(enter(county.desk), referral, "arrive").status_code in {204, 302}
    assert step(enter(county.specialist), referral, "answer", **LETTER).status_code in {204, 302}
    assert step(enter(county.village_doctor), referral, "take-over").status_code in {204, 302}
    assert step(enter(county.village_doctor), referral, "follow-up", note="无胸痛").status_code in {204, 302}
    referral.refresh_from_db()
    assert referral.state == "closed"


def test_a_step_without_its_reason_is_said_and_not_taken(enter, county):
    referral = send(county)
    answer = step(enter(county.desk), referral, "decline")
    assert answer.status_code == 422
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_a_step_of_the_other_side_is_refused(enter, county):
    referral = send(county)
    assert step(enter(county.village_doctor), referral, "accept").status_code in {403, 409, 422}
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_a_referral_of_others_is_not_found(enter, county):
    referral = send(county)
    assert enter(county.township_doctor).get(f"/referrals/{referral.public_id}/").status_code == 404


def test_advice_is_answered_and_becomes_a_referral_without_typing_again(enter, county, form):
    client = enter(county.village_doctor)
    asked = client.post(f"/referrals/new/{county.person.public_id}/", {**form, "do": "ask"})
    address = asked.headers["Location"]
    assert (
        enter(county.specialist)
        .post(f"{address}answer/", {"answer": "建议转来", "recommends_referral": "on"})
        .status_code
        == 302
    )
    made = enter(county.village_doctor).post(f"{address}convert/", {"reason_code": "0"})
    assert made.status_code == 302
    assert "请明确诊断" in Referral.objects.get().question


def test_the_paper_is_a_pdf_with_an_out_and_a_back_part(enter, county):
    referral = send(county)
    client = enter(county.village_doctor)
    one = client.get(f"/referrals/{referral.public_id}/form.pdf")
    assert one.headers["Content-Type"] == "application/pdf"
    assert one.content.startswith(b"%PDF")
    actions.accept_referral(actor=county.desk, now=clock.now(), referral_id=referral.pk)
    actions.arrive_referral(actor=county.desk, now=clock.now(), referral_id=referral.pk)
    letter = LetterForm(diagnoses=({"code": "I20.000", "display": "心绞痛"},), advice="坚持服药")
    actions.answer_referral(actor=county.specialist, now=clock.now(), referral_id=referral.pk, letter=letter)
    assert len(client.get(f"/referrals/{referral.public_id}/form.pdf").content) > len(one.content)


def test_the_patients_link_opens_in_the_first_browser_alone(enter, county):
    referral = send(county)
    shown = enter(county.village_doctor).post(f"/referrals/{referral.public_id}/link").content.decode()
    address = "/referrals/track/" + shown.split("/referrals/track/")[1].split('"')[0]
    patient, other = Client(), Client()
    assert "查看我的转诊" in patient.get(address).content.decode()
    assert "县人民医院" in patient.post(address).content.decode()
    assert "县人民医院" in patient.get(address).content.decode()
    assert other.post(address).status_code == 404
    assert county.person.name not in patient.get(address).content.decode()


def queries_of(client, path):
    county_of_tests.remember_rules()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", ["/referrals/", "/referrals/advice/", "/referrals/statistics"])
def test_a_list_asks_as_much_for_forty_referrals_as_for_one(enter, county, path):
    referral = send(county)
    client = enter(county.village_doctor)
    one = queries_of(client, path)
    rows = [Referral(**{**_copied(referral), "number": f"ZZ{n}"}) for n in range(40)]
    Referral.objects.bulk_create(rows)
    assert queries_of(client, path) <= one <= MOST_QUERIES


def _copied(referral):
    names = {field.attname for field in Referral._meta.fields} - {"id", "public_id", "number", "booking_id"}
    return {name: getattr(referral, name) for name in names}


@pytest.mark.parametrize("end", ["", "accept/", "decline/", "redirect/", "request-information/"])
def test_a_referrals_page_and_its_steps_ask_little(enter, county, end):
    referral = send(county)
    assert queries_of(enter(county.desk), f"/referrals/{referral.public_id}/{end}") <= MOST_QUERIES


@pytest.mark.parametrize(
    "end", ["", "destinations?level=village&direction=up&diagnosis_code=R07.400", "record", "diagnoses?diagnosis=xt"]
)
def test_the_form_and_its_parts_ask_little(enter, county, end):
    path = f"/referrals/new/{county.person.public_id}/{end}"
    assert queries_of(enter(county.village_doctor), path) <= MOST_QUERIES


def test_every_figure_of_the_statistics_opens_what_it_was_counted_from(enter, county):
    send(county)
    client = enter(county.manager)
    page = client.get("/referrals/statistics")
    figures = page.context["open_total"]
    assert page.context["totals"].sent == 1
    assert "统计数字的来处" in client.get(figures["sent"]).content.decode()
    assert json.dumps(page.context["flow_chart"], default=str, ensure_ascii=False).count("县人民医院") >= 1
