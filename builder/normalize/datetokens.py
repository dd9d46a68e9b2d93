"""The text of a date as tokens, and its *shape*: one letter a token, so that a date is a short pattern of letters.

    Thu, Feb. 24th, 2022 at 3:37 PM EST
    W  , M .  n o , Y    c i:n   A  Z       shape "W, M. no, Y c i:n A Z"

Patterns over shapes know nothing of languages; the tables of `datewords` know nothing of order. Letters:

    i n Y N   one digit, two, four, any other number      M W A X   month, weekday, AM or PM, weekday or PM (SA)
    p         half of the day behind "of the" alone
    c d o g   at, of, -th, behind a year (года)            u h       Uhr, h
    y m D     年 月 日     H I J  时 分 秒     t  tháng       T Z G R   T, abbreviation, UTC, IANA zone
    z  an abbreviation that may be a word: wib, est
    w !       other word, other sign; space , . : / - ( ) [ ' + | @ ; stand for themselves
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from builder.normalize import datewords
from builder.normalize.zones import ABBREVIATIONS, SYNONYMS, zone_names

_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
_TOKEN: Final = re.compile(
    r"\d+|\s+"
    r"|(?<![^\W\d_])(?:[ap]\. ?m|[mp]\.d)\b\.?|[πμ]\. ?μ\b\.?|[قب]\.ظ\b|(?:сл|пр)\.об\b\.?|l'apr[eè]s-midi"
    rf"|(?:{_AREAS})/[a-z_/-]{{2,30}}"
    r"|(?<![^\W\d_])(?:มี|เม|มิ|[คมกพสตธ])\.[คพยศ]\b\.?"  # months and the era in Thai
    r"|(?<=\d)[年月日号號時时点點分秒년월일시분초]"
    r"|上午|中午|下午|午前|午後|午后|凌晨|清晨|早上|晚上|傍晚|未明|오전|오후"
    r"|星期[一二三四五六日天]|[周週][一二三四五六日天]|[月火水木金土日]曜日?"
    # a word is what holds no digit, space or punctuation; combining marks of Indic scripts belong to it
    r"|[^\d\s\x00-@\[-`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u2000-\u206f\u20a0-\u20cf\u3000-\u303f\u0964\u0965]+"
    r"|.",
    re.IGNORECASE | re.DOTALL,
)
_COMPOUND: Final = re.compile(
    "|".join(name.replace(" ", r"\s{1,3}") for name in datewords.COMPOUNDS),
    re.IGNORECASE,
)
_INVISIBLE = (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
_SIGNS: Final[Mapping[int, str | None]] = {
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(map(ord, "ºª°"), None),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-"),
    **dict.fromkeys(map(ord, "‘’ʼ′`"), "'"),
    **dict.fromkeys(map(ord, "·•∙⋅‧・│¦"), "|"),
    **dict.fromkeys(map(ord, "،、，"), ","),
    **dict.fromkeys(map(ord, "。॰"), "."),
    **dict.fromkeys(map(ord, "«»"), " "),  # «24» февраля
}
_YEAR_BEFORE: Final[Mapping[str, int]] = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""Era of Japan -> the year before its first."""
_ERA: Final = re.compile(
    rf"(?P<west>\d{{4}}\s?年?\s?\(\s?)?(?P<era>{'|'.join(_YEAR_BEFORE)})\s?(?P<number>元|\d{{1,2}})"
    r"(?(west)\s?年?\s?\)\s?年?|(?:(?=[./])|\s?年(?:\s?\(\s?(?P<same>\d{4})\s?年?\s?\)\s?年?)?))"
)
"""A year of an era, alone or beside that of the calendar: 令和4年, 令和4.2.24, 2022年(令和4年), 令和4年(2022年)."""
_HALVES: Final = " ".join(
    (datewords.BEFORE_NOON, datewords.MORNING, datewords.NOON, datewords.AFTER_NOON, datewords.NIGHT)
)
_OF_HALVES: Final = f"{datewords.MORNING_OF} {datewords.AFTERNOON_OF} {datewords.NIGHT_OF}"
_AFTER_NOON: Final[Mapping[str, frozenset[int]]] = {
    name: frozenset(hours)
    for names, hours in (
        (datewords.BEFORE_NOON, ()),
        (f"{datewords.MORNING} {datewords.MORNING_OF}", range(13, 24)),
        (f"{datewords.AFTER_NOON} {datewords.AFTERNOON_OF}", range(24)),
        (datewords.NOON, (*range(10), *range(12, 24))),
        (f"{datewords.NIGHT} {datewords.NIGHT_OF}", (*range(5, 12), *range(13, 24))),
    )
    for name in datewords.folded(names)
}
"""Word for a half of the day -> the hours that lie after noon where it stands beside them."""
_DIGITS: Final[Mapping[int, str]] = {1: "i", 2: "n", 4: "Y"}


