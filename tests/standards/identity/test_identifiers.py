import csv
import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catchment.standards.identity import identifiers as ids

AREA_CODES = Path(__file__).resolve().parents[3].parent / "shared/data/linkage/id_area_codes_gb2260_history.csv.gz"
synthetic_areas = st.integers(999000, 999999).map(str)
births = st.dates(date(1900, 1, 1), date(2026, 1, 1))
sequences = st.integers(1, 999)


@given(synthetic_areas, births, sequences)
def test_a_made_number_reads_back_as_the_same_person(area, birth, sequence):
    found = ids.parse_resident_id(ids.make_resident_id(area, birth, sequence))
    assert (found.area, found.birth_date, found.sequence) == (area, birth, sequence)
    assert found.sex == ("male" if sequence % 2 else "female")
    assert not found.has_known_province


@given(synthetic_areas, births, sequences, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(area, birth, sequence, place, shift):
    number = ids.make_resident_id(area, birth, sequence)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert ids.resident_id_problem(wrong) is not None


@given(synthetic_areas, births, sequences, st.integers(0, 15))
def test_two_exchanged_neighbours_are_noticed(area, birth, sequence, place):
    number = ids.make_resident_id(area, birth, sequence)
    exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert exchanged == number or ids.resident_id_problem(exchanged) is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("9990011955", "length"),
        ("99900119550304OO12", "characters"),
        ("999001195502300123", "birth-date"),
        ("999001170002010123", "birth-date"),
        ("999001195503040005", "sequence"),
        ("999001195503040120", "checksum"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason_in_both_languages(text, code):
    with pytest.raises(ids.IdentifierError) as caught:
        ids.parse_resident_id(text)
    assert caught.value.problem.code == code
    assert caught.value.problem.zh in str(caught.value)
    assert caught.value.problem.en in str(caught.value)


def test_a_birth_after_today_is_refused_only_when_today_is_given():
    number = ids.make_resident_id("999001", date(2030, 1, 1), 1)
    assert ids.resident_id_problem(number) is None
    assert ids.resident_id_problem(number, today=date(2026, 1, 1)) is ids.ID_BIRTH_DATE


def test_typing_habits_are_mended():
    number = next(n for s in range(1, 40) if (n := ids.make_resident_id("999001", date(1955, 3, 4), s))[-1] == "X")
    assert ids.parse_resident_id(f" {number[:6]} {number[6:17]}ｘ").number == number


def test_a_fifteen_digit_number_gains_century_and_check_character():
    found = ids.parse_resident_id("999001550304012")
    assert found.number == ids.make_resident_id("999001", date(1955, 3, 4), 12)


def test_a_fifteen_digit_centenarian_was_born_in_the_eighteen_hundreds():
    assert ids.parse_resident_id("999001900304998").birth_date == date(1890, 3, 4)


@pytest.mark.parametrize(("area", "sequence"), [("330102", 1), ("99900", 1), ("999001", 0), ("999001", 1000)])
def test_no_number_is_made_that_a_person_could_hold(area, sequence):
    with pytest.raises(ValueError, match=r"area|sequence"):
        ids.make_resident_id(area, date(1955, 3, 4), sequence)


@pytest.mark.shared
def test_no_area_ever_assigned_starts_like_a_synthetic_one():
    if not AREA_CODES.exists():
        pytest.skip(f"the history of area codes is not at {AREA_CODES}")
    with gzip.open(AREA_CODES, "rt", encoding="utf-8") as lines:
        codes = {row["code6"] for row in csv.DictReader(lines)}
    assert len(codes) > 3000
    assert not [code for code in codes if code.startswith(ids.SYNTHETIC_PREFIX)]
    assert all(ids._PROVINCES.fullmatch(code[:2]) for code in codes)


def test_a_published_credit_code_reads_in_its_parts():
    found = ids.parse_credit_code("91350100m000100y43")
    assert (found.department, found.category, found.area, found.organisation) == (
        "9",
        "1",
        "350100",
        "M000100Y4",
    )


@given(st.text(ids._CREDIT_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_any_single_wrong_character_of_a_credit_code_is_noticed(body, place, shift):
    number = body + ids.credit_code_check_character(body)
    assert ids.parse_credit_code(number).number == number
    other = ids._CREDIT_ALPHABET[(ids._CREDIT_ALPHABET.index(number[place]) + shift) % 31]
    with pytest.raises(ids.IdentifierError):
        ids.parse_credit_code(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        ("9135", "length"),
        ("91350100M000100YI3", "characters"),
        ("91350100M000100Y44", "checksum"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_reason(text, code):
    with pytest.raises(ids.IdentifierError) as caught:
        ids.parse_credit_code(text)
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    "text",
    ["13900000001", "+86 139 0000 0001", "0086-139-0000-0001", "１３９００００００01", "8613900000001"],
)
def test_a_mobile_number_is_eleven_digits_however_it_is_written(text):
    assert ids.normalise_mobile(text) == "13900000001"


@pytest.mark.parametrize("text", ["", "12900000001", "1390000000", "139000000011", "0571-88880000"])
def test_what_is_no_mobile_number_is_refused(text):
    with pytest.raises(ids.IdentifierError):
        ids.normalise_mobile(text)


def test_masking_hides_the_middle_and_never_shows_a_short_text():
    assert ids.mask("999001195503040123", head=4, tail=4) == "9990**********0123"
    assert ids.mask_mobile("13900000001") == "139****0001"
    assert ids.mask("99900119", head=4, tail=4) == "********"
