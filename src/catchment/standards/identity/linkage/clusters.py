"""Clusters of rows from the pairs that were joined."""

from collections.abc import Iterable, Sequence


def cluster(numbers: Sequence[str | None], edges: Iterable[tuple[int, int]]) -> list[int]:
    """Number from 1 the sets of rows that hang together, in the order in which they first appear.

    `numbers` holds each row's resident ID or None. Edges count in the order given; one that would bring two
    different resident IDs into a set is passed over.
    """
    parents = list(range(len(numbers)))
    held = list(numbers)
    for left, right in edges:
        low, high = sorted((_root(parents, left), _root(parents, right)))
        if held[low] is None or held[high] is None or held[low] == held[high]:
            parents[high] = low
            held[low] = held[low] or held[high]
    found: dict[int, int] = {}
    return [found.setdefault(_root(parents, row), len(found) + 1) for row in range(len(parents))]


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row
