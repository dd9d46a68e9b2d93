"""A dataset with every export, and what is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.contract.manifest import files_of, read_manifest
from builder.contract.promise import Described

add_inline_engine()
ABOUT = {
    "title": 'Herons, "seen"', "license": "CC-BY-4.0", "url": "https://herons.example/data", "creator": "Reed Watch",
    "keywords": ["herons", "canals"], "citation": "Reed Watch (2022): Herons",
}  # fmt: skip
FIELDS: list[Any] = [
    {"url": {"required": True, "unique": True, "pattern": "^https://"}},
    "site",
    {"title": {"required": True, "min_length": 3, "max_length": 200, "description": 'What it\'s | called \\ "said"'}},
    {"tags": {"max_length": 9, "one_of": ["a", "b"]}},
    "links",
    "published_at",
    "published_date",
    {"word_count": {"min": 1, "max": 100_000}},
    {"section": {"one_of": ["news", "sport"], "on_violation": "keep"}},
    {"language": {"one_of": ["en", "de"]}},
    {"price": {"type": "number", "rules": [{"const": 1.5}]}},
    {"wet": {"type": "boolean", "rules": [{"const": True}]}},
    "source",
]
FILES = ["README.md", "contract.odcs.yaml", "croissant.json", "datapackage.json"]


def make_config(folder: Path, **changes: Any) -> Path:
    """JSON has no dates, so the date of publication is put in as YAML."""
    given: dict[str, Any] = {
        "description": "Herons that were seen on canals.",
        "about": ABOUT | {"date_published": "DAY"},
        "exports": ["readme", "datapackage", "croissant", "odcs"],
        "fields": FIELDS,
        "partition_by": [{"month": "published_date"}, "site"],
    }
    path = write_config(folder, **(given | changes))
    path.write_text(path.read_text().replace('"DAY"', "2022-12-31"))
    return path


def dump(folder: Path) -> None:
    days = ["2022-01-15", "2022-02-15", "2022-03-15"]
    pages = [page(number, f"{'ab'[number % 2]}.example", day=days[number % 3]) for number in range(9)]
    links = "<article><h1>Heron 1 seen</h1><p>" + "Reeds were <a href='/x'>cut</a> on the old canal bank again. " * 9
    pages.append(page(30, html=f"<html lang='en'><title>Undated heron</title>{links}</p></article></html>"))
    write_dump(folder / "raw" / "a.jsonl", pages)


def build_exports(folder: Path) -> Path:
    """A dataset of that dump and that config, in `folder`/out."""
    dump(folder)
    run(make_config(folder), folder / "out")
    return folder / "out"


def describe(out: Path) -> Described:
    found = read_manifest(out)
    return Described(found.document.dataset, found.document.schema, list(files_of(found)), found.document.counts.rows)


def rows_of(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ds.dataset(out / "data", partitioning="hive").to_table().to_pylist()
    return rows


def file_schema(out: Path) -> pa.Schema:
    return pq.read_schema(next((out / "data").rglob("*.parquet")))
