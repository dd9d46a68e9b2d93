"""How a string that may be the headline stands to the page and to the others, in numbers: what trees ask about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.extract.facts.title.titlefeatures import separators, slug_words, words_in_title
from builder.extract.page import ParsedPage

NUMBERS = (
    "chars", "words", "separators", "capitals", "candidates", "blocks", "headings",
    "like:h1", "like:title", "like:og", "beyond:h1", "short:h1", "of:slug", "short:slug", "share:slug",
    "share:site", "share:host", "said", "place", "within", "holds",
)  # fmt: skip
"""The order of a row of numbers: sizes; capitals, a share of the letters; what the page has (candidates, blocks, h1s).

`like`: the share of words that it has in common with another string; `beyond` and `short`: words that only it has, or
only the other; `share`: of its own words those that the other has, `of:slug` the reverse. `said`: how often the text of
the page says it, `place`: which block says just that, as a share of all blocks, -1 where none does. `within` and
`holds`: candidates that it is part of, and that are part of it; it is of both.
"""
_MOST = 200_000
"""Characters of a page's text in which a title is looked for."""


class Compared(NamedTuple):
    """What candidates are compared with, folded; empty where a page has none."""

    heading: str
    """The first h1."""
    headings: int
    title: str
    og: str
    names: frozenset[str]
    """The words of what the site calls itself."""
    host: str
    path: str


def numbers_of(candidates: Mapping[str, str], page: ParsedPage, compared: Compared) -> list[list[float]]:
    """A row for every candidate, in the order of NUMBERS; `candidates`: its folded text, and as it is written."""
    heading, title, og = (set(words_in_title(text)) for text in (compared.heading, compared.title, compared.og))
    slug = set(slug_words(compared.path))
    said = [block.text.casefold() for block in page.blocks]
    text = "\n".join(said)[:_MOST]
    blocks = len(said) or 1
    first = dict(zip(reversed(said), range(len(said) - 1, -1, -1), strict=True))
    found = []
    for key, written in candidates.items():
        words = words_in_title(key)
        own, count = set(words), len(words) or 1
        capitals, letters = sum(map(str.isupper, written)), sum(map(str.isalpha, written))
        found.append([
            len(key), len(words), len(separators(key)), capitals / (letters or 1),
            len(candidates), len(said), compared.headings,
            _alike(own, heading), _alike(own, title), _alike(own, og), len(own - heading), len(heading - own),
            len(own & slug) / (len(slug) or 1), len(slug - own), len(own & slug) / count,
            len(own & compared.names) / count,
            sum(len(word) > 2 and word in compared.host for word in words) / count,
            text.count(key), first.get(key, -blocks) / blocks,
            sum(key in other for other in candidates), sum(other in key for other in candidates),
        ])  # fmt: skip
    return found


def _alike(one: set[str], other: set[str]) -> float:
    """The share of words that two strings have in common (Jaccard)."""
    return len(one & other) / (len(one | other) or 1)
