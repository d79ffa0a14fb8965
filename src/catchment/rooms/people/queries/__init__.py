"""Every question about residents."""

from catchment.rooms.people.queries.candidates import everybody, like, pairs_by_key
from catchment.rooms.people.queries.duplicates import (
    Pair,
    compared,
    facilities_of,
    live_merge,
    matches_of,
    merges,
    pair_of,
    suspected_matches,
)
from catchment.rooms.people.queries.keeping import housemates, masked_numbers, moves_of, numbers_of, suspected_with
from catchment.rooms.people.queries.persons import (
    anybody,
    banner,
    key_of,
    person_by_id,
    person_by_public_id,
    refusal_for,
    row_of,
)
from catchment.rooms.people.queries.pseudonyms import pseudonyms
from catchment.rooms.people.queries.search import found_line, holds_number, search

__all__ = [
    "Pair",
    "anybody",
    "banner",
    "compared",
    "everybody",
    "facilities_of",
    "found_line",
    "holds_number",
    "housemates",
    "key_of",
    "like",
    "live_merge",
    "masked_numbers",
    "matches_of",
    "merges",
    "moves_of",
    "numbers_of",
    "pair_of",
    "pairs_by_key",
    "person_by_id",
    "person_by_public_id",
    "pseudonyms",
    "refusal_for",
    "row_of",
    "search",
    "suspected_matches",
    "suspected_with",
]
