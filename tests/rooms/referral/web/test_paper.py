"""The printed referral holds the fields of the national form, and its code says whether the paper is genuine."""

import re
import shutil
import subprocess

import pytest

from catchment.kernel import clock
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import LetterForm, ReferralForm, Sending
from catchment.rooms.referral.web.views.paper import SIGNER

pytestmark = pytest.mark.django_db
OUT = (
    "双向转诊（转出）单", "存根", "王秀英", "女", "县人民医院", "心血管内科", "胸痛", "R07.400",
    "请明确诊断", "诊断不明或治疗能力", "已予吸氧", "周文秀", "石桥村卫生室", "主要既往史", "加急",
)  # fmt: skip
BACK = (
    "双向转诊（回转）单", "不稳定性心绞痛", "住院治疗，症状缓解", "阿司匹林肠溶片", "每周测血压一次", "5 天内",
    "顾长风", "ZY-0042",
)  # fmt: skip
LETTER = LetterForm(
    diagnoses=({"code": "I20.000", "display": "不稳定性心绞痛"},),
    course="住院治疗，症状缓解",
    medicines=({"display": "阿司匹林肠溶片", "dose": "100mg 每日一次"},),
    advice="每周测血压一次",
    follow_up_days=5,
    inpatient_number="ZY-0042",
)


@pytest.fixture
def referral(county):
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis_code="R07.400",
        diagnosis="胸痛", question="请明确诊断", treatment="已予吸氧",
    )  # fmt: skip
    now, village = clock.now(), county.village_doctor
    draft = actions.draft_referral(actor=village, now=now, person_id=county.person.pk, form=form)
    return actions.send_referral(actor=village, now=now, referral_id=draft.pk, sending=Sending())


def answer(county, referral):
    now = clock.now()
    actions.accept_referral(actor=county.desk, now=now, referral_id=referral.pk)
    actions.arrive_referral(actor=county.desk, now=now, referral_id=referral.pk)
    actions.answer_referral(actor=county.specialist, now=now, referral_id=referral.pk, letter=LETTER)


def printed(client, referral) -> bytes:
    answer = client.get(f"/referrals/{referral.public_id}/form.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    return answer.content


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def words(pdf: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext of poppler is not here, so the paper's text cannot be read")
    return subprocess.run([program, "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_the_way_out_is_one_page_and_the_way_back_the_second(enter, county, referral):
    client = enter(county.village_doctor)
    assert pages(printed(client, referral)) == 1
    answer(county, referral)
    assert pages(printed(client, referral)) == 2


def test_the_paper_holds_the_fields_of_the_national_form(enter, county, referral):
    answer(county, referral)
    said = words(printed(enter(county.village_doctor), referral))
    assert [field for field in (*OUT, *BACK, referral.number) if field not in said] == []


def test_the_papers_code_tells_what_is_genuine_and_nobodys_name(client, county, referral):
    page = client.get(f"/referrals/check/{SIGNER.sign(referral.number)}/")
    assert page.status_code == 200
    assert referral.number in page.content.decode()
    assert county.person.name not in page.content.decode()
    forged = client.get(f"/referrals/check/{referral.number}:forged/")
    assert forged.status_code == 404
    assert "不是本系统出具的转诊单" in forged.content.decode()


def test_who_may_not_see_a_referral_cannot_print_it(enter, county, referral):
    assert enter(county.township_doctor).get(f"/referrals/{referral.public_id}/form.pdf").status_code == 404


@pytest.mark.parametrize("path", ["/referrals/track/{secret}/", "/referrals/check/{signed}/"])
def test_what_a_patient_opens_is_not_kept_and_tells_no_other_site(client, county, referral, path):
    secret = actions.issue_link(actor=county.village_doctor, now=clock.now(), referral=referral)
    page = client.get(path.format(secret=secret, signed=SIGNER.sign(referral.number)))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_link_whose_time_is_over_says_what_to_do(client, county):
    page = client.post("/referrals/track/never-given/")
    assert page.status_code == 404
    assert "打不开" in page.content.decode()
