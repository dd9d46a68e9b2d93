"""Dates as pages write them -> moments. Nothing is guessed: no clock, no locale, no relative dates, no missing parts.

Machine forms are read here; what people write is cut into tokens (`datetokens`) and matched by shape (`dateshapes`); a
given format is read by `dateformat`. Impossible, incomplete and ambiguous dates are errors.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from builder.normalize.dateformat import read_format
from builder.normalize.dateorder import Orders, primary_language
from builder.normalize.dateshapes import first_date, microseconds
from builder.normalize.datetokens import tokenize
from builder.normalize.moments import FIRST_YEAR, LAST_YEAR, Clock, DateError, Moment, offset_minutes, settle
from builder.normalize.zones import MAX_OFFSET, Stated, ZoneSource, load_zone, place

__all__ = ["DateError", "Moment", "ZoneSource", "parse_date"]

MAX_VALUE: Final = 200
"""Longest value, in characters, that can be one date with its labels."""

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? ?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?",
    re.ASCII,
)
_PLAIN: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:[0-5]\d)?", re.ASCII)
_BASIC: Final = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[Tt]?(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)? ?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?", re.ASCII
)
_FURTHEST: Final = timedelta(minutes=MAX_OFFSET)
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_YEARS = range(1990, 2101)


def parse_date(
    raw: str,
    *,
    zone: str | None = None,
    format: str | None = None,  # noqa: A002 - the word that configs use
    language: str | None = None,
    orders: Orders | None = None,
) -> Moment:
    """Read a value that is a date; labels around it are allowed, and of several dates the first counts.

    Args:
        raw: the text, of at most 200 characters.
        zone: the site's time zone, an IANA name: for times without a zone, and for the calendar day.
        format: a strptime format that alone is tried; it must match the whole text.
        language: the page's language tag; settles the order of day and month and disputed month names.
        orders: what the page's other dates say of that order, asked where the language leaves it open.

    >>> moment = parse_date("Updated: 24-02-2022 03:37 IST", zone="Asia/Kolkata")
    >>> moment.at.isoformat(), moment.day.isoformat(), moment.zone_source.value
    ('2022-02-23T22:07:00+00:00', '2022-02-24', 'profile')

    Raises:
        DateError: no complete date (day, month and year), an ambiguous or an impossible one.
        ValueError: `zone` or `format` themselves are wrong.

    """
    if zone is not None:
        load_zone(zone)
    value = raw.strip()
    try:
        if len(value) > MAX_VALUE:
            raise DateError(f"longer than {MAX_VALUE} characters")
        if format is not None:
            return settle(*read_format(value, format, primary_language(language)), zone)
        moment = _common_form(value, zone) or _machine_form(value, zone)
        return moment or _written_form(value, language, orders, zone)
    except DateError as error:
        raise DateError(f"{error}: {_quote(value)}") from None


def _common_form(value: str, zone: str | None) -> Moment | None:
    """Read 2022-02-24T03:37 and longer fast; what is not plain and right is left to `_machine_form`."""
    if not _PLAIN.fullmatch(value):  # fromisoformat alone reads 03:237Z and +05:75 too
        return None
    try:
        wall = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        return None
    if wall.tzinfo is None:
        return Moment(*place(wall, None, zone))
    at = wall
    if value[-1] != "Z":
        at = wall.astimezone(UTC)
        if abs(wall.replace(tzinfo=UTC) - at) > _FURTHEST:
            return None
    day = at.astimezone(load_zone(zone)).date() if zone else wall.date()
    return Moment(at, day, ZoneSource.OFFSET)


def _machine_form(value: str, zone: str | None) -> Moment | None:
    match = _ISO.fullmatch(value) or _BASIC.fullmatch(value)
    if match is not None and not _EPOCH.fullmatch(value):
        year, month, day, hour, minute, second, fraction, utc, sign, offset_hours, offset_rest = match.groups()
        if hour is None:
            return settle(int(year), int(month), int(day), None, None, zone)
        stated: Stated = 0 if utc else None
        if sign:
            stated = offset_minutes(sign, offset_hours, offset_rest)
        clock = Clock(int(hour), int(minute), int(second or 0), microseconds(fraction) if fraction else 0)
        return settle(int(year), int(month), int(day), clock, stated, zone)
    if _EPOCH.fullmatch(value):
        return _from_epoch(int(value) * 1000 if len(value) == 10 else int(value), zone)
    return None


def _written_form(value: str, language: str | None, orders: Orders | None, zone: str | None) -> Moment:
    parts = first_date(tokenize(value), language, orders)
    if parts is None:
        raise DateError("no date with day, month and year")
    return settle(*parts, zone)


def _from_epoch(milliseconds: int, zone: str | None) -> Moment:
    at = _EPOCH_START + timedelta(milliseconds=milliseconds)
    if at.year not in _EPOCH_YEARS:
        raise DateError("epoch times are read from 1990 to 2100 only")
    day = at.astimezone(load_zone(zone)).date() if zone else at.date()
    return Moment(at, day, ZoneSource.OFFSET)


def _quote(value: str) -> str:
    line = " ".join(value[:400].split())
    return "'" + "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line[:80]) + "'"
