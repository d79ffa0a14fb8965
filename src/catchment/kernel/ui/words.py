"""Codes and reasons in the reader's words, from the tables that a room keeps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template import Library
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catchment.standards.reasons import WRITTEN, Reason, reason_in
from catchment.standards.units import written

Form = Callable[[Any], object]
UNITS = {"/min": gettext_lazy("次/分"), "{score}": gettext_lazy("分"), "a": gettext_lazy("年"), "d": gettext_lazy("天")}
"""Units (UCUM) that have words in each language; all others are written alike."""


def unit_words(ucum: str) -> str:
    """A unit of the record as the reader writes it: mmHg for mm[Hg], 次/分 for /min."""
    return str(UNITS[ucum]) if ucum in UNITS else written(ucum)


def worded(register: Library, name: str, table: Mapping[str, object]) -> None:
    """Register a filter of that name: a code becomes its words; one that has none stays as it is."""
    register.filter(name, lambda code: table.get(code, code))


def named(table: Mapping[str, object]) -> Form:
    """The form of {code, zh}: an edition's own Chinese name; in another language the code's words, if it has any."""

    def form(one: Mapping[str, str]) -> object:
        chinese = (get_language() or "").startswith("zh")
        return one["zh"] if chinese else table.get(one["code"], one["zh"])

    return form


@dataclass(frozen=True, slots=True)
class Telling:
    """How a room tells its reasons: a sentence for each code, and for a fact, by its name, the form it takes there."""

    sentences: Mapping[str, object]
    forms: Mapping[str, Form] = field(default_factory=dict)

    def one(self, kept: object) -> str:
        """A reason, or one as it was kept, in the reader's language; a sentence kept earlier as it was written."""
        reason = reason_in(kept)
        if reason.code == WRITTEN:
            return str(reason.facts["text"])
        return str(self.sentences[reason.code]) % {name: self.fact(name, value) for name, value in reason.facts.items()}

    def all(self, kept: Iterable[object]) -> str:
        """Several reasons, one after the other."""
        return _("；").join(map(self.one, kept))

    def fact(self, name: str, value: Any) -> object:
        """One fact as people write it."""
        form = self.forms.get(name)
        return value if form is None else form(value)

    def as_told(self, kept: object) -> dict[str, Any]:
        """A reason for programs: its code and facts, and the `text` that a reader sees."""
        reason: Reason = reason_in(kept)
        return {**reason.as_dict(), "text": self.one(reason)}


def reasoned(register: Library, name: str, telling: Telling) -> None:
    """Register the filters `NAME_why`, which tells one reason, and `NAME_whys`, which tells several."""

    @register.filter(f"{name}_why")
    def one(kept: object) -> str:
        return telling.one(kept)

    @register.filter(f"{name}_whys")
    def several(kept: Iterable[object]) -> str:
        return telling.all(kept)
