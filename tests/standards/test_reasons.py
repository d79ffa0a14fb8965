"""Reasons as data: kept, read again, compared; sentences kept earlier are read and not compared."""

import pytest

from catchment.standards.reasons import WRITTEN, Reason, reason_in, reasons_in, same_content

CAP = Reason("cap", {"cap": 13_000_000})


def test_a_reason_comes_back_as_it_was_kept():
    assert reason_in(CAP.as_dict()) == CAP
    assert reason_in(CAP) is CAP


@pytest.mark.parametrize("kept", ["已到封顶线", {"code": "cap", "text": "已到封顶线"}])
def test_a_sentence_kept_earlier_is_one_that_was_written(kept):
    assert reason_in(kept) == Reason(WRITTEN, {"text": "已到封顶线"})


def test_several_come_from_a_list_or_from_one_sentence():
    assert reasons_in([CAP.as_dict(), "旧"]) == (CAP, Reason(WRITTEN, {"text": "旧"}))
    assert reasons_in("旧") == (Reason(WRITTEN, {"text": "旧"}),)
    assert reasons_in("") == reasons_in([]) == ()


@pytest.mark.parametrize(
    ("kept", "again"),
    [
        ([{"paid": 1, "why": [CAP.as_dict()]}], [{"paid": 1, "why": (CAP.as_dict(),)}]),
        ({"why": "一句话"}, {"why": [CAP.as_dict(), CAP.as_dict()]}),
        ({"why": ["一句话"], "bands": [["至 5%", 3, 2]]}, {"why": [CAP.as_dict()], "bands": [[CAP.as_dict(), 3, 2]]}),
        ([{"code": "normal", "text": "按标准"}], [CAP.as_dict()]),
    ],
)
def test_the_same_content_is_the_same_whatever_sentence_stood_there(kept, again):
    assert same_content(kept, again)


@pytest.mark.parametrize(
    ("kept", "again"),
    [
        ([CAP.as_dict()], [Reason("cap", {"cap": 1}).as_dict()]),
        ([CAP.as_dict()], [Reason("aid-limit", CAP.facts).as_dict()]),
        ([CAP.as_dict()], [CAP.as_dict(), CAP.as_dict()]),
        ({"why": "一句话", "after": 1}, {"why": [CAP.as_dict()], "after": 2}),
        ({"factor": "1/2"}, {"factor": None}),
        ({"factor": "1/2"}, {"factor": "1/3"}),
        ({"paid": "1"}, {"paid": 1}),
    ],
)
def test_other_content_is_seen(kept, again):
    assert not same_content(kept, again)
