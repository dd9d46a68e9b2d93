"""Text as people write it: NFC, one kind of white space, no control characters, no soft hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from builder.records import Preformatted

# Soft hyphen, zero-width space, word joiner and BOM carry no meaning in extracted text; C0 and C1 controls never do.
# Zero-width joiners, variation selectors and bidi marks stay: scripts and emoji need them.
_DROPPED = dict.fromkeys([0xAD, 0x200B, 0x2060, 0xFEFF, *range(0x09), 0x0E, 0x0F, *range(0x10, 0x1C), 0x7F])
_DROPPED |= dict.fromkeys([*range(0x80, 0x85), *range(0x86, 0xA0)])
_TRANSLATED = {**_DROPPED, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}  # a lone surrogate is no character
_NEEDS_CLEANING = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff]")
_EMPTY_LINES = re.compile("\n{3,}")
_SPACED = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
# Marks are part of the word that they stand in, as are joiners; to `re` they are none of \\w.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963"
    "\u0966-\u0dff\u200c\u200d"
)
_LETTER = rf"[^\W{_SPACED}]"
_PART = rf"(?:{_LETTER}++|[{_MARKS}])"  # possessive: nothing is kept to go back to, of a text that is one word
_WORD = re.compile(rf"[{_SPACED}]|{_LETTER}{_PART}*+(?:['’\-]{_PART}++)*+")


def clean_line(raw: str) -> str:
    r"""One line of text: NFC, every run of white space one space, invisible characters gone.

    >>> clean_line("  Caf\u0065\u0301\u00a0no\u00adir \n noir ")
    'Café noir noir'
    """
    if _NEEDS_CLEANING.search(raw):
        raw = raw.translate(_TRANSLATED)
    line = " ".join(raw.split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def clean_text(blocks: Iterable[str]) -> str:
    r"""Paragraphs joined by an empty line; line breaks inside a block are kept, of code all blanks as well.

    >>> clean_text(["One  line.", "", "Two\n lines "])
    'One line.\n\nTwo\nlines'
    >>> clean_text([Preformatted("if a:\n\tb  # c\n\n\nd ")])
    'if a:\n\tb  # c\n\nd'
    """
    cleaned = (
        _clean_code(block)
        if isinstance(block, Preformatted)
        else "\n".join(filter(None, map(clean_line, block.split("\n"))))
        for block in blocks
    )
    return "\n\n".join(filter(None, cleaned))


def _clean_code(raw: str) -> str:
    """Lines without what is invisible at their ends, and one empty line where there are several."""
    if _NEEDS_CLEANING.search(raw):
        raw = raw.translate(_TRANSLATED)
    text = _EMPTY_LINES.sub("\n\n", "\n".join(map(str.rstrip, raw.replace("\xa0", " ").split("\n")))).strip("\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def word_count(text: str) -> int:
    """Words; in scripts that write without spaces (Chinese, Japanese, Thai ...) every character counts as one.

    >>> word_count("It's a well-known fact: 3 words"), word_count("東京で会談")
    (6, 5)
    """
    return sum(len(_WORD.findall(line)) for line in text.split("\n"))
