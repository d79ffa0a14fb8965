import random

import pytest

from catchment.standards.risk.survey.discrimination import discrimination


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    chance = random.Random(5)
    scores = [round(chance.gauss(0, 1), 1) for _ in range(120)]
    found = [chance.random() < 0.3 + 0.1 * score for score in scores]
    cases = [score for score, yes in zip(scores, found, strict=True) if yes]
    others = [score for score, yes in zip(scores, found, strict=True) if not yes]
    pairs = [1 if a > b else 0.5 if a == b else 0 for a in cases for b in others]
    result = discrimination(scores, found)
    assert result.area == pytest.approx(sum(pairs) / len(pairs))
    assert result.low < result.area < result.high


def test_perfect_order_has_no_spread():
    result = discrimination([1, 2, 3, 4], [False, False, True, True])
    assert (result.area, result.low, result.high) == (1, 1, 1)


def test_too_few_people_are_refused():
    with pytest.raises(ValueError, match="two people"):
        discrimination([1, 2, 3], [True, False, False])
