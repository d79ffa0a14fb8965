"""Claims that other systems send: every row accounted for, mended and replayed."""

from datetime import date

import pytest

import county as small
import stays
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim, ClaimLine, IncomingRow
from catchment.rooms.claims.rules.sources import COLUMNS, field_of, sent_in_sheet
from catchment.rooms.people.models import Coverage, PersonIdentifier
from catchment.rooms.places.models import Facility
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.models import Edition
from catchment.standards.fhir.claims import fields_of

CLERK = system("tests", "claims.work")
ROW = {
    "number": "A1", "person": "330100195805040021", "facility": "H1", "kind": "住院", "begins_on": "2026-01-05",
    "ends_on": "2026-01-11", "diagnoses": "J18.900|E11.900", "total": "4000.00", "drug": "1000", "service": "3000",
    "excluded": "100.01", "first_pay": "200", "insurance": "居民", "way": "本地",
}  # fmt: skip


@pytest.fixture
def known(county):
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value=ROW["person"])
    Coverage.objects.create(person=county.person, kind="resident")
    return county


def took(*rows, source="sheet:a"):
    told = [(row.get("number") or row["id"], row, "") for row in rows]
    return actions.take_rows(actor=CLERK, now=small.NOW, source=source, rows=told).as_dict()


def test_a_row_becomes_a_draft_with_its_self_pay_shared_over_the_lines(known):
    assert took(ROW)["taken"] == 1
    claim = Claim.objects.get()
    assert (claim.state, claim.total, claim.excluded, claim.first_pay, claim.estimated) == (
        "drafted", 400_000, 10_001, 20_000, False,
    )  # fmt: skip
    assert sum(ClaimLine.objects.values_list("excluded", flat=True)) == 10_001
    assert [one["code"] for one in claim.diagnoses] == ["J18.900", "E11.900"]
    assert claim.way == "local"


def test_the_same_row_is_known_and_another_version_of_it_is_rejected(known):
    took(ROW)
    assert took(ROW)["known"] == 1
    again = took({**ROW, "total": "5000", "drug": "2000"})
    assert (again["rejected"], Claim.objects.count()) == (1, 1)
    assert again["rejections"][0]["reason"].startswith("changed")


def test_rows_that_give_one_number_different_contents_are_all_rejected(known):
    part = {**ROW, "total": "3000", "drug": "0"}
    told = took(ROW, part, ROW, {**ROW, "number": "A2", "begins_on": "2026-02-05", "ends_on": "2026-02-07"})
    assert (told["read"], told["taken"], told["known"], told["rejected"]) == (4, 1, 1, 2)
    assert {one["row"] for one in told["rejections"]} == {"A1"}
    assert "sum its rows" in told["rejections"][0]["reason"]
    assert took(ROW)["taken"] == 1


def test_a_stay_sent_twice_under_two_numbers_is_a_duplicate(known):
    told = took(ROW, {**ROW, "number": "A2"})
    assert (told["taken"], told["rejections"]) == (
        1,
        [
            {
                "row": "A2",
                "reason": "duplicate: a claim stands for this stay or encounter already; mend or cancel that one",
            }
        ],
    )


def test_a_visit_on_the_days_of_a_stay_is_no_duplicate_of_it(known):
    told = took({**ROW, "number": "A0", "kind": "门诊"}, ROW)
    assert (told["taken"], told["rejected"]) == (2, 0)


def test_what_is_rejected_is_kept_and_replayed_when_mended(known):
    assert took({**ROW, "facility": "H9"})["rejections"][0]["reason"].startswith("unknown-facility: H9; ")
    assert [one["row"] for one in queries.rejected_rows("sheet:a")] == ["A1"]
    Facility.objects.filter(code="H1").update(code="H9")
    assert actions.replay_rows(actor=CLERK, now=small.NOW, source="sheet:a").as_dict()["taken"] == 1
    row = IncomingRow.objects.get()
    assert (row.fate, row.body, row.claim_id) == ("taken", None, Claim.objects.get().pk)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"total": ""}, "总费用: 不能为空"),
        ({"total": "1.234"}, "不是金额"),
        ({"drug": "-1"}, "不能为负"),
        ({"ends_on": "昨天"}, "不是日期"),
        ({"insurance": "商业"}, "应为：居民、职工、无"),
        ({"weight_g": "三斤"}, "应为整数"),
        ({"person": "999"}, "unknown-person"),
    ],
)
def test_a_row_that_cannot_be_taken_names_its_column(known, change, told):
    assert told in took({**ROW, **change})["rejections"][0]["reason"]
    assert not Claim.objects.exists()


def test_every_column_is_understood_by_each_of_its_titles():
    for field, titles in COLUMNS.items():
        assert {field_of(title) for title in (field, *titles)} == {field}
    assert field_of("备注") == ""


def test_a_row_without_parts_is_one_line_of_the_total():
    sent = sent_in_sheet({name: value for name, value in ROW.items() if name not in {"drug", "service"}})
    assert [(line.category, line.amount) for line in sent.told["lines"]] == [("other", 400_000)]


CLAIM = {
    "resourceType": "Claim", "status": "active", "use": "claim", "type": {"coding": [{"code": "institutional"}]},
    "patient": {"reference": "Patient/p"}, "provider": {"reference": "Organization/o"},
    "billablePeriod": {"start": "2020-01-01T10:00:00Z", "end": "2020-01-02T10:00:00Z"},
    "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"code": "J18.900"}]}}],
    "item": [{"sequence": 1, "productOrService": {"text": "x"}, "net": {"value": 25.5, "currency": "USD"}}],
    "total": {"value": 125, "currency": "USD"},
}  # fmt: skip


def test_a_fhir_claim_keeps_its_currency_and_what_the_items_leave_of_the_total():
    told = fields_of(CLAIM, {})
    assert (told["currency"], told["total"], [line["amount"] for line in told["lines"]]) == (
        "USD",
        12_500,
        [2550, 9950],
    )
    assert told["person"] == ["Patient", "p"]


@pytest.mark.parametrize("change", [{"use": "preauthorization"}, {"status": "draft"}, {"total": {"value": -1}}])
def test_a_fhir_claim_that_asks_for_no_money_is_refused(change):
    with pytest.raises(ValueError, match=r"total|use"):
        fields_of({**CLAIM, **change}, {})


def test_a_claim_in_another_currency_is_sent_back(known):
    person = {"id": "c1", **fields_of(CLAIM, {})}
    assert took(person, source="fhir:x")["rejections"][0]["reason"].startswith("unknown-person")


def test_a_claim_of_a_day_before_the_first_edition_is_kept_as_history(known):
    told = took({**ROW, "begins_on": "1991-06-07", "ends_on": "1991-06-08"})
    assert (told["taken"], told["history"], told["rejected"]) == (1, 1, 0)
    claim = Claim.objects.get()
    assert (claim.state, claim.total, claim.estimated) == ("history", 400_000, False)
    assert actions.check_claims(actor=CLERK, now=small.NOW, claim_ids=[claim.pk]) == ([], [])
    assert actions.settle_claims(actor=CLERK, now=small.NOW, claim_ids=[claim.pk]) == []


def test_history_is_mended_once_an_edition_reaches_back(known):
    took({**ROW, "begins_on": "2019-06-07", "ends_on": "2019-06-08"})
    with pytest.raises(Invalid, match=r"claims\.frame"):
        stays.mended(Claim.objects.get())
    Edition.objects.filter(key__startswith="claims.").update(in_force_from=date(2015, 1, 1))
    rulebook.forget()
    assert stays.mended(Claim.objects.get()).state == "checked"
