"""What the health map offers and answers: its layers, and one layer's values for a county."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.rooms.measures.queries import coverage, ground, indicators, screened, streams
from catchment.rooms.measures.queries.cube import Cube, Grain, cube
from catchment.rooms.measures.queries.indicators import Indicator
from catchment.rooms.measures.queries.keeping import mark
from catchment.rooms.measures.queries.layers import PER_THOUSAND, Layer, Row, burden
from catchment.rooms.measures.queries.small import hide_small
from catchment.rooms.measures.rules import SETS
from catchment.rooms.measures.rules.atlas import (
    GROUPS,
    RISING,
    STANDARD,
    DiseaseGroup,
    DiseaseGroupRule,
    RisingRule,
    StandardPopulationRule,
)
from catchment.rooms.places.models import Area
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue
from catchment.rooms.screening import queries as screening
from catchment.rooms.screening.models import Run
from catchment.rooms.screening.rules import Programme

DEFAULT = "burden:hypertension"
GRAINS = ("year", "month", "now")
CUBES: Final[tuple[Grain, ...]] = ("year", "month")
BURDEN, RISK, SCREENED = "burden:", "risk:", "screened:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """One layer's answer: its description, its periods oldest first, and for each area's code its numbers in order.

    `last` is the last day that was counted, `as_of` when the facts were read.
    """

    layer: Layer
    periods: tuple[str, ...]
    areas: dict[str, Row]
    last: date
    as_of: str


Found = tuple[tuple[str, ...], dict[str, Row], date, str]
"""Periods, rows, the last day, the mark."""


def groups_on(day: date) -> tuple[DiseaseGroup, ...]:
    """The disease groups of the day's edition."""
    return rulebook.rule_on(GROUPS, day, DiseaseGroupRule).groups


def rising_on(day: date) -> RisingRule:
    """The rule by which a disease is told to be rising."""
    return rulebook.rule_on(RISING, day, RisingRule)


def standard_on(day: date) -> tuple[float, ...]:
    """The standard population by five-year ages."""
    return rulebook.rule_on(STANDARD, day, StandardPopulationRule).people


def name_of(group: DiseaseGroup) -> str:
    """The group's name in the reader's language."""
    return group.en if get_language() == "en" else group.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that the map of a county hangs on, asked once a request; while it is the same, so are the answers.

    `lake` is the lake's mark, `screened` that of the last screening, `computed` the last run of indicators, `ground`
    the mark of the areas; `rules` names the day's editions.
    """

    county_id: int
    day: date
    language: str
    lake: str
    screened: str
    computed: int
    ground: str
    rules: tuple[Any, ...]


def standing(county: Area, day: date) -> Standing:
    """How things stand for a county on a day."""
    return Standing(
        county_id=county.pk,
        day=day,
        language=get_language() or "",
        lake=mark(),
        screened=screened.mark_of(screened.last_run()),
        computed=indicators.last_run(),
        ground=ground.mark_of(county),
        rules=tuple((one.key, one.version, one.verified) for one in _editions(day)),
    )


def _editions(day: date) -> Iterator[EditionValue]:
    yield from (rulebook.edition_on(key, day) for key in (GROUPS, STANDARD))
    yield screening.programmes_edition(day)


def layers(now: Standing) -> list[Layer]:
    """Every layer there is, in the order of the picker."""
    return [layer for layer, _rows in _offers(now).values()]


def layer_by_code(code: str, now: Standing) -> Layer:
    """The layer; `NotFound` when there is none of that code."""
    return _offer(code, now)[0]


def counts(day: date, grain: Grain) -> Cube | None:
    """The counts by the day's disease groups; see `cube`."""
    return cube(groups_on(day), grain)


def keep_answers(day: date) -> None:
    """Ask the facts and the last screening everything that the map shows, so that nobody who looks waits for it."""
    for grain in CUBES:
        if (found := counts(day, grain)) is not None:
            coverage.answered_for(found, contracted=False)
    if mark():
        streams.keep()
    screened.keep_counts()


def values(code: str, now: Standing, *, grain: str, least: int, open_areas: Iterable[str] = ()) -> Values | None:
    """One layer's values of a county and all its areas; `None` where nothing was ever counted.

    Counts of people below `least` are hidden, save in `open_areas`, whose people the reader may see one by one.
    """
    return _values(code, now, grain, least, frozenset(open_areas))


@lru_cache(maxsize=400)
def _values(code: str, now: Standing, grain: str, least: int, open_areas: frozenset[str]) -> Values | None:
    layer, count = _offer(code, now)
    found = count(grain if grain in layer.grains else layer.grains[0])
    if found is None:
        return None
    periods, every, last, as_of = found
    parents = ground.parents(Area.objects.defer("boundary").get(pk=now.county_id))
    rows = {place: row for place, row in every.items() if place in parents}
    if layer.confidential:
        rows = hide_small(rows, parents, least, open_areas)
    return Values(layer=layer, periods=periods, areas=rows, last=last, as_of=as_of)


Offer = tuple[Layer, Callable[[str], Found | None]]


def _offer(code: str, now: Standing) -> Offer:
    found = _offers(now).get(code)
    if found is None:
        raise NotFound("no-such-layer", _("没有这个图层"))
    return found


@lru_cache(maxsize=16)
def _offers(now: Standing) -> dict[str, Offer]:
    """Every layer by its code, with what counts it."""
    return {layer.code: (layer, count) for layer, count in _offered(now.day)}


