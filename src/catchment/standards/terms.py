"""Finding coded terms by what people type: a code, part of a name, its pinyin or the initials of its pinyin."""

from collections.abc import Iterator, Mapping
from functools import lru_cache


def matching(names: Mapping[str, str], text: str, *, limit: int) -> dict[str, str]:
    """Codes with names that fit the text, at most `limit`: codes that begin with it, then names that begin with it or
    hold it, then sounds that do (`xt` and `xiongtong` find 胸痛). The first of all for an empty text.
    """
    wanted = text.strip().lower().replace(" ", "")
    found: dict[str, str] = {}
    for code in _in_order(names, wanted):
        if len(found) == limit:
            break
        found.setdefault(code, names[code])
    return found


def _in_order(names: Mapping[str, str], wanted: str) -> Iterator[str]:
    yield from (code for code in names if code.lower().startswith(wanted))
    yield from (code for code, name in names.items() if name.lower().startswith(wanted))
    yield from (code for code, name in names.items() if wanted in name.lower())
    if wanted.isascii():
        yield from (code for code, name in names.items() if any(one.startswith(wanted) for one in sounds(name)))
        yield from (code for code, name in names.items() if any(wanted in one for one in sounds(name)))


def sounds(name: str) -> tuple[str, str]:
    """The initials of a name's pinyin, and its whole pinyin without tones; other characters stay as they are."""
    heard = [_sound(character) for character in name]
    return "".join(one[:1] for one in heard), "".join(heard)


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionaries take a quarter of a second that most pages need not wait

    return str(lazy_pinyin(character)[0]).lower()
