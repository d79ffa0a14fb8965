"""Bring the values of person rows into one form before they are compared."""

from typing import Final

import polars as pl

from catchment.standards.identity.identifiers import IdentifierError, parse_resident_id
from catchment.standards.identity.linkage.columns import FIELDS
from catchment.standards.identity.names import full_pinyin, is_chinese, split_chinese_name

_NOT_RECORDED: Final = ("", "-", "--", "null", "none", "nan", "n/a", "unknown", "无", "不详", "未知", "未填")
_SEXES: Final = {
    "男": "male", "男性": "male", "m": "male", "male": "male", "1": "male",
    "女": "female", "女性": "female", "f": "female", "female": "female", "2": "female",
}  # fmt: skip
_NUMBERS: Final = ("identity_number", "insurance_number", "phone", "postcode", "street_number")


def standardise(frame: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Person rows with the linkage's field names: lower-case text, birth as YYYYMMDD, not recorded as null.

    Adds `valid_id`, the 18-character resident ID where the number passes its checksum, else null. A birth
    date or sex that is missing is read from such a number.
    """
    present = [field for field in FIELDS if field in columns]
    table = frame.select(_text(pl.col(columns[field])).alias(field) for field in present)
    table = table.with_columns(_digits_and_letters(field) for field in _NUMBERS if field in present)
    if "phone" in present:
        table = table.with_columns(pl.col("phone").str.replace(r"^(?:\+|00)?86(1\d{10})$", "$1"))
    if "birth_date" in present:
        table = table.with_columns(_birth_date())
    if "sex" in present:
        table = table.with_columns(pl.col("sex").replace_strict(_SEXES, default=None, return_dtype=pl.String))
    return _with_resident_ids(table)


def unify_names(tables: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Give all tables the same way of naming: given and family where every table can, else one whole name."""
    tables = [_with_parts(table) for table in tables]
    if all({"given", "family"} <= set(table.columns) for table in tables):
        return [table.drop("name", strict=False) for table in tables]
    return [_with_sound(_with_whole_name(table)) for table in tables]


def _text(column: pl.Expr) -> pl.Expr:
    plain = column.str.normalize("NFKC").str.strip_chars().str.to_lowercase().str.replace_all(r"\s+", " ")
    return pl.when(plain.is_in(_NOT_RECORDED)).then(None).otherwise(plain)


def _digits_and_letters(field: str) -> pl.Expr:
    plain = pl.col(field).str.replace(r"\.0$", "").str.replace_all(r"[\s\-()]", "").str.to_uppercase()
    return pl.when(plain == "").then(None).otherwise(plain).alias(field)


def _birth_date() -> pl.Expr:
    text = pl.col("birth_date")
    year_first = text.str.extract_groups(r"^(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
    year_last = text.str.extract_groups(r"^(\d{1,2})\D+(\d{1,2})\D+(\d{4})")
    return pl.coalesce(
        _joined(year_first, "1", "2", "3"),
        _joined(year_last, "3", "2", "1"),
        text.str.extract(r"^(\d{8})(?:\.0)?$"),
    ).alias("birth_date")


def _joined(groups: pl.Expr, year: str, month: str, day: str) -> pl.Expr:
    parts = [groups.struct.field(year), groups.struct.field(month), groups.struct.field(day)]
    return pl.concat_str([parts[0], parts[1].str.zfill(2), parts[2].str.zfill(2)])


def _with_resident_ids(table: pl.DataFrame) -> pl.DataFrame:
    if "identity_number" not in table.columns:
        return table.with_columns(valid_id=pl.lit(None, pl.String))
    valid = {number: upgraded for number in table["identity_number"].unique() if (upgraded := _valid_id(number))}
    table = table.with_columns(
        valid_id=pl.col("identity_number").replace_strict(valid, default=None, return_dtype=pl.String)
    )
    table = table.with_columns(identity_number=pl.coalesce("valid_id", "identity_number"))
    if not valid:
        return table
    sex = pl.when(pl.col("valid_id").str.slice(16, 1).is_in(list("13579"))).then(pl.lit("male"))
    known = pl.when(pl.col("valid_id").is_not_null())
    table = _filled(table, "birth_date", known.then(pl.col("valid_id").str.slice(6, 8)))
    return _filled(table, "sex", known.then(sex.otherwise(pl.lit("female"))))


def _filled(table: pl.DataFrame, field: str, value: pl.Expr) -> pl.DataFrame:
    columns = [field, value] if field in table.columns else [value]
    return table.with_columns(pl.coalesce(columns).alias(field))


def _valid_id(number: str | None) -> str | None:
    if number is None or len(number) not in {15, 18}:
        return None
    try:
        return parse_resident_id(number).number
    except IdentifierError:
        return None


def _with_parts(table: pl.DataFrame) -> pl.DataFrame:
    if not {"name", "given", "family"} <= set(table.columns):
        return table
    parts = {name: _parts(name) for name in table["name"].unique() if name is not None}
    missing = pl.col("given").is_null() & pl.col("family").is_null()
    return table.with_columns(
        pl.when(missing).then(_looked_up("name", {n: p[place] for n, p in parts.items()})).otherwise(field).alias(field)
        for place, field in enumerate(("family", "given"))
    )


def _parts(name: str) -> tuple[str, str | None]:
    if is_chinese(name):
        chinese = split_chinese_name(name)
        return chinese.family, chinese.given or None
    *given, family = name.split(" ")
    return family, " ".join(given) or None


def _with_whole_name(table: pl.DataFrame) -> pl.DataFrame:
    parts = [field for field in ("family", "given") if field in table.columns]
    if not parts:
        return table
    chinese = pl.concat_str([pl.col(field).fill_null("") for field in parts])
    latin = pl.concat_str([pl.col(field) for field in reversed(parts)], separator=" ", ignore_nulls=True)
    composed = pl.when(chinese.str.contains(r"\p{Han}")).then(chinese).otherwise(latin)
    composed = pl.when(composed == "").then(None).otherwise(composed)
    return _filled(table, "name", composed).drop(parts)


def _with_sound(table: pl.DataFrame) -> pl.DataFrame:
    if "name" not in table.columns:
        return table
    table = table.with_columns(pl.col("name").str.replace_all(r"[·•・]|(\p{Han})\s+", "$1"))
    sounds = {name: full_pinyin(name) or None for name in table["name"].unique() if name is not None}
    return table.with_columns(name_sound=_looked_up("name", sounds))


def _looked_up(field: str, values: dict[str, str | None]) -> pl.Expr:
    return pl.col(field).replace_strict(values, default=None, return_dtype=pl.String)
