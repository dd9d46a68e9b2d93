"""How much speaks for each string that may be the headline: weights of its features, and trees.

Weights add up what speaks for each; trees see what holds together, as that a long title is the better one where the h1
says little. The sum of both is right where either alone is not. `python -m builder.extract.train` writes both files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.trees import Forest, from_json, questions_of, score
from builder.extract.facts.title.titlenumbers import NUMBERS
from builder.extract.facts.weights import TITLE_WEIGHTS, weight_of

TREES_FILE = "titles.json"


class TitleModel(NamedTuple):
    """What was learnt of titles."""

    weights: Mapping[str, float]
    trees: Forest
    """They ask for features and for NUMBERS, by name."""


@lru_cache(maxsize=1)
def title_model() -> TitleModel:
    """The model that comes with the package."""
    file = resources.files("builder.extract") / "models" / TREES_FILE
    trees = from_json(file.read_text(encoding="utf-8"))
    return TitleModel(TITLE_WEIGHTS, trees._replace(questions=questions_of(trees)))


def title_sums(candidates: Sequence[Set[str]], numbers: Sequence[Sequence[float]], model: TitleModel) -> list[float]:
    """The sum of what speaks for each candidate, by its features and its row of NUMBERS."""
    if not candidates:
        return []
    by_trees = score(model.trees, title_columns(model.trees.names, candidates, numbers))[0].tolist()
    by_weights = (weight_of(features, model.weights) for features in candidates)
    return [one + other for one, other in zip(by_weights, by_trees, strict=True)]


def title_columns(names: Sequence[str], candidates: Sequence[Set[str]], numbers: Sequence[Sequence[float]]) -> Floats:
    """(names, candidates): the numbers and features of some names; a feature is 1 where it holds."""
    by_name = dict(zip(NUMBERS, zip(*numbers, strict=True), strict=True))
    rows = [by_name.get(name) or [1.0 if name in features else 0.0 for features in candidates] for name in names]
    return np.array(rows, np.float32)  # of truth values it would take twice as long
