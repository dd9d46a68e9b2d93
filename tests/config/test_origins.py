"""Columns that say where the values of a field stood on the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from readme_pages import README, ROOT
from small_builds import add_inline_engine, load, manifest, run, write_config, write_dump

from builder.catalogue import CATALOGUE_TYPES
from builder.compiled import compile_job
from builder.config.values import derived_id
from builder.contract.validate import validate
from builder.derived import DERIVED
from builder.extract.candidates import source_of
from builder.pipeline import read_record
from builder.reading import Tried
from builder.records import Locator, Page

add_inline_engine()
HEAD = '<meta property="article:published_time" content="2022-02-24T03:37:00+05:30">'
STATED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Stated heron %d"}</script>'
BODY = "<h1>Heron %d seen</h1><p>The heron of the pond was seen again, and it stayed for the whole of the day.</p>"
TITLE: dict[str, Any] = {
    "origin_as": "title_origin",
    "rules": [{"css": ".headline"}, {"jsonld": "headline"}, {"css": "h1"}],
}


def build(folder: Path, fields: list[Any], **config: Any) -> Path:
    """Four pages, of which the first two state their headline as JSON-LD."""
    pages = [
        {"url": f"https://a.example/{number}", "fetched_at": "2022-03-01T00:00:00Z",
         "html": f"<html lang=en><head>{HEAD}{STATED % number * (number < 2)}</head><body>{BODY % number}</body>"}
        for number in range(4)
    ]  # fmt: skip
    write_dump(folder / "raw" / "a.jsonl", pages)
    plain: dict[str, Any] = {"partition_by": None, "sort_by": ["url"]}
    run(write_config(folder, fields=fields, **(plain | config)), folder / "out")
    return folder / "out"


def rows(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ds.dataset(out / "data", partitioning="hive").to_table().to_pylist()
    return sorted(found, key=lambda row: str(row["url"]))


def test_the_rule_that_won_is_told(tmp_path: Path) -> None:
    out = build(tmp_path, ["url", {"title": TITLE}])
    told = [(row["title"], row["title_origin"]) for row in rows(out)]
    assert told == [
        ("Stated heron 0", "jsonld:headline"),
        ("Stated heron 1", "jsonld:headline"),
        ("Heron 2 seen", "css:h1"),
        ("Heron 3 seen", "css:h1"),
    ]
    assert validate(str(out), deep=True)[0] == []
    column = {field["name"]: field for field in manifest(out)["schema"]["fields"]}["title_origin"]
    assert (column["type"], column["nullable"], column["id"]) == ("string", True, derived_id("title_origin"))


@pytest.mark.parametrize(
    ("field", "origin"),
    [
        ("published_at", "meta:article:published_time"),
        ("published_date", "meta:article:published_time"),
        ("published_raw", "meta:article:published_time"),
        ("timezone_source", "meta:article:published_time"),
        ("language", "html:lang"),
        ("text", "article"),
        ("word_count", "article"),
        ("site", "capture:page_url"),
        ("fetched_at", "capture:fetched_at"),
        ("content_sha256", "capture"),
        ("authors", None),
        ("http_status", None),
    ],
)
def test_the_generic_extractor_tells_too(tmp_path: Path, field: str, origin: str | None) -> None:
    """A field that follows from another has its origin; one without a value has none."""
    out = build(tmp_path, ["url", {field: {"origin_as": "whence"}}])
    assert {row["whence"] for row in rows(out)} == {origin}


def test_a_value_that_a_constraint_took_away_has_no_origin(tmp_path: Path) -> None:
    out = build(tmp_path, ["url", {"title": TITLE | {"pattern": "^Stated", "on_violation": None}}])
    assert [row["title_origin"] for row in rows(out)] == ["jsonld:headline", "jsonld:headline", None, None]


def test_an_origin_is_a_column_like_others(tmp_path: Path) -> None:
    """In a path, sorted and selected by, held to a threshold."""
    out = build(
        tmp_path, ["url", {"title": TITLE}], partition_by=["title_origin"], sort_by=["title_origin", "url"],
        select={"title_origin": {"one_of": ["css:h1"]}}, thresholds={"min_fill": {"title_origin": 1}},
    )  # fmt: skip
    assert [row["title_origin"] for row in rows(out)] == ["css:h1"] * 2
    assert {path.parent.name for path in (out / "data").rglob("*.parquet")} == {"title_origin=css%3Ah1"}
    assert validate(str(out), deep=True)[0] == []


def test_every_kind_of_origin_is_in_the_table(tmp_path: Path) -> None:
    """Of all that is found without rules on the pages of the sites."""
    table = README.partition("| origin | the value stood in |\n")[2].partition("\n\n")[0]
    cells = " ".join(line.split(" | ")[0] for line in table.splitlines()[1:])
    listed = set(re.findall(r"`(\w+)", cells))
    loaded = load(write_config(tmp_path, fields=None, partition_by=None, sort_by=None, duplicates=None))
    job, tried = compile_job(loaded), list[Tried]()
    pages = sorted((ROOT / "tests" / "sites").glob("*/*.html"))
    for number, path in enumerate(pages):
        read_record(Page(f"https://a.example/news/{number}", path.read_bytes(), Locator("a", 0, 1)), job, tried)
    told = {source_of(item.origin) for item in tried}
    assert len(told) > len(listed) / 2
    assert told <= listed


def test_every_derivation_says_its_origin() -> None:
    assert all(item.follows in CATALOGUE_TYPES if item.follows else item.origin for item in DERIVED.values())
