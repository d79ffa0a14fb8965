"""The words of the ledger."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OwnerKind(StrEnum):
    """Whose account it is."""

    FACILITY = "facility"
    FUND = "fund"
    PERSON = "person"
    ORGANIZATION = "organization"


class PeriodState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose account: a facility or a person by key, a fund or another body by `code` alone."""

    kind: OwnerKind
    code: str
    name: str = ""
    facility_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One side of an entry in fen: above zero a debit, below zero a credit."""

    account_id: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One transaction to be posted. `source` is what caused it (kind, reference); the same is never posted twice."""

    kind: str
    booked_on: date
    lines: tuple[Line, ...]
    source: tuple[str, str]
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One posting as a statement shows it: `balance` is the account's after it, debits less credits, in fen."""

    number: str
    booked_on: date
    kind: str
    source: str
    memo: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """One account in a trial balance, sums in fen."""

    account: str
    name: str
    debit: int
    credit: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with the books: its kind, the transaction, journal, posting or period, and the figures."""

    fault: str
    subject: str
    detail: str
