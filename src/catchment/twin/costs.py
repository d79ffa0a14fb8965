"""What an encounter costs and who pays. Levels are own round figures near county averages, not tariffs."""

import numpy as np

from catchment.twin.people import Residents
from catchment.twin.streams import Ints, Text, stream
from catchment.twin.visit_types import INPATIENT, Visits

PARTS = ("drug", "consumable", "exam", "lab", "service")
_MEDIAN_FEN = np.array([
    [5_200, 9_800, 26_500, 47_000],
    [3_600, 4_200, 9_000, 9_000],
    [9_500, 11_500, 22_000, 22_000],
])  # fmt: skip
"""Ambulatory, follow-up and check at clinic, centre, county and city."""
_SHARES = np.array([
    [0.62, 0.05, 0.06, 0.07, 0.20],
    [0.58, 0.02, 0.02, 0.10, 0.28],
    [0.02, 0.03, 0.36, 0.40, 0.19],
    [0.27, 0.14, 0.14, 0.15, 0.30],
])  # fmt: skip
_FUND = {
    "resident": np.array([[0.55, 0.5, 0.32, 0.2], [0.7, 0.68, 0.5, 0.5], [0.9, 0.9, 0.5, 0.5], [0.8, 0.8,
        0.66, 0.5]]),
    "employee": np.array([[0.65, 0.6, 0.5, 0.4], [0.75, 0.72, 0.6, 0.6], [0.9, 0.9, 0.6, 0.6], [0.88,
        0.88, 0.8, 0.72]]),
}  # fmt: skip
_DEDUCTIBLE_FEN = np.array([0, 20_000, 50_000, 100_000])


def cost_columns(residents: Residents, visits: Visits, insurance: Text, seed: int) -> dict[str, Ints]:
    """The five parts, their exact sum and the fund's payment in fen for each encounter; `insurance` is by
    person.
    """
    generator = stream(seed, "costs", residents.number)
    size = len(visits.person)
    stay = visits.kind == INPATIENT
    median = np.where(stay, visits.price * 100, _MEDIAN_FEN[np.minimum(visits.kind, 2), visits.level])
    total = np.round(median * np.exp(np.where(stay, 0.33, 0.5) * generator.standard_normal(size))).astype(np.int64)
    shares = _SHARES[visits.kind] * generator.gamma(3.0, 1 / 3.0, (size, len(PARTS)))
    parts = np.floor(shares / shares.sum(axis=1, keepdims=True) * total[:, None]).astype(np.int64)
    parts[:, -1] += total - parts.sum(axis=1)
    columns = {f"cost_{name}": parts[:, position] for position, name in enumerate(PARTS)}
    return {**columns, "cost_total": total, "fund_paid": _fund(visits, insurance[visits.person], total)}


def _fund(visits: Visits, insurance: Text, total: Ints) -> Ints:
    rate = np.zeros(len(total))
    for kind, table in _FUND.items():
        rate = np.where(insurance == kind, table[visits.kind, visits.level], rate)
    deductible = np.where(visits.kind == INPATIENT, _DEDUCTIBLE_FEN[visits.level], 0)
    return np.asarray(np.floor(np.maximum(total * 0.92 - deductible, 0) * rate).astype(np.int64))
