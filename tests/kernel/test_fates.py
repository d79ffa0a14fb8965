"""Every row that comes in has one fate; nothing is lost between them."""

from enum import StrEnum

from catchment.kernel.fates import Account, Fate


class Own(StrEnum):
    CORRECTED = "corrected"
    REJECTED = "rejected"


def test_what_was_read_is_the_sum_of_the_fates():
    account = Account()
    account.add(Fate.KNOWN, 2)
    account.add_row(Fate.TAKEN, row=4, reason="")
    account.add_row(Fate.REJECTED, row=5, reason="no amount")
    assert account.as_dict() == {
        "read": 4,
        "taken": 1,
        "known": 2,
        "rejected": 1,
        "rejections": [{"row": 5, "reason": "no amount"}],
    }


def test_one_that_meets_another_fate_after_all_is_not_counted_twice():
    account = Account()
    account.add(Fate.REJECTED)
    account.add(Fate.REJECTED, -1)
    account.add(Fate.TAKEN)
    assert (account.read, account[Fate.REJECTED], account[Fate.TAKEN]) == (1, 0, 1)


def test_a_room_may_have_fates_of_its_own_and_a_rejection_is_kept_all_the_same():
    account = Account(Own)
    account.add_row(Own.CORRECTED, row="a", reason="")
    account.add_row(Own.REJECTED, row="b", reason="unknown")
    assert account.counts() == {"corrected": 1, "rejected": 1}
    assert account.rejections == [{"row": "b", "reason": "unknown"}]
