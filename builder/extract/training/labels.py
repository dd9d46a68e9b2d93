"""Which blocks of a page belong to its reference text: what the trainer learns from."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_GRAM = 3
_LONG = 6
_LINE = 15
"""Words of the longest heading."""
_HALF = 0.5
_FAR = 10
"""Beyond the first and the last match a block counts as so much farther away."""


def words_of(text: str) -> list[str]:
    """Words as the text metric of WCXB has them.

    >>> words_of("It's Ann's.")
    ['it', 's', 'ann', 's']
    """
    return _WORD.findall(text.lower())


def labels(texts: Sequence[Sequence[str]], reference: Sequence[str]) -> list[float]:
    """For every block the share of it that the reference holds, where what the reference says once counts once.

    Paragraphs, and lines that the page says once, are matched first, by their 3-grams; the others take what is left,
    those closely between matches first: an entry of a menu or a table of contents that says what a heading says is thus
    not taken for the heading.

    >>> story = "the bridge was closed on monday".split()
    >>> labels([["home"], ["menu"], story, ["home"]], [*story, "home"])
    [0.0, 0.0, 1.0, 1.0]
    """
    grams_left, words_left = Counter(_grams(reference, _GRAM)), Counter(reference)
    known = {gram for size in range(1, _GRAM + 1) for gram in _grams(reference, size)}
    found = [0.0] * len(texts)
    said = Counter(map(tuple, texts))
    long = [number for number, words in enumerate(texts) if len(words) >= _LONG]
    once = [number for number in long if said[tuple(texts[number])] == 1 or len(texts[number]) > _LINE]

    def match(number: int) -> None:
        grams = Counter(_grams(texts[number], _GRAM))
        hit = grams & grams_left
        found[number] = hit.total() / grams.total()
        if found[number] >= _HALF:
            grams_left.subtract(hit)
            words_left.subtract(Counter(texts[number]) & words_left)

    for number in sorted(once, key=lambda number: (-len(texts[number]), number)):
        match(number)
    repeated = set(long).difference(once)
    for number in _closest_first(sorted(repeated), found):
        match(number)
    for number in _closest_first([n for n, words in enumerate(texts) if 0 < len(words) < _LONG], found):
        words = texts[number]
        if any(gram in known for gram in _grams(words, min(_GRAM, len(words)))):
            bag = Counter(words)
            found[number] = (bag & words_left).total() / len(words)
            if found[number] >= _HALF:
                words_left -= bag
    return found


def chunk_labels(
    texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> tuple[list[float], list[bool]]:
    """What pieces of text that an extraction must hold, and must not, say of blocks: label of each, and whether known.

    A wanted piece that several blocks hold says nothing of them; an unwanted one is wanted in none.

    >>> chunk_labels(["Ann ran.", "Share", "Menu"], ["Ann ran"], ["Share"])
    ([1.0, 0.0, 0.0], [True, True, False])
    """
    flat = [" ".join(text.split()) for text in texts]
    places = [[at for at, text in enumerate(flat) if " ".join(piece.split()) in text] for piece in wanted]
    right = {found[0] for found in places if len(found) == 1}
    wrong = {at for piece in unwanted for at, text in enumerate(flat) if " ".join(piece.split()) in text}
    known = right ^ wrong
    return [float(at in known and at in right) for at in range(len(flat))], [at in known for at in range(len(flat))]


def _closest_first(numbers: Sequence[int], found: Sequence[float]) -> list[int]:
    """Blocks in the order of the room between the matches before and behind them, then of their distance to one."""
    anchors = [number for number, share in enumerate(found) if share >= _HALF] or [0]

    def room(number: int) -> tuple[int, int, int]:
        place = bisect(anchors, number)
        around = [abs(number - anchor) for anchor in anchors[max(0, place - 1) : place + 1]]
        return sum(around) if len(around) == 2 else _FAR + around[0], min(around), number

    return sorted(numbers, key=room)


def _grams(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]
