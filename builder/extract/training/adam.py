"""Adam (Kingma and Ba, 2015): minimises a smooth loss by its gradient. What the trainers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def adam(gradient: Callable[[Doubles], Doubles], weights: Doubles, rates: Iterable[float]) -> Doubles:
    """The weights after a step for each rate, from `weights` on; `gradient` gives the loss's derivative at weights.

    >>> adam(lambda at: 2 * (at - 3), np.zeros(1), [0.3] * 200).round(2).tolist()
    [3.0]
    """
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step, rate in enumerate(rates, 1):
        now = gradient(weights)
        first, second = 0.9 * first + 0.1 * now, 0.99 * second + 0.01 * now**2
        weights = weights - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights
