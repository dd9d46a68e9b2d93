"""Which profile a page falls under."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.extract.profile import DatedProfile, profile_for

SITES = {
    "tide.example": [
        DatedProfile(date(2021, 6, 30), "old"),
        DatedProfile(date(2022, 6, 30), "middle"),
        DatedProfile(None, "new"),
    ],
    "sport.tide.example": [DatedProfile(None, "sport")],
    "closed.example": [DatedProfile(date(2020, 12, 31), "last")],
    "co.example": [],
}


@pytest.mark.parametrize(
    ("host", "day", "profile"),
    [
        ("tide.example", date(2021, 6, 30), "old"),
        ("tide.example", date(2021, 7, 1), "middle"),
        ("tide.example", date(1999, 1, 1), "old"),
        ("tide.example", date(2022, 6, 30), "middle"),
        ("tide.example", date(2022, 7, 1), "new"),
        ("tide.example", None, "new"),
        ("www.tide.example", date(2022, 7, 1), "new"),
        ("a.b.c.tide.example", date(2022, 1, 1), "middle"),
        ("sport.tide.example", date(1999, 1, 1), "sport"),
        ("live.sport.tide.example", None, "sport"),
        ("transport.tide.example", date(2022, 7, 1), "new"),
        ("ebbtide.example", None, None),
        ("tide.example.net", None, None),
        ("example", None, None),
        ("", None, None),
        ("closed.example", date(2020, 12, 31), "last"),
        ("closed.example", date(2021, 1, 1), None),
        ("closed.example", None, "last"),
        ("co.example", None, None),
        ("10.0.0.1", None, None),
    ],
)
def test_profile_for(host: str, day: date | None, profile: str | None) -> None:
    assert profile_for(SITES, host, day) == profile


@given(st.dates(), st.sampled_from(["", "www.", "a.b."]))
def test_every_day_has_the_first_profile_that_still_holds(day: date, prefix: str) -> None:
    expected = "old" if day <= date(2021, 6, 30) else "middle" if day <= date(2022, 6, 30) else "new"
    assert profile_for(SITES, f"{prefix}tide.example", day) == expected
