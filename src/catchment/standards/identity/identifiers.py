"""Resident ID numbers, unified social credit codes and mobile phones: read, check, make, show masked."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Sex = Literal["male", "female"]

SYNTHETIC_PREFIX: Final = "999"
"""No province is 99 in any edition of GB/T 2260, so no person ever held a number that starts so."""

_PROVINCES: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_CENTENARIAN_SEQUENCES: Final = frozenset({"996", "997", "998", "999"})
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an identifier is refused: a stable code for programs, a sentence in each language for people."""

    code: str
    zh: str
    en: str


class IdentifierError(ValueError):
    """An identifier that its standard does not allow; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.zh} · {problem.en}")
        self.problem = problem


BLANK = Problem("blank", "号码为空，请填写。", "The number is empty; enter it.")
ID_LENGTH = Problem(
    "length",
    "身份证号应为18位（或旧式15位），请数一数位数。",
    "An ID number has 18 characters (15 before 1999); count them.",
)
ID_CHARACTERS = Problem(
    "characters",
    "身份证号只能是数字，仅末位可为X，请改正其他字符。",
    "An ID number is digits, with X allowed only at the end; correct the other characters.",
)
ID_BIRTH_DATE = Problem(
    "birth-date",
    "身份证号第7至14位不是有效的出生日期，请核对证件。",
    "Characters 7 to 14 are not a possible date of birth; compare with the card.",
)
ID_SEQUENCE = Problem(
    "sequence",
    "身份证号顺序码不能为000，请核对证件。",
    "The sequence number cannot be 000; compare with the card.",
)
ID_CHECKSUM = Problem(
    "checksum",
    "身份证号校验码不符，某一位可能输错，请逐位核对证件。",
    "The check character does not fit, so a character is wrong; compare each with the card.",
)
CREDIT_LENGTH = Problem(
    "length",
    "统一社会信用代码应为18位，请数一数位数。",
    "A unified social credit code has 18 characters; count them.",
)
CREDIT_CHARACTERS = Problem(
    "characters",
    "统一社会信用代码不用字母I、O、S、V、Z，请核对。",
    "A unified social credit code never uses I, O, S, V or Z; compare with the certificate.",
)
CREDIT_CHECKSUM = Problem(
    "checksum",
    "统一社会信用代码校验码不符，请逐位核对。",
    "The check character does not fit, so a character is wrong; compare with the certificate.",
)
NOT_A_MOBILE = Problem(
    "mobile",
    "手机号应为11位，以13至19开头，请核对。",
    "A mobile number has 11 digits and starts with 13 to 19; check it.",
)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A resident ID number that satisfies GB 11643-1999, always in its 18-character form."""

    number: str
    area: str
    birth_date: date
    sequence: int
    sex: Sex

    @property
    def has_known_province(self) -> bool:
        """Whether the area lies in a province of GB/T 2260; false for synthetic people."""
        return _PROVINCES.fullmatch(self.area[:2]) is not None


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code of GB 32100-2015 in its five parts."""

    number: str
    department: str
    category: str
    area: str
    organisation: str


def parse_resident_id(text: str, *, today: date | None = None) -> ResidentId:
    """Read an 18- or 15-character resident ID (GB 11643-1999 and its 1989 form).

    Spaces, full-width characters and a small x are mended. `today`, when given, refuses a birth after it.
    Raises `IdentifierError`. The area is not looked up: `has_known_province` tells the coarse answer.
    """
    number = _compact(text)
    if not number:
        raise IdentifierError(BLANK)
    if len(number) == 15:
        number = upgrade_resident_id(number)
    if len(number) != 18:
        raise IdentifierError(ID_LENGTH)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise IdentifierError(ID_CHARACTERS)
    return _checked_resident_id(number, today)


def resident_id_problem(text: str, *, today: date | None = None) -> Problem | None:
    """What `parse_resident_id` would refuse, or None when the number is sound."""
    try:
        parse_resident_id(text, today=today)
    except IdentifierError as error:
        return error.problem
    return None


def upgrade_resident_id(text: str) -> str:
    """The 18-character form of a 15-digit number: the century put in, the check character added.

    Sequences 996 to 999 were kept for people already a hundred years old, born in the 1800s.
    Raises `IdentifierError` unless the text is 15 digits.
    """
    number = _compact(text)
    if len(number) != 15:
        raise IdentifierError(ID_LENGTH)
    if not re.fullmatch(r"[0-9]{15}", number):
        raise IdentifierError(ID_CHARACTERS)
    century = "18" if number[12:] in _CENTENARIAN_SEQUENCES else "19"
    body = number[:6] + century + number[6:]
    return body + resident_id_check_character(body)


def resident_id_check_character(body: str) -> str:
    """The 18th character for the first 17 digits: ISO 7064 MOD 11-2, as GB 11643-1999 asks."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, body, strict=True))
    return _ID_CHECKS[total % 11]


