"""Every question about residents."""

from catchment.rooms.people.queries.persons import banner, person_by_id, person_by_public_id
from catchment.rooms.people.queries.search import search

__all__ = ["banner", "person_by_id", "person_by_public_id", "search"]
