"""Dates by a strptime format."""

from datetime import UTC, date, datetime

import pytest

from builder.normalize.dates import DateError, parse_date

INDIA = "Asia/Kolkata"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "pattern", "at", "source"),
    [
        ("24-02-2022 03:37 IST", "%d-%m-%Y %H:%M %Z", "2022-02-23T22:07", "profile"),
        ("24-02-2022 03:37 UTC+3", "%d-%m-%Y %H:%M %Z", "2022-02-24T00:37", "offset"),
        ("24-02-2022 03:37 Europe/Berlin", "%d-%m-%Y %H:%M %Z", "2022-02-24T02:37", "name"),
        ("02/04/22 03:37:05.25 +0530", "%m/%d/%y %H:%M:%S.%f %z", "2022-02-03T22:07:05.250000", "offset"),
        ("Do, 24. Februar 2022 03:37", "%a, %d. %B %Y %H:%M", "2022-02-23T22:07", "profile"),
        ("le 24 févr. 2022 \u00e0 3:37 PM", "le %d %b %Y \u00e0 %I:%M %p", "2022-02-24T10:07", "profile"),
        ("2022-02-24T03:37:00Z", "%FT%T%z", "2022-02-24T03:37", "offset"),
        ("%F 24.2.2022 03:37 Z", "%%F %-d.%-m.%Y %R %z", "2022-02-24T03:37", "offset"),
    ],
)
def test_formats(raw, pattern, at, source):
    moment = parse_date(raw, format=pattern, zone=INDIA)
    assert (moment.at, moment.zone_source) == (utc(at), source)


def test_format_of_a_day_alone():
    assert parse_date("2022|24|2", format="%Y|%d|%m").day == date(2022, 2, 24)
    assert parse_date("24 lis 2022", format="%d %b %Y", language="pl").day == date(2022, 11, 24)


@pytest.mark.parametrize(
    ("raw", "pattern"),
    [
        ("2022-02-24", "%d.%m.%Y"),
        ("24.02.2022 x", "%d.%m.%Y"),
        ("24.02.2022 13:00 PM", "%d.%m.%Y %I:%M %p"),
        ("24.02.2022 1:00 XX", "%d.%m.%Y %I:%M %p"),
        ("30.02.2022", "%d.%m.%Y"),
        ("24 Foo 2022", "%d %b %Y"),
        ("24 lis 2022", "%d %b %Y"),
        ("24.02.2022 13:00 Europe/Atlantis", "%d.%m.%Y %H:%M %Z"),
    ],
)
def test_values_not_of_the_format_are_refused(raw, pattern):
    with pytest.raises(DateError):
        parse_date(raw, format=pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("%d.%m", r"lacks the year \(%Y\); nothing"),
        ("%H:%M", r"lacks the year \(%Y\), the month and the day; nothing"),
        ("", "nothing is filled in"),
        ("%d.%m.%Y %Q", "unknown directive %Q; known are %Y "),
        ("%d.%m.%Y %", "unknown directive %; known"),
        ("%d.%m.%Y %--d", "unknown directive %--; known"),
        ("%Y-%j", "unknown directive %j"),
        ("%G-W%V-%u", "unknown directive %G"),
        ("%d %d %m %Y", "%d stands here twice"),
        ("%d %e %m %Y", "%d and %e say the same"),
        ("%F %d", "%d stands here twice"),
        ("%d.%m.%Y %I:%M", "%I without %p"),
        ("%c", "%c depends on the machine's locale"),
    ],
)
def test_wrong_formats_are_the_callers_fault(pattern, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse_date("24.02.2022", format=pattern)
    assert not isinstance(caught.value, DateError)
