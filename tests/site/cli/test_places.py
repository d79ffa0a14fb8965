"""Taking facilities and services in on the command line, and mending what was rejected."""

import json

import pytest
from typer.testing import CliRunner

from catchment.rooms.places.models import Area, Facility
from catchment.site.cli import places
from catchment.site.cli.output import CommandError

HEAD = "机构代码,机构名称,类别,级别,区划代码\n"


@pytest.fixture
def folder(db, tmp_path):
    Area.objects.create(code="990100", name="云溪县", level="county")
    (tmp_path / "facilities.csv").write_text(f"{HEAD}H1,云溪县人民医院,医院,县级,990100\nH2,中医院,诊所,县级,990100\n")
    (tmp_path / "services.csv").write_text("机构代码,科室代码,科室名称,专科\nH1,card,心内科,cardiology\n")
    return tmp_path


def run(*arguments, code=0):
    result = CliRunner().invoke(places.app, ["import", *map(str, arguments)])
    if isinstance(result.exception, CommandError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def test_each_file_has_its_account_and_a_rejection_ends_with_one(folder):
    told = json.loads(run(folder / "services.csv", folder / "facilities.csv", "--json", code=1).stdout)
    assert [(one["read"], one["taken"], one["rejected"]) for one in told] == [(2, 1, 1), (1, 1, 0)]
    assert told[0]["file"].endswith("facilities.csv")
    shown = run(folder / "facilities.csv", code=1)
    assert "facilities.csv:3 类别" in shown.stderr


def test_what_was_rejected_is_mended_in_a_file_of_its_own(folder):
    mend = folder / "mend.csv"
    run(folder / "facilities.csv", "--rejected", mend, code=1)
    text = mend.read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2
    assert "没有“诊所”" in text
    mend.write_text(text.replace("诊所,", "中医院,", 1), encoding="utf-8")
    told = json.loads(run(mend, "--json").stdout)
    assert [(one["read"], one["taken"], one["rejected"]) for one in told] == [(1, 1, 0)]
    assert Facility.objects.get(code="H2").kind == "tcm-hospital"


def test_rejected_rows_of_several_files_are_not_mixed(folder):
    with pytest.raises(CommandError, match="--rejected"):
        run(folder / "facilities.csv", folder / "services.csv", "--rejected", folder / "mend.csv")
