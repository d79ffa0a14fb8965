"""Walking a list by pages: where a page begins stands in the address as `offset`."""

from django.http import HttpRequest

FARTHEST = 100_000


def offset_of(request: HttpRequest) -> int:
    """Where the page begins; the beginning for what is no number, never beyond `FARTHEST`."""
    given = request.GET.get("offset", "0")
    return min(int(given), FARTHEST) if given.isascii() and given.isdecimal() else 0


def without_offset(request: HttpRequest) -> str:
    """The address's other parts, ready to be followed by an offset."""
    kept = request.GET.copy()
    kept.pop("offset", None)
    return kept.urlencode() + "&" if kept else ""
