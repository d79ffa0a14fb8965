"""Finding codes of diagnoses and procedures by code, Chinese words, pinyin or initials, from the scheme in use."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from catchment.kernel.errors import NotFound
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.grouping import scheme_named

SHORTEST = 2


def codes_matching(text: str, day: date, *, procedures: bool = False, limit: int = 8) -> list[tuple[str, str]]:
    """Codes and names that fit the text best, of the scheme by which stays of the day are grouped.

    A code that begins with the text comes first. None for less than two characters, or where there is no scheme.
    """
    wanted = text.strip().lower()
    names = _names(day, procedures=procedures) if len(wanted) >= SHORTEST else {}
    found: dict[str, str] = {}
    for keys in (_codes, _words, _sounds):
        for code, key in keys(names):
            if len(found) == limit:
                return list(found.items())
            if key.startswith(wanted) if keys is _codes else wanted in key:
                found.setdefault(code, names[code])
    return list(found.items())


def _names(day: date, *, procedures: bool) -> Mapping[str, str]:
    try:
        scheme = scheme_named(Books().payment(day)[0].scheme)
    except NotFound:
        return {}
    return scheme.proc_names if procedures else scheme.dx_names


def _codes(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((code, code.lower()) for code in names)


def _words(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((code, name.lower()) for code, name in names.items())


def _sounds(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for code, name in names.items():
        sounds = [_sound(character) for character in name]
        yield code, "".join(sound[:1] for sound in sounds) + " " + "".join(sounds)


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionaries take a quarter of a second that most pages need not wait

    return str(lazy_pinyin(character)[0]).lower()
