"""What a manifest holds, as types: its published JSON Schema is made of them, and it is read back by them.

Keys may be added within a format version, and readers ignore those that they do not know. What would mislead a reader
of the version before gets a new FORMAT_VERSION.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from builder.receipts import Count, Digest, Part

FORMAT_VERSION = 1
SCHEMA_ID = f"urn:dataset-builder:manifest:{FORMAT_VERSION}"
Version = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
RejectsPath = Annotated[str, Field(pattern=r"^_rejects/part-[0-9]{5,}-[0-9a-f]{16}\.parquet$")]
FILE = TypeAdapter(Part)


@dataclass(frozen=True, slots=True)
class Column:
    """One field of the rows, in their order."""

    name: str
    type: str
    """The kind of value, as the config names it."""
    arrow_type: str
    nullable: bool
    description: str
    id: Annotated[int, Field(gt=0, lt=2**31)]
    """Stays what it is when the field is renamed; PARQUET:field_id in the files."""
    deprecated: str | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    """What else every value keeps to, and under `on_violation` what became of pages where one does not."""


@dataclass(frozen=True, slots=True)
class PartitionColumn:
    """One level of folders: the partition column `name` is the `unit` of a field."""

    name: str
    type: str
    field: str
    unit: Literal["value", "year", "month", "day"]
    encoding: str = "hive"
    missing: str = "unknown"
    """The folder of rows without a value."""


@dataclass(frozen=True, slots=True)
class InputEntry:
    """One input, and where its pages went."""

    name: str
    format: str
    bytes: Count
    sha256: Digest
    read: Count
    rows: Count
    rejected: Mapping[str, Count]
    filtered: Mapping[str, Count]
    duplicates: Count
    skipped: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class About:
    """What the dataset is called, and the semantic version of its schema."""

    name: str
    version: Version
    description: str | None
    title: str | None = None
    license: str | None = None
    url: str | None = None
    creator: str | None = None
    date_published: str | None = None
    citation: str | None = None
    keywords: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Build:
    """What made it. `deterministic`: no page was given up for its time or memory, and no reject read again.

    `limited_to`: pages of each input, where not all.
    """

    tool: Mapping[str, str]
    config_sha256: Digest
    deterministic: bool
    limited_to: int | None


@dataclass(frozen=True, slots=True)
class SchemaSection:
    """The columns, and how rows are laid out."""

    fields: Sequence[Column]
    partition_by: Sequence[PartitionColumn]
    primary_key: Sequence[str]
    """Fields by which no two rows with values are equal: those that duplicates are found by."""
    sort_by: Sequence[str]
    """Ascending, rows without a value last, within a partition."""
    fingerprint: Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]
    """Of names, types, nullability and partitioning."""
    arrow_schema_base64: str
    """The exact schema of the files, as an Arrow IPC message."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Where every page went: read = rows + rejected + filtered + duplicates."""

    read: Count
    rows: Count
    rejected: Mapping[str, Count]
    filtered: Mapping[str, Count]
    duplicates: Count
    flags: Mapping[str, Count]
    """Rows that were published with a flaw."""
    violations: Mapping[str, Count] = field(default_factory=dict)
    """Pages that break a constraint, by rule, whatever became of them."""
    sites: Mapping[str, Count] = field(default_factory=dict)
    """Rows by site, where the dataset has the field `site`."""


@dataclass(frozen=True, slots=True)
class RejectsFile:
    """A file of the reject table."""

    name: RejectsPath
    bytes: Count
    sha256: Digest
    rows: Count


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file beside the manifest that says the same in the words of another standard."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
    bytes: Count
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest."""

    schema_id: Annotated[str, Field(alias="$schema")]
    format_version: Literal[1]
    dataset: About
    build: Build
    schema: SchemaSection
    files: Sequence[Part]
    rejects: Sequence[RejectsFile]
    inputs: Sequence[InputEntry]
    counts: Counts
    manifest_sha256: Digest
    """SHA-256 of the file without the line of this key."""
    exports: Sequence[ExportFile] = ()


DOCUMENT = TypeAdapter(Document)


def json_schema() -> str:
    """The JSON Schema of the manifest, as it is published."""
    schema = {"$schema": GenerateJsonSchema.schema_dialect, "$id": SCHEMA_ID, **DOCUMENT.json_schema()}
    schema["title"] = "Manifest of a dataset"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
