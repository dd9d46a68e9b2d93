"""Time zones: from a wall-clock time and what the text says of its zone to an instant.

The rules come from the `tzdata` package alone, never from the machine's own copy: another machine, the same instants.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

Stated: TypeAlias = int | str | None
"""A zone as a text states it: minutes east of UTC, an abbreviation or an IANA name, or nothing."""
MAX_OFFSET: Final = 15 * 60 + 59
"""Largest offset from UTC that is believed, in minutes: as far as POSIX and tzdata go."""
SYNONYMS: Mapping[str, str] = {"HAE": "EDT", "HNE": "EST", "MESZ": "CEST", "MEZ": "CET", "МСК": "MSK"}
"""What other languages call these zones."""
AMBIGUOUS: Final = frozenset({"ADT", "ALMT", "AMT", "AST", "BDT", "CST", "ECT", "GST", "IST", "SST", "WST"})
"""Abbreviations of which no meaning is common enough to be taken without a profile."""


class ZoneSource(StrEnum):
    """How the zone of a time is known."""

    OFFSET = "offset"
    """The text states the offset from UTC, or UTC or GMT."""
    NAME = "name"
    """The text names a zone of one common meaning: `EST`, `Europe/Berlin`."""
    PROFILE = "profile"
    """The site's profile says it: the text is silent, or its abbreviation is one that the profile's zone uses."""
    UNKNOWN = "unknown"
    """Nobody says it, or only an abbreviation of several meanings. The time is as written, taken as UTC."""


def _east(hours: float) -> int:
    return int(hours * 60)


ABBREVIATIONS: Mapping[str, tuple[int | str, ...]] = {
    "ACDT": (_east(10.5),), "ACST": (_east(9.5),), "ADT": (_east(-3), _east(4)), "AEDT": (_east(11),),
    "AEST": (_east(10),), "AKDT": (_east(-8),), "AKST": (_east(-9),), "ALMT": (_east(6), _east(5)),
    "AMT": (_east(-4), _east(4)), "ART": (_east(-3),), "AST": (_east(-4), _east(3)), "AWST": (_east(8),),
    "BDT": (_east(6), _east(8)), "BRT": (_east(-3),), "BST": (_east(1), _east(6), _east(11)), "CAT": (_east(2),),
    "CDT": (_east(-5), _east(-4), _east(9)), "CEST": (_east(2),), "CET": (_east(1),), "CLST": (_east(-3),),
    "COT": (_east(-5),), "CST": (_east(-6), _east(8), _east(-5)), "CT": ("America/Chicago",), "EAT": (_east(3),),
    "ECT": (_east(-5), _east(-4)), "EDT": (_east(-4), _east(11)), "EEST": (_east(3),), "EET": (_east(2),),
    "EST": (_east(-5), _east(10)), "ET": ("America/New_York",), "GST": (_east(4), _east(-2), _east(10)),
    "HDT": (_east(-9),), "HKT": (_east(8),), "HST": (_east(-10),), "ICT": (_east(7),), "IDT": (_east(3),),
    "IRST": (_east(3.5),), "IST": (_east(5.5), _east(2), _east(1)), "JST": (_east(9),), "KST": (_east(9),),
    "MDT": (_east(-6),), "MSK": (_east(3),), "MST": (_east(-7), _east(8), _east(6.5)), "MT": ("America/Denver",),
    "MYT": (_east(8),), "NDT": (_east(-2.5),), "NPT": (_east(5.75),), "NST": (_east(-3.5),), "NZDT": (_east(13),),
    "NZST": (_east(12),), "PDT": (_east(-7),), "PET": (_east(-5),), "PHT": (_east(8),), "PKT": (_east(5),),
    "PST": (_east(-8), _east(8)), "PT": ("America/Los_Angeles",), "SAST": (_east(2),), "SGT": (_east(8),),
    "SST": (_east(-11), _east(8)), "TRT": (_east(3),), "UYT": (_east(-3),), "VET": (_east(-4),), "WAT": (_east(1),),
    "WEST": (_east(1),), "WET": (_east(0),), "WIB": (_east(7),), "WIT": (_east(9),), "WITA": (_east(8),),
    "WST": (_east(8), _east(13), _east(-11)),
}  # fmt: skip
"""Abbreviation -> its meanings, the most common first: minutes east of UTC, or a zone with a summer time."""


@cache
def zone_names() -> frozenset[str]:
    """List the names of all IANA zones."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


