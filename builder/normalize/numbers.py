"""Numbers and truth values as pages write them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+\-\u2212]?\d[\d.,'’\u00a0\u202f ]*")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*")
_TRUE = frozenset({"true", "yes", "1", "on", "y"})
_FALSE = frozenset({"false", "no", "0", "off", "n"})


def parse_number(raw: str) -> float:
    """The one number in a text, with either decimal mark and any thousands separator.

    A lone separator before exactly three digits groups thousands unless it follows a zero.

    >>> parse_number("1.234,56 EUR"), parse_number("1,234"), parse_number("0.125"), parse_number("−3 °C")
    (1234.56, 1234.0, 0.125, -3.0)

    Raises:
        ValueError: no number, or more than one.

    """
    return float(_one_number(raw))


def _one_number(raw: str) -> str:
    """The one number in a text as Python writes it."""
    found = [match.group().rstrip(" .,'’\u00a0\u202f") for match in _NUMBER.finditer(raw[:1000])]
    if len(found) != 1:
        raise ValueError(f"{'no' if not found else 'more than one'} number in {raw[:80]!r}")
    text = re.sub("[ \u00a0\u202f]", "", found[0]).replace("\u2212", "-")
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    return sign + _plain_decimal(digits)


def _plain_decimal(digits: str) -> str:
    if _GROUPED.fullmatch(digits) and not digits.startswith("0"):
        return re.sub(r"\D", "", digits)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return re.sub(r"\D", "", digits)
    return re.sub(r"\D", "", digits[:last]) + "." + re.sub(r"\D", "", digits[last + 1 :])


def parse_integer(raw: str) -> int:
    """The one whole number in a text. Raises ValueError where there is none, or it has a fraction."""
    whole, _, fraction = _one_number(raw).partition(".")  # not through float, which has 53 bits
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
