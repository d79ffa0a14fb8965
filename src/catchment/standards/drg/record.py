"""One discharge as the groupers read it, and the checks that come before grouping."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catchment.standards.drg.scheme import Scheme

NEWBORN_DAYS = 28
SEXES = {"M": "M", "F": "F", "1": "M", "2": "F"}
WHOLE = ("age", "age_days", "los")
DECIMAL = ("weight_g", "icu_hours")
TEXT = ("id", "sex", "dept", "discharge_way", "pdx")
LISTS = ("odx", "procs")
NUMBER = re.compile(r"\d{1,9}(\.\d+)?")
FIELDS = (*TEXT, *WHOLE, *DECIMAL, *LISTS)


class RecordError(ValueError):
    """A record that cannot be read; the message names the field, its value's problem and what is expected."""


@dataclass(frozen=True)
class Record:
    """A discharge. `sex` M or F (GB/T 2261.1 codes 1 and 2 are read too); `age` whole years, `age_days` days;

    `weight_g` birth weight in grams; `los` length of stay in days; `pdx` principal diagnosis: None when none was given,
    empty text for a code that matches nothing; `procs` in order, the first is the main procedure.
    """

    id: str = ""
    sex: str | None = None
    age: float | None = None
    age_days: float | None = None
    weight_g: float | None = None
    dept: str | None = None
    los: float | None = None
    discharge_way: str | None = None
    icu_hours: float | None = None
    pdx: str | None = None
    odx: tuple[str, ...] = ()
    procs: tuple[str, ...] = ()

    @property
    def dx(self) -> tuple[str, ...]:
        """All diagnoses, the principal one first."""
        return (self.pdx or "", *self.odx)


def read(fields: Mapping[str, Any]) -> Record:
    """A record from a mapping with the field names of `FIELDS`; other fields are left unread. Raises `RecordError`."""
    values: dict[str, Any] = {name: _number(name, fields.get(name), whole=name in WHOLE) for name in (*WHOLE, *DECIMAL)}
    values |= {name: _text(name, fields.get(name)) for name in TEXT}
    values |= {name: _codes(name, fields.get(name)) for name in LISTS}
    return Record(**{**values, "id": values["id"] or ""})


def problem(record: Record, scheme: Scheme) -> str:
    """Why the record is invalid, in the order of the reference's section 2.2; empty when it can be grouped."""
    if SEXES.get(record.sex or "") is None:
        return "sex: missing or neither M nor F"
    if record.age is None and scheme.option("missing_age") == "invalid":
        return "age: missing"
    if (record.age or 0) == 0:
        if record.age_days is None and scheme.option("missing_age_days") == "invalid":
            return "age_days: missing for age 0"
        if (record.age_days or 0) <= NEWBORN_DAYS and _no_weight(record, scheme):
            return "weight_g: missing for a newborn of at most 28 days"
    return "" if record.pdx is not None else "pdx: no diagnosis given"


def converted(record: Record, scheme: Scheme) -> Record:
    """The record with its clinical codes as NHSA codes. Raises `RecordError` for a code without mapping."""
    dx = [_mapped(code, scheme.dx_map, "diagnosis") for code in (record.dx if record.pdx is not None else ())]
    procs = tuple(_mapped(code, scheme.proc_map, "procedure") for code in record.procs)
    return replace(record, pdx=dx[0] if dx else None, odx=tuple(dx[1:]), procs=procs)


def _mapped(code: str, mapping: Mapping[str, str], kind: str) -> str:
    if code not in mapping:
        raise RecordError(
            f"{kind} {code!r} has no NHSA code in the scheme's table; correct it or group without conversion"
        )
    return mapping[code]


def _no_weight(record: Record, scheme: Scheme) -> bool:
    return record.weight_g is None or (record.weight_g == 0 and scheme.option("newborn_weight_zero") == "invalid")


def _number(name: str, value: object, *, whole: bool) -> float | None:
    if isinstance(value, str) and (not value or NUMBER.fullmatch(value)):
        value = float(value) if value else None
    if value is None:
        return None
    expected = "a whole number from 0 up" if whole else "a number from 0 up"
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise RecordError(f"{name}: {value!r:.40} is not {expected}")
    if whole and value != int(value):
        raise RecordError(f"{name}: {value!r:.40} is not {expected}")
    return float(value)


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RecordError(f"{name}: {value!r:.40} is not text")


def _codes(name: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(code, str) for code in value):
        raise RecordError(f"{name}: {value!r:.40} is not a list of codes")
    return tuple(value)
