"""How much each feature speaks for a candidate: logistic weights, fitted on pages with known title, authors and date.

A candidate's score is the sum over its features; the highest wins. `none...` are those of a page without a value:
their sum is what a candidate must pass. Features that are not listed weigh nothing. `python -m builder.extract.train`
writes the file. Titles have trees as well: see `titlemodel`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from importlib import resources
from math import exp, fsum
from typing import NamedTuple

_WEIGHTS: Mapping[str, Mapping[str, float]] = json.loads(
    (resources.files("builder.extract") / "models" / "weights.json").read_text(encoding="utf-8")
)
TITLE_WEIGHTS = _WEIGHTS["title"]
"""See `titles`."""
AUTHOR_WEIGHTS = _WEIGHTS["author"]
"""See `authors`."""
DATE_WEIGHTS = _WEIGHTS["date"]
"""See `published`."""
_MOST = 300.0


class Choice(NamedTuple):
    """What a page offers for a field."""

    candidates: Sequence[Set[str]]
    """The features of each."""
    values: Sequence[Hashable]
    """What each says."""
    none: Set[str]
    """The features of a page without a value."""
    numbers: Sequence[Sequence[float]] = ()
    """What trees ask of each (`titlenumbers`); of fields without trees nothing."""
    sources: Sequence[str] = ()
    """Where each stands (jsonld, time ...), for a field that `typed` knows of."""


def weight_of(features: Set[str], weights: Mapping[str, float]) -> float:
    """The sum of the weights of features; of those without one it is nothing."""
    return fsum(weights.get(feature, 0.0) for feature in features)


def ranked(choice: Choice, weights: Mapping[str, float], trusted: Callable[[Set[str]], bool]) -> list[int]:
    """The candidates that weigh more than having no value, or are trusted all the same, the heaviest first.

    The chances of those that say the same add up, as they did when the weights were fitted.

    Args:
        choice: the candidates.
        weights: feature to weight; others weigh nothing.
        trusted: whether a candidate of these features is worth offering however little it weighs.

    >>> features = [{"h1"}, {"title"}, {"og"}, {"title", "more"}]
    >>> weights = {"h1": 2, "title": 1.5, "more": 0.1, "none": 1.9}
    >>> ranked(Choice(features, "abcb", {"none"}), weights, lambda features: "og" in features)
    [3, 1, 0, 2]
    """
    least, *sums = (weight_of(features, weights) for features in (choice.none, *choice.candidates))
    chances: dict[Hashable, float] = {}
    for value, weight in zip(choice.values, sums, strict=True):
        chances[value] = chances.get(value, 0.0) + exp(min(weight, _MOST))
    chance = [chances[value] for value in choice.values]
    order = sorted(range(len(sums)), key=lambda number: (-chance[number], -sums[number]))
    return [number for number in order if chance[number] > exp(least) or trusted(choice.candidates[number])]
