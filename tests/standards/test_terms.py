"""A term is found by code, name, pinyin and initials, the closest first."""

import pytest

from catchment.standards.terms import matching, sounds

NAMES = {"R07.4": "胸痛", "I10": "高血压", "J18.9": "肺炎", "T14": "胸痛后状态", "E11.9": "2型糖尿病"}


@pytest.mark.parametrize(
    ("text", "first"),
    [("xt", "R07.4"), ("XT", "R07.4"), ("xiongtong", "R07.4"), ("xiong tong", "R07.4"), ("胸", "R07.4"), ("i1", "I10"),
     ("gxy", "I10"), ("gaoxue", "I10"), ("炎", "J18.9"), ("tnb", "E11.9"), ("糖尿", "E11.9"), ("2x", "E11.9")],
)  # fmt: skip
def test_a_term_answers_to_what_people_type(text, first):
    assert next(iter(matching(NAMES, text, limit=8))) == first


def test_nothing_fits_nonsense_and_the_limit_holds():
    assert matching(NAMES, "zzzz", limit=8) == {}
    assert list(matching(NAMES, "", limit=2)) == ["R07.4", "I10"]
    assert list(matching(NAMES, "xt", limit=1)) == ["R07.4"]


def test_the_sounds_of_a_name_keep_what_is_not_chinese():
    assert sounds("2型糖尿病") == ("2xtnb", "2xingtangniaobing")
