"""How two values of a field are compared: levels from best to worst, each with the reason a reviewer reads.

`m` is the chance of the level between two rows of one person, `u` between two of different persons. The
values written here start the estimation, and stand in for it when a file is too small to estimate from.
"""

from collections.abc import Callable
from dataclasses import dataclass

from splink import comparison_level_library as level_library
from splink import comparison_library


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of comparing a field; `sql` reads the two rows' values as FIELD_l and FIELD_r."""

    code: str
    zh: str
    en: str
    sql: str
    m: float
    u: float
    by_frequency: bool = False


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """A field and its levels; what fits none of them differs. `unknown`: there is nothing to compare."""

    field: str
    levels: tuple[Level, ...]
    unknown: str

    @property
    def differs(self) -> Level:
        """The level of all that fits no other, with what is left of both probabilities."""
        m = max(1e-4, 1 - sum(level.m for level in self.levels))
        u = max(1e-4, 1 - sum(level.u for level in self.levels))
        return Level("differs", "不一致", "differs", "ELSE", m, u)

    def level(self, outcome: int) -> Level | None:
        """The level that Splink's value stands for: the number of levels is best, 0 differs, -1 unknown."""
        if outcome < 0:
            return None
        return (self.differs, *reversed(self.levels))[outcome]

    def for_splink(self, *, by_frequency: bool) -> comparison_library.CustomComparison:
        """The same comparison as Splink takes it; `by_frequency` lets a rare value that agrees weigh more."""
        unknown = level_library.CustomLevel(self.unknown).configure(is_null_level=True)
        levels = [self._splink_level(level, by_frequency) for level in (*self.levels, self.differs)]
        return comparison_library.CustomComparison([unknown, *levels], output_column_name=self.field)

    def _splink_level(self, level: Level, by_frequency: bool) -> level_library.CustomLevel:
        made = level_library.ElseLevel() if level.sql == "ELSE" else level_library.CustomLevel(level.sql)
        made = made.configure(m_probability=level.m, u_probability=level.u, label_for_charts=level.code)
        return made.configure(tf_adjustment_column=self.field) if level.by_frequency and by_frequency else made


def comparisons_for(fields: set[str]) -> list[FieldComparison]:
    """The comparisons that a table with these fields allows, in the order in which reasons are shown."""
    names = _NAME_PARTS if {"given", "family"} <= fields else (_name,) if "name" in fields else ()
    return [make() for make in names] + [make() for field, make in _OTHERS.items() if field in fields]


def _unknown(field: str) -> str:
    return f"{field}_l is null or {field}_r is null"


def _same(field: str, m: float, u: float, *, by_frequency: bool = False) -> Level:
    return Level("same", "一致", "same", f"{field}_l = {field}_r", m, u, by_frequency)


def _edits(field: str, most: int) -> str:
    lengths = f"abs(length({field}_l) - length({field}_r)) <= {most}"
    return f"({lengths} and damerau_levenshtein({field}_l, {field}_r) <= {most})"


def _alike(field: str, least: float) -> str:
    return f"jaro_winkler_similarity({field}_l, {field}_r, {least}) >= {least}"


def _swapped() -> str:
    across = "(jaro_winkler_similarity(given_l, family_r) >= 0.92)"
    back = "(jaro_winkler_similarity(family_l, given_r) >= 0.92)"
    straight = " and ".join(f"not coalesce({_alike(part, 0.92)}, false)" for part in ("given", "family"))
    return f"(coalesce(coalesce({across}, {back}) and coalesce({back}, {across}), false) and {straight})"


def _name_levels(part: str) -> tuple[Level, ...]:
    return (
        _same(part, 0.8, 0.01, by_frequency=True),
        Level("close", "仅差笔误", "a slip apart", f"{_alike(part, 0.92)} or {_edits(part, 1)}", 0.1, 0.006),
        Level("alike", "相近", "alike", _alike(part, 0.8), 0.03, 0.02),
    )


def _given() -> FieldComparison:
    swapped = Level("swapped", "姓与名互换", "given name and surname exchanged", _swapped(), 0.03, 0.0002)
    unknown = f"({_unknown('given')}) and not {_swapped()}"
    return FieldComparison("given", (swapped, *_name_levels("given")), unknown)


def _family() -> FieldComparison:
    """Says nothing where the parts are exchanged: the given name's comparison has counted that already."""
    return FieldComparison("family", _name_levels("family"), f"{_unknown('family')} or {_swapped()}")


