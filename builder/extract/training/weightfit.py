"""Fits the weights of features: the candidate of a page is chosen by a softmax over their sums (a conditional logit).

Minimised over all pages at once; weights are rounded at the end, so the last bits of a processor's arithmetic do not
show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from builder.extract.training.adam import Doubles, adam
from builder.extract.training.examples import Example

_SEEN, _LEAST = 15, 0.08
"""A feature must be seen so often to get a weight, and weigh so much to keep it."""
_SMOOTHING = 3.0
_RATES = (0.15,) * 249 + (0.05,) * 151


def fit_weights(examples: Sequence[Example]) -> dict[str, float]:
    """Feature -> weight, in alphabetical order; empty where no example has a right candidate."""
    examples = [_with_features(example) for example in examples if any(example.right)]
    if not examples:
        return {}
    counts = Counter(feature for example in examples for features in example.candidates for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= _SEEN)
    weights = _minimised(matrix(examples, names), examples)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True) if abs(weight) >= _LEAST}


def _with_features(example: Example) -> Example:
    """The candidates that a weight can speak for."""
    pairs = [(features, right) for features, right in zip(example.candidates, example.right, strict=True) if features]
    return example._replace(candidates=[features for features, _ in pairs], right=[right for _, right in pairs])


def matrix(examples: Sequence[Example], names: Sequence[str]) -> Doubles:
    """A row a candidate, a column a feature: 1 where it holds."""
    column = {name: number for number, name in enumerate(names)}
    rows = [features for example in examples for features in example.candidates]
    found = np.zeros((len(rows), len(names)))
    for row, features in enumerate(rows):
        for feature in features:
            if feature in column:
                found[row, column[feature]] = 1
    return found


def _minimised(rows: Doubles, examples: Sequence[Example]) -> Doubles:
    sizes = [len(example.right) for example in examples]
    starts, page = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    right = np.concatenate([example.right for example in examples]).astype(np.float64)

    def gradient(weights: Doubles) -> Doubles:
        sums = rows @ weights
        probability = np.exp(sums - np.maximum.reduceat(sums, starts)[page])
        hit = probability * right
        error = probability / np.add.reduceat(probability, starts)[page] - hit / np.add.reduceat(hit, starts)[page]
        return np.asarray(rows.T @ error + _SMOOTHING * weights)

    return adam(gradient, np.zeros(rows.shape[1]), _RATES)
