"""What settling asks: how one claim is shared, on which side an actor stands, what is known already."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from catchment.kernel.actor import Actor
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import DESK, OFFICE, settle, unpaid
from catchment.rooms.claims.types import Insurance, Kind, Settlement, State, Stay, Told, Way, Year
from catchment.rooms.places.models import Facility


def reckon_claim(claim: Claim, year: Year, books: Books, *, level: str = "") -> Settlement:
    """The claim's shares by the layers of its insurance on the day of its end, with the year as it stands.

    `level` is what the facility counted as, for reckoning again; what it counts as today where none is given.
    """
    stay = Stay(
        id=claim.number,
        person=str(claim.person_id),
        day=claim.ends_on,
        level=level or books.frame(claim.ends_on).levels[books.level(claim.facility_id)],
        category=claim.category,
        total=claim.total,
        excluded=claim.excluded,
        first_pay=claim.first_pay,
        way=Way(claim.way),
        kind=Kind(claim.kind),
    )
    if claim.insurance == Insurance.NONE:
        return unpaid(stay, year)
    rule, edition, verified = books.layers(claim.insurance, claim.ends_on)
    return settle(stay, year, rule, edition=edition, verified=verified)


def kept_steps(one: Settlement) -> list[dict[str, Any]]:
    """The layers of a settlement with their reasons, as JSON."""
    return [{**asdict(step), "layer": step.layer.value} for step in one.steps]


def sides_of(actor: Actor, claim: Claim) -> frozenset[str]:
    """The desk is the claim's own facility, and the insurance office; the system works for them."""
    office = actor.role == "system" or actor.may("claims.oversee")
    if office:
        return frozenset({DESK, OFFICE})
    return frozenset({DESK}) if actor.facility_id == claim.facility_id else frozenset()


def same_stay(claim: Claim, begins_on: date, ends_on: date) -> Claim | None:
    """Another claim, not cancelled, of the same person in the same facility from day to day."""
    if claim.kind != Kind.INPATIENT:
        return None
    rows = Claim.objects.filter(
        person_id=claim.person_id, facility_id=claim.facility_id, kind=Kind.INPATIENT, begins_on=begins_on,
        ends_on=ends_on,
    )  # fmt: skip
    return rows.exclude(pk=claim.pk).exclude(state=State.CANCELLED).first()


def unknown(told: Sequence[Told]) -> list[Told]:
    """Those of which no claim was made yet, from this source or of this encounter."""
    encounters = {one.encounter_id for one in told if one.encounter_id}
    by_encounter = set(Claim.objects.filter(encounter_id__in=encounters).values_list("encounter_id", flat=True))
    refs = {one.ref for one in told}
    by_source = set(Claim.objects.filter(ref__in=refs).values_list("source", "ref"))
    return [one for one in told if (one.source, one.ref) not in by_source and one.encounter_id not in by_encounter]


def facility_names(keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and name of facilities."""
    return {
        key: (code, name) for key, code, name in Facility.objects.filter(pk__in=keys).values_list("pk", "code", "name")
    }
