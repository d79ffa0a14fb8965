"""What a county brings by file: every row accounted for, nothing counted twice."""

from io import BytesIO

import pytest
from openpyxl import Workbook

import lived
from catchment.kernel.errors import Invalid
from catchment.kernel.fates import Fate
from catchment.rooms.budget.actions import agreeing, uploading
from catchment.rooms.budget.models import ScoreSheet, UploadRow

HEAD = "年度,月份,机构代码,类别,基金支出（元）\n"
GOOD = HEAD + '2022,,,县内住院,1000.00\n2022,,H1,门诊,"2,000.5"\n'
BAD = HEAD + (
    "2022,,,县内住院,1000.00\n"
    "1800,,,门诊,1\n2021,13,,门诊,1\n2021,1,ZZ,门诊,1\n2021,1,,牙科,1\n2021,1,,门诊,一百\n2021,1,,门诊,-5\n"
    "2021,1,,门诊,7\n2021,1,,门诊,8\n2021,,,门诊,9\n"
)  # fmt: skip


def bring(text, name="h.csv", encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return uploading.bring_history(
        actor=lived.CLERK, now=lived.NOW, community="N1", name=name, content=content, by="孟佳宁"
    )  # fmt: skip


def test_a_year_that_the_record_lacks_comes_from_the_file(county, act):
    lived.live(county)
    bring(GOOD)
    budget = act(agreeing.make_budget, community="N1", year=2025)
    years = {one["year"]: (one["source"], one["fund"]["outpatient"]) for one in budget.inputs["history"]}
    assert years[2022] == ("upload", 200_050)
    assert years[2024][0] == "record"


def test_every_row_has_a_fate(county):
    account = bring(BAD)
    assert (account.read, account.counts()) == (10, {"taken": 2, "known": 0, "rejected": 8})
    assert UploadRow.objects.count() == 10
    assert all(row.reason for row in UploadRow.objects.filter(fate="rejected"))


def test_the_same_again_is_known_and_counts_once(county):
    bring(GOOD)
    assert bring(GOOD)[Fate.KNOWN] == 2
    again = bring(GOOD + "2022,,,门诊,1\n")
    assert (again[Fate.TAKEN], again[Fate.KNOWN]) == (1, 2)


def test_gb18030_and_xlsx_are_read(county):
    assert bring(GOOD, encoding="gb18030")[Fate.TAKEN] == 2
    book = Workbook()
    book.active.append(["year", "month", "facility", "category", "fund"])
    book.active.append([2020, 3, "H1", "chronic", 12.5])
    out = BytesIO()
    book.save(out)
    assert bring(out.getvalue(), "h.xlsx")[Fate.TAKEN] == 1


@pytest.mark.parametrize(
    ("content", "name"), [(b"\xff\xfe\x00", "h.csv"), (b"not a sheet", "h.xlsx"), ("年度\n".encode(), "h.csv")]
)
def test_what_is_no_table_is_refused_with_the_field(county, content, name):
    with pytest.raises(Invalid) as refused:
        bring(content, name)
    assert refused.value.problems[0].field == "file"


def test_scores_are_frozen_all_or_none(county):
    def freeze(text):
        return uploading.freeze_scores(
            actor=lived.CLERK, now=lived.NOW, community="N1", year=2025, name="s.csv", content=text.encode(), by="孟"
        )

    with pytest.raises(Invalid) as refused:
        freeze("机构代码,得分\nH1,90\nX1,80\nT1,x\nH1,70\n")
    assert [problem.field for problem in refused.value.problems] == ["row 3", "row 4", "row 5"]
    assert not ScoreSheet.objects.exists()
    first = freeze("机构代码,得分\nH1,90\n")
    assert freeze("机构代码,得分\nH1,90\n").pk == first.pk
