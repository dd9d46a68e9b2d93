"""What becomes of a page: a row, a reject, or left out by the config."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.pipeline import Filtered, Reject, Row, build_record
from builder.records import Locator, Page

HTML = b"""<html lang="en"><head><title>Heron seen</title><meta name="keywords" content="sport, politics">
<meta name="views" content="7"></head><body><h1>Heron seen</h1></body></html>"""
VIEWS = {"views": {"type": "integer", "rules": {"meta": "views"}}}


def outcome(folder: Path, **config: Any) -> Row | Reject | Filtered:
    job = compile_job(load(write_config(folder, partition_by=None, sort_by=None, duplicates=None, **config)))
    return build_record(Page("https://a.example/1", HTML, Locator("a", 0, 1), datetime(2022, 3, 1, tzinfo=UTC)), job)


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ({"tags": {"one_of": ["sport"]}}, None),
        ({"tags": {"one_of": ["culture", "politics"]}}, None),
        ({"tags": {"one_of": ["culture"]}}, "tags.one_of"),
        ({"authors": {"one_of": ["Ann Lee"]}}, "authors.missing"),
        ({"views": {"one_of": [1, 7]}}, None),
        ({"views": {"one_of": [1]}}, "views.one_of"),
        ({"language": {"one_of": ["en"]}}, None),
    ],
    ids=str,
)
def test_one_of_wants_one_entry_of_a_list(tmp_path: Path, condition: dict[str, Any], rule: str | None) -> None:
    found = outcome(tmp_path, fields=["tags", "authors", "language", VIEWS], select=condition)
    assert isinstance(found, Row) if rule is None else found == Filtered(rule)
