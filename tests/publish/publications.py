"""Datasets to publish, and what must hold whatever the format is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from small_builds import FIELDS, add_inline_engine, page, run, write_config, write_dump

add_inline_engine()
HARD = ["a b", "x/y=z", "100%", "Zürich", "c:d?#&+", "新聞", "unknown"]
"""Values that are hard on paths and URIs."""
DESK = {"desk": {"type": "string", "rules": [{"css": ".desk"}]}}


def pages(numbers: Sequence[int], **changes: Any) -> list[dict[str, Any]]:
    days = ["2022-01-15", "2022-02-15", "2022-03-15"]
    return [page(number, day=days[number % 3], **changes) for number in numbers]


def dataset(folder: Path, numbers: Sequence[int] = range(7), **config: Any) -> Path:
    """A dataset of three months; built again with other pages where it is there."""
    write_dump(folder / "raw" / "a.jsonl", pages(numbers))
    run(write_config(folder, **config), folder / "out")
    return folder / "out"


def hard_dataset(folder: Path) -> Path:
    """Three levels of folders, one with values that are hard on paths, one of a field that stays in the files."""
    found = []
    for number, desk in enumerate([*HARD, None]):
        made = page(number)
        mark = f'<p class="desk">{desk.replace("&", "&amp;")}</p>' if desk else ""
        found.append(made | {"html": made["html"].replace("</h1>", f"</h1>{mark}")})
    write_dump(folder / "raw" / "a.jsonl", found)
    levels = ["desk", {"value": "site", "as": "paper"}, {"day": "published_date"}]
    run(write_config(folder, fields=[*FIELDS, DESK], partition_by=levels), folder / "out")
    return folder / "out"


def rows(out: Path) -> pl.DataFrame:
    """What a reader of OUT/data has, partition columns as text, those in a folder `unknown` null."""
    found = pl.read_parquet(out / "data", hive_partitioning=True, try_parse_hive_dates=False, include_file_paths="at")
    levels = sorted({segment.partition("=")[0] for path in (out / "data").rglob("*=*") for segment in [path.name]})
    nulls = [pl.col("at").str.contains(f"/{name}=unknown/", literal=True) for name in levels]
    texts = [
        pl.when(null).then(None).otherwise(pl.col(name).cast(pl.String)).alias(name)
        for name, null in zip(levels, nulls, strict=True)
    ]
    return found.with_columns(texts).drop("at").sort("url")


def as_rows(table: pa.Table, like: pl.DataFrame) -> pl.DataFrame:
    """A table that was read, in the order of `rows`; it may have no other columns."""
    frame = pl.DataFrame(pl.from_arrow(table))
    assert set(frame.columns) == set(like.columns)
    return frame.select(like.columns).sort("url")


def bytes_of(out: Path) -> dict[str, str]:
    """SHA-256 of every published file."""
    found = [*(out / "data").rglob("*"), *(out / "_rejects").rglob("*"), out / "_manifest.json"]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found if path.is_file()}
