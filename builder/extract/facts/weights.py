"""How much each sign speaks for a candidate: logistic weights, fitted on pages whose title, authors and date are known.

A candidate's score is the sum over its signs; the highest wins. `none...` are the signs of a page that has no value:
their sum is what a candidate must pass. Signs that are not listed weigh nothing. `python -m builder.extract.train`
writes the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from importlib import resources
from math import fsum

_WEIGHTS: Mapping[str, Mapping[str, float]] = json.loads(
    (resources.files("builder.extract") / "models" / "weights.json").read_text(encoding="utf-8")
)
TITLE_WEIGHTS = _WEIGHTS["title"]
"""See `titles`."""
AUTHOR_WEIGHTS = _WEIGHTS["author"]
"""See `authors`."""
DATE_WEIGHTS = _WEIGHTS["date"]
"""See `published`."""


def ranked(
    candidates: Sequence[Set[str]], none: Set[str], weights: Mapping[str, float], trusted: Callable[[Set[str]], bool]
) -> list[int]:
    """The candidates that weigh more than having no value, or are trusted all the same, the heaviest first.

    Args:
        candidates: the signs of each.
        none: the signs of a page without a value.
        weights: sign to weight; others weigh nothing.
        trusted: whether a candidate of these signs is worth offering however little it weighs.

    >>> ranked([{"h1"}, {"title"}, {"og"}], {"none"}, {"h1": 2, "title": 1, "none": 1.5}, lambda signs: "og" in signs)
    [0, 2]
    """
    least, *sums = (fsum(weights.get(sign, 0.0) for sign in signs) for signs in (none, *candidates))
    order = sorted(range(len(sums)), key=lambda number: -sums[number])
    return [number for number in order if sums[number] > least or trusted(candidates[number])]
