"""What a field's value is read by besides itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.pipeline import build_record
from builder.records import Locator, Page

FIELDS = [{"day": {"type": "date", "rules": [{"css": ".day"}]}}]
DAY = "<p class=day>03/04/2022"
LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","inLanguage":"en-US"}</script>'


@pytest.mark.parametrize(
    ("html", "header", "day"),
    [
        ("<html lang=en-US>", None, date(2022, 3, 4)),
        ("<html lang=en-GB>", "en-US", date(2022, 4, 3)),
        ("<html lang=en>", None, None),
        ('<html xml:lang="en-US">', None, date(2022, 3, 4)),
        ("<html><body lang=de>", None, date(2022, 4, 3)),
        (f"<html>{LD}", None, date(2022, 3, 4)),
        ('<html><meta http-equiv="Content-Language" content="en-US, de">', None, date(2022, 3, 4)),
        ('<html><meta name=language content=fr><meta property="og:locale" content=en_US>', None, date(2022, 4, 3)),
        ('<html><meta property="og:locale" content=en_US>', None, date(2022, 3, 4)),
        ("<html>", "en-US, en", date(2022, 3, 4)),
        ("<html lang='{{ lang }}'>", "en-US", date(2022, 3, 4)),
        # Software fills in en_US by itself: it does not say which English a page is in that says English.
        ('<html lang=en><meta property="og:locale" content=en_US>', "en-US", None),
        ("<html>", None, None),
    ],
)
def test_dates_are_read_by_the_first_language_that_a_page_declares(
    tmp_path: Path, html: str, header: str | None, day: date | None
) -> None:
    body = (html + DAY).encode()
    headers = {"content-language": header} if header else {}
    page = Page(url="https://a.example/1", body=body, source=Locator("a", 0, len(body)), headers=headers)
    built = build_record(
        page, compile_job(load(write_config(tmp_path, fields=FIELDS, partition_by=None, sort_by=None, duplicates=None)))
    )
    assert built.record["day"] == day
    assert built.flags == (() if day else ("unreadable:day",))


ORDERS = {
    "a month first": ("<html lang=en>", "<p>03-19-2022</p>", "03-04-2022", date(2022, 3, 4)),
    "no language, slashes": ("<html>", "<p>Posted 03/19/2022, 10:00 AM</p>", "03/04/2022", date(2022, 3, 4)),
    "a day first": ("<html lang=en>", "<p>19/03/2022</p>", "03/04/2022", date(2022, 4, 3)),
    "what the time states": (
        "<html lang=en>", "<time datetime=2022-05-03T10:00:00>05-03-2022</time>", "03-04-2022", date(2022, 3, 4),
    ),
    "both": ("<html lang=en>", "<p>03-19-2022</p><p>19-03-2022</p>", "03-04-2022", date(2022, 4, 3)),
    "both, slashes": ("<html lang=en>", "<p>03/19/2022</p><p>19/03/2022</p>", "03/04/2022", None),
    "of another sign": ("<html lang=en>", "<p>03-19-2022</p>", "03/04/2022", None),
    "the language goes before": ("<html lang=de>", "<p>03-19-2022</p>", "03-04-2022", date(2022, 4, 3)),
    "a number": ("<html lang=en>", "<p>1-03-19-2022</p>", "03/04/2022", None),
}  # fmt: skip


@pytest.mark.parametrize(("html", "others", "written", "day"), ORDERS.values(), ids=ORDERS)
def test_other_dates_of_a_page_say_which_number_is_the_day(
    tmp_path: Path, html: str, others: str, written: str, day: date | None
) -> None:
    body = f"{html}<p class=day>{written}</p>{others}".encode()
    page = Page(url="https://a.example/1", body=body, source=Locator("a", 0, len(body)))
    built = build_record(
        page, compile_job(load(write_config(tmp_path, fields=FIELDS, partition_by=None, sort_by=None, duplicates=None)))
    )
    assert built.record["day"] == day


@pytest.mark.parametrize("stated", ["2022-03-04", "2022-03-04T10:00:00", "2022-03-04T10:00:00Z"])
@pytest.mark.parametrize("shown", ["03-04-2022", "03-04-2022, 10:00 AM", "03.04.2022"])
def test_a_time_is_of_the_day_that_it_states(tmp_path: Path, stated: str, shown: str) -> None:
    top = f"<h1>Ferry crew returns</h1><div class=meta><time datetime='{stated}'>{shown}</time></div>"
    body = f"<html lang=en>{top}<p>{'The crew of the ferry has come back to the harbour. ' * 9}".encode()
    page = Page(url="https://a.example/1", body=body, source=Locator("a", 0, len(body)))
    fields = ["published_date"]
    built = build_record(
        page, compile_job(load(write_config(tmp_path, fields=fields, partition_by=None, sort_by=None, duplicates=None)))
    )
    assert built.record["published_date"] == date(2022, 3, 4)
