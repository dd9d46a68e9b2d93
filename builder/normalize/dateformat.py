"""Dates by a strptime format, without strptime: that one reads names in the machine's locale and fills in gaps."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Final

from builder.normalize.dateorder import full_year
from builder.normalize.dateshapes import Parts, microseconds
from builder.normalize.datetokens import clean, half_of_day
from builder.normalize.datewords import MONTH_NAMES, fold, month_number
from builder.normalize.moments import Clock, DateError, half_day, offset_minutes
from builder.normalize.zones import Stated, zone_names

_WORD = r"[^\W\d_][^\d\s,;:/|()+-]{0,30}"
_DIRECTIVES: Final[Mapping[str, str]] = {
    "Y": r"(?P<Y>\d{4})", "y": r"(?P<y>\d\d)", "m": r"(?P<m>\d\d?)", "d": r"(?P<d>\d\d?)", "e": r"(?P<d>\d\d?)",
    "B": rf"(?P<B>{_WORD})", "b": rf"(?P<B>{_WORD})", "h": rf"(?P<B>{_WORD})", "A": _WORD, "a": _WORD,
    "H": r"(?P<H>\d\d?)", "I": r"(?P<I>\d\d?)", "M": r"(?P<M>\d\d)", "S": r"(?P<S>\d\d)", "f": r"(?P<f>\d{1,30})",
    "p": r"(?P<p>[ap]\.? ?m\.?|[^\W\d_]{1,10})", "z": r"(?P<z>Z|[+-]\d\d?(?::?\d\d)?)",
    "Z": r"(?P<Z>[a-z]{1,6}(?:[+-]\d\d?(?::?\d\d)?)?|[a-z]{2,20}/[a-z_/-]{2,30})", "%": "%",
}  # fmt: skip
_SHORTHANDS: Final[Mapping[str, str]] = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y"}
_OF_LOCALES: Final = frozenset("cxX")
_GREENWICH: Final = re.compile(r"(?:UTC|GMT|Z)?(?:([+-])(\d\d?):?(\d\d)?)?", re.IGNORECASE)


@lru_cache(maxsize=256)
def compile_format(format: str) -> re.Pattern[str]:  # noqa: A002 - the word that configs use
    """Turn a strptime format into a pattern. It must tell the day: nothing is filled in.

    Directives: %Y %y %m %d %e %b %B %h %a %A %H %I %M %S %f %p %z %Z %F %T %R %D %%.

    Raises:
        ValueError: an unknown or repeated directive, no day, month or year, or %I without %p.

    """
    pieces: list[str] = []
    parts: dict[str, str] = {}
    written_out = re.sub("%(.)", lambda found: _SHORTHANDS.get(found[1], found[0]), clean(format))
    for directive, space, literal in re.findall(r"(%-?.?)|(\s+)|([^%\s]+)", written_out):
        if not directive:
            pieces.append(r"\s+" if space else re.escape(literal))
            continue
        name = directive[1:].removeprefix("-")
        if name in _OF_LOCALES:
            raise ValueError(f"%{name} depends on the machine's locale; write the format out")
        if name not in _DIRECTIVES:
            known = " ".join(f"%{known}" for known in (*_DIRECTIVES, *_SHORTHANDS))
            raise ValueError(f"unknown directive {directive}; known are {known}")
        pieces.append(_DIRECTIVES[name])
        for part in re.findall(r"\?P<(\w)>", pieces[-1]):
            if part in parts:
                twice = (
                    f"%{name} stands here twice" if parts[part] == name else f"%{parts[part]} and %{name} say the same"
                )
                raise ValueError(twice)
            parts[part] = name
    _check_parts(parts)
    return re.compile("".join(pieces), re.IGNORECASE)


def _check_parts(parts: Container[str]) -> None:
    """Refuse a format that leaves a part of the day open, or half of the day."""
    needed = (("the year (%Y)", "Yy"), ("the month", "mB"), ("the day", "d"))
    lacking = [what for what, names in needed if not any(name in parts for name in names)]
    if lacking:
        missed = " and ".join(filter(None, (", ".join(lacking[:-1]), lacking[-1])))
        raise ValueError(f"the format lacks {missed}; nothing is filled in")
    if "I" in parts and "p" not in parts:
        raise ValueError("%I without %p; write %H for hours from 0 to 23")


def read_format(value: str, format: str, language: str | None) -> Parts:  # noqa: A002
    """Read a text by a format that must match all of it.

    Raises:
        DateError: the text is not of this format.
        ValueError: the format is wrong; see `compile_format`.

    """
    match = compile_format(format).fullmatch(clean(value))
    if match is None:
        raise DateError(f"not of the format {format!r}")
    parts = {name: text for name, text in match.groupdict().items() if text is not None}
    year = full_year(parts.get("Y") or parts["y"])
    month = int(parts["m"]) if "m" in parts else _month(parts["B"], language)
    clock = _clock(parts)
    return Parts(year, month, int(parts["d"]), clock, _stated(parts) if clock else None)


def _month(name: str, language: str | None) -> int:
    if fold(name).rstrip(".") not in MONTH_NAMES:
        raise DateError(f"{name!r} is no month")
    month = month_number(name, language)
    if month is None:
        raise DateError(f"ambiguous: {name!r} is not one month; set the language")
    return month


def _clock(parts: Mapping[str, str]) -> Clock | None:
    if "H" not in parts and "I" not in parts:
        return None
    hour = int(parts.get("H") or parts["I"])
    if "I" in parts and not 1 <= hour <= 12:
        raise DateError(f"{hour} is no hour of 12")
    if "p" in parts:
        after_noon = half_of_day(parts["p"], hour)
        if after_noon is None:
            raise DateError(f"{parts['p']!r} is neither AM nor PM")
        hour = half_day(hour, after_noon=after_noon)
    fraction = microseconds(parts["f"]) if "f" in parts else 0
    return Clock(hour, int(parts.get("M", 0)), int(parts.get("S", 0)), fraction)


def _stated(parts: Mapping[str, str]) -> Stated:
    text = parts.get("z") or parts.get("Z")
    if text is None:
        return None
    match = _GREENWICH.fullmatch(text)
    if match is not None:
        return offset_minutes(match[1], match[2], match[3]) if match[1] else 0
    if "/" in text:
        if text not in zone_names():
            raise DateError(f"{text!r} is no time zone")
        return text
    return text.upper()
