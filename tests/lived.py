"""Three years of care in the small county, so that a budget can be made from two and run over the third."""

from datetime import UTC, date, datetime

import county as small
from catchment.kernel.actor import system
from catchment.rooms.claims.models import Claim, Settlement
from catchment.rooms.ledger import actions as ledger
from catchment.rooms.ledger.types import Entry, Line, Owner, OwnerKind
from catchment.rooms.people.models import PersonIdentifier
from catchment.rooms.record.models import Encounter, Observation, Source

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLERK = system(
    "tests", "budget.supply", "budget.settle", "budget.sign", "budget.decide", "budget.review", "budget.evidence",
    "ledger.close", "ledger.post",
)  # fmt: skip
YEARS = {2023: 1.0, 2024: 1.02, 2025: 0.93}


def live(county, **years: float) -> None:
    """Write visits and stays of four insured residents; `y2025=0.5` makes that year half as dear."""
    source = Source.objects.create(code="his", name="his", kind="hospital")
    people = [county.person] + [small.make_person(f"居民{n}", county.person.area, county.village) for n in range(3)]
    PersonIdentifier.objects.bulk_create(
        PersonIdentifier(person=one, system="insurance", value=f"I{at}") for at, one in enumerate(people)
    )
    factors = YEARS | {int(name[1:]): factor for name, factor in years.items()}
    for year, factor in factors.items():
        for month in range(1, 13):
            for at, person in enumerate(people):
                visit(source, person, county.village, date(year, month, 3 + at), round(3_001 * factor))
            if month % 3 == 0:
                stay(source, people[0], county.hospital, date(year, month, 10), round(400_003 * factor))
            if month % 6 == 0:
                stay(source, people[1], county.outside, date(year, month, 20), round(700_007 * factor))


def visit(source, person, facility, day, fund, *, reason="J00"):
    return _written(source, person, facility, day, fund, klass="AMB", reason=reason, days=0)


def stay(source, person, facility, day, fund, *, reason="I21.9", days=2, cost=None):
    return _written(source, person, facility, day, fund, klass="IMP", reason=reason, days=days, cost=cost)


def grouped(encounter, drg, weight, *, result=""):
    """A checked claim of a stay in a group, and one judged result of the stay where given (N, H, L)."""
    day = encounter.ended_at.date()
    Claim.objects.create(
        source="tests", ref=str(encounter.pk), person=encounter.person, facility=encounter.facility, encounter=encounter,
        kind="inpatient", begins_on=encounter.at.date(), ends_on=day, days=2, sex="female",
        insurance="resident", category="resident", way="local", total=encounter.cost_fen, excluded=0, first_pay=0,
        grouped="ok", adrg=drg[:-1], drg=drg, weight=weight, made_at=NOW, state="checked", state_since=NOW,
    )  # fmt: skip
    if result:
        Observation.objects.create(
            person=encounter.person, facility=encounter.facility, source=encounter.source, encounter=encounter,
            code="718-7", display="血红蛋白", value=1, interpretation=result, at=encounter.at, recorded_at=encounter.at,
        )  # fmt: skip


def settled(claim, **parts):
    """A live settlement of a claim; what no layer pays is the person's."""
    owners = [(Owner(kind=OwnerKind.FUND, code="tests"), purpose) for purpose in ("a", "b")]
    keys = list(ledger.open_accounts(actor=CLERK, now=NOW, wanted=owners).values())
    lines = tuple(Line(account_id=key, amount=amount) for key, amount in zip(keys, (1, -1), strict=True))
    entry = Entry(kind="tests", booked_on=claim.ends_on, lines=lines, source=("tests", str(claim.pk)))
    layers = {"basic": 0, "serious": 0, "aid": 0} | parts
    Settlement.objects.create(
        claim=claim, year=claim.ends_on.year, at=NOW, settled_by="x", edition="x", verified=False, level="township",
        in_scope=claim.total, patient=claim.total - sum(layers.values()), steps=[], added={},
        transaction=ledger.post(actor=CLERK, now=NOW, entry=entry), **layers,
    )  # fmt: skip


def _written(source, person, facility, day, fund, *, klass, reason, days, cost=None):
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return Encounter.objects.create(
        person=person, facility=facility, source=source, status="finished", at=at, recorded_at=at, klass=klass,
        reason_code=reason, reason=reason, ended_at=at.replace(day=day.day + days), cost_fen=cost or fund * 2,
        cost_parts={"fund": fund},
    )  # fmt: skip