def _name() -> FieldComparison:
    levels = (
        _same("name", 0.85, 0.02, by_frequency=True),
        Level("same-sound", "同音", "sounds the same", "name_sound_l = name_sound_r", 0.05, 0.001),
        Level(
            "close",
            "仅差笔误",
            "a slip apart",
            f"{_alike('name_sound', 0.94)} and {_edits('name', 1)}",
            0.04,
            0.005,
        ),
        Level("alike", "相近", "alike", f"{_alike('name_sound', 0.88)}", 0.02, 0.03),
    )
    return FieldComparison("name", levels, _unknown("name"))


def _sex() -> FieldComparison:
    return FieldComparison("sex", (_same("sex", 0.98, 0.5),), _unknown("sex"))


def _birth_date() -> FieldComparison:
    same_year = "birth_date_l[1:4] = birth_date_r[1:4]"
    turned = "birth_date_l[5:6] = birth_date_r[7:8] and birth_date_l[7:8] = birth_date_r[5:6]"
    apart = "abs(try_cast(birth_date_l[1:4] as integer) - try_cast(birth_date_r[1:4] as integer))"
    slip = f"{_edits('birth_date', 1)} or ({same_year} and {turned})"
    levels = (
        _same("birth_date", 0.85, 0.0001),
        Level("close", "仅差一位或月日互换", "one digit, or day and month exchanged", slip, 0.08, 0.002),
        Level("two-digits", "相差两位", "two digits apart", _edits("birth_date", 2), 0.03, 0.015),
        Level("same-year", "同年", "same year", same_year, 0.015, 0.02),
        Level("year-digit", "年份差一位", "one digit of the year off", f"{apart} in (1, 10)", 0.01, 0.03),
    )
    return FieldComparison("birth_date", levels, _unknown("birth_date"))


def _number(field: str, *, chance: float) -> Callable[[], FieldComparison]:
    def make() -> FieldComparison:
        levels = (
            _same(field, 0.9, chance),
            Level("close", "仅差一位", "one character apart", _edits(field, 1), 0.05, chance * 2),
            Level("two-digits", "相差两位", "two characters apart", _edits(field, 2), 0.02, chance * 10),
        )
        return FieldComparison(field, levels, _unknown(field))

    return make


def _phone() -> FieldComparison:
    """Families share a telephone, and buy numbers in a row: agreement is strong but never proof."""
    levels = (
        _same("phone", 0.75, 0.0005),
        Level("close", "仅差一位", "one digit apart", _edits("phone", 1), 0.04, 0.002),
        Level("two-digits", "相差两位", "two digits apart", _edits("phone", 2), 0.02, 0.01),
    )
    return FieldComparison("phone", levels, _unknown("phone"))


def _email() -> FieldComparison:
    local = "split_part(email_l, '@', 1) = split_part(email_r, '@', 1)"
    levels = (
        _same("email", 0.8, 0.0001),
        Level("close", "仅差笔误", "a slip apart", _edits("email", 2), 0.1, 0.0002),
        Level("same-user", "用户名一致", "same user name", local, 0.03, 0.0005),
        Level("alike", "相近", "alike", _alike("email", 0.85), 0.03, 0.005),
    )
    return FieldComparison("email", levels, _unknown("email"))


def _place(field: str, *, same: float) -> Callable[[], FieldComparison]:
    def make() -> FieldComparison:
        close = f"{_alike(field, 0.9)} or {_edits(field, 2)}"
        levels = (
            _same(field, 0.75, same, by_frequency=True),
            Level("close", "相近", "alike", close, 0.1, same),
        )
        return FieldComparison(field, levels, _unknown(field))

    return make


def _short(field: str, *, same: float) -> Callable[[], FieldComparison]:
    def make() -> FieldComparison:
        levels = (
            _same(field, 0.85, same, by_frequency=True),
            Level("close", "仅差一位", "one character apart", _edits(field, 1), 0.06, same * 3),
        )
        return FieldComparison(field, levels, _unknown(field))

    return make


_NAME_PARTS = (_given, _family)
_OTHERS: dict[str, Callable[[], FieldComparison]] = {
    "sex": _sex,
    "birth_date": _birth_date,
    "identity_number": _number("identity_number", chance=1e-6),
    "insurance_number": _number("insurance_number", chance=1e-6),
    "phone": _phone,
    "email": _email,
    "street_number": _short("street_number", same=0.01),
    "street": _place("street", same=0.005),
    "locality": _place("locality", same=0.01),
    "city": _place("city", same=0.05),
    "postcode": _short("postcode", same=0.05),
    "state": _place("state", same=0.25),
}
