"""The manifest: the one document that says what a dataset is. Deterministic: no time, host or absolute path."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from builder.receipts import FileRef, Part

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Books:
    """Where every page went. `read` is counted by the readers, the rest where it ended: they must agree."""

    read: int
    rows: int
    rejected: Mapping[str, int]
    filtered: Mapping[str, int]
    duplicates: int

    @property
    def accounted(self) -> int:
        """Pages that ended somewhere."""
        return self.rows + sum(self.rejected.values()) + sum(self.filtered.values()) + self.duplicates


@dataclass(frozen=True, slots=True)
class InputEntry:
    """One input in the manifest."""

    name: str
    format: str
    bytes: int
    sha256: str
    read: int
    rows: int
    rejected: Mapping[str, int]
    filtered: Mapping[str, int]
    duplicates: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Column:
    """One field in the manifest."""

    name: str
    type: str
    arrow_type: str
    nullable: bool
    description: str


@dataclass(frozen=True, slots=True)
class PartitionColumn:
    """One level of folders in the manifest."""

    name: str
    type: str
    field: str
    unit: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """All that a manifest says."""

    name: str
    description: str | None
    columns: Sequence[Column]
    partition_by: Sequence[PartitionColumn]
    sort_by: Sequence[str]
    file_schema: pa.Schema
    fingerprint: str
    parts: Sequence[Part]
    rejects: Sequence[FileRef]
    inputs: Sequence[InputEntry]
    books: Books
    flags: Mapping[str, int]
    tool: Mapping[str, str]
    config_sha256: str
    deterministic: bool
    limited_to: int | None


def to_json(dataset: Dataset) -> str:
    """The manifest as canonical JSON: sorted keys, one value a line."""
    books = dataset.books
    document: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "dataset": {"name": dataset.name, "description": dataset.description},
        "build": {
            "tool": dict(dataset.tool),
            "config_sha256": dataset.config_sha256,
            "deterministic": dataset.deterministic,
            "limited_to": dataset.limited_to,
        },
        "schema": {
            "fields": [asdict(column) for column in dataset.columns],
            "partition_by": [
                {**asdict(column), "encoding": "hive", "missing": "unknown"} for column in dataset.partition_by
            ],
            "sort_by": list(dataset.sort_by),
            "fingerprint": dataset.fingerprint,
            "arrow_schema_base64": base64.b64encode(dataset.file_schema.serialize().to_pybytes()).decode("ascii"),
        },
        "files": [asdict(part) for part in dataset.parts],
        "rejects": [asdict(part) for part in dataset.rejects],
        "inputs": [asdict(entry) for entry in dataset.inputs],
        "counts": {
            "read": books.read,
            "rows": books.rows,
            "rejected": dict(books.rejected),
            "filtered": dict(books.filtered),
            "duplicates": books.duplicates,
            "flags": dict(dataset.flags),
        },
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
