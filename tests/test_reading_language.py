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
