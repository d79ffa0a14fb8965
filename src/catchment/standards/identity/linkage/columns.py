"""Recognise what a table's columns mean from their headers, Chinese or English."""

import re
import unicodedata
from typing import Any, Final

import polars as pl


class LinkageError(ValueError):
    """A table that cannot be linked; the message names the column or row and the way out."""


SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "row_id": (
        "id", "unique_id", "rec_id", "record_id", "row_id", "person_id", "patient_id", "编号", "序号",
        "患者编号",
    ),
    "name": ("name", "full_name", "fullname", "person_name", "patient_name", "姓名", "患者姓名", "居民姓名"),
    "given": (
        "given_name", "first_name", "given", "firstname", "forename", "givenname", "first", "名", "名字",
    ),
    "family": ("surname", "last_name", "family_name", "family", "lastname", "last", "姓", "姓氏"),
    "sex": ("sex", "gender", "性别", "性别代码"),
    "birth_date": (
        "date_of_birth", "birth_date", "birthdate", "dob", "birthday", "birth", "出生日期", "出生年月日",
        "生日",
    ),
    "identity_number": (
        "id_number", "identity_number", "resident_id", "id_card", "idcard", "id_no", "id_card_no",
        "national_id", "identity_card", "soc_sec_id", "ssn", "social_security_number", "身份证号",
        "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号",
    ),
    "insurance_number": (
        "insurance_number", "insurance_id", "insurance_no", "medicare_number", "health_card",
        "health_card_number", "医保号", "医保卡号", "医保编号", "社保号", "社保卡号", "健康卡号",
    ),
    "phone": (
        "phone", "mobile", "telephone", "phone_number", "mobile_phone", "mobile_number", "tel", "cell",
        "电话", "手机", "手机号", "手机号码", "联系电话", "本人电话",
    ),
    "email": ("email", "e_mail", "email_address", "mail", "邮箱", "电子邮箱"),
    "street_number": ("street_number", "house_number", "street_no", "门牌号"),
    "street": (
        "address_1", "street", "address", "address1", "street_name", "addr", "地址", "住址", "现住址",
        "家庭住址",
    ),
    "locality": ("address_2", "address2", "village", "locality", "村", "村居", "行政村", "居委会"),
    "city": ("suburb", "city", "town", "township", "municipality", "乡镇", "街道", "镇"),
    "postcode": ("postcode", "post_code", "zip", "zip_code", "postal_code", "zipcode", "邮编", "邮政编码"),
    "state": ("state", "province", "county", "region", "省", "县", "区县", "县区"),
}  # fmt: skip
"""Field of the linkage: the headers that mean it, the surest first. Headers not listed are not looked at."""

FIELDS: Final = tuple(field for field in SYNONYMS if field != "row_id")


def to_frame(rows: Any) -> pl.DataFrame:
    """Bring a list of dicts, or a pandas, Arrow or Polars table, into one shape: text, headers stripped."""
    if isinstance(rows, list):
        texts = [{str(key): None if value is None else str(value) for key, value in row.items()} for row in rows]
        frame = pl.from_dicts(texts, infer_schema_length=None) if texts else pl.DataFrame()
    else:
        frame = pl.DataFrame(rows)
    return frame.select(pl.all().cast(pl.String)).rename(str.strip)


def recognise(frame: pl.DataFrame) -> dict[str, str]:
    """Map each field of the linkage to the frame's column that holds it; absent fields are left out.

    Raises `LinkageError` when no column tells anything about a person.
    """
    headers = {_plain_header(header): header for header in reversed(frame.columns)}
    found = {field: headers[name] for field, names in SYNONYMS.items() for name in reversed(names) if name in headers}
    if frame.columns and not set(found) & set(FIELDS):
        raise LinkageError(_nothing_recognised(frame.columns))
    return found


def row_ids(frame: pl.DataFrame, columns: dict[str, str]) -> list[str]:
    """Each row's id as text: the id column's value, or the row's number from 1 where there is no id column.

    Raises `LinkageError` for an empty or repeated id.
    """
    if "row_id" not in columns:
        return [str(number) for number in range(1, frame.height + 1)]
    ids = frame[columns["row_id"]].str.strip_chars()
    if (blank := ids.is_null() | (ids == "")).any():
        raise LinkageError(
            f"第{blank.arg_true()[0] + 1}行的编号为空 · column {columns['row_id']!r}: "
            f"row {blank.arg_true()[0] + 1} has no id; fill it in or remove the column"
        )
    if ids.is_duplicated().any():
        first = ids.filter(ids.is_duplicated())[0]
        raise LinkageError(
            f"编号重复：{first} · column {columns['row_id']!r}: the id {first!r} is in more than one row; "
            "make ids unique or remove the column"
        )
    return ids.to_list()


def _plain_header(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip("\ufeff \t\"'").lower()
    return re.sub(r"[\s.\-]+", "_", text)


def _nothing_recognised(headers: list[str]) -> str:
    shown = ", ".join(repr(header) for header in headers[:8])
    return (
        f"没有可识别的人员列 · no column tells about a person (found {shown}); "
        "name at least one of 姓名/name, given_name, surname, 出生日期/date_of_birth, 身份证号/id_number, "
        "手机/phone"
    )
