"""Words of a pattern that are tried together: of hundreds each by itself would be tried at every letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def by_first_letter(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The first letter of some words, which are patterns, and of those that have it the rest, as one pattern.

    >>> list(by_first_letter(["by", "von", "vom"]))
    [('b', 'y'), ('v', 'on|om')]
    """
    rest: dict[str, list[str]] = {}
    for word in words:
        rest.setdefault(word[0], []).append(word[1:])
    for first, ends in rest.items():
        yield first, "|".join(ends)
