"""Numbers and truth values as pages write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal

_SIGNS = "+\\-\u2212\u2013"
# A hyphen after a letter is no minus, a point after one no decimal mark; a blank groups only where three digits follow.
_NUMBER = re.compile(
    rf"(?:(?<!\w)[{_SIGNS}])?(?:\d|(?<![\w/.,])[.,](?=\d))(?:[\d.,'’]|[\u00a0\u202f ](?=\d{{3}}(?!\d)))*"
)
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
_DIGIT = re.compile(r"\d")
_WORDS: Mapping[int, str] = {
    2: "hundred",
    3: "thousand tausend tsd тыс тысяч тысячи тысяча ribu",
    4: "万 萬 만",
    5: "lakh lakhs लाख",
    6: """million millions millionen millón millones milhão milhões milione milioni miljoen miljoner millioner millió
        milion miliony milionów milionů milyon juta mio mln млн миллион миллиона миллионов""",
    7: "crore crores करोड़",
    8: "億 亿 억",
    9: """milliard milliards milliarde milliarden milliarder milliárd miljard miljarder miliardo miliardi
        miliard miliardy miliardów milyar miliar mrd mld млрд миллиард миллиарда миллиардов""",
}
"""Power of ten -> the words behind a number that multiply it so, of those that mean it in every language."""
_POWERS: Mapping[str, int] = {word: power for power, words in _WORDS.items() for word in words.split()}
_LONG, _SHORT = (sorted(word for word in _POWERS if (len(word) > 1) is is_long) for is_long in (True, False))
_MAGNITUDE = re.compile(rf" ?({'|'.join(_LONG)})(?!\w)| ?([{''.join(_SHORT)}])", re.IGNORECASE)
_DOUBTFUL = re.compile(
    r" ?(?:[kKMB]|[mbtMBT]n|lacs?|mill?|mille|mila|[Bb]il(?:lón|lones|hão|hões)|(?:[Bb]|[Tt]r)illion(?:s|en|er)?)(?!\w)"
    r"| ?[¼-¾⅐-⅟]|[²³¹⁰-⁹百千兆백천조]"
)
"""What may multiply a number and may be a unit (thousands or Kelvin), or is more of it: fractions and powers."""
_OF_MONEY = re.compile(r" ?[mb](?!\w)")
_THREE = re.compile(r"\d{1,3}[.,]\d{3}")
_TRUE = frozenset({"true", "yes", "1", "on", "y"})
_FALSE = frozenset({"false", "no", "0", "off", "n"})


def parse_number(raw: str, decimal: str | None = None) -> float:
    """The one number in a text, with either decimal mark and any thousands separator.

    Where `decimal` does not say which mark is meant, a lone separator before exactly three digits groups thousands
    unless it follows a zero. A word behind it that means one power of ten multiplies it.

    >>> parse_number("1.234,56 EUR"), parse_number("1,234"), parse_number("0.125"), parse_number("−3 °C")
    (1234.56, 1234.0, 0.125, -3.0)
    >>> parse_number("1.2 million"), parse_number("3 min read")
    (1200000.0, 3.0)

    Raises:
        ValueError: no number, more than one, or one that what stands behind it makes another: `12K`, `1½`, `10²`.

    """
    number = float(_one_number(raw, decimal))
    if math.isinf(number):
        raise ValueError(f"not a number of 64 bits: {raw[:80]!r}")
    return number + 0.0  # -0.0 is stored as 0.0: readers do not agree on whether they are one value


def _one_number(raw: str, decimal: str | None) -> str:
    """The one number in a text as Python writes it."""
    text = raw[:1000] if raw.isascii() else _DIGIT.sub(lambda digit: str(int(digit[0])), raw[:1000])
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        raise ValueError(f"{'no' if not found else 'more than one'} number in {raw[:80]!r}")
    written = re.sub("[\u00a0\u202f]", " ", found[0][0].rstrip(".,'’"))
    digits = written.lstrip(_SIGNS)
    match = next(filter(None, (form.fullmatch(digits) for form in _FORMS[decimal])), None)
    if match is None:
        raise ValueError(f"not one number: {raw[:80]!r}")
    sign = "-" if digits != written and written[0] != "+" else ""
    number = sign + (re.sub(r"\D", "", match[1]) or "0") + (f".{match[3]}" if match[3] else "")
    power = _power(text, *found[0].span())
    if power is None or (power and decimal is None and _THREE.fullmatch(digits)):  # 1.234 million is either
        raise ValueError(f"not a number of one meaning: {raw[:80]!r}")
    return format(Decimal(f"{number}e{power}"), "f") if power else number


def _power(text: str, start: int, end: int) -> int | None:
    """The power of ten that a word behind a number multiplies it by; None where nobody can tell."""
    word = _MAGNITUDE.match(text, end)
    if word is not None:
        return _POWERS[(word[1] or word[2]).lower()]
    is_money = text[:start].rstrip()[-1:] in tuple("$€£¥₹₽")
    return None if _DOUBTFUL.match(text, end) or (is_money and _OF_MONEY.match(text, end)) else 0


def parse_integer(raw: str, decimal: str | None = None) -> int:
    """The one whole number in a text.

    Raises:
        ValueError: there is none, or it has a fraction.

    """
    whole, _, fraction = _one_number(raw, decimal).partition(".")  # not through float, which has 53 bits
    if fraction.strip("0") or not -(2**63) <= int(whole) < 2**63:
        raise ValueError(f"not a whole number of 64 bits: {raw[:80]!r}")
    return int(whole)


def parse_boolean(raw: str) -> bool:
    """True or false as data says it.

    >>> parse_boolean(" True "), parse_boolean("no")
    (True, False)

    Raises:
        ValueError: it is anything else.

    """
    word = raw.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"neither true nor false: {raw[:80]!r}")
