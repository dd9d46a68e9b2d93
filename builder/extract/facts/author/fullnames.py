"""What the full name of a person looks like: in letters with capitals, in those without, in those without spaces."""

from __future__ import annotations

import re

_SMALL = r"v[ao]n|zu[mr]?|de[rnls]?|della|d[aiou]s?|la|le|los|al|bin|ibn|ben|t[eo]n?|ter|af|av|y|’t|'t"
PARTICLE = re.compile(rf"(?:(?:{_SMALL}) )+[^\W\d_a-z]|(?:[dlo]['’]|(?:al|el|ul)-)[^\W\d_a-z]")
"""Small letters that a name of a person begins with."""
_WITHIN = re.compile(rf"(?:{_SMALL}|e|بن|بنت)")
"""A word that counts for nothing between others of a name."""
UNSPACED = re.compile(r"(?:[\u3005\u3041-\u30ff\u3400-\u9fff]{2,5}|[\uac00-\ud7a3]{2,4})")
"""A family and a person in Chinese, Japanese or Korean."""
_MOST = 5
_WORD = re.compile(r"[^\W\d_a-z](?:[^\W\d_]|[^\s\w:,;?!/|=]){0,30}")
"""Vowel signs of Indic scripts are no word characters."""


def full_words(name: str) -> list[str]:
    """The words of a name that are names themselves, without the particles between them.

    >>> full_words("Marieke van den Berg"), full_words("van Berg")
    (['Marieke', 'Berg'], ['van', 'Berg'])
    """
    words = name.split()
    inner = [word for word in words[1:-1] if not _WITHIN.fullmatch(word)]
    return words if len(words) < 3 or _WITHIN.fullmatch(words[0]) else [words[0], *inner, words[-1]]


def is_full(name: str) -> bool:
    """Whether a text is written like the name of a person and that of a family.

    >>> [is_full(text) for text in ("Marieke van den Berg", "मीरा जोशी", "王小明", "Ann", "Ann lee", "Ann Lee: ferry")]
    [True, True, True, False, False, False]
    """
    words = full_words(name)
    if 1 < len(words) <= _MOST:
        return all(_WORD.fullmatch(word) and not word[0].islower() for word in words)
    return UNSPACED.fullmatch(name) is not None
