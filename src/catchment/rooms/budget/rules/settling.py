"""Prepayment, pre-settlement, clearance, and how a surplus is shared. Pure; every sum exact to the fen."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.budget.rules.editions import Overrun, SharingRule, percent
from catchment.rooms.budget.rules.making import months_of
from catchment.rooms.budget.types import Member, Reckoning, ShareLine
from catchment.standards.money import share, split
from catchment.standards.reasons import Reason

LEVELS = ("lead", "township", "village")
QUARTERS = 4


def prepaid(total: int, month: int, of: Fraction) -> int:
    """The prepayment of a month (1 to 12): its twelfth of the budget times the share that is paid ahead."""
    return share(months_of(total)[month - 1], of)


def due_by(total: int, quarter: int) -> int:
    """What the budget allows to the end of a quarter (1 to 4)."""
    return sum(months_of(total)[: quarter * 3])


def factor_of(rule: SharingRule, mean_score: Fraction | None) -> tuple[Fraction, Reason]:
    """What the budget counts times for performance, and why; 1 where nothing was scored or no such rule holds."""
    if mean_score is None or not rule.performance:
        return Fraction(1), Reason("not-scored")
    reached = [one for one in rule.performance if Fraction(one.from_score) <= mean_score]
    chosen = max(reached, key=lambda one: one.from_score, default=min(rule.performance, key=lambda o: o.from_score))
    told = {"score": f"{float(mean_score):.2f}", "factor": str(chosen.percent)}
    return percent(chosen.percent), Reason("score", told)


def reckon(rule: SharingRule, budget: int, actual: int, factor: tuple[Fraction, Reason]) -> Reckoning:
    """How a year comes out: what is kept of a surplus, or who carries which part of an overrun."""
    times, reason = factor
    allowed = share(budget, times)
    if allowed >= actual:
        return _surplus(rule, budget, actual, allowed, times, reason)
    return _overrun(rule, budget, actual, allowed, times, reason)


def shares(rule: SharingRule, kept: int, members: Sequence[Member]) -> list[ShareLine]:
    """A kept surplus among the members: by the ratio of levels, or by frozen scores; they sum to it exactly."""
    if not members:
        raise Invalid(Problem("members", _("这个医共体没有成员，不能分配")))
    weights = _by_scores(members) if rule.by == "scores" else _by_ratio(rule, members)
    amounts = split(kept, weights)
    return [
        ShareLine(one.facility_id, one.name, one.level, weight, amount)
        for one, weight, amount in zip(members, weights, amounts, strict=True)
    ]


def carried(rule: SharingRule, amount: int, members: Sequence[Member]) -> list[ShareLine]:
    """The community's part of an overrun: the lead hospital's alone, or all members' by the same weights."""
    if rule.carrier == "lead":
        lead = next((one for one in members if one.level == "lead"), None)
        if lead is None:
            raise Invalid(Problem("members", _("这个医共体没有牵头医院")))
        return [ShareLine(lead.facility_id, lead.name, lead.level, Fraction(1), amount)]
    return shares(rule, amount, members)


def share_lines(rule: SharingRule, result: Reckoning, members: Sequence[Member]) -> list[ShareLine]:
    """The parts of a surplus kept, or below zero those of an overrun; nothing where there is neither."""
    if result.kept:
        return [line for line in shares(rule, result.kept, members) if line.fen]
    if result.community:
        return [line for line in carried(rule, -result.community, members) if line.fen]
    return []


def _surplus(
    rule: SharingRule, budget: int, actual: int, allowed: int, times: Fraction, reason: Reason
) -> Reckoning:  # fmt: skip
    left = allowed - actual
    earned, cap = share(left, percent(rule.retention_percent)), share(budget, percent(rule.cap_percent))
    kept = min(earned, cap)
    why = [reason, Reason("surplus", {"left": left, "percent": str(rule.retention_percent)})]
    if kept < earned:
        why.append(Reason("kept-cap", {"percent": str(rule.cap_percent), "cap": cap}))
    return Reckoning(budget=budget, factor=times, actual=actual, kept=kept, back=left - kept, why=tuple(why))


def _overrun(
    rule: SharingRule, budget: int, actual: int, allowed: int, times: Fraction, reason: Reason
) -> Reckoning:  # fmt: skip
    over, bottom, bands = actual - allowed, 0, []
    for band in rule.overrun:
        top = over if band.to_percent is None else min(over, share(budget, percent(band.to_percent)))
        slice_ = max(0, top - bottom)
        bands.append((_band(band), slice_, share(slice_, percent(band.community_percent))))
        bottom = max(bottom, top)
    community = sum(part for _band, _slice, part in bands)
    why = (reason, Reason("overrun", {"over": over}))
    return Reckoning(budget=budget, factor=times, actual=actual, community=community, fund=over - community,
                     bands=tuple(bands), why=why)  # fmt: skip


def _band(band: Overrun) -> Reason:
    told = {"community": str(band.community_percent)}
    if band.to_percent is None:
        return Reason("band-rest", told)
    return Reason("band", {"to": str(band.to_percent), **told})


def _by_scores(members: Sequence[Member]) -> list[Fraction]:
    missing = [one.name for one in members if one.score is None]
    if missing:
        raise Invalid(Problem("scores", _("缺少考核得分：%s。请上传并冻结得分后再清算") % "、".join(missing[:5])))
    return [Fraction(one.score or 0) for one in members]


def _by_ratio(rule: SharingRule, members: Sequence[Member]) -> list[Fraction]:
    """Each level's part divided within it; a level without members leaves its part to the others."""
    weights: dict[int, Fraction] = {}
    for level in LEVELS:
        there = [one for one in members if one.level == level]
        within = [_within(rule, one) for one in there]
        if not sum(within):
            within = [1] * len(there)
        for one, weight in zip(there, within, strict=True):
            weights[one.facility_id] = Fraction(rule.ratio.get(level, 0)) * weight / sum(within)  # type: ignore[call-overload]
    return [weights.get(one.facility_id, Fraction(0)) for one in members]


def _within(rule: SharingRule, member: Member) -> int:
    return member.heads if rule.within == "heads" else 1


def mean_score(scores: Iterable[Fraction]) -> Fraction | None:
    """The plain mean of frozen scores; `None` where there are none."""
    known = list(scores)
    return sum(known, Fraction(0)) / len(known) if known else None