@lru_cache(maxsize=1024)
def load_zone(name: str) -> ZoneInfo:
    """Load the zone of an IANA name.

    Raises:
        ValueError: there is no such zone.

    """
    if name not in zone_names():
        raise ValueError(f"not an IANA time zone: {name[:80]!r}; write one like 'Asia/Kolkata'")
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def place(wall: datetime, stated: Stated, zone: str | None) -> tuple[datetime, date, ZoneSource]:
    """Put a naive wall-clock time on the time line.

    A time that the clocks skip moves forward by the gap; of a time that comes twice the first is meant, unless the
    abbreviation says which (`1:30 EST` is the second 1:30 of that night).

    Args:
        wall: the time as written.
        stated: what the text says of its zone.
        zone: the site's zone, an IANA name.

    Returns:
        The instant in UTC, the calendar day at the site, and how the zone is known.

    >>> place(datetime(2022, 2, 24, 3, 37), "IST", "Asia/Kolkata")[0].isoformat()
    '2022-02-23T22:07:00+00:00'

    """
    site = load_zone(zone) if zone else None
    if stated is None:
        if site is None:
            return wall.replace(tzinfo=UTC), wall.date(), ZoneSource.UNKNOWN
        at, source = wall.replace(tzinfo=site).astimezone(UTC), ZoneSource.PROFILE
    elif isinstance(stated, int):
        at, source = wall.replace(tzinfo=UTC) - timedelta(minutes=stated), ZoneSource.OFFSET
    else:
        at, source = _place_named(wall, stated, site)
    if site is None or source is ZoneSource.UNKNOWN:
        return at, wall.date(), source
    return at, at.astimezone(site).date(), source


def _place_named(wall: datetime, name: str, site: ZoneInfo | None) -> tuple[datetime, ZoneSource]:
    name = SYNONYMS.get(name, name)
    if "/" in name:
        return wall.replace(tzinfo=load_zone(name)).astimezone(UTC), ZoneSource.NAME
    if site is not None:
        offset = _offset_at_site(wall, name, site)
        if offset is not None:
            return wall.replace(tzinfo=UTC) - offset, ZoneSource.PROFILE
    meanings = ABBREVIATIONS.get(name)
    if meanings is None or name in AMBIGUOUS:
        return wall.replace(tzinfo=UTC), ZoneSource.UNKNOWN
    return wall.replace(tzinfo=UTC) - _offset(meanings[0], wall), ZoneSource.NAME


def _offset(meaning: int | str, wall: datetime) -> timedelta:
    if isinstance(meaning, int):
        return timedelta(minutes=meaning)
    return wall.replace(tzinfo=load_zone(meaning)).utcoffset() or timedelta()


def _offset_at_site(wall: datetime, name: str, site: ZoneInfo) -> timedelta | None:
    """Find the offset that the site's zone means by an abbreviation: now, else (EST written in July) in that year."""
    meanings = [_offset(meaning, wall) for meaning in ABBREVIATIONS.get(name, ())]
    moments = [wall, wall.replace(fold=1), datetime(wall.year, 1, 1), datetime(wall.year, 7, 1)]
    for moment in moments:
        local = moment.replace(tzinfo=site)
        offset, used = local.utcoffset(), local.tzname() or ""
        if used == name or (offset in meanings and _covers(used, name, wall)):
            return offset
    return None


def _covers(used: str, name: str, wall: datetime) -> bool:
    """Whether a zone's own abbreviation may be written as `name`: +06 as BST, AEST as EST, EST as ET."""
    if used.startswith(("+", "-")) or used.endswith(name):
        return True
    generic = ABBREVIATIONS[name][0]
    return isinstance(generic, str) and wall.replace(tzinfo=load_zone(generic)).tzname() == used
