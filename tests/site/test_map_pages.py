"""The health map and the cockpit over a filled lake: who sees what, from the county down to one person."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

import county as small
from catchment.kernel import clock, wall
from catchment.kernel.lake import refreshing
from catchment.kernel.models import AuditEntry
from catchment.rooms.measures.queries.layers import HIDDEN
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Area, Catchment, Facility
from catchment.rooms.record.models import Condition, Encounter, Source
from catchment.rooms.referral.models import Referral
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.actions import publish_edition
from catchment.rooms.rulebook.types import EditionForm
from catchment.rooms.staff.models import CareResponsibility

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[121.0, 28.0], [121.5, 28.0], [121.5, 28.3], [121.0, 28.3], [121.0, 28.0]]],
}
BURDEN = "/atlas/values.json?layer=burden:hypertension&county=990100"


@pytest.fixture
def county(transactional_db, tmp_path, monkeypatch):
    """A county with two villages, a year and a half of visits, and a lake that knows them."""
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))
    monkeypatch.setattr(small, "NOW", clock.now())
    rulebook.forget()
    built = small.build()
    Area.objects.filter(level__in=("county", "township")).update(boundary=SQUARE)
    town = Area.objects.get(level="township")
    other = Area.objects.create(
        code="990100100202", name="+楚溪村", level="village", parent=town, longitude=121.4, latitude=28.2
    )
    Catchment.objects.create(facility=built.village, area=built.person.area)
    source = Source.objects.create(code="s", name="s", kind="native")
    for number in range(40):
        area = built.person.area if number < 8 else other
        person = small.make_person(f"居民{number}", area, built.village if number < 8 else built.township)
        _visit(person, source, built, number)
    _filled()
    yield built
    rulebook.forget()


def _visit(person, source, built, number):
    at = clock.now() - timedelta(days=20 + 13 * number)
    common = {"person": person, "source": source, "at": at, "recorded_at": at}
    klass, where = ("IMP", built.outside) if number % 10 == 0 else ("AMB", built.township)
    visit = Encounter.objects.create(
        facility=where, klass=klass, status="finished", ended_at=at, reason_code="I10.x00", cost_fen=100, **common
    )
    if number < 3 or number >= 20:
        Condition.objects.create(
            facility=where, encounter=visit, code="I10.x00", display="高血压", status="active", **common
        )


def _filled():
    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()


def _actor(role):
    return small._actor("新", small.Facility.objects.get(code="H1"), role)


def told(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


def test_the_map_opens_for_those_who_oversee_and_is_refused_to_others(county, enter):
    page = told(enter(county.manager), "/atlas/").content.decode()
    assert "云溪县" in page
    assert 'value="burden:hypertension"' in page
    told(enter(_actor("privacy-officer")), "/atlas/", 403)


def test_every_village_has_ground_of_its_own(county, enter):
    features = told(enter(county.manager), "/atlas/ground.json").json()["features"]
    villages = {one["properties"]["code"]: one for one in features if one["properties"]["level"] == "village"}
    assert set(villages) == {"990100100201", "990100100202"}
    assert all(one["geometry"] and one["properties"]["drawn"] == "cell" for one in villages.values())


@pytest.fixture
def everywhere(county):
    """An administrator to whom the county has given the map, and who may see everybody."""
    form = EditionForm(
        key="staff.capabilities", version="1", title="x", in_force_from=clock.now().date(), source="x",
        content={"changes": [{"role": "administrator", "add": ["atlas.read"]}]},
    )  # fmt: skip
    publish_edition(actor=small.PUBLISHER, now=clock.now(), form=form)
    rulebook.forget()
    return _actor("administrator")


def test_who_may_see_every_person_sees_every_count(enter, everywhere):
    layer = told(enter(everywhere), BURDEN).json()
    assert layer["per"] == 1000
    last = {code: (row["n"][-1], row["d"][-1]) for code, row in layer["areas"].items()}
    assert last == {
        "990100": (23, 41), "990100100": (23, 41), "990100100201": (3, 9), "990100100202": (20, 32),
    }  # fmt: skip


@pytest.mark.parametrize("role", ["bureau-officer", "county-manager"])
def test_who_sees_aggregates_alone_sees_no_small_count(county, enter, role):
    actor = county.manager if role == "county-manager" else _actor(role)
    last = {code: row["n"][-1] for code, row in told(enter(actor), BURDEN).json()["areas"].items()}
    assert last["990100100201"] == HIDDEN
    assert last["990100100202"] == HIDDEN  # or the other would follow from the township
    assert last["990100"] == 23


def test_a_village_doctor_sees_the_small_counts_of_their_own_village(county, enter):
    last = {code: row["n"][-1] for code, row in told(enter(county.village_doctor), BURDEN).json()["areas"].items()}
    assert (last["990100100201"], last["990100100202"]) == (3, HIDDEN)


def test_sensitive_diagnoses_are_not_on_the_map(county, enter):
    Condition.objects.update(sensitivity="mental-health")
    Encounter.objects.update(sensitivity="mental-health")
    _filled()
    assert told(enter(county.manager), BURDEN).json()["areas"]["990100"]["n"][-1] == 0


def test_the_panel_tells_flows_spectrum_and_warnings(enter, everywhere):
    page = told(enter(everywhere), "/atlas/panel?place=990100").content.decode()
    assert "邻市中心医院" in page
    assert "疾病谱" in page
    assert "简单规则" in page


def test_the_panel_withholds_small_numbers_from_who_sees_aggregates_alone(county, enter):
    page = told(enter(_actor("bureau-officer")), "/atlas/panel?place=990100").content.decode()
    assert "··" in page
    assert "邻市中心医院" not in page  # four stays


def _referral(built, sender, receiver, direction):
    at = clock.now() - timedelta(days=40)
    return Referral.objects.create(
        number=f"R{sender.pk}{receiver.pk}{direction}", person=built.person, from_facility=sender, to_facility=receiver,
        direction=direction, urgency="routine", state="sent", state_since=at, sent_at=at, created_at=at,
        holder_facility=receiver, parties=[sender.pk, receiver.pk],
    )  # fmt: skip


def test_flows_have_two_ends_and_every_period(county, enter):
    beyond = Area.objects.create(code="990200", name="邻县", level="county")
    Facility.objects.filter(pk=county.outside.pk).update(area=beyond, longitude=122.0, latitude=28.1)
    _filled()
    found = told(enter(county.manager), "/atlas/flows.json?kind=stays&grain=year").json()
    (line,) = [one for one in found["lines"] if one["to"]["name"] == "邻市中心医院"]
    assert (line["from"]["name"], line["outside"]) == ("云溪镇", True)
    assert set(line["n"]) <= {0, HIDDEN}
    assert HIDDEN in line["n"]
    assert line["to"]["point"] == [122.0, 28.1]
    assert len(line["n"]) == len(found["periods"])
    told(enter(county.manager), "/atlas/flows.json?kind=planets", 404)


def test_referrals_flow_up_from_a_township_and_down_to_it(county, enter):
    _referral(county, county.township, county.hospital, "up")
    _referral(county, county.hospital, county.township, "down")
    _filled()
    manager = enter(county.manager)
    (up,) = told(manager, "/atlas/flows.json?kind=up").json()["lines"]
    (down,) = told(manager, "/atlas/flows.json?kind=down").json()["lines"]
    assert (up["from"]["name"], up["to"]["code"]) == ("云溪镇", county.hospital.code)
    assert (down["from"]["code"], down["to"]["name"]) == (county.hospital.code, "云溪镇")


def test_small_flows_are_hidden_and_leave_only_hidden(county, enter):
    few = told(enter(_actor("bureau-officer")), "/atlas/flows.json?kind=stays").json()["lines"]
    assert {n for line in few for n in line["n"]} <= {0, HIDDEN}
    rows = list(
        csv.reader(
            io.StringIO(
                told(enter(county.manager), "/atlas/flows.json?kind=stays&format=csv").content.decode("utf-8-sig")
            )
        )
    )
    assert rows[0][0] == "住院流向"
    assert {row[3] for row in rows[3:]} == {"人数太少，不显示"}


@pytest.mark.parametrize("path", ["/atlas/", "/atlas/panel?place=990100", "/cockpit/board", BURDEN])
def test_a_page_of_the_map_asks_the_database_little(county, enter, path, django_assert_max_num_queries):
    manager = enter(county.manager)
    told(manager, path)
    with django_assert_max_num_queries(20):
        told(manager, path)


def test_what_has_not_changed_is_not_sent_twice(county, enter):
    manager = enter(county.manager)
    first = told(manager, BURDEN)
    assert manager.get(BURDEN, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_table_leaves_without_small_counts_and_without_formulas(county, enter):
    path = "/atlas/table?layer=burden:hypertension&place=990100100&format="
    text = told(enter(county.manager), path + "csv").content.decode("utf-8-sig")
    rows = {row[0]: row for row in csv.reader(io.StringIO(text))}
    assert rows["990100100201"][3] == ""
    assert rows["990100100202"][1] == "'+楚溪村"
    sheet = load_workbook(io.BytesIO(told(enter(county.manager), path + "xlsx").content)).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str)} == {
        "s"
    }


def test_the_tables_link_works_before_any_script_has_run(county, enter):
    client = enter(county.manager)
    page = told(client, "/atlas/?layer=people:elders").content.decode()
    (link,) = re.findall(r'data-atlas-export="csv" href="([^"]+)"', page)
    text = told(client, html.unescape(link)).content.decode("utf-8-sig")
    assert text.startswith("65 岁及以上")


def test_residents_are_listed_behind_the_wall_and_the_look_is_noted(county, enter):
    page = told(enter(county.village_doctor), "/atlas/people/990100100201/").content.decode()
    assert "王秀英" in page
    assert str(county.person.public_id) in page
    noted = AuditEntry.objects.get(event="atlas.people")
    assert noted.detail == {"area": "990100100201", "found": 9}
    for actor in (_actor("bureau-officer"), county.manager):
        told(enter(actor), "/atlas/people/990100100201/", 403)
        assert "居民名单" not in told(enter(actor), "/atlas/panel?place=990100100201").content.decode()


def names(client, layer, area="990100100201"):
    page = told(client, f"/atlas/people/{area}/?layer={layer}")
    return {person.name for person in page.context["people"]}


def test_a_layer_leads_to_those_whom_it_counts(county, enter):
    client = enter(county.village_doctor)
    assert names(client, "burden:hypertension") == {"居民0", "居民1", "居民2"}
    Condition.objects.filter(person__name="居民0").update(sensitivity="psychiatric")
    Condition.objects.filter(person__name="居民1").update(verification="entered-in-error")
    assert names(client, "burden:hypertension", "990100100") == {"居民2"}
    Condition.objects.filter(person__name="居民2").update(abated_at=clock.now() - timedelta(days=1))
    assert names(client, "burden:hypertension") == set()
    everybody = names(client, "no-such-layer")
    assert everybody >= {f"居民{number}" for number in range(8)}


def test_old_and_contracted_residents_are_named_from_their_layers(county, enter):
    client, today = enter(county.village_doctor), timezone.localdate()
    Person.objects.filter(name="居民1").update(birth_date=today.replace(year=today.year - 65, day=1))
    Person.objects.filter(name="居民2").update(
        birth_date=today.replace(year=today.year - 64, day=1) + timedelta(days=40)
    )
    assert "居民1" in names(client, "people:elders")
    assert "居民2" not in names(client, "people:elders")
    who = Person.objects.get(name="居民3")
    CareResponsibility.objects.create(
        person=who, post_id=county.village_doctor.post_id, contracted=True, since=today - timedelta(days=9)
    )
    assert "居民3" in names(client, "people:contract")
    CareResponsibility.objects.filter(person=who).update(agreed_until=today - timedelta(days=1))
    assert "居民3" not in names(client, "people:contract") | names(client, "people:doctor")


def test_a_list_by_layer_asks_the_database_little(county, enter, django_assert_max_num_queries):
    client = enter(county.village_doctor)
    names(client, "burden:hypertension")
    with django_assert_max_num_queries(12):
        names(client, "burden:hypertension")


def test_the_cockpit_shows_the_county_and_fills_a_wall(county, enter):
    manager = enter(county.manager)
    assert "大屏" in told(manager, "/cockpit/").content.decode()
    assert 'data-reload-after="300"' in told(manager, "/cockpit/?screen=1").content.decode()
    board = told(manager, "/cockpit/board").content.decode()
    assert "住院从哪里到哪里" in board
    assert "高血压" in board


def test_a_lake_that_was_never_filled_is_told(county, enter, monkeypatch, tmp_path):
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path / "empty"))
    assert "catchment lake refresh" in told(enter(county.manager), "/atlas/").content.decode()
    assert told(enter(county.manager), BURDEN).json()["periods"] == []
    told(enter(county.manager), "/atlas/panel?place=990100")


def test_what_is_not_there_is_refused_in_words(county, enter):
    manager = enter(county.manager)
    told(manager, "/atlas/values.json?layer=nothing", 404)
    told(manager, "/atlas/panel?place=123456", 404)
