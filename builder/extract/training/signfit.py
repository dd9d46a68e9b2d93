"""Fits the weights of signs: the candidate of a page is chosen by a softmax over their sums (a conditional logit).

Minimised over all pages at once; weights are rounded at the end, so the last bits of a processor's arithmetic do not
show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from builder.extract.training.adam import Doubles, adam
from builder.extract.training.lessons import Lesson

_SEEN, _LEAST = 15, 0.08
"""A sign must be seen so often to get a weight, and weigh so much to keep it."""
_SMOOTHING = 3.0
_RATES = (0.15,) * 249 + (0.05,) * 151


def fit_signs(lessons: Sequence[Lesson]) -> dict[str, float]:
    """Sign -> weight, in alphabetical order; empty where no lesson has a right candidate."""
    lessons = [_signed(lesson) for lesson in lessons if any(lesson.right)]
    if not lessons:
        return {}
    counts = Counter(sign for lesson in lessons for signs in lesson.candidates for sign in signs)
    names = sorted(sign for sign, count in counts.items() if count >= _SEEN)
    weights = _minimised(matrix(lessons, names), lessons)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True) if abs(weight) >= _LEAST}


def _signed(lesson: Lesson) -> Lesson:
    """The candidates that a weight can speak for."""
    pairs = [(signs, right) for signs, right in zip(lesson.candidates, lesson.right, strict=True) if signs]
    return lesson._replace(candidates=[signs for signs, _ in pairs], right=[right for _, right in pairs])


def matrix(lessons: Sequence[Lesson], names: Sequence[str]) -> Doubles:
    """A row a candidate, a column a sign: 1 where it holds."""
    column = {name: number for number, name in enumerate(names)}
    rows = [signs for lesson in lessons for signs in lesson.candidates]
    found = np.zeros((len(rows), len(names)))
    for row, signs in enumerate(rows):
        for sign in signs:
            if sign in column:
                found[row, column[sign]] = 1
    return found


def _minimised(rows: Doubles, lessons: Sequence[Lesson]) -> Doubles:
    sizes = [len(lesson.right) for lesson in lessons]
    starts, page = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    right = np.concatenate([lesson.right for lesson in lessons]).astype(np.float64)

    def gradient(weights: Doubles) -> Doubles:
        sums = rows @ weights
        chance = np.exp(sums - np.maximum.reduceat(sums, starts)[page])
        hit = chance * right
        error = chance / np.add.reduceat(chance, starts)[page] - hit / np.add.reduceat(hit, starts)[page]
        return np.asarray(rows.T @ error + _SMOOTHING * weights)

    return adam(gradient, np.zeros(rows.shape[1]), _RATES)
