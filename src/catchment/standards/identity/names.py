"""The keys under which a person's name is found, and what a typed query asks for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Literal

from catchment.standards.identity.readings import COMPOUND_SURNAMES, GIVEN_NAMES, SURNAMES

QueryKind = Literal["name", "id", "phone"]

_HAN: Final = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff〇]")
_DOTS: Final = re.compile(r"[·•・‧∙.．]")
_ID_QUERY: Final = re.compile(r"[0-9]{4,17}[0-9X]?|[0-9]{17}X")
_PHONE_QUERY: Final = re.compile(r"(?:\+?86)?(1[3-9][0-9]{2,9})")
_MOST_READINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: `token` is compared with the front of the stored keys of that kind."""

    kind: QueryKind
    token: str


@dataclass(frozen=True, slots=True)
class ChineseName:
    """A Chinese name in its two parts; a name of one character has an empty given name."""

    family: str
    given: str


def split_chinese_name(name: str) -> ChineseName:
    """Part a Chinese name after its surname; compound surnames count when a given name remains."""
    length = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return ChineseName(name[:length], name[length:])


def is_chinese(text: str) -> bool:
    """Whether any character is a Han character."""
    return _HAN.search(text) is not None


def search_tokens(name: str) -> list[str]:
    """Every lower-case key whose beginning finds this name; without repeats, the name itself first.

    Chinese: the name, its given name, pinyin joined, given-name pinyin, initials (王秀英: wangxiuying,
    xiuying, wxy), once for each usual reading; 吕 is found as lv and, as in passports, lyu. Latin: the
    words, joined both ways round, initials; accents and the digits that synthetic names carry are dropped.
    A blank name has no keys.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    tokens = _chinese_tokens(text) if is_chinese(text) else _latin_tokens(text)
    return list(dict.fromkeys(token for token in tokens if token))


def full_pinyin(name: str) -> str:
    """The first reading of a name, joined and lower-case; a Latin name joined the same way."""
    text = unicodedata.normalize("NFKC", name).strip()
    if not is_chinese(text):
        return "".join(_latin_words(text))
    return "".join(readings[0] for readings in _readings(_bare(text)))


def normalise_query(text: str) -> Query:
    """Tell a typed query's kind and bring it into the form of the stored keys.

    Four digits or more are a phone when they begin like a mobile number and are at most 11, else an ID.
    Tones, spaces and apostrophes in pinyin go; ü after l and n becomes v, as on a keyboard.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    compact = re.sub(r"[\s\-]", "", plain).upper()
    if phone := _PHONE_QUERY.fullmatch(compact):
        return Query("phone", phone[1])
    if _ID_QUERY.fullmatch(compact):
        return Query("id", compact)
    return Query("name", _name_token(plain))


def _name_token(text: str) -> str:
    if not is_chinese(text):
        return _plain(text)
    bare = _bare(text)
    if not re.search(r"[a-zü]", bare):
        return bare
    first = _readings_of_surname(bare[0])[0] if is_chinese(bare[0]) else _plain(bare[0])
    return first + "".join(_readings_of_given(c)[0] if is_chinese(c) else _plain(c) for c in bare[1:])


def _chinese_tokens(text: str) -> list[str]:
    bare = _bare(text)
    if _DOTS.search(text):
        parts = [part.strip().lower() for part in _DOTS.split(text) if part.strip()]
        return [bare, *parts, *_sounds(_readings(bare), 0), *(_joined(part) for part in parts)]
    name = split_chinese_name(bare)
    return [bare, name.given, *_sounds(_readings(bare), len(name.family))]


def _sounds(readings: list[tuple[str, ...]], family_length: int) -> list[str]:
    ways = [way for way, _ in zip(product(*readings), range(_MOST_READINGS), strict=False)]
    whole = ["".join(way) for way in ways]
    given = ["".join(way[family_length:]) for way in ways] if family_length else []
    initials = ["".join(syllable[:1] for syllable in way) for way in ways]
    passport = [sound.replace("v", "yu") for sound in (*whole, *given) if "v" in sound]
    return [*whole, *given, *initials, *passport]


def _joined(part: str) -> str:
    return "".join(_readings_of_given(character)[0] for character in part)


def _readings(bare: str) -> list[tuple[str, ...]]:
    if bare[:2] in COMPOUND_SURNAMES and len(bare) > 2:
        first = [(syllable,) for syllable in COMPOUND_SURNAMES[bare[:2]]]
        return [*first, *(_readings_of_given(character) for character in bare[2:])]
    return [_readings_of_surname(bare[0]), *(_readings_of_given(character) for character in bare[1:])]


@lru_cache(maxsize=4096)
def _readings_of_surname(character: str) -> tuple[str, ...]:
    return SURNAMES.get(character) or _dictionary_reading(character)


@lru_cache(maxsize=32768)
def _readings_of_given(character: str) -> tuple[str, ...]:
    return GIVEN_NAMES.get(character) or _dictionary_reading(character)


def _dictionary_reading(character: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # its dictionaries take a quarter of a second that most commands need not wait

    return (_plain(lazy_pinyin(character)[0]),)


def _latin_tokens(text: str) -> list[str]:
    words = _latin_words(text)
    backwards = [words[-1], *words[:-1]] if words else []
    initials = "".join(word[0] for word in words) if len(words) > 1 else ""
    return ["".join(words), *words, "".join(backwards), initials]


def _latin_words(text: str) -> list[str]:
    return [plain for word in re.split(r"[\s,·.]+", text) if (plain := _plain(word))]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", _DOTS.sub("", text)).lower()


def _plain(text: str) -> str:
    """Letters alone, lower-case, without accents; ü after l and n, in any tone, is v as pinyin is typed."""
    lower = text.lower()
    if lower.isascii() and lower.isalpha():
        return lower
    parts = unicodedata.normalize("NFD", lower)
    parts = re.sub("(?<=[ln])u[\u0300\u0301\u0304\u030c]?\u0308[\u0300\u0301\u0304\u030c]?", "v", parts)
    return "".join(character for character in parts if character.isalpha())
