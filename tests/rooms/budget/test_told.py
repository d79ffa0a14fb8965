"""The steps of a budget, how a year came out and what a watch saw are kept as data and told in the reader's language."""

import re
from pathlib import Path

import pytest
import yaml
from django.utils.translation import override

import catchment
import lived
from catchment.rooms.budget.actions import agreeing
from catchment.rooms.budget.queries import budgets
from catchment.rooms.budget.queries.kept import kept_result, lines_in, result_in
from catchment.rooms.budget.queries.replay import replay
from catchment.rooms.budget.queries.told import told
from catchment.rooms.budget.rules.editions import sharing_of
from catchment.rooms.budget.rules.settling import factor_of, reckon
from catchment.rooms.budget.rules.words import WHY

EDITIONS = Path(catchment.__file__).parent / "rooms" / "budget" / "editions"
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
ENGLISH = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture
def reckoned(county, act, run_year):
    """A function that lives, makes and reckons 2025 in one language."""

    def run(language):
        lived.live(county)
        with override(language):
            return run_year(act(agreeing.make_budget, community="N1", year=2025))

    return run


def sentences(budget):
    given = told(budget)
    reasons = [why for line in given["lines"] for why in line["why"]] + given["clearance"]["why"]
    return [one["text"] for one in reasons]


@pytest.mark.parametrize(("written", "read", "foreign"), [("zh-hans", "en", CHINESE), ("en", "zh-hans", ENGLISH)])
def test_a_year_made_in_one_language_reads_in_the_other(reckoned, written, read, foreign):
    budget = reckoned(written)
    with override(read):
        found = sentences(budget)
    assert [text for text in found if foreign.search(text)] == []
    assert len(set(found)) > 10


def test_computing_again_in_another_language_gives_the_same_content(reckoned):
    budget = reckoned("en")
    with override("zh-hans"):
        checks = [check for month in range(1, 13) for check in replay(budget, month)]
    assert [check.what for check in checks if not check.same] == []
    line = budget.lines[0]
    line["why"][0]["facts"]["year"] = 1999
    budget.save()
    (first, *_rest) = replay(budget, 1)
    assert (first.what, first.kept == first.again, first.same) == ("budget", True, False)


def test_sentences_kept_earlier_are_read_as_they_were_written_and_the_replay_stays_sound(reckoned):
    budget = reckoned("zh-hans")
    budget.lines = [{**line, "why": f"旧：{WHY.all(line['why'])}"} for line in budget.lines]
    budget.save()
    clearance = budgets.clearance(budget)
    clearance.result["why"] = [f"旧：{WHY.one(why)}" for why in clearance.result["why"]]
    clearance.save()
    with override("en"):
        assert all(text.startswith("旧：") for text in sentences(budget))
        assert [line.after for line in lines_in(budget.lines)] == [line["after"] for line in budget.lines]
    assert [check.what for month in (1, 12) for check in replay(budget, month) if not check.same] == []


def test_the_bands_of_an_overrun_read_in_both_languages_and_so_do_those_kept_as_words():
    rule = sharing_of(yaml.safe_load((EDITIONS / "sharing-tianchang.yaml").read_text())["content"])
    kept = kept_result(reckon(rule, 100_000, 130_000, factor_of(rule, None)))
    told_bands = {}
    for language in ("en", "zh-hans"):
        with override(language):
            told_bands[language] = [WHY.one(band) for band, _over, _part in result_in(kept).bands]
    assert told_bands["zh-hans"][-1].startswith("以上全部")
    assert not CHINESE.search("".join(told_bands["en"]))
    old = {**kept, "bands": [["至预算的 5%，医共体承担 60%", 5000, 3000]]}
    assert WHY.one(result_in(old).bands[0][0]) == "至预算的 5%，医共体承担 60%"
