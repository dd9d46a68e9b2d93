"""Numbers and truth values as pages write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

# A hyphen after a letter is no minus; a blank groups only where three digits follow it.
_NUMBER = re.compile(r"(?:(?<!\w)[+\-\u2212])?(?:\d|[.,](?=\d))(?:[\d.,'’]|[\u00a0\u202f ](?=\d{3}(?!\d)))*")
_GROUPED = re.compile(r"([1-9]\d{0,2}(?:([.,'’ ])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")
_LAKHS = re.compile(r"([1-9]\d?(?:,\d{2})+,\d{3})(?:()\.(\d+))?")
_PLAIN = re.compile(r"(\d*)(?:()[.,](\d+))?")
_FORMS: Mapping[str | None, tuple[re.Pattern[str], ...]] = {
    None: (_GROUPED, _LAKHS, _PLAIN),
    ".": (
        re.compile(r"(\d{1,3}(?:([,'’ ])\d{3})(?:\2\d{3})*)(?:\.(\d+))?"),
        _LAKHS,
        re.compile(r"(\d*)(?:()\.(\d+))?"),
    ),
    ",": (re.compile(r"(\d{1,3}(?:([.'’ ])\d{3})(?:\2\d{3})*)(?:,(\d+))?"), re.compile(r"(\d*)(?:(),(\d+))?")),
}
"""Decimal mark, None where it is not known -> how a number may be written: whole part, separator, fraction."""
_TRUE = frozenset({"true", "yes", "1", "on", "y"})
_FALSE = frozenset({"false", "no", "0", "off", "n"})


def parse_number(raw: str, decimal: str | None = None) -> float:
    """The one number in a text, with either decimal mark and any thousands separator.

    Where `decimal` does not say which mark is meant, a lone separator before exactly three digits groups thousands
    unless it follows a zero.

    >>> parse_number("1.234,56 EUR"), parse_number("1,234"), parse_number("0.125"), parse_number("−3 °C")
    (1234.56, 1234.0, 0.125, -3.0)

    Raises:
        ValueError: no number, or more than one.

    """
    number = float(_one_number(raw, decimal))
    if math.isinf(number):
        raise ValueError(f"not a number of 64 bits: {raw[:80]!r}")
    return number


def _one_number(raw: str, decimal: str | None) -> str:
    """The one number in a text as Python writes it."""
    found = [match.group().rstrip(".,'’") for match in _NUMBER.finditer(raw[:1000])]
    if len(found) != 1:
        raise ValueError(f"{'no' if not found else 'more than one'} number in {raw[:80]!r}")
    text = re.sub("[\u00a0\u202f]", " ", found[0]).replace("\u2212", "-")
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    match = next(filter(None, (form.fullmatch(digits) for form in _FORMS[decimal])), None)
    if match is None:
        raise ValueError(f"not one number: {raw[:80]!r}")
    return sign + (re.sub(r"\D", "", match[1]) or "0") + (f".{match[3]}" if match[3] else "")


def parse_integer(raw: str, decimal: str | None = None) -> int:
    """The one whole number in a text. Raises ValueError where there is none, or it has a fraction."""
    whole, _, fraction = _one_number(raw, decimal).partition(".")  # not through float, which has 53 bits
    if fraction.strip("0") or not -(2**63) <= int(whole) < 2**63:
        raise ValueError(f"not a whole number of 64 bits: {raw[:80]!r}")
    return int(whole)


def parse_boolean(raw: str) -> bool:
    """True or false as data says it. Raises ValueError for anything else.

    >>> parse_boolean(" True "), parse_boolean("no")
    (True, False)
    """
    word = raw.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"neither true nor false: {raw[:80]!r}")
