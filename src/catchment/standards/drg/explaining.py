"""Why one record was grouped as it was: what was tried, which code in which list, each CC kept or excluded, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from catchment.standards.drg import grouping
from catchment.standards.drg import record as records
from catchment.standards.drg.conditions import OPERATORS, Compared, Condition, Flag, Listed, parts, written
from catchment.standards.drg.grouping import Facts, Grouped
from catchment.standards.drg.record import Record, RecordError
from catchment.standards.drg.scheme import NEVER_EXCLUDED, Adrg, Evidence, Mdc, Scheme


@dataclass(frozen=True)
class Result:
    """A measured result of the discharge: code (LOINC), value, unit as in the scheme's evidence table."""

    code: str
    value: float
    unit: str = ""


def explain(
    scheme: Scheme, record: Record, *, clinical: bool = False, results: Sequence[Result] = ()
) -> dict[str, Any]:
    """The group of a record with its reasons, as plain data.

    `tried`: the MDCs in order, each with its entry rule, whether it held and by what, and its ADRGs up to the match.
    `complications`: each other diagnosis with a CC level. `splits`: the groups of the matched ADRG.
    `rests_on`: codes whose removal alone changes the group. `documentation`: diagnoses not coded that a given
    result supports by the scheme's evidence table and that would change the group; empty without such results.
    """
    grouped = grouping.group(scheme, record, clinical=clinical)
    told: dict[str, Any] = {"scheme": scheme.name, "digest": scheme.digest, **asdict(grouped)}
    if grouped.status == grouping.INVALID:
        return told
    read = records.converted(record, scheme) if clinical else record
    facts = Facts(scheme, read)
    return {
        **told,
        "converted": _conversions(record, read),
        "tried": list(_tried(facts, grouped)),
        "complications": [_complication(one, facts) for one in facts.complications],
        "splits": _splits(facts, grouped),
        "rests_on": list(_rests_on(facts, grouped)),
        "documentation": list(_documentation(facts, grouped, results)),
    }


def _conversions(before: Record, after: Record) -> list[dict[str, str]]:
    pairs = [*zip(before.dx, after.dx, strict=True), *zip(before.procs, after.procs, strict=True)]
    return [{"clinical": one, "nhsa": other} for one, other in pairs if one != other]


def _tried(facts: Facts, grouped: Grouped) -> Iterator[dict[str, Any]]:
    for mdc in facts.scheme.mdcs:
        entered = facts.holds(mdc.entry)
        told: dict[str, Any] = {"mdc": mdc.code, "name": mdc.name, "rule": written(mdc.entry), "holds": entered}
        if entered:
            told |= {"by": _grounds(mdc.entry, facts), "adrgs": list(_adrgs(mdc, facts, grouped))}
        yield told
        if mdc.code == grouped.mdc:
            return


def _adrgs(mdc: Mdc, facts: Facts, grouped: Grouped) -> Iterator[dict[str, Any]]:
    for at, adrg in enumerate(mdc.adrgs):
        if at == mdc.ambiguous_at and facts.ambiguous:
            yield {
                "adrg": grouping.AMBIGUITY_ADRG,
                "name": "歧义组",
                "rule": facts.scheme.option("ambiguity"),
                "holds": True,
            }
            return
        holds = facts.holds(adrg.rule)
        told: dict[str, Any] = {"adrg": adrg.code, "name": adrg.name, "rule": written(adrg.rule), "holds": holds}
        yield told | ({"by": _grounds(adrg.rule, facts)} if holds else {})
        if holds and (mdc.code, adrg.code) == (grouped.mdc, grouped.adrg):
            return


def _grounds(condition: Condition, facts: Facts) -> list[dict[str, Any]]:
    """The parts of a condition that hold, each with the codes or the value it holds by."""
    return [ground for part in parts(condition) if (ground := _ground(part, facts))]


def _ground(part: Condition, facts: Facts) -> dict[str, Any] | None:
    match part:
        case Listed():
            return _by_codes(part, facts, facts.listed(part), f"{part.owner}:{part.number}")
        case Compared("SITES", _, _, owner):
            return {"part": written(part), "sites": facts.sites(owner)}
        case Compared(fact) if facts.holds(part):
            return {"part": written(part), "value": (facts.texts | facts.numbers)[fact]}
        case Flag(name) if facts.holds(part):
            return _flagged(part, name, facts)
    return None


