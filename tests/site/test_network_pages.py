"""Keeping the networks on the page: found, named, joined and left by period, by those who may."""

from datetime import date

from django.utils import timezone

from catchment.kernel.models import AuditEntry
from catchment.rooms.places.models import Membership, Network

KEEP = "/places/networks/N1/keep"


def test_others_read_and_do_not_keep(enter, county):
    client = enter(county.manager)
    assert "维护网络" not in client.get("/places/networks/N1/").content.decode()
    assert client.get(KEEP).status_code == client.get("/places/networks/new").status_code == 403
    assert client.post(KEEP, {"act": "rename", "name": "甲", "kind": "city-group"}).status_code == 403
    assert Network.objects.get(code="N1").name == "县域医共体"


def test_a_network_is_founded_once(administrator):
    told = {"code": "heart", "name": "心血管专科联盟", "kind": "specialty-alliance", "specialty": "cardiology"}
    assert administrator.post("/places/networks/new", told).headers["Location"] == "/places/networks/heart/keep"
    network = Network.objects.get(code="heart")
    assert (network.kind, network.specialty) == ("specialty-alliance", "cardiology")
    assert AuditEntry.objects.filter(event="network.create", subject_id=network.pk).count() == 1
    again = administrator.post("/places/networks/new", {**told, "name": "另一个"})
    assert again.status_code == 422
    assert "这个代码已有网络使用" in again.content.decode()
    assert Network.objects.get(code="heart").name == "心血管专科联盟"


def test_an_alliance_without_its_specialty_is_told_so(administrator):
    answer = administrator.post(KEEP, {"act": "rename", "name": "联盟", "kind": "specialty-alliance", "specialty": ""})
    assert answer.status_code == 422
    assert "专科联盟需注明专科" in answer.content.decode()


def test_a_network_of_another_kind_keeps_no_specialty(administrator):
    administrator.post(KEEP, {"act": "rename", "name": "集团", "kind": "city-group", "specialty": "cardiology"})
    network = Network.objects.get(code="N1")
    assert (network.name, network.kind, network.specialty) == ("集团", "city-group", "")


def test_a_facility_is_found_by_initials_and_joins_from_a_day(administrator, county):
    county.outside.search_key = "linshizhongxinyiyuan lszxyy"
    county.outside.save()
    assert "邻市中心医院" in administrator.get(KEEP, {"q": "lszx"}).content.decode()
    found = administrator.get(KEEP, {"q": "医院"}).context["found"]
    assert [one.name for one, _kind, _form in found] == ["邻市中心医院"]
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in str(found[0][2])
    told = {"act": "join", "facility": county.outside.pk, "role": "member", "since": "2026-01-01"}
    assert administrator.post(KEEP, told).status_code == 302
    assert Membership.objects.get(facility=county.outside).since == date(2026, 1, 1)
    again = administrator.post(KEEP, told)
    assert again.status_code == 422
    assert "这家机构已在这个网络里" in again.content.decode()


def test_a_membership_ends_and_stays_in_the_history(administrator, county):
    held = Membership.objects.get(facility=county.village)
    early = administrator.post(KEEP, {"act": "leave", "membership": held.pk, "until": "2023-01-01"})
    assert "结束日期应晚于开始日期" in early.content.decode()
    administrator.post(KEEP, {"act": "leave", "membership": held.pk, "until": "2026-02-01"})
    held.refresh_from_db()
    assert held.until == date(2026, 2, 1)
    shown = administrator.get(KEEP).content.decode()
    assert "从前的成员期" in shown
    assert "2024-01-01 — 2026-02-01" in shown


def test_the_lead_does_not_leave_before_the_members(administrator, county):
    lead = Membership.objects.get(facility=county.hospital)
    answer = administrator.post(KEEP, {"act": "leave", "membership": lead.pk, "until": "2026-02-01"})
    assert "牵头机构不能先退出" in answer.content.decode()


def test_a_membership_of_another_network_is_not_ended_here(administrator, county):
    other = Network.objects.create(code="N2", name="另一个", kind="city-group")
    held = Membership.objects.create(network=other, facility=county.village, role="member", since=date(2024, 1, 1))
    administrator.post(KEEP, {"act": "leave", "membership": held.pk, "until": "2026-02-01"})
    held.refresh_from_db()
    assert held.until is None
