"""The keys a person is found by."""

from collections.abc import Iterable

from catchment.standards.identity.names import normalise_query, search_tokens

LONGEST = 120


def search_keys(names: Iterable[str], phones: Iterable[str]) -> list[str]:
    """Every key of a person, without repeats: those of each name, and each phone as a query for it is read."""
    keys = [key for name in names for key in search_tokens(name)]
    keys += [normalise_query(phone).token for phone in phones if phone.strip()]
    return list(dict.fromkeys(key[:LONGEST] for key in keys if key))
