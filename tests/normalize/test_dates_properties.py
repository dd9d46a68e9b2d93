"""What holds for every date and every text: forms read back, nothing but DateError is raised, time stays linear."""

import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.normalize.dates import DateError, Moment, ZoneSource, parse_date
from builder.normalize.datewords import MONTHS

NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
NAMES += ["November", "December"]
FRENCH = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"]
FRENCH += ["novembre", "décembre"]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def half(t):
    return f"{t.hour % 12 or 12}:{t:%M} {'PM' if t.hour >= 12 else 'AM'}"


def korean_half(t):
    return f"{'오후' if t.hour >= 12 else '오전'} {t.hour % 12 or 12}:{t:%M}"


# name -> (writer, smallest unit that the form states)
FORMS = {
    "iso": (lambda t: t.isoformat(), "us"),
    "iso space": (lambda t: t.isoformat(" ", "microseconds"), "us"),
    "iso z": (lambda t: t.isoformat() + "Z", "us"),
    "basic": (lambda t: f"{t:%Y%m%dT%H%M%S}Z", "s"),
    "rfc 2822": (lambda t: format_datetime(t.replace(tzinfo=UTC)), "s"),
    "ctime": (lambda t: t.ctime(), "s"),
    "us": (lambda t: f"{NAMES[t.month - 1]} {t.day}, {t.year} {half(t)}", "min"),
    "label": (lambda t: f"Posted {DAYS[t.weekday()]} {NAMES[t.month - 1][:3]}. {t.day}, {t.year} at {half(t)}", "min"),
    "time first": (lambda t: f"{half(t)}, {NAMES[t.month - 1]} {t.day}, {t.year}", "min"),
    "british": (lambda t: f"{t.day} {NAMES[t.month - 1]} {t.year} {t:%H:%M}", "min"),
    "dashes": (lambda t: f"{t:%d-%m-%Y %H:%M}", "min"),
    "german": (lambda t: f"{t:%d.%m.%Y}, {t:%H:%M} Uhr", "min"),
    "french": (lambda t: f"{t.day} {FRENCH[t.month - 1]} {t.year} à {t:%Hh%M}", "min"),
    "finnish": (lambda t: f"{t.day}.{t.month}.{t.year} klo {t.hour}.{t:%M}", "min"),
    "chinese": (lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M:%S}", "s"),
    "japanese": (lambda t: f"{t.year}年{t.month}月{t.day}日(木) {t.hour}時{t.minute}分", "min"),
    "korean": (lambda t: f"{t.year}년 {t.month}월 {t.day}일 {korean_half(t)}", "min"),
    "slashes": (lambda t: f"{t:%Y/%m/%d %H:%M:%S}", "s"),
    "day": (lambda t: f"{t:%Y-%m-%d}", "day"),
    "us day": (lambda t: f"{NAMES[t.month - 1]} {t.day}, {t.year}", "day"),
}  # fmt: skip
CUTS = {
    "us": {},
    "s": {"microsecond": 0},
    "min": {"second": 0, "microsecond": 0},
}
TIMES = st.datetimes(datetime(1800, 1, 1), datetime(2199, 12, 31, 23, 59, 59))


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None)
@given(when=TIMES)
def test_every_form_reads_back(form, when):
    write, unit = FORMS[form]
    moment = parse_date(write(when))
    assert moment.day == when.date()
    assert moment.at == (None if unit == "day" else when.replace(tzinfo=UTC, **CUTS[unit]))


@settings(max_examples=200, deadline=None)
@given(when=TIMES, minutes=st.integers(-15 * 60, 15 * 60))
def test_offsets_read_back(when, minutes):
    local = when.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for raw in (local.isoformat(), f"{when.isoformat(' ')} {local:%z}", f"On {local.isoformat()}"):
        assert parse_date(raw) == Moment(local.astimezone(UTC), when.date(), ZoneSource.OFFSET)


@settings(max_examples=200, deadline=None)
@given(when=TIMES)
def test_formats_read_back(when):
    raw = f"{when:%d/%m/%Y %H:%M:%S.%f}"
    assert parse_date(raw, format="%d/%m/%Y %H:%M:%S.%f").at == when.replace(tzinfo=UTC)


PIECES = st.sampled_from(
    [
        "24", "2", "2022", "99", "31.12.", "'22", "0", "20220224", ".", ",", ":", "/", "-", "T", "Z", " ", "  ", "|",
        "(", ")",
        "+", "+05:30", "a.m.", "PM", "IST", "GMT", "Europe/Berlin", "Europe/", "Feb", "mar", "listopada",
        "年", "月", "日",
        "時", "下午", "রাত", "tarde", "ก.พ.", "2565", "m.", "gada", "d'abril", "בפברואר", "ب.ظ",
        "at", "de", "à", "h", "Uhr", "th", "tháng", "كانون الثاني", "٢٤", "sa", "3:37", "\x00",
        "\ud800", "²",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join), st.lists(PIECES, max_size=14).map(" ".join)
)


@settings(max_examples=1500, deadline=None)
@given(
    text=TEXTS,
    zone=st.sampled_from([None, "Asia/Kolkata", "America/New_York"]),
    language=st.sampled_from([None, "", "en", "en-US", "de", "ar", "x!"]),
    pattern=st.sampled_from([None, "%d %b %Y %I:%M %p %Z", "%Y-%m-%dT%H:%M:%S%z"]),
)
def test_any_text_gives_a_moment_or_a_date_error_and_the_same_twice(text, zone, language, pattern):
    def outcome():
        try:
            return parse_date(text, zone=zone, language=language, format=pattern)
        except DateError as error:
            return str(error)

    moment = outcome()
    assert not isinstance(moment, str) or moment.isprintable()
    if isinstance(moment, Moment):
        assert (moment.at is None) == (moment.zone_source is None)
        assert moment.at is None or (moment.at.tzinfo is UTC and abs((moment.at.date() - moment.day).days) <= 1)
        assert 1799 <= moment.day.year <= 2200
    assert outcome() == moment


HOSTILE = [
    "1",
    " ",
    "1 ",
    "-1",
    "1:",
    "24 ",
    "24 Feb ",
    "Feb ",
    "24 de de ",
    "a. m",
    "(",
    "Asia/",
    "é",
    "كانون ",
    "tháng ",
    "２",
    "ก.พ. ",
    "1 de ",
    "24 d'",
    "2022 g. 24 ",
    "3:37 de la ",
    "रात ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_cost_little(piece):
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    with pytest.raises(DateError):
        parse_date(text)
    with pytest.raises(DateError):
        parse_date(text[:200])
    with pytest.raises(DateError):
        parse_date(text[:200], format="%a %d %B %Y %H:%M %p %Z")
    assert time.process_time() - started < 0.5


def test_long_fractions_are_cut_not_refused():
    assert parse_date("2022-02-24T03:37:00." + "9" * 170 + "Z").at == datetime(2022, 2, 24, 3, 37, 0, 999999, UTC)


def test_every_language_has_twelve_months():
    assert {language: len(row.split(",")) for language, row in MONTHS.items()} == dict.fromkeys(MONTHS, 12)
