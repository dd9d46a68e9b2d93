"""The result of reading a date, and the last step to it: from numbers and a stated zone to a checked moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from builder.normalize.zones import MAX_OFFSET, Stated, ZoneSource, place

FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2199


class DateError(ValueError):
    """A date was found and cannot be read. One line; quotes at most 80 characters of the value."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, as far as a text says it."""

    at: datetime | None
    """Aware, UTC, to the microsecond; None where the text states only a calendar day."""
    day: date
    """The calendar day at the site."""
    zone_source: ZoneSource | None
    """How the zone is known; None where only a day is stated."""


class Clock(NamedTuple):
    """A time of day as written."""

    hour: int
    minute: int
    second: int = 0
    microsecond: int = 0


def settle(year: int, month: int, day: int, clock: Clock | None, stated: Stated, zone: str | None) -> Moment:
    """Check the numbers of a date and place it.

    24:00 is the start of the next day; a leap second (:60) counts as the second before it.

    Raises:
        DateError: no such day, time or offset, or a year outside 1800 to 2199.

    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(f"the year {year} is not within {FIRST_YEAR} to {LAST_YEAR}")
    if clock is None:
        try:
            return Moment(None, date(year, month, day), None)
        except ValueError:
            raise DateError(f"there is no day {day} in month {month} of {year}") from None
    hour, minute, second, microsecond = clock
    midnight = hour == 24 and not (minute or second or microsecond)
    try:
        wall = datetime(year, month, day, 0 if midnight else hour, minute, 59 if second == 60 else second, microsecond)
    except ValueError:
        raise DateError(f"there is no {year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}") from None
    if midnight:
        wall += timedelta(days=1)
    if isinstance(stated, int) and abs(stated) > MAX_OFFSET:
        raise DateError("no zone is that far from UTC")
    return Moment(*place(wall, stated, zone))


def offset_minutes(sign: str, hours: str, minutes: str) -> int:
    """Count the minutes east of UTC of an offset in pieces.

    >>> offset_minutes("-", "03", "30"), offset_minutes("+", "5", "")
    (-210, 300)

    Raises:
        DateError: more than 59 minutes.

    """
    rest = int(minutes or 0)
    if rest > 59:
        raise DateError("an offset from UTC has at most 59 minutes")
    east = int(hours) * 60 + rest
    return -east if sign == "-" else east


def half_day(hour: int, *, after_noon: bool) -> int:
    """Return the hour of 24 of an hour with AM or PM.

    15 PM is accepted, it can mean only one thing; 15 AM is not.

    >>> half_day(12, after_noon=False), half_day(12, after_noon=True), half_day(3, after_noon=True)
    (0, 12, 15)

    Raises:
        DateError: an hour after noon that is called AM.

    """
    if after_noon:
        return hour + 12 if hour < 12 else hour
    if hour > 12:
        raise DateError(f"{hour} o'clock is not AM")
    return hour % 12