def _flagged(part: Flag, name: str, facts: Facts) -> dict[str, Any]:
    if name in ("MAIN_PROC_VALID", "ANY_PROC_VALID"):
        at = facts.at("MP" if name == "MAIN_PROC_VALID" else "AP")
        found = _by_codes(part, facts, (code for code in at if code in facts.scheme.valid_procs), "valid_proc")
    else:
        kept = (one.code for one in facts.complications if one.kept and one.level in name.split("_OR_"))
        found = _by_codes(part, facts, kept, "cc")
    return found or {"part": name}


def _by_codes(part: Condition, facts: Facts, codes: Iterable[str], name: str) -> dict[str, Any] | None:
    found = [_named(code, facts.scheme) for code in codes]
    return {"part": written(part), "list": name, "codes": found} if found else None


def _named(code: str, scheme: Scheme) -> dict[str, str]:
    return {"code": code, "name": scheme.dx_names.get(code) or scheme.proc_names.get(code, "")}


def _complication(one: grouping.Complication, facts: Facts) -> dict[str, Any]:
    main = facts.record.pdx
    own = facts.scheme.pdx_groups.get(main or "", "no")
    if not one.kept:
        why = f"excluded: the principal diagnosis {main} is in the same exclusion group {one.group}"
    elif one.group == NEVER_EXCLUDED:
        why = "kept: the table excludes it for no principal diagnosis"
    else:
        why = f"kept: in exclusion group {one.group}, the principal diagnosis {main} in {own}"
    return {**_named(one.code, facts.scheme), "level": one.level, "kept": one.kept, "why": why}


def _splits(facts: Facts, grouped: Grouped) -> list[dict[str, Any]]:
    adrg = _matched(facts.scheme, grouped)
    return [
        {
            "drg": drg.code, "name": drg.name, "split": written(drg.split), "holds": facts.holds(drg.split),
            "given": drg.code == grouped.drg, "by": _grounds(drg.split, facts),
        }
        for drg in (adrg.drgs if adrg else ())
    ]  # fmt: skip


def _matched(scheme: Scheme, grouped: Grouped) -> Adrg | None:
    places = ((mdc.code, adrg) for mdc in scheme.mdcs for adrg in mdc.adrgs)
    return next((adrg for mdc, adrg in places if (mdc, adrg.code) == (grouped.mdc, grouped.adrg)), None)


def _rests_on(facts: Facts, grouped: Grouped) -> Iterator[dict[str, Any]]:
    """Every other diagnosis or procedure without which the record would stand in another group."""
    for code in dict.fromkeys((*facts.record.odx, *facts.record.procs)):
        instead = grouping.first_match(Facts(facts.scheme, _without(facts.record, code)))
        if instead.drg != grouped.drg:
            yield {**_named(code, facts.scheme), "without_it": instead.drg}


def _without(record: Record, code: str) -> Record:
    odx = tuple(one for one in record.odx if one != code)
    return replace(record, odx=odx, procs=tuple(one for one in record.procs if one != code))


def _documentation(facts: Facts, grouped: Grouped, results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    for one, result in _supported(facts.scheme.evidence, results):
        if one.dx_code in facts.record.dx:
            continue
        added = replace(facts.record, odx=(*facts.record.odx, one.dx_code))
        instead = grouping.first_match(Facts(facts.scheme, added))
        if instead.drg != grouped.drg:
            yield {
                **_named(one.dx_code, facts.scheme), "would_group_to": instead.drg, "note": one.note,
                "because": f"{result.code} is {result.value:g} {result.unit}, {one.operator} {one.value:g} {one.unit}",
            }  # fmt: skip


def _supported(evidence: Sequence[Evidence], results: Sequence[Result]) -> Iterator[tuple[Evidence, Result]]:
    for one in evidence:
        for result in results:
            known = (result.code, result.unit) == (one.result, one.unit)
            if known and OPERATORS[one.operator](result.value, one.value):
                yield one, result
                break


def results_of(fields: Sequence[Any]) -> list[Result]:
    """Results from mappings with `code`, `value` and `unit`. Raises `RecordError` for one that is otherwise."""
    try:
        return [Result(str(one["code"]), float(one["value"]), str(one.get("unit", ""))) for one in fields]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RecordError("results: each needs code, value (a number) and unit") from None
