"""Dumps with a fault in them, read and built, with the books held to balance each time."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from small_builds import add_inline_engine, manifest, run, write_config

from builder.records import Extent, Item, Page, Reject

add_inline_engine()
FIELDS = ["page_url", "title", "text", "http_status", "truncated", "source"]


class Built(NamedTuple):
    """What became of a dump: rows and rejects as dicts, and the manifest."""

    rows: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    manifest: dict[str, Any]

    @property
    def codes(self) -> list[str]:
        return [reject["code"] for reject in self.rejects]

    @property
    def titles(self) -> list[str]:
        return sorted(row["title"] or "" for row in self.rows)


def build_files(
    folder: Path, files: dict[str, bytes], options: Mapping[str, Any] | None = None, **changes: Any
) -> Built:
    """Build the files as inputs, each under its own name; `changes` are those of the config."""
    for name, data in files.items():
        path = folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    plain = {"fields": FIELDS, "partition_by": None, "sort_by": ["page_url"], "duplicates": None}
    config = write_config(folder, **({"inputs": [f"raw/{name}" for name in files]} | plain | changes))
    return build_config(config, folder / "out", **(options or {}))


def build_config(config: Path, out: Path, **options: Any) -> Built:
    """Build, read everything back, and see that the books balance and agree with the files."""
    books = run(config, out, **options).books
    assert books.read == books.rows + sum(books.rejected.values()) + sum(books.filtered.values()) + books.duplicates
    rows = [row for path in sorted((out / "data").rglob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    rejects = [row for path in sorted((out / "_rejects").rglob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    assert (len(rows), len(rejects)) == (books.rows, sum(books.rejected.values()))
    return Built(rows, rejects, manifest(out))


def line(html: str, **more: Any) -> bytes:
    """A line of JSON Lines with a page."""
    return json.dumps({"url": "https://www.a.example/1", "html": html, **more}).encode() + b"\n"


def as_parquet(table: pa.Table, **options: Any) -> bytes:
    """The table as a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def holes(items: Sequence[Item], data: bytes) -> bytes:
    """What of a dump no page and no reject speaks of, without zeros and line ends, which may stand between records."""
    left = bytearray(data)
    for item in items:
        if isinstance(item, Page | Reject):
            at = item.source.offset
            left[at : at + item.source.length] = bytes(item.source.length)
    assert isinstance(items[-1], Extent) or not any(isinstance(item, Extent) for item in items)
    return bytes(left).strip(b"\0\r\n")
