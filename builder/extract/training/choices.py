"""The loss of a choice: one candidate of each page is taken, by a softmax over their sums (a conditional logit)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.extract.training.adam import Doubles


class Choices:
    """Candidates laid end to end, page after page. A class because both models that are fitted ask it again and again.

    Args:
        right: 1 for those that are right, one at least on a page.
        sizes: how many each page has.
    """

    def __init__(self, right: Doubles, sizes: Sequence[int]) -> None:
        self._right = right
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._page = np.repeat(np.arange(len(sizes)), sizes)

    def shares(self, sums: Doubles) -> tuple[Doubles, Doubles]:
        """The probability of each candidate by its sum, and its share of what the right ones of its page have.

        Their difference is the slope of the loss.
        """
        chance = np.exp(sums - np.maximum.reduceat(sums, self._starts)[self._page])
        return self._parts(chance), self._parts(chance * self._right)

    def _parts(self, chances: Doubles) -> Doubles:
        return np.asarray(chances / np.add.reduceat(chances, self._starts)[self._page])
