"""A field under its old names as well: the same values, ids of their own, deprecated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from small_builds import add_inline_engine, load, manifest, page, run, write_config, write_dump

from builder.catalogue import CATALOGUE
from builder.config.values import derived_id
from builder.contract.validate import validate
from builder.preview import as_text, explain

add_inline_engine()
HEADLINE: dict[str, Any] = {"type": "string", "aliases": ["title", "heading"], "rules": [{"css": "h1"}]}


def build(folder: Path, headline: dict[str, Any], **config: Any) -> Path:
    write_dump(folder / "raw" / "a.jsonl", [page(number, day=f"2022-0{1 + number % 3}-01") for number in range(1, 7)])
    fields = ["url", {"headline": HEADLINE | headline}, "published_at", "published_date", "source"]
    run(write_config(folder, **{"fields": fields, **config}), folder / "out")
    return folder / "out"


def rows(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ds.dataset(out / "data", partitioning="hive").to_table().to_pylist()
    return found


@pytest.mark.parametrize(
    ("headline", "missing"),
    [
        ({}, 0),
        ({"required": True}, 0),
        ({"unique": True}, 0),
        ({"pattern": "[1-3] seen$", "on_violation": None}, 3),
        ({"pattern": "[1-3] seen$", "on_violation": "keep"}, 0),
    ],
    ids=["plain", "required", "unique", "null", "keep"],
)
def test_all_names_hold_the_same(tmp_path: Path, headline: dict[str, Any], missing: int) -> None:
    out = build(tmp_path, headline)
    found = rows(out)
    assert len(found) == 6
    assert all(row["headline"] == row["title"] == row["heading"] for row in found)
    assert sum(row["title"] is None for row in found) == missing
    assert validate(str(out), deep=True)[0] == []
    counts = manifest(out)["counts"]
    assert set(counts["violations"]) == ({"headline.pattern"} if "pattern" in headline else set())


def test_what_the_manifest_says_of_an_alias(tmp_path: Path) -> None:
    columns = {column["name"]: column for column in manifest(build(tmp_path, {"required": True}))["schema"]["fields"]}
    assert list(columns)[:4] == ["url", "headline", "title", "heading"]
    for name, words in (("title", CATALOGUE["title"].description), ("heading", "")):
        assert columns[name] == columns["headline"] | {
            "name": name, "id": derived_id(name), "deprecated": "use headline", "description": words,
        }  # fmt: skip


def test_an_alias_is_a_field_like_others(tmp_path: Path) -> None:
    """Sorted by, in a path, found by a Bloom filter, selected and held to a threshold."""
    out = build(
        tmp_path, {}, sort_by=["title"], partition_by=["heading"], write={"bloom": ["title"]},
        select={"title": {"one_of": ["Heron 1 seen", "Heron 2 seen"]}}, thresholds={"min_fill": {"title": 1}},
        duplicates={"by": ["title"]},
    )  # fmt: skip
    assert [(row["heading"], row["title"]) for row in rows(out)] == [
        (f"Heron {n} seen", f"Heron {n} seen") for n in (1, 2)
    ]
    assert validate(str(out), deep=True)[0] == []


def test_preview_shows_it(tmp_path: Path) -> None:
    out = build(tmp_path, {})
    shown = as_text(explain(load(out.parent / "job.yaml"), "https://www.a.example/news/1"))  # type: ignore[arg-type]
    assert "title: Heron 1 seen" in shown
