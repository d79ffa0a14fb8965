"""Discrimination: the chance that a person with the finding scores higher than one without."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Discrimination:
    """The area under the ROC curve with its 95 % interval (DeLong, Biometrics 1988;44:837)."""

    cases: int
    others: int
    area: float
    low: float
    high: float


def discrimination(scores: npt.ArrayLike, findings: npt.ArrayLike) -> Discrimination:
    """Compare scores of those with and without the finding; ties count half. Needs two of each or more."""
    values, found = np.asarray(scores, dtype=float), np.asarray(findings, dtype=bool)
    cases, others = values[found], values[~found]
    if len(cases) < 2 or len(others) < 2:
        raise ValueError("discrimination needs at least two people with the finding and two without")
    together = _midranks(np.concatenate([cases, others]))
    above = (together[: len(cases)] - _midranks(cases)) / len(others)
    below = 1 - (together[len(cases) :] - _midranks(others)) / len(cases)
    area = float(above.mean())
    spread = Z_95 * float(np.sqrt(above.var(ddof=1) / len(cases) + below.var(ddof=1) / len(others)))
    return Discrimination(len(cases), len(others), area, max(0.0, area - spread), min(1.0, area + spread))


def _midranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    ordered = np.sort(values)
    first, last = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    ranks: npt.NDArray[np.float64] = (first + last + 1) / 2
    return ranks
