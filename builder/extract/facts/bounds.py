"""Features of numbers: by the range that a count or a distance lies in."""

from __future__ import annotations

from collections.abc import Sequence

Bounds = Sequence[tuple[float, str]]


def below(number: float, bounds: Bounds, beyond: str) -> str:
    """The feature of the first bound that a number is below; `beyond` where it is below none.

    >>> below(3, ((2, "1"), (4, "2-3")), "4+")
    '2-3'
    """
    return next((feature for bound, feature in bounds if number < bound), beyond)
