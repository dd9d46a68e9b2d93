"""Which words may say something: those that stand in enough places not to be one site's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable


def vocabulary(found: Iterable[tuple[str, Collection[str]]], least: int) -> dict[str, int]:
    """The words that stand in so many places, with their columns in alphabetical order; `found`: (place, words)."""
    places: dict[str, set[str]] = defaultdict(set)
    for place, words in found:
        for word in words:
            places[word].add(place)
    return {word: number for number, word in enumerate(sorted(w for w, seen in places.items() if len(seen) >= least))}
