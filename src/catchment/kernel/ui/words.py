"""Filters that say codes in the reader's words, from the tables of words that a room keeps."""

from collections.abc import Mapping

from django.template import Library


def worded(register: Library, name: str, table: Mapping[str, object]) -> None:
    """Register a filter of that name: a code becomes its words; one that has none stays as it is."""
    register.filter(name, lambda code: table.get(code, code))
