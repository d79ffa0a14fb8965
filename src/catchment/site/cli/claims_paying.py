"""Payment by disease on the command line: in advance, by the month, by the year; case mix; cancelling."""

from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table
from catchment.standards.money import yuan

Year = Annotated[int, typer.Option("--year", min=1990, max=2200)]
Month = Annotated[int, typer.Option("--month", min=1, max=12)]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The claim's number, such as JS00000012.")]


def check(year: Year, settle: Annotated[bool, typer.Option("--settle", help="Settle what passes.")] = False) -> None:
    """Check the drafts of stays and visits that ended in the year, from whatever source; settle them where asked."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions, queries

    actor, now = running.operator("claims.work"), clock.now()
    keys = queries.waiting(year)
    passed, back = actions.check_claims(actor=actor, now=now, claim_ids=keys)
    done = actions.settle_claims(actor=actor, now=now, claim_ids=queries.waiting(year)) if settle else []
    show_table([{"checked": len(passed), "rejected": len(back), "settled": len(done)}])


def prepay(year: Year, month: Month, as_json: AsJson = False) -> None:
    """Pay every facility its share of a usual month in advance."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    _show(actions.prepay_month(actor=_payer(), now=clock.now(), year=year, month=month), as_json=as_json)


def statement(year: Year, month: Month, as_json: AsJson = False) -> None:
    """Value a month's settled stays by their groups, and pay the facilities what they are worth."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    _show(actions.state_month(actor=_payer(), now=clock.now(), year=year, month=month), as_json=as_json)


def clear(year: Year, as_json: AsJson = False) -> None:
    """The yearly clearance: everything valued anew at the final rate, the difference paid, deposits given back."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    _show(actions.clear_year(actor=_payer(), now=clock.now(), year=year), as_json=as_json)


def casemix(
    year: Year,
    by: Annotated[str, typer.Option("--by", help="facility, department or doctor.")] = "facility",
    as_json: AsJson = False,
) -> None:
    """Case-mix index, cost and time indices, groups covered."""
    running.ready()
    from datetime import date

    from catchment.rooms.claims import queries

    if by not in {"facility", "department", "doctor"}:
        raise CommandError(f"--by {by}: facility, department or doctor")
    lines = queries.case_mix(date(year, 1, 1), date(year, 12, 31), by=by)
    rows = [
        {
            by: line.name or "全部 · all", "cases": line.cases, "grouped %": line.grouped_percent,
            "groups": len(line.groups), "cmi": line.cmi, "cost index": line.cost_index, "time index": line.days_index,
            "mean cost": yuan(line.mean_cost), "mean days": line.mean_days,
        }
        for line in lines
    ]  # fmt: skip
    show_json(rows) if as_json else show_table(rows)


def cancel(number: Number, reason: Annotated[str, typer.Option("--reason")]) -> None:
    """Cancel a claim; a settled one is taken back in the ledger, later ones of the year are marked."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    claim = actions.cancel_claim(
        actor=running.operator("claims.work"), now=clock.now(), claim_id=_key(number), reason=reason
    )
    show_table([{"claim": claim.number, "state": claim.state}])


def recompute(number: Number) -> None:
    """Reckon the marked settlements of the same person and year as this claim anew, in order of their days."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions, queries

    person, year = queries.year_of(_key(number))
    done = actions.recompute_year(actor=running.operator("claims.work"), now=clock.now(), person_id=person, year=year)
    show_table([{"claim": one.claim.number, "fund": yuan(one.fund), "patient": yuan(one.patient)} for one in done])


def _payer() -> Any:
    return running.operator("claims.pay")


def _key(number: str) -> int:
    digits = number.upper().removeprefix("JS")
    if not digits.isdecimal():
        raise CommandError(f"{number}: a claim's number looks like JS00000012")
    return int(digits)


def _show(rows: list[Any], *, as_json: bool) -> None:
    told = [
        {
            "period": one.period, "facility": one.facility.name, "insurance": one.insurance, "cases": one.cases,
            "weights": f"{one.weights:.2f}", "by item": yuan(one.by_item), "fund": yuan(one.fund),
            "difference": yuan(one.fund - one.by_item), "deposit": yuan(one.deposit), "offset": yuan(one.offset),
            "paid": yuan(one.paid),
        }
        for one in rows
    ]  # fmt: skip
    show_json(told) if as_json else show_table(told)