def make_resident_id(area: str, birth_date: date, sequence: int) -> str:
    """An ID number for a synthetic person; `area` is 999000 or above, so that nobody real can hold it.

    `sequence` runs from 1 to 999; odd numbers are male, even ones female. Raises `ValueError` beyond these.
    """
    if not re.fullmatch(SYNTHETIC_PREFIX + "[0-9]{3}", area):
        raise ValueError(f"area {area!r}: synthetic people need a six-digit area that starts with {SYNTHETIC_PREFIX}")
    if not 1 <= sequence <= 999:
        raise ValueError(f"sequence {sequence}: it runs from 1 to 999")
    body = f"{area}{birth_date:%Y%m%d}{sequence:03d}"
    return body + resident_id_check_character(body)


def parse_credit_code(text: str) -> CreditCode:
    """Read a unified social credit code (GB 32100-2015). Raises `IdentifierError`."""
    number = _compact(text)
    if not number:
        raise IdentifierError(BLANK)
    if len(number) != 18:
        raise IdentifierError(CREDIT_LENGTH)
    if any(character not in _CREDIT_ALPHABET for character in number):
        raise IdentifierError(CREDIT_CHARACTERS)
    if credit_code_check_character(number[:17]) != number[17]:
        raise IdentifierError(CREDIT_CHECKSUM)
    return CreditCode(number, number[0], number[1], number[2:8], number[8:17])


def credit_code_check_character(body: str) -> str:
    """The 18th character for the first 17: weights are powers of 3 modulo 31 (GB 32100-2015)."""
    values = (_CREDIT_ALPHABET.index(character) for character in body)
    total = sum(weight * value for weight, value in zip(_CREDIT_WEIGHTS, values, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def normalise_mobile(text: str) -> str:
    """The 11 digits of a mainland mobile number; +86, spaces and hyphens go. Raises `IdentifierError`."""
    compact = _compact(text)
    if not compact:
        raise IdentifierError(BLANK)
    found = _MOBILE.fullmatch(compact)
    if not found:
        raise IdentifierError(NOT_A_MOBILE)
    return found[1]


def mask_mobile(number: str) -> str:
    """For display: the first three and last four digits stay, as in 138****1234."""
    return mask(number, head=3, tail=4)


def mask(text: str, *, head: int, tail: int) -> str:
    """Stars between `head` and `tail` characters; text too short to hide at least one is starred whole."""
    hidden = len(text) - head - tail
    if hidden <= 0:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def _checked_resident_id(number: str, today: date | None) -> ResidentId:
    birth_date = _birth_date(number[6:14])
    if birth_date is None or (today is not None and birth_date > today):
        raise IdentifierError(ID_BIRTH_DATE)
    if number[14:17] == "000":
        raise IdentifierError(ID_SEQUENCE)
    if resident_id_check_character(number[:17]) != number[17]:
        raise IdentifierError(ID_CHECKSUM)
    sequence = int(number[14:17])
    return ResidentId(number, number[:6], birth_date, sequence, "male" if sequence % 2 else "female")


def _birth_date(digits: str) -> date | None:
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return found if found.year >= 1800 else None


def _compact(text: str) -> str:
    return re.sub(r"[\s\-‐-―－]", "", unicodedata.normalize("NFKC", text)).upper()
