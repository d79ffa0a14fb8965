"""The pages of indicators: who sees what, every number opens, figures are supplied, answers kept, reports written."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

import county as small
from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.measures import actions
from catchment.rooms.measures.models import Answer, SuppliedFigure
from catchment.rooms.people.rules.pseudonyms import pseudonym
from catchment.rooms.staff.models import CareResponsibility
from catchment.standards.measures.periods import period_of
from rooms.measures.conftest import CODE, OPERATOR, Year

HERE = f"set=national-2024&period=2025&place={CODE}"


@pytest.fixture
def year(county, monkeypatch):
    monkeypatch.setenv("ANALYTICS_URL", "postgresql")
    return Year(county)


@pytest.fixture
def bureau(county):
    return small._actor("卫敏", county.hospital, "bureau-officer")


@pytest.fixture
def insurer(county):
    return small._actor("包管", county.hospital, "insurance-officer")


def compute(name="national-2024", only=("3.1",)):
    return actions.compute_set(actor=OPERATOR, now=clock.now(), name=name, period=period_of("2025"), only=only)


def shown(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.content.decode()


def test_a_set_is_listed_with_value_and_mark(year, county, enter):
    patient = year.person()
    year.visit(patient, county.township)
    year.visit(patient, county.hospital)
    compute()
    page = shown(enter(county.manager), f"/measures/?{HERE}")
    assert "县域内基层医疗卫生机构诊疗人次数占比" in page
    assert "<strong>50</strong>" in page
    assert "未核实" in page


def test_what_was_never_computed_says_so(year, county, enter):
    assert "还没有计算过" in shown(enter(county.manager), f"/measures/?{HERE}")


def test_one_indicator_shows_places_and_definition(year, county, enter):
    patient = year.person()
    for _ in range(12):
        year.visit(patient, county.township)
    for _ in range(20):
        year.visit(patient, county.hospital)
    compute()
    page = shown(enter(county.manager), f"/measures/m/3.1/?{HERE}")
    assert "云溪镇" in page
    assert "诊疗人次不含住院人次" in page
    assert "云溪镇中心卫生院" in shown(enter(county.manager), f"/measures/m/3.1/?{HERE}&below=facility")


def test_who_cares_for_a_township_begins_there_and_goes_down_to_villages(year, county, enter):
    patient = year.person(facility=county.village)
    for _ in range(3):
        year.visit(patient, county.village)
    compute()
    client = enter(county.township_doctor)
    page = shown(client, "/measures/?set=national-2024&period=2025")
    assert "云溪镇</a>" in page
    assert county.township.name in page
    assert "3 ÷ 3" in page
    village = county.village.area.code
    below = shown(client, "/measures/m/3.1/?set=national-2024&period=2025&below=village")
    assert f"place={village}" in below
    assert "3 ÷ 3" in shown(client, f"/measures/?set=national-2024&period=2025&place={village}")
    own = shown(enter(county.village_doctor), "/measures/?set=national-2024&period=2025")
    assert county.village.area.name in own
    assert "3 ÷ 3" in own


def test_a_part_is_called_by_what_it_counts_in_the_readers_language(year, county, enter):
    year.visit(year.person(), county.township, reason="I10.x00")
    compute("chronic", ["ht.managed"])
    asked = f"?set=chronic&period=2025&place={CODE}"
    client = enter(county.manager)
    assert "18 岁及以上居民" in shown(client, f"/measures/m/ht.managed/{asked}")
    assert "18 岁及以上居民：" in shown(client, f"/measures/m/ht.managed/rows/adults{asked}")
    client.post("/language", {"language": "en"})
    assert "residents of 18 and over" in shown(client, f"/measures/m/ht.managed/{asked}")


def test_places_beyond_chance_are_told_and_small_ones_are_not_compared(year, county, enter):
    county.village.parent = None
    for n, facility in ((20, county.village), (80, county.township)):
        for at in range(n):
            person = year.person(facility=facility)
            if (at % 4 == 0) == (facility == county.township):
                year.contract(person)
    for _ in range(3):
        year.person(facility=county.hospital)
    compute("chronic", only=("con.rate",))
    page = shown(enter(county.manager), f"/measures/m/con.rate/?set=chronic&period=2025&place={CODE}&below=facility")
    assert "云溪镇中心卫生院" in page
    assert "好于总体（99.8% 界外）" in page


def test_a_missing_source_is_the_answer(year, county, enter):
    compute(only=("2.1",))
    page = shown(enter(county.manager), f"/measures/m/2.1/?{HERE}")
    assert "不能计算：缺少来源" in page
    assert "卫生人力与下派台账" in page


def test_the_rows_behind_a_number_add_up_and_each_person_shown_is_in_the_audit(year, county, enter):
    for name in ("李桂花", "赵大明"):
        year.visit(year.person(name), county.village)
    year.visit(year.person("陌生人", facility=county.hospital), county.township)
    compute()
    here = f"set=national-2024&period=2025&place={county.village.code}"
    page = shown(enter(county.village_doctor), f"/measures/m/3.1/rows/numerator?{here}")
    assert "李桂花" in page
    assert "赵大明" in page
    assert "共 2 行，合计 2" in page
    assert AuditEntry.objects.filter(event="measures.show-person", person_id__isnull=False).count() == 2
    assert AuditEntry.objects.filter(event="measures.open").count() == 1


def test_rows_outside_the_viewers_walls_are_counted_and_not_shown(year, county, enter):
    patient = year.person("李桂花")
    year.visit(patient, county.village)
    compute("chronic", only=("con.rate",))
    for name in ("李桂花", "赵大明"):
        CareResponsibility.objects.create(
            person=year.person(name), post_id=county.village_doctor.post_id, contracted=True, since="2025-01-01"
        )
    compute()
    page = shown(enter(county.manager), f"/measures/m/3.1/rows/denominator?{HERE}")
    assert "您的岗位看汇总数和代号" in page
    assert "李桂花" not in page
    assert pseudonym(county.hospital.pk, patient.person_key) in page
    assert "共 1 行，合计 1" in page


@pytest.mark.parametrize("who", ["bureau", "insurer"])
def test_a_role_of_totals_opens_no_rows(request, year, county, enter, who):
    year.visit(year.person(), county.village)
    compute()
    client = enter(request.getfixturevalue(who))
    assert "measures/m/3.1/rows" not in shown(client, f"/measures/m/3.1/?{HERE}")
    shown(client, f"/measures/m/3.1/rows/numerator?{HERE}", 403)


def test_a_doctor_sees_their_own_place_and_no_other(year, county, enter):
    year.visit(year.person(), county.village)
    year.visit(year.person(), county.hospital)
    compute()
    client = enter(county.village_doctor)
    assert "<strong>100</strong>" in shown(client, "/measures/?set=national-2024&period=2025")
    assert "这个地方没有可显示的指标值" in shown(client, f"/measures/?{HERE}")
    shown(client, f"/measures/m/3.1/rows/numerator?{HERE}", 404)


def test_who_only_registers_has_no_indicators(county, enter):
    shown(enter(county.desk), "/measures/", 403)


def test_figures_are_supplied_and_every_row_is_accounted_for(year, county, enter):
    text = (
        f"figure,place,period,value,note\nhr.posted-physicians,{CODE},2025,12,台账\nnothing,{CODE},2025,1,\n"
        f"hr.posted-physicians,000,2025,1,\nhr.posted-physicians,{CODE},25,1,\nhr.posted-physicians,{CODE},2025,十二,\n"
    )
    client = enter(county.manager)

    def send(content):
        file = BytesIO(content.encode())
        file.name = "f.csv"
        return client.post("/measures/supply", {"file": file}, follow=True).content.decode()

    page = send(text)
    assert "收下 1 行，更正 0 行，已有 0 行，退回 4 行" in page
    assert "数值不是数字：十二" in page
    assert "已有 1 行" in send(text.splitlines(keepends=True)[0] + text.splitlines(keepends=True)[1])
    assert "更正 1 行" in send(f"figure,place,period,value,note\nhr.posted-physicians,{CODE},2025,13,\n")
    kept = SuppliedFigure.objects.order_by("value")
    assert [(one.value, one.replaced_at is None) for one in kept] == [(12.0, False), (13.0, True)]


def test_a_file_that_is_none_is_refused_and_nothing_is_kept(year, county, enter):
    file = BytesIO(b"a,b\n1,2\n")
    file.name = "f.csv"
    answer = enter(county.manager).post("/measures/supply", {"file": file})
    assert answer.status_code == 422
    assert "首行缺少列" in answer.content.decode()
    assert not SuppliedFigure.objects.exists()


def test_an_answer_is_kept_with_its_evidence_and_the_older_one_stays(year, county, enter):
    compute(only=("1.1",))
    client = enter(county.manager)
    given = {"set": "national-2024", "period": "2025", "place": CODE, "evidence": "云卫〔2025〕3号", "on": "2025-05-01"}
    client.post("/measures/m/1.1/answer", {**given, "answer": "partly"})
    client.post("/measures/m/1.1/answer", {**given, "answer": "yes", "on": "2025-11-01"})
    page = shown(client, f"/measures/m/1.1/?{HERE}")
    assert page.index("已落实</strong>") < page.index("部分落实</strong>")
    assert Answer.objects.count() == 2
    assert client.post("/measures/m/1.1/answer", {**given, "answer": "yes", "evidence": " "}).status_code == 422


def test_the_report_says_what_it_is_and_holds_no_formula(year, county, enter):
    for _ in range(30):
        year.visit(year.person(), county.township)
    year.visit(year.person(), county.hospital)
    run = compute(only=("3.1", "2.1"))
    run.as_of = "=1+1"
    run.save()
    answer = enter(county.manager).get(f"/measures/report.xlsx?{HERE}")
    cells = [cell for row in load_workbook(BytesIO(answer.content)).active.values for cell in row if cell is not None]
    assert "国家监测指标（2024版）" in cells
    assert "2025" in cells
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith("=")]
    assert "缺数据来源" in cells
    assert "人数过少，不列出" in cells
    inside = enter(county.manager).get(f"/measures/report.xlsx?{HERE}&inside=1")
    told = [cell for row in load_workbook(BytesIO(inside.content)).active.values for cell in row if cell is not None]
    assert 96.77 in told


def test_a_set_is_computed_in_the_background(year, county, enter):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from catchment.rooms.measures import jobs

    client = enter(county.manager)
    for _ in range(2):
        client.post("/measures/compute", {"set": "local", "period": "2025", "place": CODE})
    waiting = ProcrastinateJob.objects.filter(task_name="measures.compute")
    assert [job.args for job in waiting] == [{"name": "local", "period": "2025"}]
    jobs.compute(name="local", period="2025")
    assert "门急诊药占比" in shown(client, f"/measures/?set=local&period=2025&place={CODE}")


@pytest.mark.parametrize("path", ["?period=2025-13", "?set=none", "?place=nowhere"])
def test_what_is_asked_wrongly_is_told(county, enter, path):
    assert enter(county.manager).get(f"/measures/{path}").status_code in {404, 422}