class Tokens(NamedTuple):
    """A text cut into tokens, with a letter for each in `shape`."""

    words: list[str]
    shape: str


def clean(text: str) -> str:
    """Return the text in NFKC, with plain dashes, apostrophes, bullets and commas, and without invisible characters."""
    if text.isascii():
        return text.replace("`", "'")
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    if "和" in text or "平成" in text:
        text = _ERA.sub(_western, text)
    return _COMPOUND.sub(lambda match: "".join(match[0].split()), text)


def _western(era: re.Match[str]) -> str:
    """The year of the calendar for that of an era; all of it where both are written and differ."""
    year = _YEAR_BEFORE[era["era"]] + (1 if era["number"] == "元" else int(era["number"]))
    written = era["same"] or (era["west"] or "")[:4]
    if written not in ("", str(year)):
        return era[0]
    return f"{year}年" if "年" in era[0] else str(year)


def tokenize(text: str) -> Tokens:
    """Cut a text into tokens and name their letters.

    >>> tokenize("Feb. 24th, 2022 at 3:37 PM EST").shape
    'M. no, Y c i:n A Z'
    """
    words = _TOKEN.findall(clean(text))
    return Tokens(words, "".join(map(_letter, words)))


def _letters() -> dict[str, str]:
    """Folded word -> letter. Where a word has several uses the later line wins."""
    table = dict.fromkeys(set().union(*map(datewords.folded, datewords.WEEKDAYS.values())), "W")
    for names, letter in (
        (datewords.AT, "c"),
        (datewords.OF, "d"),
        (datewords.ORDINALS, "o"),
        (datewords.YEAR_WORDS, "g"),
        (datewords.CLOCK_WORDS, "u"),
        ("h", "h"),
        (_OF_HALVES, "p"),
        (_HALVES, "A"),
        ("sa", "X"),
        ("tháng thg", "t"),
        ("utc gmt", "G"),
        ("t", "T"),
        ("年 년", "y"),
        ("月 월", "m"),
        ("日 号 號 일", "D"),
        ("時 时 点 點 시", "H"),
        ("分 분", "I"),
        ("秒 초", "J"),
    ):
        table |= dict.fromkeys(datewords.folded(names), letter)
    return table | dict.fromkeys(datewords.MONTH_NAMES, "M")


_LETTERS: Final[Mapping[str, str]] = _letters()


@lru_cache(maxsize=2048)
def _letter(token: str) -> str:
    first = token[0]
    if first.isdecimal():
        return _DIGITS.get(len(token), "N")
    if first.isspace():
        return " "
    if len(token) == 1 and first in ",.:/-()['+|@;":
        return first
    if not first.isalpha():
        return "!"
    if token == "Z":  # noqa: S105 - the zone of UTC, no password
        return "G"
    if token in ABBREVIATIONS or token in SYNONYMS:
        return "Z"
    letter = _LETTERS.get(_plain(token))
    if letter is not None:
        return letter
    if token.upper() in ABBREVIATIONS or token.upper() in SYNONYMS:
        return "z"
    return "R" if "/" in token and token in zone_names() else "w"


def half_of_day(token: str, hour: int) -> bool | None:
    """Whether a word beside an hour means the second half of the day: True for PM, False for AM, None for neither.

    >>> half_of_day("p.m.", 3), half_of_day("AM", 3), half_of_day("mail", 3)
    (True, False, None)
    >>> half_of_day("晚上", 9), half_of_day("晚上", 12)
    (True, False)
    """
    hours = _AFTER_NOON.get(_plain(token))
    return None if hours is None else hour in hours


def _plain(token: str) -> str:
    return datewords.fold(token).rstrip(".").replace(" ", "")
