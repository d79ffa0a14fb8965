"""How well clusters agree with a known truth."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairwise agreement: a pair is two rows of one cluster. Ratios run from 0 to 1."""

    rows: int
    true_pairs: int
    found_pairs: int
    shared_pairs: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are true; 1 when none was found."""
        return self.shared_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found; 1 when there are none."""
        return self.shared_pairs / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pairwise_quality(found: Sequence[Hashable], truth: Sequence[Hashable]) -> Quality:
    """Compare clusters with the truth; both name a group for each row, in the same order."""
    return Quality(
        rows=len(truth),
        true_pairs=_pairs(Counter(truth)),
        found_pairs=_pairs(Counter(found)),
        shared_pairs=_pairs(Counter(zip(found, truth, strict=True))),
    )


def _pairs(groups: Counter[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in groups.values())
