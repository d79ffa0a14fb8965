"""Facilities and services from files: each row taken, changed, known or rejected; none twice, none in part."""

from datetime import UTC, datetime

import pytest

from catchment.kernel import sheets
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed
from catchment.kernel.models import AuditEntry
from catchment.rooms.places import actions, queries
from catchment.rooms.places.models import Area, Facility, FacilityCapability, Service
from catchment.rooms.places.rules import rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MANAGER = system("test", "places.manage")
HEAD = "机构代码,机构名称,类别,级别,区划代码,上级机构代码,经度,纬度,能力,启用\n"
TOWN = "T1,云溪镇卫生院,乡镇卫生院,乡镇级,990100100,H1,121.2,28.1,心电图、ultrasound,是\n"
HOSPITAL = "H1,云溪县人民医院,医院,county,990100,,,,CT,\n"
SERVICES = "机构代码,科室代码,科室名称,专科,限性别,最小年龄,住院\nH1,card,心内科,cardiology,,18,是\nH1,gyn,妇科,gynaecology,女,,否\n"


@pytest.fixture(autouse=True)
def areas() -> None:
    county = Area.objects.create(code="990100", name="云溪县", level="county")
    Area.objects.create(code="990100100", name="云溪镇", level="township", parent=county)


def take(*files: str | tuple[str, bytes]):
    given = [one if isinstance(one, tuple) else (f"{n}.csv", one.encode()) for n, one in enumerate(files)]
    return [account for _name, account in actions.import_places(actor=MANAGER, now=NOW, files=given)]


def counts(account) -> tuple[int, ...]:
    return account.read, *account.counts().values()


def test_facilities_are_taken_whatever_the_order_and_a_second_run_takes_none():
    (first,) = take(HEAD + TOWN + HOSPITAL)
    assert counts(first) == (2, 2, 0, 0, 0)
    town = queries.facility_by_code("T1")
    assert (town.parent.code, town.kind, town.level, town.longitude) == ("H1", "township-centre", "township", 121.2)
    assert queries.capabilities_of(town.pk) == {"ecg", "ultrasound"}
    before = AuditEntry.objects.filter(event__startswith="facility.").count()
    (again,) = take(HEAD + TOWN + HOSPITAL)
    assert counts(again) == (2, 0, 0, 2, 0)
    assert AuditEntry.objects.filter(event__startswith="facility.").count() == before == 2


