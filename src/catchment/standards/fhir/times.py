"""FHIR's dates and times, which may be partial, as moments and days."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

COUNTY_ZONE = ZoneInfo("Asia/Shanghai")
_FRACTION = re.compile(r"(\.\d{1,6})\d*")


def moment(text: str) -> datetime:
    """The moment of a FHIR `dateTime` or `instant`, in UTC; the first moment of a year, month or day alone,
    by the county's time zone. `ValueError` for what is none, and for what lies outside the years 1 to 9999.
    """
    if "T" not in text:
        first = day(text)
        return _utc(datetime(first.year, first.month, first.day, tzinfo=COUNTY_ZONE), text)
    leap = text.replace(":60", ":59", 1) if ":60" in text[16:] else text
    found = datetime.fromisoformat(_FRACTION.sub(r"\1", leap))
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has a time but no time zone")
    return _utc(found, text)


def day(text: str) -> date:
    """The day of a FHIR `date`; the first day of a year or a month alone. `ValueError` for what is none."""
    parts = [int(part) for part in text[:10].split("-")]
    try:
        return date(*[*parts, 1, 1][:3])
    except TypeError:
        raise ValueError(f"{text!r} is not a date") from None


def _utc(found: datetime, text: str) -> datetime:
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the years 1 to 9999") from None
