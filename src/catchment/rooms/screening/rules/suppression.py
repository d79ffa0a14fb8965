"""Small counts that viewers of aggregates must not see."""

from collections.abc import Sequence


def hidden(counts: Sequence[int], smallest: int) -> frozenset[int]:
    """The positions whose count is not shown: those below `smallest`, nought excepted.

    Where just one is hidden and the sum is known, the next smallest is hidden too, so that it cannot be reckoned back.
    """
    low = {place for place, n in enumerate(counts) if 0 < n < smallest}
    if len(low) == 1:
        rest = [place for place, n in enumerate(counts) if n >= smallest]
        low |= {min(rest, key=lambda place: counts[place])} if rest else set()
    return frozenset(low)
