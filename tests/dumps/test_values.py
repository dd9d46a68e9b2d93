from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from builder.dumps.values import Given, fetch_time, make_page, status
from builder.records import Locator, Page, Reject

MOMENT = datetime(2022, 2, 23, 22, 7, tzinfo=UTC)
PLACE = Locator("d", 0, 1)


@pytest.mark.parametrize(
    "value",
    [
        "2022-02-23T22:07:00Z",
        "2022-02-23T22:07",
        "2022-02-23 22:07:00",
        "2022-02-23 22:07:00 UTC",
        "2022-02-24T03:37:00+05:30",
        " 2022-02-23T22:07:00.000000Z ",
        "20220223T220700Z",
        "20220223220700",
        20220223220700,
        "Wed, 23 Feb 2022 22:07:00 GMT",
        "23 Feb 2022 22:07 +0000",
        "Wed, 23 Feb 2022 17:07:00 EST",
        "Wed, 23 Feb 2022 22:07:00 -0000",
        1645654020,
        1645654020.0,
        1645654020000,
        "1645654020",
        "1645654020000",
        "1645654020.0",
        1645654020000000,
        1645654020000000999,
        1645654020000000.0,
        "1645654020000000",
        "1645654020000000000",
        Decimal("1645654020"),
        Decimal("1645654020.000"),
        datetime(2022, 2, 23, 22, 7),
        datetime(2022, 2, 24, 3, 37, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_readable_times(value: object) -> None:
    found = fetch_time(value)
    assert (found, found and found.tzinfo) == (MOMENT, UTC)


@pytest.mark.parametrize("value", [date(2022, 2, 23), "2022-02-23", "20220223"])
def test_a_date_is_its_midnight(value: object) -> None:
    assert fetch_time(value) == datetime(2022, 2, 23, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "  \t", float("nan")])
def test_no_time(value: object) -> None:
    assert fetch_time(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2022",
        "23/02/2022",
        "2022-02-30",
        "20220230000000",
        "Wed, 23 Feb 2022 22:07:00 IST",
        "Wed, 23 Feb 2022 22:07:00",
        "٢٠٢٢٠٢٢٣٢٢٠٧٠٠",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        True,
        float("inf"),
        10**15 - 1,
        10**16,
        10**19,
        "1645654020000000.5",
        10**30,
        -(10**30),
        16456540200000000,
        b"2022-02-23",
        [2022, 2, 23],
        {"year": 2022},
    ],
    ids=str,
)
def test_unreadable_times(value: object) -> None:
    with pytest.raises(ValueError, match="not a time: "):
        fetch_time(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (200, 200),
        ("404", 404),
        (" 301 ", 301),
        (200.0, 200),
        (None, None),
        ("", None),
        (999, 999),
        (float("nan"), None),
        (Decimal("404.00"), 404),
    ],
)
def test_status(value: object, expected: int | None) -> None:
    assert status(value) == expected


@pytest.mark.parametrize(
    "value", ["OK", 0, 99, 1000, -1, 200.5, True, "200 OK", "٢٠٠", [200], Decimal("200.5"), float("inf")], ids=str
)
def test_unreadable_status(value: object) -> None:
    with pytest.raises(ValueError, match="not an HTTP status"):
        status(value)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Given(url=5), "bad_record"),
        (Given(content_type=["text/html"]), "bad_record"),
        (Given(http_status="fine"), "bad_record"),
        (Given(fetched_at="soon"), "bad_fetch_time"),
    ],
)
def test_what_cannot_be_read_is_a_reject(given: Given, code: str) -> None:
    found = make_page(PLACE, b"<p>", given, "file:d", 100)
    assert isinstance(found, Reject)
    assert (found.stage, found.code, found.source) == ("read", code, PLACE)


@pytest.mark.parametrize(("size", "kind"), [(100, Page), (101, Reject)])
def test_page_bytes_is_the_largest_size_taken(size: int, kind: type) -> None:
    assert isinstance(make_page(PLACE, bytes(size), Given(), "file:d", 100), kind)


def test_what_is_no_page_by_its_content_type_is_not_too_large() -> None:
    found = make_page(PLACE, bytes(101), Given(content_type="video/mp4"), "file:d", 100)
    assert found == Page("file:d", b"", PLACE, headers={"content-type": "video/mp4"})


def test_blank_facts_are_no_facts() -> None:
    found = make_page(PLACE, b"", Given(" ", "", "", ""), "file:d", 100)
    assert found == Page("file:d", b"", PLACE, None, None, {})


def test_lone_surrogates_are_replaced() -> None:
    found = make_page(PLACE, b"", Given("https://example.org/\udcff", None, 200, "text/html\ud800"), "file:d", 100)
    assert found == Page("https://example.org/�", b"", PLACE, None, 200, {"content-type": "text/html�"})
