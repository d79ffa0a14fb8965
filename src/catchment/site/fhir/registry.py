"""Which resources are offered. A room that has its own mapping registers it here from `site/registry.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from catchment.kernel.actor import Actor
from catchment.site.fhir.params import Param


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One resource type.

    `rows` answers with what an actor may see and what `write` needs joined; `complete` loads in bulk what no join
    brings. `key` is the field behind the logical id, `person` the row's attribute with the person's primary key (empty
    for what tells nothing of a person), `at` the moment by which `$everything` is bounded, `changed` the one behind
    `_lastUpdated`. `capability` is what reading asks of the actor's role. `also` is another table whose rows are of
    the same type; the ids of the two do not meet.
    """

    type: str
    rows: Callable[[Actor], QuerySet[Any]]
    write: Callable[[Any], dict[str, Any]]
    params: Mapping[str, Param] = field(default_factory=dict)
    complete: Callable[[Sequence[Any]], None] | None = None
    key: str = "pk"
    person: str = ""
    at: str = ""
    changed: str = ""
    capability: str = "record.read"
    also: "Kind | None" = None

    @property
    def by_uuid(self) -> bool:
        """Whether the logical id is a UUID, not a number."""
        return self.key == "public_id"

    def parts(self, actor: Actor) -> list["Kind"]:
        """The tables of this type that the actor may read; `NotAllowed` when it may read none."""
        readable = [part for part in (self, self.also) if part and actor.may(part.capability)]
        if not readable:
            actor.require(self.capability)
        return readable

    def resources(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """The rows as resources."""
        found = list(rows)
        if self.complete is not None and found:
            self.complete(found)
        return [self.write(row) for row in found]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Offer a resource type; registering it again replaces it."""
    _kinds[kind.type] = kind


def kind_of(resource_type: str) -> Kind | None:
    return _kinds.get(resource_type)


def kinds() -> list[Kind]:
    """Everything offered, by type."""
    return [_kinds[name] for name in sorted(_kinds)]
