"""Zones of dates: what the text states, what the profile knows, and summer time."""

from datetime import UTC, date, datetime

import pytest

from builder.normalize.dates import DateError, ZoneSource, parse_date

DAY = date(2022, 2, 24)
INDIA, NEW_YORK, CHICAGO = "Asia/Kolkata", "America/New_York", "America/Chicago"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "zone", "at", "day", "source"),
    [
        ("24-02-2022 03:37 IST", INDIA, "2022-02-23T22:07", DAY, "profile"),
        ("24-02-2022 03:37", INDIA, "2022-02-23T22:07", DAY, "profile"),
        ("24-02-2022 03:37 IST", None, "2022-02-24T03:37", DAY, "unknown"),
        ("24-02-2022 03:37 IST", "Asia/Jerusalem", "2022-02-24T01:37", DAY, "profile"),
        ("24-07-2022 03:37 IST", "Europe/Dublin", "2022-07-24T02:37", date(2022, 7, 24), "profile"),
        ("24-02-2022 03:37", None, "2022-02-24T03:37", DAY, "unknown"),
        ("2022-12-31T20:30:00Z", INDIA, "2022-12-31T20:30", date(2023, 1, 1), "offset"),
        ("2022-12-31T20:30:00-05:00", None, "2023-01-01T01:30", date(2022, 12, 31), "offset"),
        ("1672518600", INDIA, "2022-12-31T20:30", date(2023, 1, 1), "offset"),
        ("24 Feb 2022 03:37 UTC", None, "2022-02-24T03:37", DAY, "offset"),
        ("24 Feb 2022 03:37 GMT+5:30", None, "2022-02-23T22:07", DAY, "offset"),
        ("24 Feb 2022 03:37 (UTC+3)", None, "2022-02-24T00:37", DAY, "offset"),
        ("24 Feb 2022 03:37 GMT-0500", None, "2022-02-24T08:37", DAY, "offset"),
        ("24 Feb 2022 03:37 EST", INDIA, "2022-02-24T08:37", DAY, "name"),
        ("24 Feb 2022 03:37 EST", NEW_YORK, "2022-02-24T08:37", DAY, "profile"),
        ("24 Jul 2022 03:37 ET", NEW_YORK, "2022-07-24T07:37", date(2022, 7, 24), "profile"),
        ("24 Jul 2022 03:37 ET", "America/Toronto", "2022-07-24T07:37", date(2022, 7, 24), "profile"),
        ("24 Jul 2022 03:37 CT", NEW_YORK, "2022-07-24T08:37", date(2022, 7, 24), "name"),
        ("24 Jul 2022 03:37 EST", NEW_YORK, "2022-07-24T08:37", date(2022, 7, 24), "profile"),
        ("24 Feb 2022 03:37 CST", CHICAGO, "2022-02-24T09:37", DAY, "profile"),
        ("24 Feb 2022 13:37 CST", "Asia/Shanghai", "2022-02-24T05:37", DAY, "profile"),
        ("24 Feb 2022 03:37 CST", None, "2022-02-24T03:37", DAY, "unknown"),
        ("24 Feb 2022 03:37 CST", INDIA, "2022-02-24T03:37", DAY, "unknown"),
        ("24 Jul 2022 03:37 BST", None, "2022-07-24T02:37", date(2022, 7, 24), "name"),
        ("24 Feb 2022 13:37 BST", "Asia/Dhaka", "2022-02-24T07:37", DAY, "profile"),
        ("24 Feb 2022 13:37 AEST", None, "2022-02-24T03:37", DAY, "name"),
        ("24 Feb 2022 15.37 WIB", None, "2022-02-24T08:37", DAY, "name"),
        ("24 февраля 2022 03:37 МСК", "Europe/Moscow", "2022-02-24T00:37", DAY, "profile"),
        ("24.02.2022 03:37 Uhr MEZ", "Europe/Berlin", "2022-02-24T02:37", DAY, "profile"),
        ("24 Feb 2022 03:37 Europe/Berlin", INDIA, "2022-02-24T02:37", DAY, "name"),
        ("24 Feb 2022 03:37 Europe/Atlantis", None, "2022-02-24T03:37", DAY, "unknown"),
        ("24 Feb 2022 13:37 BY", INDIA, "2022-02-24T08:07", DAY, "profile"),
    ],
)
def test_zones(raw, zone, at, day, source):
    moment = parse_date(raw, zone=zone)
    assert (moment.at, moment.day, moment.zone_source) == (utc(at), day, ZoneSource(source))


@pytest.mark.parametrize(
    ("raw", "zone", "at"),
    [
        ("2022-03-13 02:30", NEW_YORK, "2022-03-13T07:30"),  # in the gap: 3:30 EDT
        ("2022-03-27 02:00", "Europe/Berlin", "2022-03-27T01:00"),
        ("2022-11-06 01:30", NEW_YORK, "2022-11-06T05:30"),  # comes twice: the first
        ("2022-11-06 1:30 AM EST", NEW_YORK, "2022-11-06T06:30"),  # the text says the second
        ("2022-11-06 1:30 AM EDT", NEW_YORK, "2022-11-06T05:30"),
    ],
)
def test_summer_time(raw, zone, at):
    assert parse_date(raw, zone=zone).at == utc(at)


def test_midnight_24_is_the_next_day():
    moment = parse_date("2022-02-28T24:00", zone=INDIA)
    assert (moment.at, moment.day) == (utc("2022-02-28T18:30"), date(2022, 3, 1))


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../../etc/passwd", "localtime", "IST"])
def test_a_wrong_zone_is_the_callers_fault(zone):
    with pytest.raises(ValueError, match="not an IANA time zone") as caught:
        parse_date("2022-02-24", zone=zone)
    assert not isinstance(caught.value, DateError)