def test_a_row_that_differs_changes_what_it_tells_and_an_empty_cell_leaves_what_is_there():
    take(HEAD + HOSPITAL + TOWN)
    (account,) = take("code,name,kind,level,area_code,phone\nT1,云溪镇中心卫生院,,,,0576-1\n")
    assert counts(account) == (1, 0, 1, 0, 0)
    town = queries.facility_by_code("T1")
    assert (town.name, town.phone, town.parent.code, town.kind) == (
        "云溪镇中心卫生院",
        "0576-1",
        "H1",
        "township-centre",
    )
    assert queries.capabilities_of(town.pk) == {"ecg", "ultrasound"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("X1,,医院,county,990100,,,,,\n", "机构名称: 请填写"),
        ("X1,甲,诊所,county,990100,,,,,\n", "类别: 没有“诊所”"),
        ("X1,甲,医院,county,990999,,,,,\n", "区划代码: 没有区划 990999"),
        ("X1,甲,医院,county,990100,H9,,,,\n", "上级机构代码: 没有代码为 H9"),
        ("X1,甲,医院,county,990100,X1,,,,\n", "上级机构代码: 上级机构不能是本机构"),
        ("X1,甲,医院,county,990100,,东,28,,\n", "经度: “东”不是数字"),
        ("X1,甲,医院,county,990100,,121,,,\n", "经度: 经度和纬度要同时填写"),
        ("X1,甲,医院,county,990100,,,,飞行,\n", "能力: 没有能力“飞行”"),
        ("X1,甲,医院,county,990100,,,,,也许\n", "启用: “也许”应写作是或否"),
        ("x/1,甲,医院,county,990100,,,,,\n", "机构代码: 代码应为"),
        (",甲,医院,county,990100,,,,,\n", "机构代码: 请填写"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_leaves_nothing_behind(row, reason):
    (account,) = take(HEAD + row + HOSPITAL)
    assert counts(account) == (2, 1, 0, 0, 1)
    (rejected,) = account.rejections
    assert rejected["row"] == 2
    assert reason in rejected["reason"]
    assert list(Facility.objects.values_list("code", flat=True)) == ["H1"]
    assert FacilityCapability.objects.count() == 1


def test_a_code_twice_in_a_file_is_rejected_the_second_time():
    (account,) = take(HEAD + HOSPITAL + HOSPITAL.replace("人民", "中心"))
    assert counts(account) == (2, 1, 0, 0, 1)
    assert account.rejections == [{"row": 3, "reason": "代码在文件中重复"}]


def test_a_circle_of_parents_ends_in_rejections():
    (account,) = take(HEAD + "A,甲,医院,county,990100,B,,,,\nB,乙,医院,county,990100,A,,,,\n")
    assert account.read == 2
    assert len(account.rejections) == 2
    assert not Facility.objects.exists()


def test_services_follow_facilities_in_whatever_order_the_files_are_named():
    facilities, services = take(SERVICES, HEAD + HOSPITAL)
    assert (counts(facilities), counts(services)) == ((1, 1, 0, 0, 0), (2, 2, 0, 0, 0))
    card, gyn = Service.objects.order_by("code")
    assert (card.min_age, card.inpatient, card.sex) == (18, True, "")
    assert (gyn.min_age, gyn.inpatient, gyn.sex) == (0, False, "female")
    (again,) = take(SERVICES)
    assert counts(again) == (2, 0, 0, 2, 0)
    (changed,) = take(SERVICES.replace("心内科", "心血管内科"))
    assert counts(changed) == (2, 0, 1, 1, 0)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("H9,card,心内科,cardiology,,,\n", "机构代码: 没有代码为 H9"),
        ("H1,card,心内科,,,,\n", "专科: 请填写"),
        ("H1,card,心内科,cardiology,猫,,\n", "限性别"),
        ("H1,card,心内科,cardiology,,-3,\n", "最小年龄: “-3”不是整数"),
        ("H1,card,心内科,cardiology,,151,\n", "最小年龄: 年龄应为"),
    ],
)
def test_a_service_that_cannot_be_taken_says_why(row, reason):
    take(HEAD + HOSPITAL)
    (account,) = take(SERVICES.splitlines()[0] + "\n" + row)
    assert counts(account) == (1, 0, 0, 0, 1)
    assert reason in account.rejections[0]["reason"]
    assert not Service.objects.exists()


def test_a_spreadsheet_is_read_as_a_csv_is():
    lines = [line.split(",") for line in (HEAD + HOSPITAL + TOWN).splitlines()]
    book = sheets.workbook("机构", lines[0], lines[1:])
    (account,) = take(("county.xlsx", book))
    assert counts(account) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "机构代码,科室代码\nH1,x\n"])
def test_a_file_without_what_a_row_needs_is_refused_before_anything_is_taken(text):
    with pytest.raises(Invalid) as refused:
        take(HEAD + HOSPITAL, text)
    assert [problem.field for problem in refused.value.problems] == ["file"]
    assert not Facility.objects.exists()


def test_only_who_keeps_places_imports_them():
    with pytest.raises(NotAllowed):
        actions.import_places(actor=system("test"), now=NOW, files=[])


def test_every_field_that_is_told_has_a_column():
    from dataclasses import fields

    from catchment.rooms.places.types import FacilityTold, ServiceTold

    assert {one.name for one in fields(FacilityTold)} == set(rows.FACILITY)
    assert {one.name for one in fields(ServiceTold)} | {"facility"} == set(rows.SERVICE)
