"""What a settlement and a statement move in the ledger, by owner and purpose: for posting it, and for proving it."""

from dataclasses import dataclass

from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.types import Layer, Settlement
from catchment.rooms.ledger.types import Owner, OwnerKind
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility

FUND_RECEIVABLE, PATIENT_RECEIVABLE, SELF_PAY = "fund-receivable", "patient-receivable", "self-pay"
AID_FUND, AID_RECEIVABLE = "medical-aid", "aid-receivable"
BANK, PREPAID, DEPOSIT, OWED, BY_CASE = "bank", "prepaid", "deposit", "settled", "case-payment"
OWNER_NAME = "个人"
"""What the books call every person's account: whoever reads the books need not learn who it is."""

Side = tuple[Owner, str, int]
"""Whose account, for what, and how much in fen: above zero a debit."""


@dataclass(frozen=True, slots=True)
class Money:
    """What one statement moves: `due` for the cases, of which `booked` was receivable; kept or given back; prepaid."""

    due: int
    booked: int
    deposit: int
    offset: int

    @property
    def paid(self) -> int:
        return self.due - self.deposit - self.offset


def sides_of_settlement(claim: Claim, one: Settlement, person: Person, names: dict[int, tuple[str, str]]) -> list[Side]:
    """The facility's receivables against the funds and the person; `names` gives code and name of facilities."""
    code, name = names[claim.facility_id]
    place = Owner(kind=OwnerKind.FACILITY, code=code, name=name, facility_id=claim.facility_id)
    whose = Owner(kind=OwnerKind.PERSON, code=str(person.public_id), name=OWNER_NAME, person_id=person.pk)
    fund = Owner(kind=OwnerKind.FUND, code=claim.insurance, name=claim.insurance)
    aid = Owner(kind=OwnerKind.FUND, code=AID_FUND, name=AID_FUND)
    basic, serious, helped = (one.paid(layer) for layer in Layer)
    return _moved(
        (place, FUND_RECEIVABLE, basic + serious),
        (place, AID_RECEIVABLE, helped),
        (place, PATIENT_RECEIVABLE, one.patient),
        (fund, Layer.BASIC.value, -basic),
        (fund, Layer.SERIOUS.value, -serious),
        (aid, Layer.AID.value, -helped),
        (whose, SELF_PAY, -one.patient),
    )


def sides_of_statement(place: Facility, insurance: str, money: Money) -> list[Side]:
    """What becomes of the facility's receivable, the deposit, the prepayment and the bank, on both sides."""
    here = Owner(kind=OwnerKind.FACILITY, code=place.code, name=place.name, facility_id=place.pk)
    fund = Owner(kind=OwnerKind.FUND, code=insurance, name=insurance)
    return _moved(
        (here, FUND_RECEIVABLE, -money.booked),
        (here, PREPAID, money.offset),
        (here, DEPOSIT, money.deposit),
        (here, BANK, money.paid),
        (fund, BY_CASE, money.booked - money.due),
        (fund, OWED, money.due),
        (fund, PREPAID, -money.offset),
        (fund, DEPOSIT, -money.deposit),
        (fund, BANK, -money.paid),
    )


def _moved(*sides: Side) -> list[Side]:
    return [side for side in sides if side[2]]
