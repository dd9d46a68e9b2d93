"""Any text as a date: a moment or an error that says why, the same twice, in bounded time."""

from __future__ import annotations

import time
from typing import Any

from fuzzing import fuzz
from hypothesis import strategies as st

from builder.normalize.dates import DateError, parse_date

WORDS = [
    "January", "janv.", "März", "Feb", "12", "2022", "31", "30", "00", "99", "0", "1645700000", "1645700000000",
    "9" * 30, "T", "Z", "+05:30", "-0800", "IST", "EST", "UTC", "GMT+2", "AM", "p.m.", "Uhr", "o'clock", "today",
    "yesterday", "2 hours ago", ":", "/", ".", "-", "Updated", "Published on", "年", "月", "日", "오전", "٢٠٢٢", "२०२२",
    "\u200f", "\u00a0", "\0", "'22", "1st", "Mon", "2022-02-30", "24/02/2022", "03/04/05", "W08-4", "24:00", "23:59:60",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from([*WORDS, " "]), max_size=25).map(" ".join),
    st.text(max_size=220),
    st.text("0123456789/-:. ", max_size=30),
)
FORMATS = st.one_of(
    st.none(), st.sampled_from(["%d-%m-%Y %H:%M %Z", "%Y", "%d. %B %Y", "%A", "%", "%%Y %d%m%Y", "%j %Y"])
)
LANGUAGES = st.sampled_from([None, "en", "en-US", "de", "fr-CA", "hi", "zz", "x-klingon", ""])
ZONES = st.sampled_from([None, "Asia/Kolkata", "Europe/Berlin", "UTC"])


def test_fuzz_date_parser() -> None:
    def check(example: tuple[str, Any, Any, Any]) -> None:
        text, form, language, zone = example
        began = time.process_time()
        outcomes = []
        for _ in range(2):
            try:
                moment = parse_date(text, zone=zone, format=form, language=language)
            except DateError as error:
                outcomes.append(str(error))
            except ValueError:
                assert form is not None, "only a format may be wrong by itself"
                outcomes.append("format")
            else:
                outcomes.append(repr(moment))
                assert moment.at is None or moment.at.utcoffset() is not None
        assert outcomes[0] == outcomes[1]
        assert time.process_time() - began < 2

    fuzz(check, st.tuples(TEXTS, FORMATS, LANGUAGES, ZONES), examples=300)
