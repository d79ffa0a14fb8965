"""What the content of each rule must look like."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from catchment.kernel.errors import Invalid, Problem

_schemas: dict[str, type[BaseModel]] = {}


def register_schema(key: str, schema: type[BaseModel]) -> None:
    """Say what the content of a rule must look like; rooms do so once, through the site."""
    _schemas[key] = schema


def keys() -> list[str]:
    """The rules that rooms have registered."""
    return sorted(_schemas)


def check_content(key: str, content: Mapping[str, Any]) -> None:
    """Raise `Invalid` naming each place in the content that the rule does not allow, and what it expects there."""
    schema = _schemas.get(key)
    if schema is None:
        raise Invalid(
            Problem("key", _("没有这条规则：%(key)s。可用的有：%(known)s") % {"key": key, "known": "、".join(keys())})
        )
    try:
        schema.model_validate(content)
    except ValidationError as error:
        problems = [Problem(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors()]
        raise Invalid(*problems) from None
