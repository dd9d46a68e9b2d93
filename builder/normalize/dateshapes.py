"""The patterns of dates over shapes (see `datetokens`), and how the tokens that they match become numbers.

Every repetition in a pattern is bounded, so reading is linear whatever the text is.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from builder.normalize.dateorder import Orders, day_and_month, full_year, primary_language, short_year_decided
from builder.normalize.datetokens import Tokens, half_of_day
from builder.normalize.datewords import month_number
from builder.normalize.moments import Clock, DateError, half_day, offset_minutes
from builder.normalize.zones import Stated

_NUM = "[inYN]"
_ALONE = rf"(?<!{_NUM})(?<!{_NUM}[-./:])"  # no part of a longer number, version or range
_DAY = "[in]"
_MONTH = r"M(?: ?[/(] ?M ?\)?)?"  # شباط/فبراير
_YEAR = "(?:Y|'n)"
_TIGHT = r" ?\.?[-/]? ?(?:d[ ']?){0,2}"
_LOOSE = r" ?\.? ?,?[-/]? ?(?:d[ ']?){0,2}"
_ZONED = r"(?: (?:[ZG]|[-+]Y))?"
_BEGINS = r"(?:(?<!.)|(?<=[:|] )|(?<=W )|(?<=W, ))"
"""Before a day with a comma behind it: nothing, a label, a weekday. No issue of a journal: No. 24, Feb 2022."""
_DATE: Final = re.compile(
    "|".join(
        (
            rf"(?P<cjk>{_ALONE}Y ?y ?{_DAY} ?m ?{_DAY} ?D)",
            rf"(?P<ymd>(?<![-+]){_ALONE}Y ?(?P<s1>[-/.]) ?{_DAY} ?(?P=s1) ?{_DAY}(?!(?P=s1){_NUM}))",
            rf"(?P<dmy>{_ALONE}(?<![wZzcdouh]){_DAY} ?(?P<s2>[-/.]) ?{_DAY} ?(?P=s2) ?{_YEAR}(?!(?P=s2){_NUM}))",
            rf"(?P<d_mon_y>{_ALONE}{_DAY}(?:[ -]?o)?{_TIGHT}{_MONTH}{_LOOSE}{_YEAR})",
            rf"(?P<comma>{_BEGINS}{_DAY}, ?{_MONTH}\.?,? Y|{_ALONE}{_DAY}, ?{_MONTH} Y(?=,? [in]:n))",
            rf"(?P<mon_d_y>{_MONTH}{_LOOSE}{_DAY}(?: ?o)?{_LOOSE}{_YEAR})",
            rf"(?P<y_d_mon>{_ALONE}Y\.? ?g\.? {_DAY}\.? ?{_MONTH}(?!{_LOOSE}{_YEAR}))",
            rf"(?P<y_mon_d>{_ALONE}Y(?: ?g)?{_TIGHT}{_MONTH}{_TIGHT}{_DAY}(?!:|(?: ?o)?{_LOOSE}{_YEAR}))",
            rf"(?P<ctime>M {_DAY} {_DAY}:n(?::n)?(?: ?A)?{_ZONED} Y)",
            rf"(?P<vietnamese>{_ALONE}{_DAY} ?t ?{_DAY}{_LOOSE}{_YEAR})",
            rf"(?P<rfc850>{_ALONE}n-M-n(?= n:n:n ?G))",
            rf"(?P<short>{_ALONE}(?<![wZzcdouh]){_DAY}(?P<s3>[-/.]){_DAY}(?P=s3)n(?!(?P=s3){_NUM}|:))",
        )
    )
)
_HALF = "[AX]"
_HALF_BEHIND = rf"(?: ?{_HALF}|(?: [cdo]){{1,2}} [Ap])"  # de la tarde
_STRICT_TIME = (
    rf"(?:{_HALF} ?)?(?:[in]:n|n: n)(?::n(?:[.,]{_NUM})?)?(?: ?[uh])?{_HALF_BEHIND}?"
    rf"|(?:{_HALF} ?)?[in] ?H(?: ?[in] ?I(?: ?[in] ?J)?)?"
    rf"|[in]{_HALF_BEHIND}|(?:{_HALF} ?)?[in] ?u(?:\.? ?n)?|(?:[in]h(?: ?nW?)?|[in] h n){_HALF_BEHIND}?"  # W: 15h37min
    rf"|[in]\.n(?= ?[uhAXZGR])(?: ?[uh])?{_HALF_BEHIND}?"
)
_LOWER = r"z(?= ?(?:[])(|/,;.-]|\Z))"  # with no words behind it
_ZONE = rf",? ?[(\[]?(?:R|G(?: ?[-+](?:[in](?::n)?|Y))?|Z|{_LOWER})| ?[-+](?:Y|[in]:n)|[-+]n(?!{_NUM}|[./-])"
_GAP = r"(?:-[wz])?(?: ?[gd])?\.?[,.;]? ?(?:\(.(?:-w)?\.?\)|W(?:-w)?\.?)?[,.;]? ?[-|/@:]? ?(?:\((?=n:n|[in]:n ?A|nhn))?"
"""Brackets only around a clock of four digits: (3:45) is how long a film lasts."""
_IN_DOTS = rf"(?P<dotted>[in]\.n(?:\.n)?(?!\.?{_NUM})(?: ?[uh])?{_HALF_BEHIND}?)(?P<zone_of_dotted>{_ZONE})?"
_AT = r"c\.? ?(?:\(w\) ?)?"  # a la(s)
_CLOCK_AFTER: Final = re.compile(
    rf"(?:T|{_GAP}(?:h\.? (?=n:)|(?:{_AT}){{0,3}}))(?P<clock>{_STRICT_TIME})(?P<zone>{_ZONE})?"
    rf"|{_GAP}(?:{_AT}){{1,3}}{_IN_DOTS}"
)
_DOTTED_CLOCK: Final = re.compile(rf"{_GAP}{_IN_DOTS}")
_DOTTED: Final = frozenset(["cs", "da", "et", "fi", "hu", "id", "it", "nb", "nl", "nn", "no", "sk", "sl", "sv", "tr"])
"""Languages that write the time of day with a dot: 24.02.2022 15.37."""
_CLOCK_BEFORE: Final = re.compile(
    rf"(?<!{_NUM}[:.])(?P<clock>{_STRICT_TIME})(?P<zone>{_ZONE})?[])]?\.? ?[,|-]? ?(?:[cd]\.? ?)?(?:[WX]\.?,? ?)?\Z"
)
_DOTTED_BEFORE: Final = re.compile(rf"(?<!{_NUM})(?<!{_NUM}[:.]){_IN_DOTS}, ?(?:W\.?,? ?)?\Z")
_CLOCK_INSIDE: Final = re.compile(rf"M {_DAY} (?P<clock>{_STRICT_TIME})(?P<zone>{_ZONE})?")
_BROKEN_CLOCK: Final = re.compile(rf"T|{_GAP}(?:{_AT}){{0,3}}{_NUM}:{_NUM}")
_THAI_YEARS = range(2400, 2700)
_BUDDHIST_ERA = 543
"""Years by which Thailand counts more."""
_REACH = 24
"""How many tokens before a date its time may begin."""


class Parts(NamedTuple):
    """A date as written, unchecked."""

    year: int
    month: int
    day: int
    clock: Clock | None
    stated: Stated


def first_date(tokens: Tokens, language: str | None, orders: Orders | None = None) -> Parts | None:
    """Read the first date in a text, with the time that belongs to it; None where there is none.

    `language` is the tag of the page's language, `orders` what its other dates say of day and month.

    Raises:
        DateError: the date is ambiguous or its time cannot be read.

    """
    match = _DATE.search(tokens.shape)
    if match is None:
        return None
    year, month, day = _numbers(tokens, match, language, orders)
    if year in _THAI_YEARS and (primary_language(language) == "th" or _is_thai(tokens, match)):
        year -= _BUDDHIST_ERA
    clock, stated = _time_around(tokens, match, language)
    return Parts(year, month, day, clock, stated)


def _is_thai(tokens: Tokens, date: re.Match[str]) -> bool:
    """Whether the month is written in Thai letters."""
    return any("\u0e01" <= word[0] <= "\u0e4e" for word in tokens.words[date.start() : date.end()])


def _numbers(tokens: Tokens, match: re.Match[str], language: str | None, orders: Orders | None) -> tuple[int, int, int]:
    """Year, month and day of a match."""
    kind, start, shape = match.lastgroup, match.start(), match[0]
    numbers = [tokens.words[start + at] for at, letter in enumerate(shape) if letter in _NUM]
    if kind in ("cjk", "ymd"):
        return int(numbers[0]), int(numbers[1]), int(numbers[2])
    if kind in ("dmy", "short"):
        if kind == "short" and not short_year_decided(language):
            raise DateError("ambiguous: a year of two digits; give the rule a `date` format")
        sign = match["s2"] or match["s3"]
        day, month = day_and_month(int(numbers[0]), int(numbers[1]), sign, language, orders)
        return full_year(numbers[2]), month, day
    if kind == "vietnamese":
        return full_year(numbers[2]), int(numbers[1]), int(numbers[0])
    month = _month(tokens, start, shape, language)
    if kind in ("y_mon_d", "y_d_mon"):
        return int(numbers[0]), month, int(numbers[1])
    return full_year(numbers[-1]), month, int(numbers[0])


def _month(tokens: Tokens, start: int, shape: str, language: str | None) -> int:
    primary = primary_language(language)
    names = [tokens.words[start + at] for at, letter in enumerate(shape) if letter == "M"]
    months = {month_number(name, primary) for name in names}
    month = months.pop()
    if month is None or months:
        raise DateError(f"ambiguous: {'/'.join(names)} is not one month; set the language")
    return month


def _time_around(tokens: Tokens, date: re.Match[str], language: str | None) -> tuple[Clock | None, Stated]:
    """Read the time behind a date, else the one right before it."""
    shape, end = tokens.shape, _end(tokens, date)
    if date.lastgroup == "ctime":
        match = _CLOCK_INSIDE.match(shape, date.start())
    else:
        match = _CLOCK_AFTER.match(shape, end)
        if match is None and primary_language(language) in _DOTTED:
            match = _DOTTED_CLOCK.match(shape, end)
    if match is None:
        if _BROKEN_CLOCK.match(shape, end):
            raise DateError("the time behind the date cannot be read")
        match = _before(tokens, date, language)
    if match is None:
        return None, None
    groups = match.groupdict()
    name = "clock" if groups.get("clock") is not None else "dotted"
    zone_name = "zone" if name == "clock" else "zone_of_dotted"
    if re.match(rf":{_NUM}", shape[match.end() :]):
        raise DateError("the time behind the date cannot be read")
    clock = _clock(tokens, *match.span(name), language)
    if groups[zone_name] is None:
        return clock, None
    bare_hours_mean_offset = date.lastgroup == "ymd" or match[name].count(":") == 2
    return clock, _stated(tokens, *match.span(zone_name), bare_hours_mean_offset)


def _end(tokens: Tokens, date: re.Match[str]) -> int:
    """Where a date ends, with the Arabic letter behind a year that says it is of our era; elsewhere that means PM."""
    end = date.end()
    letter = end + tokens.shape.startswith(" ", end)
    return letter + 1 if tokens.words[letter : letter + 1] == ["م"] and tokens.shape[end - 1] == "Y" else end


def _before(tokens: Tokens, date: re.Match[str], language: str | None) -> re.Match[str] | None:
    """Match the time right before a date; with a dot only where that is no other number: Version 25.37, 24 feb."""
    first = max(0, date.start() - _REACH)
    match = _CLOCK_BEFORE.search(tokens.shape, first, date.start())
    if match is None and primary_language(language) in _DOTTED:
        match = _DOTTED_BEFORE.search(tokens.shape, first, date.start())
        if match and int(tokens.words[match.start("dotted")]) not in range(24):
            return None
    return match


def _clock(tokens: Tokens, start: int, end: int, language: str | None) -> Clock:
    numbers: list[str] = []
    half = ""
    for word, letter in zip(tokens.words[start:end], tokens.shape[start:end], strict=True):
        if letter in _NUM:
            numbers.append(word)
        elif letter in "AXp" and not (word == "am" and primary_language(language) == "de"):  # 3:37 am Montag
            half = word
    hour = int(numbers[0])
    after_noon = half_of_day(half, hour)
    if after_noon is not None:
        hour = half_day(hour, after_noon=after_noon)
    minute, second = (int(number) for number in (*numbers[1:3], "0", "0")[:2])
    return Clock(hour, minute, second, microseconds(numbers[3]) if len(numbers) > 3 else 0)


def microseconds(digits: str) -> int:
    """Return the microseconds of the digits behind the point; what is finer is cut off, not rounded.

    >>> microseconds("5"), microseconds("123456789")
    (500000, 123456)
    """
    return int(digits[:6].ljust(6, "0"))


def _stated(tokens: Tokens, start: int, end: int, bare_hours_mean_offset: bool) -> Stated:
    """Read the zone in the tokens of `_ZONE`. 10:00-11:30 on a printed page is a range of times, no offset."""
    words, shape = tokens.words[start:end], tokens.shape[start:end].lstrip(", ([")
    words = words[len(words) - len(shape) :]
    if shape[0] in "RZ":
        return words[0]
    if shape[0] == "z":
        return words[0].upper()
    greenwich = shape[0] == "G"
    sign = next((word for word in words if word in ("+", "-")), None)
    if sign is None:
        return 0
    digits = [word for word, letter in zip(words, shape, strict=True) if letter in _NUM]
    if len(digits[0]) == 4:
        return offset_minutes(sign, digits[0][:2], digits[0][2:])
    if not greenwich and sign == "-" and not bare_hours_mean_offset:
        return None
    return offset_minutes(sign, digits[0], digits[1] if len(digits) > 1 else "")
