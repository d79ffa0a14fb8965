"""What the health map offers and answers: its layers, and one layer's values for a county."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.rooms.measures.queries import coverage
from catchment.rooms.measures.queries.cube import Cube, Grain, cube
from catchment.rooms.measures.queries.layers import PER_THOUSAND, Layer, Row, burden, hide_small
from catchment.rooms.measures.rules.atlas import (
    GROUPS,
    RISING,
    STANDARD,
    DiseaseGroup,
    DiseaseGroupRule,
    RisingRule,
    StandardPopulationRule,
)
from catchment.rooms.rulebook import queries as rulebook

DEFAULT = "burden:hypertension"
GRAINS: tuple[Grain, ...] = ("year", "month")
BURDEN = "burden:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """One layer's answer: its description, its periods oldest first, and for each area's code its numbers in order."""

    layer: Layer
    periods: tuple[str, ...]
    areas: dict[str, Row]
    last: date
    as_of: str


def groups_on(day: date) -> tuple[DiseaseGroup, ...]:
    """The disease groups of the day's edition."""
    return DiseaseGroupRule.model_validate(rulebook.edition_on(GROUPS, day).content).groups


def rising_on(day: date) -> RisingRule:
    """The rule by which a disease is told to be rising."""
    return RisingRule.model_validate(rulebook.edition_on(RISING, day).content)


def standard_on(day: date) -> tuple[float, ...]:
    """The standard population by five-year ages."""
    return StandardPopulationRule.model_validate(rulebook.edition_on(STANDARD, day).content).people


def name_of(group: DiseaseGroup) -> str:
    """The group's name in the reader's language."""
    return group.en if get_language() == "en" else group.zh


def layers(day: date) -> list[Layer]:
    """Every layer there is, in the order of the picker."""
    diseases = sorted(groups_on(day), key=lambda group: not group.lasting)
    return [*(_burden_layer(group, day) for group in diseases), *(make() for make in _PEOPLE.values())]


def layer_by_code(code: str, day: date) -> Layer:
    """The layer; `NotFound` when there is none of that code."""
    found = next((one for one in layers(day) if one.code == code), None)
    if found is None:
        raise NotFound("no-such-layer", _("没有这个图层"))
    return found


def counts(day: date, grain: Grain) -> Cube | None:
    """The counts by the day's disease groups; see `cube`."""
    return cube(groups_on(day), grain)


def values(
    code: str, *, county: str, grain: str, day: date, least: int, open_areas: Iterable[str] = ()
) -> Values | None:
    """One layer's values of a county and all its areas; `None` where no facts were ever recorded.

    Counts of people below `least` are hidden, save in `open_areas`, whose people the reader may see one by one.
    """
    layer = layer_by_code(code, day)
    chosen = cast("Grain", grain if grain in layer.grains else layer.grains[0])
    found = counts(day, chosen)
    if found is None:
        return None
    rows = {place: row for place, row in _rows(code, found, day).items() if place.startswith(county)}
    hidden = hide_small(rows, least) if layer.confidential else rows
    hidden.update({place: rows[place] for place in open_areas if place in rows})
    return Values(layer=layer, periods=found.periods, areas=hidden, last=found.last, as_of=found.as_of)


def _rows(code: str, found: Cube, day: date) -> dict[str, Row]:
    if code not in _ROWS:
        group = next(one for one in groups_on(day) if one.code == code.removeprefix(BURDEN))
        return burden(found, group, standard_on(day))
    return _ROWS[code](found)


_ROWS: dict[str, Callable[[Cube], dict[str, Row]]] = {
    "people:doctor": lambda found: coverage.answered_for(found, contracted=False),
    "people:contract": lambda found: coverage.answered_for(found, contracted=True),
    "people:elders": coverage.elders,
}


def _burden_layer(group: DiseaseGroup, day: date) -> Layer:
    edition = rulebook.edition_on(GROUPS, day)
    common = _("按现住址归村；标化率按 2020 年全国普查的年龄结构直接标化，只算到乡镇。敏感诊断不计入。")
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
        edition=_told(edition),
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


def _elders_layer() -> Layer:
    how = _("期末 65 岁及以上居民 ÷ 期末在世居民，按现住址归村。")
    told = _covered("people:elders", _("65 岁及以上"), _("65 岁及以上"), how)
    return replace(told, better="", source=_("本县居民档案"))


_PEOPLE: dict[str, Callable[[], Layer]] = {
    "people:doctor": lambda: _covered(
        "people:doctor", _("责任医生覆盖"), _("有责任医生"), _("期末有责任医生的居民 ÷ 期末在世居民，按现住址归村。")
    ),
    "people:contract": lambda: _covered(
        "people:contract",
        _("家庭医生签约"),
        _("签约居民"),
        _("期末与家庭医生签约的居民 ÷ 期末在世居民，按现住址归村。"),
    ),
    "people:elders": _elders_layer,
}
