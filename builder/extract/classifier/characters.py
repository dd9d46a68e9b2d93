"""Counts of characters by class for all texts of a page at once: one table look-up a character, one sum a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

_CHARS_PER_WIDE = 2.5
"""A character of a script without spaces, or a syllable of Korean, stands for as much text as so many Latin ones."""
_MASK = (1 << 12) - 1
_SHIFTS = np.array([[12 * number] for number in range(5)])
_MOST = 4000
SENTENCE_ENDS = ".!?…。！？।؟۔:\"”'"
_LAST = np.isin(np.arange(0x10000), list(map(ord, SENTENCE_ENDS)))
_LOWER = np.fromiter((chr(code).islower() for code in range(0x10000)), np.bool_, 0x10000)
TEXT_NAMES = ("chars", "words", "wide", "ends", "commas", "digits", "capitals")


def _character_table() -> NDArray[np.int64]:
    """For every character of the first plane 12 bits each for: wide, end of sentence, comma, digit, capital."""
    table = np.zeros(0x10000, np.int64)
    for low, high in (
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0x3040, 0x30FF),
        (0x3400, 0x9FFF),
        (0xAC00, 0xD7A3),
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


class Characters(NamedTuple):
    """The texts of a page, laid end to end: of each the first 4,000 characters."""

    codes: NDArray[np.uint16] | NDArray[np.uint8]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    """In units of UTF-16, of which a character beyond the first plane takes two."""
    full: NDArray[np.int64]
    """Characters of the whole text."""


def characters_of(texts: Sequence[str]) -> Characters:
    """The characters of texts that are not empty."""
    full = np.fromiter(map(len, texts), np.int64, len(texts))
    cut = texts if full.max() <= _MOST else [text[:_MOST] for text in texts]
    lengths = np.minimum(full, _MOST)
    joined = "".join(cut)
    codes: NDArray[np.uint16] | NDArray[np.uint8]
    if joined.isascii():
        codes = np.frombuffer(joined.encode(), np.uint8)
    else:
        codes = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
        if len(codes) != len(joined):
            lengths = np.fromiter(
                (len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in cut), np.int64, len(cut)
            )
    return Characters(codes, lengths.cumsum() - lengths, lengths, full)


def text_counts(texts: Sequence[str], characters: Characters) -> Floats:
    """Counts of characters by class, a row for each of TEXT_NAMES, a column a text; of a long text its beginning."""
    codes, starts, lengths, full = characters
    sums = np.add.reduceat(_TABLE.take(codes), starts)
    wide, ends, commas, digits, capitals = (sums >> _SHIFTS) & _MASK
    words = np.array([text.count(" ") for text in texts], np.int64) + 1
    wide = wide * full // lengths
    chars = full + (_CHARS_PER_WIDE - 1) * wide
    return np.array([chars, words + wide / 2, wide, ends, commas, digits, capitals], np.float32)


def ends_sentence(characters: Characters) -> NDArray[np.bool_]:
    """Whether each text ends as sentences do; of a long text, whether its beginning does."""
    codes, starts, lengths, _ = characters
    return _LAST.take(codes.take(starts + lengths - 1))


def starts_lower(characters: Characters) -> NDArray[np.bool_]:
    """Whether each text starts with a small letter of the first plane."""
    return _LOWER.take(characters.codes.take(characters.starts))
