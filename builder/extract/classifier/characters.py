"""Counts of characters by class for all texts of a page at once: one table look-up a character, one sum a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

_CHARS_PER_WIDE = 2.5
"""A character of a script without spaces stands for as much text as so many Latin ones."""


def _character_table() -> NDArray[np.int64]:
    """For every character of the first plane 12 bits each for: wide, end of sentence, comma, digit, capital."""
    table = np.zeros(0x10000, np.int64)
    for low, high in (
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0x3040, 0x30FF),
        (0x3400, 0x9FFF),
        (0xF900, 0xFAFF),
    ):
        table[low : high + 1] = 1
    for number, characters in enumerate((".!?…。！？।؟۔", ",;:、，；：،؛", "0123456789٠١٢٣٤٥٦٧٨٩", "")):
        for character in characters:
            table[ord(character)] += 1 << (12 * (number + 1))
    for code in range(0x250):
        if chr(code).isupper():
            table[code] += 1 << 48
    for code in (*range(0x391, 0x3AC), *range(0x400, 0x430)):
        table[code] += 1 << 48
    table[ord("|")] += 1 << 24
    return table


_TABLE = _character_table()
_MASK = (1 << 12) - 1

TEXT_NAMES = ("chars", "words", "wide", "ends", "commas", "digits", "capitals")


def text_counts(texts: Sequence[str]) -> Floats:
    """Counts of characters by class, a row for each of TEXT_NAMES, a column a text; of a long text the first 4,000."""
    cut = [text if len(text) <= 4000 else text[:4000] for text in texts]
    lengths = np.fromiter(map(len, cut), np.int64, len(cut))
    codes = np.frombuffer("".join(cut).encode("utf-16-le", "surrogatepass"), np.uint16)
    if len(codes) != lengths.sum():  # characters beyond the first plane take two units
        lengths = np.fromiter((len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in cut), np.int64, len(cut))
    starts = np.cumsum(lengths) - lengths
    sums = np.add.reduceat(_TABLE[codes], starts)
    wide, ends, commas, digits, capitals = ((sums >> (12 * number)) & _MASK for number in range(5))
    full = np.fromiter(map(len, texts), np.int64, len(texts))
    words = np.array([text.count(" ") for text in texts], np.int64) + 1
    wide = wide * full // lengths
    chars = full + (_CHARS_PER_WIDE - 1) * wide
    return np.array([chars, words + wide / 2, wide, ends, commas, digits, capitals], np.float32)
