"""Records made from a scheme's own rules, so that every group has some that may reach it."""

import itertools
import random

from catchment.standards.drg.conditions import OPERATORS, All, Compared, Denied, Either, Flag, Listed
from catchment.standards.drg.record import Record

WORTH_TRYING = {
    "AGE_YEARS": (40, 0, 10), "AGE_DAYS": (15000, 10, 200), "WEIGHT_G": (None, 900, 1200, 1800, 2200, 3000),
    "LOS": (5, 1, 40), "ICU_HOURS": (None, 100, 300), "SEX": ("M", "F"), "DEPT": ("0301",), "DISCHARGE_WAY": ("1", "5"),
}  # fmt: skip
FIELDS = {"AGE_YEARS": "age", "AGE_DAYS": "age_days", "WEIGHT_G": "weight_g", "LOS": "los", "ICU_HOURS": "icu_hours",
          "SEX": "sex", "DEPT": "dept", "DISCHARGE_WAY": "discharge_way"}  # fmt: skip


def for_group(scheme, mdc, adrg, drg, draw: random.Random, each=12):
    """Records that meet the conditions of the group taken alone; another group tried before may still take them."""
    for wanted in ways(All((mdc.entry, adrg.rule, drg.split))):
        for _ in range(each):
            record = one(scheme, mdc, wanted, draw)
            if record is not None:
                yield record


def ways(condition):
    """The condition as a list of alternatives, each a list of single conditions."""
    match condition:
        case All(parts):
            return [list(itertools.chain(*some)) for some in itertools.product(*(ways(part) for part in parts))]
        case Either(parts):
            return [way for part in parts for way in ways(part)]
        case Denied(_):
            return [[]]
    return [[condition]]


def one(scheme, mdc, wanted, draw):
    values = {FIELDS[fact]: fitting(fact, wanted, draw) for fact in WORTH_TRYING}
    if values["age"] == 0 and values["weight_g"] is None:
        values["weight_g"] = 3200
    if values["age"] > 0 and values["age_days"] < 300:
        values["age"] = 0
        values["weight_g"] = values["weight_g"] or 3200
    pdx = common(scheme.dx_lists, wanted, "PDX")
    main = common(scheme.proc_lists, wanted, "MP")
    if any(isinstance(part, Flag) and part.name == "MAIN_PROC_VALID" for part in wanted):
        main = scheme.valid_procs if main is None else main & scheme.valid_procs
    if pdx == set() or main == set():
        return None
    odx = [
        pick(codes_of(scheme.dx_lists, part), draw)
        for part in wanted
        if isinstance(part, Listed) and part.place in ("ADX", "ODX")
    ]
    procs = [
        pick(codes_of(scheme.proc_lists, part), draw)
        for part in wanted
        if isinstance(part, Listed) and part.place == "AP"
    ]
    if any(isinstance(part, Compared) and part.fact == "SITES" for part in wanted):
        odx += draw.sample(sorted(scheme.sites[mdc.code]), 3)
    levels = [part.name for part in wanted if isinstance(part, Flag) and part.name in ("MCC", "CC", "MCC_OR_CC")]
    odx += [pick(with_level(scheme, "MCC" if level == "MCC" else "CC"), draw) for level in levels]
    return Record(
        id=f"{mdc.code}",
        pdx=pick(pdx, draw) if pdx else "",
        odx=tuple(odx),
        procs=tuple([pick(main, draw)] if main else []) + tuple(procs),
        **values,
    )


def fitting(fact, wanted, draw):
    tests = [part for part in wanted if isinstance(part, Compared) and part.fact == fact]
    named = [part.value for part in tests if isinstance(part.value, str)]
    fit = [
        value
        for value in (*WORTH_TRYING[fact], *named)
        if all(value is not None and OPERATORS[part.operator](value, part.value) for part in tests)
    ]
    if not tests and fact not in ("SEX", "WEIGHT_G"):
        return fit[0]
    return draw.choice(fit)


def codes_of(lists, part):
    return lists[part.owner, part.number]


def common(lists, wanted, place):
    found = [codes_of(lists, part) for part in wanted if isinstance(part, Listed) and part.place == place]
    return set.intersection(*map(set, found)) if found else None


_SORTED = {}


def pick(codes, draw):
    """One of the codes; sorted once, so that the same seed gives the same records."""
    key = codes if isinstance(codes, frozenset) else frozenset(codes)
    if key not in _SORTED:
        _SORTED[key] = sorted(key)
    return draw.choice(_SORTED[key])


_LEVELS = {}


def with_level(scheme, level):
    key = (scheme.digest, level)
    if key not in _LEVELS:
        _LEVELS[key] = frozenset(code for code, one in scheme.levels.items() if one == level)
    return _LEVELS[key]
