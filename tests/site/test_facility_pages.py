"""Keeping facilities and their services on the page, by those who may; what is wrong stands beside its field."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catchment.kernel.models import AuditEntry
from catchment.rooms.places import queries
from catchment.rooms.places.models import Area, Facility, FacilityCapability, Service

MOST_QUERIES = 12
KEEP = "/places/H1/keep"
NEW = {
    "code": "H2", "name": "云溪县中医院", "kind": "tcm-hospital", "level": "county", "area_code": "云溪县",
    "parent_code": "H1 县人民医院", "longitude": "121.31", "latitude": "28.16", "catchment": "990100100 云溪镇\n石桥村",
    "in_network": "on", "active": "on", "capabilities": ["ct", "rehabilitation"],
}  # fmt: skip
SERVICE = {
    "name": "骨科", "specialty": "orthopaedics", "sex": "", "min_age": "14", "max_age": "150", "wait_days": "2",
    "active": "on", "inpatient": "on",
}  # fmt: skip


def test_others_read_and_do_not_keep(enter, county):
    client = enter(county.manager)
    assert "维护机构" not in client.get("/places/H1/").content.decode()
    assert "新建机构" not in client.get("/places/").content.decode()
    assert client.get(KEEP).status_code == client.get("/places/new").status_code == 403
    assert client.post("/places/new", NEW).status_code == client.post(KEEP, {"act": "facility"}).status_code == 403
    assert not Facility.objects.filter(code="H2").exists()


def test_a_facility_is_entered_once_by_names_and_codes(administrator):
    assert administrator.post("/places/new", NEW).headers["Location"] == "/places/H2/keep"
    told = queries.told_of(queries.facility_by_code("H2"))
    assert (told.area_code, told.parent_code, told.kind) == ("990100", "H1", "tcm-hospital")
    assert told.catchment == ("990100100", "990100100201")
    assert told.capabilities == {"ct", "rehabilitation"}
    assert AuditEntry.objects.filter(event="facility.create").count() == 1
    again = administrator.post("/places/new", {**NEW, "name": "另一个"})
    assert again.status_code == 422
    assert again.context["form"].errors == {"code": ["这个代码已有机构使用，请换一个"]}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "a/b"}, "code"),
        ({"name": ""}, "name"),
        ({"area_code": "没有的县"}, "area_code"),
        ({"parent_code": "没有的院"}, "parent_code"),
        ({"catchment": "云溪镇\n没有的村"}, "catchment"),
        ({"latitude": ""}, "longitude"),
        ({"longitude": "200"}, "longitude"),
        ({"kind": "palace"}, "kind"),
        ({"capabilities": ["flying"]}, "capabilities"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(administrator, more, field):
    answer = administrator.post("/places/new", {**NEW, **more})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Facility.objects.filter(code="H2").exists()


def test_what_the_page_shows_can_be_sent_back_unchanged(administrator, county):
    FacilityCapability.objects.create(facility=county.hospital, code="own-word")
    before = queries.told_of(queries.facility_by_code("H1"))
    shown = administrator.get(KEEP).context["form"]
    sent = {name: value for name, value in shown.initial.items() if name in shown.fields and value is not None}
    assert administrator.post(KEEP, {"act": "facility", **sent}).status_code == 302
    assert queries.told_of(queries.facility_by_code("H1")) == before


def test_a_facility_is_changed_and_closed(administrator):
    sent = {**NEW, "act": "facility", "name": "县总医院", "parent_code": "", "active": ""}
    assert administrator.post(KEEP, sent).status_code == 302
    facility = Facility.objects.get(code="H1")
    assert (facility.name, facility.active) == ("县总医院", False)
    assert facility.organization.code == "OH1"


def test_a_service_is_added_changed_and_closed(administrator, county):
    assert administrator.post(KEEP, {**SERVICE, "act": "new-service", "code": "ortho"}).status_code == 302
    service = Service.objects.get(facility=county.hospital, code="ortho")
    assert (service.min_age, service.inpatient, service.accepts_referrals) == (14, True, False)
    again = administrator.post(KEEP, {**SERVICE, "act": "new-service", "code": "ortho"})
    assert again.status_code == 422
    assert "本机构已有这个代码的科室" in again.content.decode()
    sent = {**SERVICE, "act": "service", "service": "ortho", "name": "骨伤科", "active": ""}
    assert administrator.post(KEEP, sent).status_code == 302
    service.refresh_from_db()
    assert (service.name, service.active) == ("骨伤科", False)
    assert "骨伤科" in administrator.get(KEEP).content.decode()


def test_a_services_problem_stands_in_its_own_form(administrator):
    sent = {**SERVICE, "act": "service", "service": "cardiology", "min_age": "80", "max_age": "14"}
    answer = administrator.post(KEEP, sent)
    assert answer.status_code == 422
    wrong = {one.code: form.errors for one, form in answer.context["services"] if form.errors}
    assert wrong == {"cardiology": {"max_age": ["年龄上限低于下限，请改正其一"]}}


@pytest.mark.parametrize("sent", [{}, {"act": "drop"}, {**SERVICE, "act": "service", "service": "nothing"}])
def test_an_act_that_is_none_is_told(administrator, sent):
    assert administrator.post(KEEP, sent).status_code == 404


def test_few_questions_however_many_services(administrator, county, django_assert_max_num_queries):
    Service.objects.bulk_create(
        Service(facility=county.hospital, code=f"s{n}", name=f"科{n}", specialty="general") for n in range(40)
    )
    for path in (KEEP, "/places/new", "/places/H1/"):
        with django_assert_max_num_queries(MOST_QUERIES, info=path):
            assert administrator.get(path).status_code == 200


BRING = "/places/bring"
HEAD = "机构代码,机构名称,类别,级别,区划代码,备注"


def sheet(*lines, name="places.csv"):
    return {"file": SimpleUploadedFile(name, "\n".join([HEAD, *lines]).encode())}


def test_only_who_keeps_facilities_brings_them(enter, county):
    client = enter(county.manager)
    assert client.get(BRING).status_code == client.post(BRING, sheet("H2,x,hospital,county,990100,")).status_code == 403
    assert BRING not in client.get("/places/").content.decode()


def test_a_file_of_facilities_is_taken_and_the_same_again_changes_nothing(administrator):
    assert BRING in administrator.get("/places/").content.decode()
    rows = ("H2,云溪县中医院,hospital,county,990100,", "V9,楚溪村卫生室,village-clinic,village,990100100201,")
    answer = administrator.post(BRING, sheet(*rows))
    assert "读 2 行：新收 2，更改 0，已有 0，退回 0" in answer.content.decode()
    assert Facility.objects.filter(code__in=["H2", "V9"]).count() == 2
    assert "新收 0，更改 0，已有 2" in administrator.post(BRING, sheet(*rows)).content.decode()
    assert AuditEntry.objects.filter(event="places.import").count() == 2


def test_rejected_rows_come_back_with_why_and_are_mended_on_the_page(administrator):
    answer = administrator.post(
        BRING, sheet("H2,云溪县中医院,hospital,county,990100,留", "H3,<b>x,nonsense,county,990100,")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "新收 1，更改 0，已有 0，退回 1" in page
    assert "<b>x" not in page
    (brought,) = answer.context["brought"]
    assert brought.again.splitlines()[0].endswith("备注,退回原因")
    assert "H2" not in brought.again
    mended = brought.again.replace("nonsense", "hospital")
    assert "新收 1" in administrator.post(BRING, {"mended": mended}).content.decode()
    assert Facility.objects.filter(code="H3").exists()
    wrong = administrator.post(BRING, {"mended": brought.again})
    assert wrong.context["brought"][0].again.splitlines()[0].count("退回原因") == 1


@pytest.mark.parametrize("given", [{}, {"mended": " "}, {"mended": "只有一列\n1"}])
def test_what_cannot_be_read_takes_nothing_and_keeps_what_was_typed(administrator, given):
    answer = administrator.post(BRING, given)
    assert answer.status_code == 422
    assert given.get("mended", "").strip() in answer.content.decode()


SQUARE = [[[121.0, 28.0], [121.1, 28.0], [121.1, 28.1], [121.0, 28.1], [121.0, 28.0]]]
AREAS = """区划代码,名称,上级代码,备注
990100300,枫岸镇,,
990100300201,枫溪村,,
990100400201,无镇村,,留
99,坏代码,,
990100100201,石桥村,,
"""


def areas(text=AREAS, name="villages.csv", *, act="preview", encoding="utf-8", **more):
    return {"what": "areas", "act": act, "file": SimpleUploadedFile(name, text.encode(encoding)), **more}


def fates(answer):
    return {line.label: line.fate for line in answer.context["surveyed"].lines}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_each_row_of_a_village_list_is_shown_with_its_fate_before_anything_is_taken(administrator, encoding):
    answer = administrator.post(BRING, areas(encoding=encoding))
    assert answer.status_code == 200
    assert fates(answer) == {
        "990100400201 无镇村": "rejected", "99 坏代码": "rejected", "990100300 枫岸镇": "taken",
        "990100300201 枫溪村": "taken", "990100100201 石桥村": "known",
    }  # fmt: skip
    page = answer.content.decode()
    assert "预览，尚未写入" in page
    assert "读 5 行：新收 2，已有 1（其中补全 0），退回 2，不在所选县内 0" in page
    assert "上级 990100400 未知，请先导入上级" in page
    assert not Area.objects.filter(code__startswith="990100300").exists()
    assert not AuditEntry.objects.filter(event="area.import").exists()


def test_taking_does_what_the_preview_said_and_the_rest_is_mended_on_the_page(administrator):
    answer = administrator.post(BRING, areas(act="take"))
    assert answer.status_code == 422
    assert Area.objects.filter(code__startswith="990100300").count() == 2
    again = answer.context["surveyed"].again
    assert again.splitlines()[0].endswith("区划代码,名称,上级代码,备注,退回原因")
    assert ["枫溪村" in again, "无镇村" in again, "坏代码" in again] == [False, True, True]
    mended = again.replace("990100400201,无镇村,", "990100300202,无镇村,").replace("99,坏", "990100300203,坏")
    assert (
        administrator.post(BRING, {"what": "areas", "act": "preview", "mended": mended}).context["surveyed"].again
        == mended
    )
    answer = administrator.post(BRING, {"what": "areas", "act": "take", "mended": mended})
    assert answer.status_code == 200
    assert Area.objects.get(code="990100300202").parent.code == "990100300"
    assert AuditEntry.objects.filter(event="area.import").count() == 2
    assert set(fates(administrator.post(BRING, areas(AREAS.replace("990100400201,无镇村,,留\n99,坏代码,,\n", ""))))
               .values()) == {"known"}  # fmt: skip


def test_boundaries_come_as_geojson_and_complete_what_is_known(administrator):
    def feature(code, name, shape, **more):
        geometry = {"type": "Polygon", "coordinates": shape}
        return {"type": "Feature", "properties": {"code": code, "name": name, **more}, "geometry": geometry}

    told = [
        feature("990100100201", "石桥村", SQUARE), feature("990100100209", "新村", SQUARE, population=300),
        feature("990100100210", "线村", [[[121.0, 28.0], [121.1, 28.0]]]), feature("990100100211", "\ud800", SQUARE),
        feature("990100100212", "多村", SQUARE, population=10**12),
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": told})
    answer = administrator.post(BRING, areas(text, "shapes.geojson", act="take", polygon_datum="gcj02"))
    assert list(fates(answer).values()) == ["rejected"] * 3 + ["taken", "completed"]
    assert answer.context["surveyed"].again == ""
    assert Area.objects.get(code="990100100209").population == 300
    boundary = Area.objects.get(code="990100100201").boundary
    assert boundary["coordinates"][0][0] != [121.0, 28.0]


def test_counties_that_were_not_asked_for_are_left_out(administrator):
    answer = administrator.post(BRING, areas(counties="990200"))
    assert set(fates(answer).values()) == {"outside", "rejected"}
    assert 'value="990200"' in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"what": "areas"}, "请选择村居名单"),
        (areas("名称\n石桥村\n"), "缺少代码列"),
        (areas("{", "a.json"), "不是可读的 GeoJSON"),
        (areas("[" * 100_000, "a.json"), "不是可读的 GeoJSON"),
        (areas("x", "a.pdf"), "只能读取"),
        (areas(counties="9901"), "县代码是 6 位数字：9901 不是"),
        (areas(list_datum="bd09"), "WGS-84 或 GCJ-02"),
        ({"what": "areas", "mended": "只有一列\n1"}, "缺少代码列"),
    ],
)
def test_areas_that_cannot_be_read_are_told_why_and_what_was_typed_stays(administrator, given, why):
    answer = administrator.post(BRING, given)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert given.get("mended", "") in answer.content.decode()
    assert not AuditEntry.objects.filter(event="area.import").exists()


def test_only_who_keeps_places_brings_areas(enter, county):
    assert enter(county.manager).post(BRING, areas(act="take")).status_code == 403
    assert not Area.objects.filter(code__startswith="990100300").exists()
