"""Documents with a special review: taken by what they are, opened by who may, noted, and no more once it is decided."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import county as small
import stays
from catchment.kernel import clock
from catchment.kernel.errors import Invalid
from catchment.kernel.models import AuditEntry
from catchment.rooms.claims import actions
from catchment.rooms.claims.models import ReviewDocument, SpecialReview
from catchment.rooms.rulebook import queries as rulebook

PDF, PNG = b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def claim(county):
    """A settled stay; the edition's share is widened, for a county of one stay has room for none."""
    stays.amend("claims.drg-payment.local", review_permille=1000)
    begins = timezone.localdate(clock.now()) - timedelta(days=40)
    yield stays.settled(stays.maker(county)(begins=begins))[0]
    rulebook.forget()


def where(claim, *parts):
    return "/".join(["", "claims", str(claim.public_id), "review", *map(str, parts)])


def asked(client, claim, *files):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(where(claim), {"code": "high-cost", "text": "多器官衰竭", "file": sent})


def test_a_request_takes_its_documents_and_the_office_opens_them(enter, desk, officer, claim):
    assert asked(enter(desk), claim, ("病历.pdf", PDF), ("账单.exe", PNG)).status_code == 302
    first, second = ReviewDocument.objects.order_by("pk")
    assert (first.content_type, second.content_type) == ("application/pdf", "image/png")
    page = enter(officer).get(f"/claims/{claim.public_id}/").content.decode()
    assert "病历.pdf" in page
    answer = enter(officer).get(where(claim, "documents", first.public_id))
    assert (answer.content, answer.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    entry = AuditEntry.objects.filter(event="special-review.open").get()
    assert (entry.person_id, entry.detail) == (claim.person_id, {"document": first.pk})


def test_a_file_that_is_no_document_is_named_and_nothing_is_asked(enter, desk, claim):
    answer = asked(enter(desk), claim, ("病历.pdf", PDF), ("坏的.pdf", b"MZ\x90\x00"))
    page = answer.content.decode()
    assert (answer.status_code, "坏的.pdf" in page, "多器官衰竭" in page) == (422, True, True)
    assert not SpecialReview.objects.exists()
    assert not ReviewDocument.objects.exists()


def test_documents_are_added_until_it_is_decided(enter, desk, officer, claim):
    client = enter(desk)
    asked(client, claim)
    more = {"file": [SimpleUploadedFile("会诊.pdf", PDF)]}
    assert client.post(where(claim, "documents"), more).status_code == 302
    assert ReviewDocument.objects.get().added_by == "曹敏行"
    assert client.post(where(claim, "documents"), {}).status_code == 422
    assert enter(officer).post(where(claim, "grant"), {"text": ""}).status_code == 302
    assert client.post(where(claim, "documents"), {"file": [SimpleUploadedFile("晚.pdf", PDF)]}).status_code == 404


def test_no_more_than_twenty(enter, desk, claim):
    asked(enter(desk), claim)
    review = SpecialReview.objects.get()
    with pytest.raises(Invalid, match="最多附 20 份"):
        actions.add_documents(actor=desk, now=clock.now(), review_id=review.pk, files=[("a.pdf", PDF)] * 21)


def test_another_hospital_and_a_doctor_open_nothing(enter, county, desk, claim):
    asked(enter(desk), claim, ("病历.pdf", PDF))
    address = where(claim, "documents", ReviewDocument.objects.get().public_id)
    assert enter(small._actor("钱某", county.township, "case-mix-officer")).get(address).status_code == 404
    assert enter(county.specialist).get(address).status_code == 403


def test_a_dispute_goes_from_the_hospitals_page_to_the_offices_and_back_into_settlement(enter, desk, officer, county):
    begins = timezone.localdate(clock.now()) - timedelta(days=40)
    wrong = "C61.x00" if county.person.sex == "female" else "C53.900"
    (claim,) = stays.checked(stays.maker(county)(begins=begins, code=wrong))
    claim.state_since = clock.now()
    claim.save()
    address, client = f"/claims/{claim.public_id}/", enter(desk)
    assert "提交申诉" in client.get(address).content.decode()
    assert client.post(f"{address}dispute", {"dispute": " "}).status_code == 422
    sent = {"dispute": "性别登记有误", "file": [SimpleUploadedFile("病历.pdf", PDF)]}
    assert client.post(f"{address}dispute", sent).status_code == 302
    office = enter(officer)
    page = office.get(address).content.decode()
    assert all(text in page for text in ("性别登记有误", "病历.pdf", "申诉成立，恢复结算", "答复期限"))
    assert office.post(where(claim, "grant"), {"text": ""}).status_code == 422
    assert office.post(where(claim, "grant"), {"text": "已核对"}).status_code == 302
    after = client.get(address).content.decode()
    assert all(text in after for text in ("申诉成立", "已核对", "待结算", "认可"))