def _offered(day: date) -> Iterator[Offer]:
    for group in sorted(groups_on(day), key=lambda one: not one.lasting):
        yield _burden_layer(group, day), _over(day, lambda found, group=group: burden(found, group, standard_on(day)))  # type: ignore[misc]
    for make, rows in _PEOPLE:
        yield make(), _over(day, rows)
    run = screened.last_run()
    if run is not None:
        for programme in screened.programmes(day):
            yield from _screening_offers(programme, day, run)
    for indicator in indicators.indicators():
        yield _indicator_layer(indicator), _computed(indicator)


def _over(day: date, rows: Callable[[Cube], dict[str, Row]]) -> Callable[[str], Found | None]:
    """A layer that is counted over the facts."""

    def count(grain: str) -> Found | None:
        found = counts(day, cast("Grain", grain))
        return None if found is None else (found.periods, rows(found), found.last, found.as_of)

    return count


def _computed(indicator: Indicator) -> Callable[[str], Found | None]:
    def count(grain: str) -> Found | None:
        periods, rows = indicators.rows_of(indicator, grain)
        return periods, rows, indicators.last_day(indicator, grain), ""

    return count


def _screening_offers(programme: Programme, day: date, run: Run) -> Iterator[Offer]:
    for layer, rows in (
        (_risk_layer(programme, day), screened.at_high_risk),
        (_screened_layer(programme, day), screened.assessed),
    ):

        def count(_grain: str, rows: Any = rows) -> Found:
            return (f"{run.day}",), rows(programme, run), run.day, f"{run.finished_at or run.day}"

        yield layer, count


def _burden_layer(group: DiseaseGroup, day: date) -> Layer:
    common = _("按期末住址归村；标化率按 2020 年全国普查的年龄结构直接标化，只算到乡镇。敏感诊断不计入。")
    how = (
        _("期末在世、档案记有该组诊断且未注明已愈的居民（每人计一次）÷ 期末在世居民 × 1000。")
        if group.lasting
        else _("这段时间内因该组疾病就诊或被诊断的居民（每人计一次）÷ 期末在世居民 × 1000。")
    )
    return Layer(
        code=f"{BURDEN}{group.code}",
        title=name_of(group),
        group=_("慢性病患病") if group.lasting else _("当期就诊"),
        unit=_("每千居民"),
        per=PER_THOUSAND,
        better="lower",
        numerator=_("患者") if group.lasting else _("就诊人数"),
        denominator=_("居民"),
        how=how + common,
        source=_("本县健康档案的诊断与就诊记录"),
        standardised=True,
        confidential=True,
        stock=group.lasting,
        edition=_told(rulebook.edition_on(GROUPS, day)),
    )


def _risk_layer(programme: Programme, day: date) -> Layer:
    return Layer(
        code=f"{RISK}{programme.code}",
        title=_("高危：%(name)s") % {"name": screened.name_of(programme)},
        group=_("筛查发现的高危"),
        unit="%",
        per=100,
        better="lower",
        numerator=_("高危"),
        denominator=_("适用居民"),
        how=_("最近一次评估落在需要处置的风险档的居民 ÷ 该项目适用的居民。模型与分档见筛查项目的规则。"),
        source=_("本系统风险筛查"),
        grains=("now",),
        confidential=True,
        stock=True,
        edition=_told(screening.programmes_edition(day)),
    )


def _screened_layer(programme: Programme, day: date) -> Layer:
    return replace(
        _risk_layer(programme, day),
        code=f"{SCREENED}{programme.code}",
        title=_("已评估：%(name)s") % {"name": screened.name_of(programme)},
        group=_("筛查覆盖"),
        better="higher",
        numerator=_("已评估"),
        how=_("已算出风险、最近一次测量或询问在 %(days)s 天之内的居民 ÷ 该项目适用的居民；更早的计为到期未复评。")
        % {"days": programme.interval_days},
        confidential=False,
    )


def _indicator_layer(indicator: Indicator) -> Layer:
    measure = indicator.measure
    return Layer(
        code=indicator.code,
        title=indicator.title,
        group=_("指标：%(name)s") % {"name": SETS[indicator.set_name]},
        unit=measure.unit,
        per=100,
        better=indicator.better,
        numerator=_("分子"),
        denominator=_("分母"),
        how=measure.formula_zh or indicator.title,
        source=measure.source or _("本系统指标"),
        grains=indicator.grains,
        confidential=True,
        edition=_told(indicator.edition),
    )


def _told(edition: Any) -> dict[str, Any]:
    return {name: getattr(edition, name) for name in ("key", "title", "version", "verified")}


def _covered(code: str, title: str, numerator: str, how: str) -> Layer:
    return Layer(
        code=code,
        title=title,
        group=_("居民与签约"),
        unit="%",
        per=100,
        better="higher",
        numerator=numerator,
        denominator=_("居民"),
        how=how,
        source=_("本县居民档案与责任医生登记"),
        stock=True,
    )


def _doctor_layer() -> Layer:
    how = _("期末有责任医生的居民 ÷ 期末在世居民，按期末住址归村。")
    return _covered("people:doctor", _("责任医生覆盖"), _("有责任医生"), how)


def _contract_layer() -> Layer:
    how = _("期末与家庭医生签约的居民 ÷ 期末在世居民，按期末住址归村。")
    return _covered("people:contract", _("家庭医生签约"), _("签约居民"), how)


def _elders_layer() -> Layer:
    how = _("期末 65 岁及以上居民 ÷ 期末在世居民，按期末住址归村。")
    told = _covered("people:elders", _("65 岁及以上"), _("65 岁及以上"), how)
    return replace(told, better="", source=_("本县居民档案"))


_PEOPLE: tuple[tuple[Callable[[], Layer], Callable[[Cube], dict[str, Row]]], ...] = (
    (_doctor_layer, lambda found: coverage.answered_for(found, contracted=False)),
    (_contract_layer, lambda found: coverage.answered_for(found, contracted=True)),
    (_elders_layer, coverage.elders),
)
