"""What the type of a page says of its candidates and of there being none: a product's page seldom has a date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from builder.extract.facts.weights import Choice

_OF_STORIES: Final = ("article", "forum")
"""Types of pages that have an author and a date."""
_BORDERS: Final = (0.1, 0.3, 0.6, 0.85, 0.95)


def typed(choice: Choice, types: Mapping[str, float]) -> Choice:
    """A choice with the features that the type of its page adds to its candidates and to that of no value.

    Args:
        choice: with the `sources` of its candidates.
        types: the probability of each type; empty where a page has no text, and then nothing is added.

    >>> said = typed(Choice([{"class"}], ["2022-02-24"], {"none"}, sources=["time"]), {"article": 0.7, "forum": 0.2})
    >>> [sorted(features) for features in (*said.candidates, said.none)]
    [['article&time', 'class'], ['none', 'none:article:3', 'none:story:4', 'none:type:article']]
    """
    if not types:
        return choice
    likeliest = max(types, key=lambda name: types[name])
    story = sum(types[name] for name in _OF_STORIES)
    added = {
        f"none:type:{likeliest}",
        f"none:article:{_step(types['article'])}",
        f"none:story:{_step(story)}",
    }
    candidates = [
        {*features, f"{likeliest}&{source}"} for features, source in zip(choice.candidates, choice.sources, strict=True)
    ]
    return choice._replace(candidates=candidates, none={*choice.none, *added})


def _step(probability: float) -> int:
    return sum(probability > border for border in _BORDERS)
