"""What the report tells: a manifest summed up, and the reject table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.contract.files import relying_on
from builder.contract.manifest import files_of, read_manifest, refuse_no_dataset
from builder.receipts import Part
from builder.rejects import Rejects, summed_up
from builder.storage.place import Place
from builder.write.document import DOCUMENT, Document, SchemaSection
from builder.write.layout import UNKNOWN
from builder.write.manifest import Dataset, missing, to_json

_DAY = "published_date"


@dataclass(frozen=True, slots=True)
class Facts:
    """A dataset in numbers."""

    document: Document
    files: int
    bytes: int
    filled: Mapping[str, int]
    """Field -> rows with a value."""
    bounds: Mapping[str, tuple[Any, Any]]
    """Field -> smallest and largest value, of those that have an order; None for one that is not known."""
    levels: Mapping[str, Mapping[str, int]]
    """Partition column -> rows of each of its values."""
    months: Mapping[str, int]
    """Rows of each month of `published_date`, where only the files tell; else empty."""
    rejects: Rejects
    digest: str | None
    """Of the manifest; None where the manifest will name the report, and so cannot be named by it."""


def facts_of(out: Place) -> Facts:
    """Sum up the dataset in a folder. Of the files of rows only `published_date` is read.

    Raises:
        ConfigError: no dataset there. ManifestError: its manifest or a file is not what it was. OSError: the disk.

    """
    refuse_no_dataset(out)
    with relying_on(out):
        manifest = read_manifest(out)
        document = manifest.document
        rejects = summed_up(document.counts.read, [out / file.name for file in document.rejects])
        return _summed_up(document, files_of(manifest), rejects, lambda path: out / path, document.manifest_sha256)


def facts_to_be(dataset: Dataset, find: Callable[[str], Place]) -> Facts:
    """The same of a dataset that is about to be published; `find` says where its files are by now.

    Raises:
        OSError: the disk or the store.

    """
    document = DOCUMENT.validate_json(to_json(replace(dataset, parts=())), strict=True)
    rejects = summed_up(dataset.books.read, [find(file.name) for file in dataset.rejects])
    return _summed_up(document, dataset.parts, rejects, find, None)


def _summed_up(
    document: Document, parts: Iterable[Part], rejects: Rejects, find: Callable[[str], Place], digest: str | None
) -> Facts:
    schema = document.schema
    total: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    levels: dict[str, Counter[str]] = {level.name: Counter() for level in schema.partition_by}
    bounds: dict[str, tuple[Any, Any]] = {}
    months: Counter[str] = Counter()
    for part in parts:
        total.update(files=1, bytes=part.bytes, rows=part.rows)
        lacking.update({column.name: missing(part, column.name) for column in schema.fields})
        for name, values in levels.items():
            values[part.partition[name]] += part.rows
        _widen(bounds, part)
        if _has_days(schema):
            months.update(_months(find(part.path)))
    filled = {column.name: total["rows"] - lacking[column.name] for column in schema.fields}
    return Facts(
        document, total["files"], total["bytes"], filled, bounds,
        {name: _ordered(values) for name, values in levels.items()}, _ordered(months), rejects, digest,
    )  # fmt: skip


def _widen(bounds: dict[str, tuple[Any, Any]], part: Part) -> None:
    """Take the bounds of a part in. A part of nulls alone has none; a text that is cut has no largest."""
    for name, entry in part.columns.items():
        if "min" not in entry:
            continue
        low, high = entry["min"], entry.get("max")
        if name in bounds:
            before = bounds[name]
            low = min(low, before[0])
            high = None if high is None or before[1] is None else max(high, before[1])
        bounds[name] = (low, high)


def _has_days(schema: SchemaSection) -> bool:
    """Whether days have to be read: they are in the files, and no folders of months tell of them."""
    if any(level.name == _DAY or level.unit == "month" for level in schema.partition_by):
        return False
    return any(column.name == _DAY and column.type == "date" for column in schema.fields)


def _months(path: Place) -> Counter[str]:
    with path.open("rb") as file:
        days = pq.read_table(file, columns=[_DAY], partitioning=None, use_threads=False)[_DAY]
    counted = pc.value_counts(days.combine_chunks()).to_pylist()
    months: Counter[str] = Counter()
    for entry in counted:
        months[UNKNOWN if entry["values"] is None else entry["values"].isoformat()[:7]] += entry["counts"]
    return months


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """By value, what is unknown last."""
    known: Iterable[str] = sorted(counts, key=lambda value: (value == UNKNOWN, value))
    return {value: counts[value] for value in known if counts[value]}
