"""Codes of administrative divisions: GB/T 2260 down to the county, GB/T 10114 and the statistical code below it."""

import re
from typing import Final, Literal

DivisionLevel = Literal["province", "city", "county", "township", "village"]

_CODE: Final = re.compile(r"\d{6}|\d{9}|\d{12}")
_SUFFIX: Final = re.compile(r"(?:自治县|自治州|地区|县|市|区)$")


class DivisionCodeError(ValueError):
    """A code that no division can have; the message says why and the way out."""


def parse_division_code(text: str) -> str:
    """The shortest form of a 6, 9 or 12 digit code: 331021000000 is 331021, 331021001000 is 331021001.

    Raises `DivisionCodeError`.
    """
    code = text.strip().removesuffix(".0")
    if not _CODE.fullmatch(code) or code.startswith("00"):
        raise DivisionCodeError(f"区划代码应为6、9或12位数字 · code {text!r}: a division code has 6, 9 or 12 digits")
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
    return code[:6] if len(code) == 9 and code.endswith("000") else code


def level_of(code: str) -> DivisionLevel:
    """The level of a code in its shortest form."""
    if len(code) == 12:
        return "village"
    if len(code) == 9:
        return "township"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parent_code(code: str) -> str:
    """The code of the division above, by the code alone; empty for a province."""
    level = level_of(code)
    if level == "village":
        return code[:9]
    if level == "township":
        return code[:6]
    return {"county": f"{code[:4]}00", "city": f"{code[:2]}0000"}.get(level, "")


def stem(name: str) -> str:
    """A county's name without its kind, so that 玉环县 and 玉环市 are one; short names stay whole."""
    bare = _SUFFIX.sub("", name.strip())
    return bare if len(bare) > 1 else name.strip()
