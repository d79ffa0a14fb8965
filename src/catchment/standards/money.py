"""Money in whole fen (1/100 yuan): reading, writing, splitting without losing one."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

FEN = 100
MOST = 10**15


def fen(text: str | int | Decimal) -> int:
    """An amount in yuan as fen. `ValueError` for what is no number, has parts of a fen, or is beyond ten trillion."""
    try:
        exact = Decimal(str(text)) * FEN
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount in yuan; write it as 1234.56") from None
    if not exact.is_finite() or abs(exact) > MOST or exact != exact.to_integral_value():
        raise ValueError(f"{text!r} is not an amount in yuan and whole fen; write it as 1234.56")
    return int(exact)


def yuan(amount: int) -> str:
    """Fen as yuan with two decimals and commas, as on a statement: -123456 is -1,234.56."""
    whole, rest = divmod(abs(amount), FEN)
    return f"{'-' if amount < 0 else ''}{whole:,}.{rest:02d}"


def share(amount: int, ratio: Fraction) -> int:
    """A part of an amount to the nearest fen, halves away from zero."""
    exact = abs(amount) * ratio
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return rounded if amount >= 0 else -rounded


def split(amount: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split fen by weights so that the parts sum to the amount exactly (largest remainder; ties to the earlier part).

    `ValueError` when a weight is negative or none is above zero.
    """
    total = sum(map(Fraction, weights), Fraction(0))
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative, and one must be above zero")
    exact = [abs(amount) * Fraction(weight) / total for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    first = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in first[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]
