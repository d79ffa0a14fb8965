"""What was kept with a budget, given back as the rules take it: for recomputing it, and for its pages."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from catchment.rooms.budget.queries.inputs import Inputs
from catchment.rooms.budget.types import Category, Cell, Heads, Line, Made, Member, Reckoning, YearSpend
from catchment.standards.reasons import reason_in, reasons_in


def kept_inputs(given: Inputs, carried: int) -> dict[str, Any]:
    """Everything that the model was given, as JSON."""
    return {
        "history": [
            {"year": one.year, "fund": one.fund, "months": one.months, "source": one.source} for one in given.history
        ],
        "now": _kept_heads(given.now),
        "before": _kept_heads(given.before),
        "carried": carried,
        "months": given.months,
    }


def months_in(kept: Mapping[str, Any]) -> dict[int, list[int]]:
    """The full earlier years, month by month; none of a budget that was made before they were kept."""
    return {int(year): months for year, months in kept.get("months", {}).items()}


def history_in(kept: Mapping[str, Any]) -> list[YearSpend]:
    """The earlier years that a budget was made from."""
    return [
        YearSpend(
            year=one["year"],
            fund={Category(name): amount for name, amount in one["fund"].items()},
            months=one["months"],
            source=one["source"],
        )
        for one in kept["history"]
    ]


def heads_in(kept: Mapping[str, Any]) -> Heads:
    """The insured of a day, as they were counted then."""
    return Heads(day=kept["day"], cells=tuple(Cell(*cell) for cell in kept["cells"]), contracted=kept["contracted"])


def kept_lines(made: Made) -> list[dict[str, Any]]:
    """The steps of the making, as JSON."""
    return [
        {
            "code": line.code,
            "category": line.category,
            "before": line.before,
            "factor": None if line.factor is None else str(line.factor),
            "after": line.after,
            "why": [why.as_dict() for why in line.why],
            "tag": line.tag,
        }
        for line in made.lines
    ]


def lines_in(kept: list[dict[str, Any]]) -> list[Line]:
    """The steps of the making."""
    return [
        Line(**{**one, "factor": None if one["factor"] is None else Fraction(one["factor"]),
                "why": reasons_in(one["why"])})
        for one in kept
    ]  # fmt: skip


def kept_result(result: Reckoning) -> dict[str, Any]:
    """A reckoning, as JSON."""
    return {
        "budget": result.budget,
        "factor": str(result.factor),
        "actual": result.actual,
        "kept": result.kept,
        "back": result.back,
        "community": result.community,
        "fund": result.fund,
        "bands": [[band.as_dict(), slice_, part] for band, slice_, part in result.bands],
        "why": [why.as_dict() for why in result.why],
    }


def result_in(kept: Mapping[str, Any]) -> Reckoning:
    """A reckoning as it was."""
    given = dict(kept)
    bands = tuple((reason_in(band), slice_, part) for band, slice_, part in given.pop("bands"))
    return Reckoning(**{**given, "factor": Fraction(given["factor"]), "why": reasons_in(given["why"])}, bands=bands)


def kept_members(members: list[Member]) -> list[dict[str, Any]]:
    """The members as they were when a year was reckoned, as JSON."""
    return [
        {
            "facility_id": one.facility_id,
            "name": one.name,
            "level": one.level,
            "heads": one.heads,
            "score": None if one.score is None else str(one.score),
        }
        for one in members
    ]


def members_in(kept: list[dict[str, Any]]) -> list[Member]:
    """The members as they were."""
    return [Member(**{**one, "score": None if one["score"] is None else Fraction(one["score"])}) for one in kept]


def _kept_heads(heads: Heads) -> dict[str, Any]:
    return {
        "day": heads.day.isoformat(),
        "cells": [[cell.from_age, cell.insurance, cell.chronic, cell.heads] for cell in heads.cells],
        "contracted": heads.contracted,
    }
