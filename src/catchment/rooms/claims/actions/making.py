"""Making claims from what sources tell, many at once, and giving people their insurance and category."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from catchment.kernel import audit, flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert_many
from catchment.rooms.claims import queries
from catchment.rooms.claims.models import Claim, Claimant, ClaimLine, Entitlement
from catchment.rooms.claims.queries.context import Books, Rights, papers_of, way_of
from catchment.rooms.claims.rules import CLAIM, FrameRule
from catchment.rooms.claims.types import LineTold, State, Told, Way
from catchment.rooms.people.models import Person
from catchment.rooms.people.rules import age_on
from catchment.rooms.places.models import Facility

WORK = "claims.work"
DESK = "claims-desk"
"""The system under which the desk looks at a person's other stays, rights and referrals while it works."""


def make_claims(*, actor: Actor, now: datetime, told: Sequence[Told]) -> list[Claim]:
    """Claims as drafts, in the order told. What is there already, by source or encounter, is passed by.

    One of a day without an edition is filed as history.
    A stay that another source has told of meets the constraint and raises `IntegrityError`; ask `queries.known_stays`.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        fresh = queries.unknown(told)
        if not fresh:
            return []
        made = _claims(fresh, now)
        claims = [claim for claim, _lines in made]
        insert_many(claims)
        insert_many([Claimant(claim_id=claim.pk, name=claim.person.name) for claim in claims])
        insert_many([_of(claim, line) for claim, lines in made for line in lines])
        flow.begin_many(CLAIM, claims, verb="draft", actor=actor, now=now)
        _file_history(claims, actor, now)
        alone = claims[0] if len(claims) == 1 else None
        audit.record(
            actor=actor,
            event="claim.draft",
            at=now,
            person_id=alone.person_id if alone else None,
            subject=("claim", alone.pk) if alone else None,
            detail={"count": len(claims), "first": claims[0].pk, "last": claims[-1].pk},
        )
        return claims


def _of(claim: Claim, line: ClaimLine) -> ClaimLine:
    """The line with the key that its claim has now."""
    line.claim_id = claim.pk
    return line


def _file_history(claims: Sequence[Claim], actor: Actor, now: datetime) -> None:
    """What ended before the first edition is no work: nobody can settle it."""
    books = Books()
    old = [claim for claim in claims if books.frame_if_any(claim.ends_on) is None]
    flow.perform_many(
        CLAIM,
        old,
        verb="file",
        actor=actor,
        now=now,
        sides=lambda claim: queries.sides_of(actor, claim),
        person_id=lambda claim: claim.person_id,
    )


def entitle(*, actor: Actor, now: datetime, rows: Iterable[tuple[int, str, date, str]]) -> int:
    """Say whose category for medical assistance is which since when: (person, category, since, source).

    What stands for that day already stays; the number of new ones is given back.
    """
    actor.require(WORK)
    with transaction.atomic():
        made = [
            Entitlement(person_id=person, category=category, since=since, source=source)
            for person, category, since, source in rows
        ]
        before = Entitlement.objects.count()
        Entitlement.objects.bulk_create(made, ignore_conflicts=True, batch_size=2000)
        count = Entitlement.objects.count() - before
        audit.record(actor=actor, event="claim.entitle", at=now, detail={"count": count})
    return count


def _claims(told: Sequence[Told], now: datetime) -> list[tuple[Claim, list[ClaimLine]]]:
    persons = Person.objects.in_bulk({one.person_id for one in told})
    facilities = Facility.objects.in_bulk({one.facility_id for one in told})
    rights, books = queries.entitled(persons), Books()
    papers = papers_of(persons, [key for key, one in facilities.items() if not one.in_network or one.level in FAR])
    made = []
    for one in told:
        frame = books.frame_if_any(one.ends_on)
        claim = _claim(one, persons[one.person_id], rights, now)
        place = facilities[one.facility_id]
        if one.way or frame is None:
            claim.way, claim.way_facts = Way(one.way or Way.LOCAL), {"told": one.source} if one.way else {}
        else:
            claim.way, claim.way_facts = way_of(one.person_id, place, one.begins_on, frame.referral_days, papers)
        made.append((claim, put_lines(claim, one.lines, frame, one.total)))
    return made


FAR = ("city", "province")
A_YEAR = 366


def span_of(person: Person, begins_on: date, ends_on: date) -> dict[str, int | None]:
    """Days in hospital (at least one), age in years, and in days below one year, as columns of a claim."""
    lived = None if person.birth_date is None else (begins_on - person.birth_date).days
    return {
        "days": max(1, (ends_on - begins_on).days),
        "age": _years(person.birth_date, begins_on),
        "age_days": lived if lived is not None and 0 <= lived < A_YEAR else None,
    }


def _claim(told: Told, person: Person, rights: Rights, now: datetime) -> Claim:
    insurance, category = rights.on(person.pk, told.ends_on)
    return Claim(
        state=State.DRAFTED, state_since=now, made_at=now, source=told.source, ref=told.ref, person=person,
        facility_id=told.facility_id, encounter_id=told.encounter_id, practitioner_id=told.practitioner_id,
        kind=told.kind, department=told.department, begins_on=told.begins_on, ends_on=told.ends_on,
        sex=person.sex, **span_of(person, told.begins_on, told.ends_on),
        insurance=told.insurance or insurance, category=told.category or category, way=Way.LOCAL,
        currency=told.currency, diagnoses=list(told.diagnoses), procedures=list(told.procedures),
        discharge_way=told.discharge_way, weight_g=told.weight_g, icu_hours=told.icu_hours, total=0, excluded=0,
        first_pay=0,
    )  # fmt: skip


def put_lines(claim: Claim, lines: Sequence[LineTold], frame: FrameRule | None, total: int | None) -> list[ClaimLine]:
    """The lines with their self-pay parts, unsaved; the claim's sums follow, the total where none is given."""
    made = []
    for line in lines:
        excluded, first, estimated = (
            frame.completed(line) if frame else (line.excluded or 0, line.first_pay or 0, False)
        )
        claim.estimated = claim.estimated or estimated
        made.append(
            ClaimLine(
                claim=claim, category=line.category, name=line.name[:120], code=line.code[:60],
                quantity=line.quantity, amount=line.amount, excluded=excluded, first_pay=first,
            )
        )  # fmt: skip
    claim.excluded = sum(line.excluded for line in made)
    claim.first_pay = sum(line.first_pay for line in made)
    claim.total = sum(line.amount for line in made) if total is None else total
    return made


def _years(born: date | None, day: date) -> int | None:
    return None if born is None or day < born else age_on(born, day)
