"""JSON as pages hold it: in comments, with remarks and trailing commas, several values in a row, and broken."""

from __future__ import annotations

import json
import re
from typing import Any

SCRIPT_LIMIT = 2 * 2**20
"""Characters of one JSON-LD script; a longer one is no description of a page."""
_MOST_VALUES = 2000
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)+|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", re.DOTALL
)
_STRING = r'"(?:[^"\\]|\\.?)*+(?:"|\Z)'
_REMARK = re.compile(rf"({_STRING})|//[^\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*+[}}\]])", re.DOTALL)
_BETWEEN = re.compile(r"[\s,;]*+")
_STATED = re.compile(
    r'"(@type|headline|alternativeHeadline|datePublished|dateModified|dateCreated|uploadDate|articleSection)"'
    r'\s*+:\s*+"([^"\\\n]{1,300})"'
)
_AUTHOR = re.compile(r'"author"\s*+:\s*+(?:\[\s*+)?+(?:\{[^{}]*?"name"\s*+:\s*+)?+"([^"\\\n]{1,200})"')
_STORY = re.compile("Article|BlogPosting|Report$")
_DECODER = json.JSONDecoder(strict=False)


def read_json(text: str) -> Any:
    """The value of a script, or a list of its values; None if unreadable.

    Of a script that is broken nevertheless, say by quotation marks in a text, what it says of title, dates and author.
    """
    if len(text) > SCRIPT_LIMIT:
        return None
    text = _WRAPPING.sub("", text.lstrip("\ufeff")).strip()
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    bare = _TRAILING_COMMA.sub(r"\1", _REMARK.sub(r"\1", text))
    values = _values(bare)
    if not values:
        return _stated(text)
    return values[0] if len(values) == 1 else values


def _values(text: str) -> list[Any]:
    """The values that stand one after the other, as far as they can be read."""
    found: list[Any] = []
    at = 0
    while len(found) < _MOST_VALUES:
        between = _BETWEEN.match(text, at)
        try:
            value, at = _DECODER.raw_decode(text, between.end() if between else at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _stated(text: str) -> dict[str, str] | None:
    """The first value of each key that matters, of a story: a shop's dates may be those of a review in it."""
    found: dict[str, str] = {}
    for key, value in _STATED.findall(text):
        found.setdefault(key, value)
    if not _STORY.search(found.get("@type", "")):
        return None
    if author := _AUTHOR.search(text):
        found["author"] = author[1]
    return found
