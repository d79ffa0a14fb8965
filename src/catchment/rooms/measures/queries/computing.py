"""A set computed over the facts: what is counted once is counted once, whatever measures name it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catchment.kernel.lake.engines import Lake
from catchment.rooms.measures.queries.figures import Figures
from catchment.standards.measures.compiling import by_place, counted
from catchment.standards.measures.definition import Count, Measure, MeasureSet, Part, Selection, measure_parts
from catchment.standards.measures.evaluating import Parts, Status, results
from catchment.standards.measures.periods import Period
from catchment.standards.measures.tables import LEVELS

Spot = tuple[str, str]
"""A level and the code of a place."""
Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Computed:
    """One value as it was computed, not yet kept."""

    code: str
    level: str
    place: str
    status: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    by_figures: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a set is computed over: the facts, the period, what was supplied, the places there are."""

    lake: Lake
    period: Period
    figures: Figures
    places: Mapping[str, Mapping[str, str]]


def places_of(lake: Lake) -> dict[str, dict[str, str]]:
    """The names of the county's places by level and code: areas within it, and facilities that care for people."""
    facilities, areas = lake.table("places"), lake.table("areas")
    within = facilities.filter(facilities.in_county)
    counties = set(lake.run(within.select("county_code").distinct())["county_code"].to_pylist())
    found: dict[str, dict[str, str]] = {level: {} for level in LEVELS}
    for area in lake.run(areas.select("area_code", "name", "level", "county_code")).to_pylist():
        if area["county_code"] in counties and area["level"] in found:
            found[area["level"]][area["area_code"]] = area["name"]
    found["facility"] = {row["code"]: row["name"] for row in lake.run(within.select("code", "name")).to_pylist()}
    return found


def compute(
    content: MeasureSet,
    setting: Setting,
    only: Collection[str] = (),
    progress: Progress = lambda _done, _of: None,
) -> list[Computed]:
    """Every counted value of the set, or of `only` those codes.

    Of the county always, of a smaller place where something was counted.
    """
    measures = [
        m for m in content.measures if m.counted and setting.period.kind in m.periods and (not only or m.code in only)
    ]
    needed = {code for measure in measures for code in measure.needs}
    sources = {
        one.code: content.selection(one.present) for one in content.sources if one.present and one.code in needed
    }
    numbers = _numbers(content, measures, list(sources.values()), setting, progress)
    counties = setting.places["county"]
    present = {
        code for code, selection in sources.items() if any(numbers[selection]["county", place] for place in counties)
    }
    return [value for measure in measures for value in _values(content, measure, setting, numbers, present)]


Numbers = Mapping[Selection, Mapping[Spot, float]]


def _numbers(
    content: MeasureSet, measures: list[Measure], more: list[Selection], setting: Setting, progress: Progress
) -> dict[Selection, dict[Spot, float]]:
    parts = [part for measure in measures for part in measure_parts(measure) if part.select]
    wanted = dict.fromkeys([*map(content.selection, parts), *more])
    found: dict[Selection, dict[Spot, float]] = {}
    for done, selection in enumerate(wanted):
        progress(done, len(wanted))
        rows = setting.lake.run(counted(setting.lake.table, selection, setting.period)).to_pylist()
        found[selection] = defaultdict(float, by_place(rows, selection.divide))
    progress(len(wanted), len(wanted))
    return found


def _values(
    content: MeasureSet, measure: Measure, setting: Setting, numbers: Numbers, present: set[str]
) -> Iterator[Computed]:
    lacking = [code for code in measure.needs if code not in present]
    count = measure.otherwise if lacking and measure.otherwise else measure.counted
    if count is None:
        return
    for level in measure.levels:
        if lacking and not measure.otherwise:
            yield from (_missing(measure, level, place, lacking) for place in _always(setting, level))
            continue
        yield from _at_level(content, measure, count, level, setting, numbers, lacking)


def _at_level(
    content: MeasureSet,
    measure: Measure,
    count: Count,
    level: str,
    setting: Setting,
    numbers: Numbers,
    lacking: list[str],
) -> Iterator[Computed]:
    readers, whole = _readers(content, count, setting, numbers), dict[str, Parts]()
    for place in setting.places[level]:
        parts = {name: read((level, place)) for name, read in readers.items()}
        absent = [name for name, value in parts.items() if value is None]
        if not absent and (level == "county" or any(parts.values())):
            whole[place] = parts
        elif absent and place in _always(setting, level):
            sources = [content.figure_by_code[count.all()[name].figure].source for name in absent]
            yield _missing(measure, level, place, [*lacking, *sources])
    for place, result in results(measure, count, whole).items():
        yield Computed(
            code=measure.code,
            level=level,
            place=place,
            status=Status.VALUED if result.value is not None else Status.NO_CASES,
            value=result.value,
            numerator=result.numerator,
            denominator=result.denominator,
            parts=dict(whole[place]),
            by_figures=any(count.all()[name].figure for name in readers),
        )


def _readers(
    content: MeasureSet, count: Count, setting: Setting, numbers: Numbers
) -> dict[str, Callable[[Spot], float | None]]:
    """How each part that is no formula is had for a place."""
    return {name: _reader(content, part, setting, numbers) for name, part in count.all().items() if not part.formula}


def _reader(content: MeasureSet, part: Part, setting: Setting, numbers: Numbers) -> Callable[[Spot], float | None]:
    if part.select:
        return numbers[content.selection(part)].__getitem__
    figure = content.figure_by_code[part.figure]
    period = setting.period.year_before() if part.before else setting.period
    return lambda spot: setting.figures.value(figure, spot, period)


def _missing(measure: Measure, level: str, place: str, sources: list[str]) -> Computed:
    return Computed(
        code=measure.code, level=level, place=place, status=Status.MISSING_SOURCE, missing=list(dict.fromkeys(sources))
    )


def _always(setting: Setting, level: str) -> Mapping[str, Any]:
    """Places that get a line even when nothing can be said: the county, so that the answer is not silence."""
    return setting.places[level] if level == "county" else {}
