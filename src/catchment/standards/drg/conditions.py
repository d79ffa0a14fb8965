"""The small language in which a scheme's tables state their rules, and its reading into a tree.

`&` binds tighter than `|`, comparisons bind tightest, `!` denies what follows it. Words:

* `PDXn` principal diagnosis in diagnosis list n of the group; `ADXn` any diagnosis; `ODXn` any other diagnosis;
* `MPn` first procedure in procedure list n of the group; `APn` any procedure; the number may be left out for list 1;
* `MAIN_PROC_VALID`, `ANY_PROC_VALID`, `NO_VALID_PROC` by the scheme's list of operations; `MCC`, `CC`, `MCC_OR_CC`;
* `ANY` and `ALWAYS`; numbers (`AGE_YEARS`, `AGE_DAYS`, `WEIGHT_G`, `LOS`, `ICU_HOURS`, `SITES`) and texts (`SEX`,
  `DEPT`, `DISCHARGE_WAY`) in comparisons, also chained: `1500<=WEIGHT_G<2000`. What is unknown fails every comparison.
"""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

NUMBERS = ("AGE_YEARS", "AGE_DAYS", "WEIGHT_G", "LOS", "ICU_HOURS", "SITES")
TEXTS = ("SEX", "DEPT", "DISCHARGE_WAY")
FLAGS = ("MAIN_PROC_VALID", "ANY_PROC_VALID", "NO_VALID_PROC", "MCC", "CC", "MCC_OR_CC", "ALWAYS", "ANY")
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
DENIAL, OPENING = "!", "("
TOKEN = re.compile(r"\s*(?:(<=|>=|!=|[<>=&|()!])|\"([^\"]*)\"|([A-Za-z0-9_.]+))")
LISTED = re.compile(r"(PDX|ADX|ODX|MP|AP)(\d*)")


class ConditionError(ValueError):
    """A rule that cannot be read; the message quotes it and says what is wrong."""


@dataclass(frozen=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Either:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Denied:
    part: "Condition"


@dataclass(frozen=True)
class Listed:
    """A code of the record at `place` (PDX, ADX, ODX, MP or AP) is in list `number` of the group `owner`."""

    place: str
    owner: str
    number: int

    @property
    def of_diagnoses(self) -> bool:
        return self.place.endswith("DX")


@dataclass(frozen=True)
class Compared:
    """A fact of the record against a value; `owner` matters to SITES, counted over the list of that MDC."""

    fact: str
    operator: str
    value: float | str
    owner: str


@dataclass(frozen=True)
class Flag:
    name: str


Condition = All | Either | Denied | Listed | Compared | Flag


def parse(text: str, owner: str) -> Condition:
    """The tree of a rule of the MDC or ADRG `owner`. Raises `ConditionError`."""
    return _Reader(text, owner).whole()


def parts(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it."""
    yield condition
    inner = condition.parts if isinstance(condition, All | Either) else ()
    for part in (condition.part,) if isinstance(condition, Denied) else inner:
        yield from parts(part)


def written(condition: Condition) -> str:
    """The condition in the language of the tables."""
    match condition:
        case All(inner):
            return " & ".join(f"({written(one)})" if isinstance(one, Either) else written(one) for one in inner)
        case Either(inner):
            return " | ".join(written(one) for one in inner)
        case Denied(inner):
            return f"!({written(inner)})"
        case Listed(place, _, number):
            return f"{place}{number}"
        case Compared(fact, sign, value, _):
            return f"{fact}{sign}{value:g}" if isinstance(value, float) else f'{fact}{sign}"{value}"'
        case Flag(name):
            return name


class _Reader:
    def __init__(self, text: str, owner: str) -> None:
        self.text, self.owner = text, owner
        self.tokens = list(self._tokens())
        self.at = 0

    def whole(self) -> Condition:
        if not self.tokens:
            raise ConditionError("the rule is empty; write ALWAYS for a rule without condition")
        condition = self._either()
        if self.at < len(self.tokens):
            raise self._wrong(f"does not go on with {self.tokens[self.at]!r}")
        return condition

    def _tokens(self) -> Iterator[str]:
        at = 0
        while self.text[at:].strip():
            found = TOKEN.match(self.text, at)
            if found is None:
                raise self._wrong(f"cannot be read from {self.text[at:].strip()[:12]!r} on")
            yield f'"{found[2]}' if found[2] is not None else found[1] or found[3]
            at = found.end()

    def _wrong(self, what: str) -> ConditionError:
        return ConditionError(f"the rule {self.text!r} {what}")

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise self._wrong("ends too early")
        self.at += 1
        return token

    def _either(self) -> Condition:
        found = [self._all()]
        while self._peek() == "|":
            self._next()
            found.append(self._all())
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _all(self) -> Condition:
        found = [self._one()]
        while self._peek() == "&":
            self._next()
            found.append(self._one())
        return found[0] if len(found) == 1 else All(tuple(found))

    def _one(self) -> Condition:
        token = self._next()
        if token == DENIAL:
            return Denied(self._one())
        if token == OPENING:
            inner = self._either()
            if self._next() != ")":
                raise self._wrong("lacks a closing bracket")
            return inner
        if self._peek() in OPERATORS:
            return self._comparison(token)
        return self._word(token)

    def _word(self, token: str) -> Condition:
        if token in FLAGS:
            return Flag(token)
        listed = LISTED.fullmatch(token)
        if listed:
            return Listed(listed[1], self.owner, int(listed[2] or 1))
        raise self._wrong(f"has the unknown word {token!r}")

    def _comparison(self, left: str) -> Condition:
        found: list[Condition] = []
        while self._peek() in OPERATORS:
            sign, right = self._next(), self._next()
            found.append(self._compared(left, sign, right))
            left = right
        return found[0] if len(found) == 1 else All(tuple(found))

    def _compared(self, left: str, sign: str, right: str) -> Compared:
        if left not in (*NUMBERS, *TEXTS):
            left, sign, right = right, MIRRORED[sign], left
        if left in TEXTS and sign in ("=", "!="):
            return Compared(left, sign, right.lstrip('"'), self.owner)
        if left not in NUMBERS:
            raise self._wrong(f"compares {left!r}, which is none of {', '.join((*NUMBERS, *TEXTS))}")
        try:
            return Compared(left, sign, float(right), self.owner)
        except ValueError:
            raise self._wrong(f"compares {left} with {right!r}, which is no number") from None
