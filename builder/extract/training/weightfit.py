"""Fits the weights of features: the candidate of a page is chosen by a softmax over their sums (a conditional logit).

Minimised over all pages at once; weights are rounded at the end, so the last bits of a processor's arithmetic do not
show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from builder.extract.training.adam import Doubles, adam
from builder.extract.training.choices import Choices
from builder.extract.training.examples import Example

_SEEN, _LEAST = 15, 0.08
"""A feature must be seen so often to get a weight, and weigh so much to keep it."""
_SMOOTHING = 10.0
"""Authors and dates have few pages that tell of each feature: with less they learn the sites."""
_RATES = (0.15,) * 249 + (0.05,) * 151


def fit_weights(examples: Sequence[Example], smoothing: float = _SMOOTHING) -> dict[str, float]:
    """Feature -> weight, in alphabetical order; empty where no example has a right candidate.

    `smoothing` says how strongly weights are drawn to zero.
    """
    examples = [with_features(example) for example in examples if any(example.right)]
    if not examples:
        return {}
    counts = Counter(feature for example in examples for features in example.candidates for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= _SEEN)
    weights = _minimised(matrix(examples, names), examples, smoothing)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True) if abs(weight) >= _LEAST}


def with_features(example: Example) -> Example:
    """The candidates that a model can speak for."""
    kept = [number for number, features in enumerate(example.candidates) if features]
    return example._replace(
        candidates=[example.candidates[number] for number in kept],
        right=[example.right[number] for number in kept],
        numbers=[example.numbers[number] for number in kept],
    )


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


def _minimised(rows: Doubles, examples: Sequence[Example], smoothing: float) -> Doubles:
    choices = Choices(
        np.concatenate([example.right for example in examples]).astype(np.float64),
        [len(example.right) for example in examples],
    )

    def gradient(weights: Doubles) -> Doubles:
        probability, hit = choices.shares(rows @ weights)
        return np.asarray(rows.T @ (probability - hit) + smoothing * weights)

    return adam(gradient, np.zeros(rows.shape[1]), _RATES)
