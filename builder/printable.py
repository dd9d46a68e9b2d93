"""Text safe to print: what a terminal, XML or a viewer would obey, or could not encode, as escapes."""

from __future__ import annotations

import re

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str, keep: str = "") -> str:
    r"""The text with control characters, line separators, direction overrides and surrogates as escapes.

    `keep` are characters that stay: the line feeds of a text of several lines, say.

    >>> printable("a\x1b[31mb\n\ud83d"), printable("a\rb\nc", keep="\n")
    ('a\\x1b[31mb\\n\\ud83d', 'a\\rb\nc')
    """
    return _OBEYED.sub(lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def visible(text: str) -> str:
    r"""The same with everything as an escape that shows as nothing or as a blank and is none: of what people typed.

    >>> visible("a\xa0b\u200bc d")
    'a\\xa0b\\u200bc d'
    """
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
