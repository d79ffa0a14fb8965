"""The pages of referral: few questions to the database however much there is, and what each of them says."""

import re
from dataclasses import replace
from html import unescape

import pytest

from catchment.kernel import clock
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.types import LetterForm, ReferralForm, Sending
from county import County, make_person, open_slots

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
LETTER = LetterForm(
    diagnoses=({"code": "I20.000", "display": "不稳定性心绞痛"},),
    course="住院治疗，症状缓解",
    medicines=({"display": "阿司匹林肠溶片", "dose": "100mg 每日一次"},),
    advice="每周测血压一次",
    follow_up_days=5,
)


def form(county: County, **changes) -> ReferralForm:
    base = ReferralForm(
        to_service_id=county.cardiology.pk,
        urgency="urgent",
        reason_code="0",
        diagnosis_code="R07.400",
        diagnosis="胸痛",
        question="反复胸痛三天，请明确诊断",
    )
    return replace(base, **changes)


def sent(county: County, person=None, **changes):
    now, who = clock.now(), (person or county.person).pk
    draft = actions.draft_referral(actor=county.village_doctor, now=now, person_id=who, form=form(county, **changes))
    how = Sending(reserve=False, acknowledged_live=True, phone="已接" if changes.get("urgency") == "emergency" else "")
    return actions.send_referral(actor=county.village_doctor, now=now, referral_id=draft.pk, sending=how)


def answered(county: County, referral):
    now = clock.now()
    actions.accept_referral(actor=county.desk, now=now, referral_id=referral.pk)
    actions.arrive_referral(actor=county.desk, now=now, referral_id=referral.pk)
    return actions.answer_referral(actor=county.specialist, now=now, referral_id=referral.pk, letter=LETTER)


def many(county: County, count: int):
    """That many people with a referral under way and a question; the first one's has its letter and is returned."""
    first = answered(county, sent(county))
    actions.ask_advice(actor=county.village_doctor, now=clock.now(), person_id=county.person.pk, form=form(county))
    for n in range(count - 1):
        person = make_person(f"居民{n}", county.person.area, county.village)
        sent(county, person)
        sent(county)
        actions.ask_advice(actor=county.village_doctor, now=clock.now(), person_id=person.pk, form=form(county))
        content = {"diagnosis": ["胸痛"]}
        actions.keep_draft(
            actor=county.village_doctor, now=clock.now(), person_id=person.pk, form="referral", content=content
        )
    return first


@pytest.mark.parametrize("count", [1, 40])
def test_no_page_asks_more_than_twelve_questions_however_many_rows_there_are(
    enter, county, count, django_assert_max_num_queries
):
    referral = many(county, count)
    open_slots(county.cardiology, count, days=2)
    advice = queries.advices(county.specialist)[0]
    new = f"/referrals/new/{referral.person.public_id}/"
    paths = [
        "/referrals/", "/referrals/?side=sent&state=answered", "/referrals/advice/", "/referrals/statistics",
        "/referrals/?counted=sent&period=30", f"/referrals/{referral.public_id}/", f"/referrals/advice/{advice.public_id}/",
        f"/referrals/{referral.public_id}/take-over/", new, f"{new}diagnoses?diagnosis=xt",
        f"{new}destinations?diagnosis_code=R07&direction=up&level=village", f"{new}record",
        f"{new}slots?service={county.cardiology.pk}", f"/people/{referral.person.public_id}/",
    ]  # fmt: skip
    for actor in (county.village_doctor, county.specialist):
        client = enter(actor)
        for path in paths:
            with django_assert_max_num_queries(MOST_QUERIES, info=f"{path} {actor.role}"):
                answer = client.get(path)
            closed = "statistics" in path or "counted" in path
            assert answer.status_code == (403 if closed and actor is county.specialist else 200), path


@pytest.mark.parametrize("role", ["village_doctor", "desk", "specialist", "manager"])
def test_page_and_api_offer_the_same_steps_with_the_same_reasons_why_not(enter, county, role):
    referral, client = sent(county), enter(getattr(county, role))
    told = client.get(f"/referrals/{referral.public_id}/").content.decode()
    choices = client.get(f"/api/v1/referrals/{referral.public_id}").json()["actions"]
    assert choices
    for choice in choices:
        offered = f'href="/referrals/{referral.public_id}/{choice["verb"]}/"' in told
        assert offered == choice["allowed"], choice
        assert choice["allowed"] or choice["why"] in told


def test_a_referral_of_others_is_not_there(enter, county):
    referral = sent(county)
    assert enter(county.township_doctor).get(f"/referrals/{referral.public_id}/").status_code == 404


def test_every_reason_of_refusal_opens_to_the_referrals_declined_with_it(enter, county):
    referral = sent(county)
    actions.decline_referral(actor=county.desk, now=clock.now(), referral_id=referral.pk, code="R01")
    actions.resend_referral(
        actor=county.village_doctor, now=clock.now(), referral_id=referral.pk, to_service_id=county.general.pk
    )
    kept, client = sent(county), enter(county.manager)
    page = client.get("/referrals/statistics").content.decode()
    opened = re.search(r'href="([^"]*refusal=R01)">1</a>', page)
    assert "近期无床位或号源" in page
    listed = client.get(unescape(opened[1])).content.decode()
    assert referral.number in listed
    assert kept.number not in listed
