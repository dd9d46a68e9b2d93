"""Fits the trees of titles: the candidate of a page is chosen by a softmax over their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from builder.extract.classifier.trees import Forest
from builder.extract.facts.title.titlemodel import TitleModel, title_columns
from builder.extract.facts.title.titlenumbers import NUMBERS
from builder.extract.training.examples import Example
from builder.extract.training.treefit import Settings, bin_edges, binned, fit_choices
from builder.extract.training.weightfit import fit_weights, with_features

TITLE_SETTINGS = Settings(trees=240, depth=4, rate=0.065, sample=1, share=5, smoothing=3)
_SMOOTHING = 3.0
_SEEN = 15
"""A feature must be seen so often to be asked for."""
_OF_CLASSES = (":word:", ":around:")
"""In features that are words of classes: of these are too many for trees."""
_SILENT = Forest(
    NUMBERS[:1],
    np.zeros((1, 1), np.int32),
    np.zeros((1, 1), np.float32),
    np.zeros((1, 1, 2), np.float32),
    np.zeros(1, np.float32),
)
"""Says nothing, where nothing is known."""


def fit_titles(examples: Sequence[Example]) -> TitleModel:
    """Weights and trees, each fitted by itself."""
    return TitleModel(fit_weights(examples, _SMOOTHING), _fit_trees(examples))


def _fit_trees(examples: Sequence[Example]) -> Forest:
    examples = [with_features(example) for example in examples if any(example.right)]
    if not examples:
        return _SILENT
    candidates = [features for example in examples for features in example.candidates]
    counts = Counter(feature for features in candidates for feature in features)
    often = sorted(name for name, count in counts.items() if count >= _SEEN)
    names = (*NUMBERS, *(name for name in often if not any(part in name for part in _OF_CLASSES)))
    numbers = [row for example in examples for row in example.numbers]
    columns = title_columns(names, list(map(frozenset, candidates)), numbers)
    edges = bin_edges(columns)
    right = np.concatenate([example.right for example in examples]).astype(np.float64)
    sizes = [len(example.right) for example in examples]
    return fit_choices(names, binned(columns, edges), edges, right, sizes, TITLE_SETTINGS)
