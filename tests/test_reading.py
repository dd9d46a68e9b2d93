"""One field on one page: what rules of every kind make of it, from the config to the value in the record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.pipeline import Row, build_record
from builder.records import Locator, Page

HTML = """<html lang="en"><head><title>Heron seen | The Tide</title><meta name="latitude" content="48.857">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Heron seen", "geo": {"latitude": 48.857},
 "rating": 4.667, "below": -1.234, "tiny": 1e-05, "large": 1e16, "whole": 1000000.0, "count": 4125, "said": "4.667"}
</script></head><body><h1>Heron seen</h1><p class="price">1.234 EUR</p><ul><li>a<li>b</ul></body></html>"""


def read(folder: Path, kind: str, rule: dict[str, Any] | list[dict[str, Any]], html: str = HTML) -> Row:
    """The row of a page with one field of its own."""
    fields: list[Any] = ["url", {"own": {"type": kind, "rules": rule}}]
    job = compile_job(load(write_config(folder, fields=fields, partition_by=None, sort_by=None)))
    page = Page("https://news.example/a", html.encode(), Locator("a", 0, 1), datetime(2022, 3, 1, tzinfo=UTC), 200)
    row = build_record(page, job)
    assert isinstance(row, Row)
    return row


NUMBERS: list[tuple[str, dict[str, Any], float | str]] = [
    ("number", {"const": 4.125}, 4.125),
    ("number", {"const": -2.125}, -2.125),
    ("number", {"const": 1e-05}, 1e-05),
    ("number", {"const": 1e20}, 1e20),
    ("number", {"css": "h1", "value": 4.125}, 4.125),
    ("number", {"jsonld": "geo.latitude"}, 48.857),
    ("number", {"jsonld": "rating"}, 4.667),
    ("number", {"jsonld": "rating", "pattern": r"\d\.\d{3}"}, 4.667),
    ("number", {"jsonld": "rating", "decimal": ","}, 4.667),
    ("number", {"jsonld": "below"}, -1.234),
    ("number", {"jsonld": "tiny"}, 1e-05),
    ("number", {"jsonld": "large"}, 1e16),
    ("integer", {"jsonld": "whole"}, 1000000),
    ("integer", {"jsonld": "count"}, 4125),
    ("string", {"jsonld": "rating"}, "4.667"),
    ("number", {"xpath": "4.125"}, 4.125),
    ("number", {"jsonld": "said"}, 4667),
    ("number", {"jsonld": "said", "decimal": "."}, 4.667),
    ("number", {"meta": "latitude", "decimal": "."}, 48.857),
    ("number", {"css": ".price"}, 1234),
    ("number", {"css": ".price", "decimal": "."}, 1.234),
    ("integer", {"css": ".price", "decimal": ","}, 1234),
]


@pytest.mark.parametrize(("kind", "rule", "value"), NUMBERS, ids=[f"{kind} {rule}" for kind, rule, _ in NUMBERS])
def test_numbers_are_those_of_the_page(tmp_path: Path, kind: str, rule: dict[str, Any], value: float | str) -> None:
    """What is a number where it stands is that one; what is written as text is read as people write."""
    row = read(tmp_path, kind, rule)
    assert (row.record["own"], row.flags) == (value, ())


@pytest.mark.parametrize("rule", [{"jsonld": "rating"}, {"css": ".price", "decimal": "."}], ids=str)
def test_a_number_with_a_fraction_is_no_integer(tmp_path: Path, rule: dict[str, Any]) -> None:
    row = read(tmp_path, "integer", rule)
    assert (row.record["own"], row.flags) == (None, ("unreadable:own",))
