"""What finished work leaves behind: receipts of splits, parts of the dataset. Plain data with a JSON form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

Count = Annotated[int, Field(ge=0)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
PartPath = Annotated[str, Field(pattern=r"^data/([^/\\\x00]+=[^/\\\x00]+/)*part-[0-9]{5,}-[0-9a-f]{16}\.parquet$")]
"""Where a part lies, relative to the output; nothing else may stand in a manifest that files are read or removed by."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file by content. `name` is relative to the folder that the context says."""

    name: str
    bytes: Count
    sha256: Digest
    rows: Count


@dataclass(frozen=True, slots=True)
class StagedPartition:
    """Where the rows of one partition stand in a staged file: row groups [first_group, first_group + groups)."""

    values: tuple[str, ...]
    first_row: int
    rows: int
    first_group: int
    groups: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a finished split leaves behind. Equal for equal inputs: it holds no time and no host."""

    key: str
    dump: str
    read: int
    """Pages read: rows + rejects + filtered."""
    rows: int
    rejected: Mapping[str, int]
    """Rejects by code."""
    filtered: Mapping[str, int]
    """Pages left out, by rule."""
    skipped: Mapping[str, int]
    """Records of the dump that are no pages, by kind. Not part of `read`."""
    flags: Mapping[str, int]
    """Pages published with a flaw: replacement characters, a field that could not be read, a constraint broken."""
    first: int | None
    """Byte at which the first record began, None for dumps that are not cut by bytes; see records.Extent."""
    next: int | None
    staged: FileRef
    rejects: FileRef
    partitions: tuple[StagedPartition, ...]
    blamed: Mapping[str, str] = field(default_factory=dict)
    """Item -> code, for items that the supervisor had to give up."""
    retried: tuple[str, ...] = ()
    """Codes of rejects that were read again by another config or tool than the rest; sorted."""
    violations: Mapping[str, int] = field(default_factory=dict)
    """Pages that break a constraint, by rule, whatever became of them."""

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no white space that means nothing."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """Read a receipt back.

        Raises:
            ValueError, KeyError, TypeError: it is cut or of another version.

        """
        data: dict[str, Any] = json.loads(text)
        data["staged"] = FileRef(**data["staged"])
        data["rejects"] = FileRef(**data["rejects"])
        data["partitions"] = tuple(
            StagedPartition(**{**item, "values": tuple(item["values"])}) for item in data["partitions"]
        )
        data["retried"] = tuple(data["retried"])
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Part:
    """A published Parquet file."""

    path: PartPath
    """Relative to the output: data/month=2022-02/part-00000-<sha16>.parquet"""
    partition: Mapping[str, str]
    rows: Count
    bytes: Count
    sha256: Digest
    columns: Mapping[str, Mapping[str, Any]]
    """Per column: null_count, and min and max where the type has an order."""
    sites: SkipJsonSchema[Mapping[str, int]] = field(default_factory=dict)
    """Rows by site, where the dataset has the field `site`; the manifest holds their sums."""
