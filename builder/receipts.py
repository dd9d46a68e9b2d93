"""What finished work leaves behind: receipts of splits, parts of the dataset. Plain data with a JSON form."""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, field
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

from pydantic import Field

Count = Annotated[int, Field(ge=0)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
PartPath = Annotated[str, Field(pattern=r"^data/([^/\\\x00]+=[^/\\\x00]+/)*part-[0-9]{5,}-[0-9a-f]{16}\.parquet$")]
"""Where a part lies, relative to the output; nothing else may stand in a manifest that files are read or removed by."""

PageBudget: TypeAlias = tuple[float, int]
"""What a page may take: limits.page_seconds, limits.worker_memory. Of no key, for most pages take far less."""
PLACE = struct.Struct("<4IQ")
"""A StagedPartition without its values."""


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
    bytes: int
    """Of its rows, uncompressed; see write.staging.row_bytes."""


@dataclass(frozen=True, slots=True)
class StagedPartitions:
    """The partitions of a split, in order. A class of its own because a driver holds millions: 32 bytes each."""

    values: tuple[tuple[str, ...], ...]
    """Shared by all splits that have rows in the same partitions."""
    places: bytes
    """A PLACE for each."""

    @classmethod
    def of(cls, items: Iterable[StagedPartition]) -> StagedPartitions:
        """Pack them.

        Raises:
            ValueError: a number is none, or larger than a file can have.

        """
        listed = list(items)
        try:
            places = b"".join(PLACE.pack(*astuple(item)[1:]) for item in listed)
        except struct.error as error:
            raise ValueError(f"partitions: {error}") from error
        return cls(_shared(tuple(_shared(item.values) for item in listed)), places)

    def __iter__(self) -> Iterator[StagedPartition]:
        for values, place in zip(self.values, PLACE.iter_unpack(self.places), strict=True):
            yield StagedPartition(values, *place)

    def __len__(self) -> int:
        return len(self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, (self.values, self.places)


def _unpacked(values: tuple[tuple[str, ...], ...], places: bytes) -> StagedPartitions:
    return StagedPartitions(_shared(tuple(map(_shared, values))), places)


@lru_cache(maxsize=2**16)
def _shared(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same object for equal ones."""
    return values


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
    partitions: StagedPartitions
    blamed: Mapping[str, str] = field(default_factory=dict)
    """Item -> code, for items that the supervisor had to give up."""
    retried: tuple[str, ...] = ()
    """Codes of rejects, had it any, that were read again by another config or tool than the rest; sorted."""
    violations: Mapping[str, int] = field(default_factory=dict)
    """Pages that break a constraint, by rule, whatever became of them."""
    allowed: PageBudget = (0.0, 0)
    """What a page might take; see `still_holds`."""

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no white space that means nothing."""
        data = asdict(self) | {"partitions": [asdict(item) for item in self.partitions]}
        return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """Read a receipt back.

        Raises:
            ValueError, KeyError, TypeError: it is cut or of another version.

        """
        data: dict[str, Any] = json.loads(text)
        data["staged"] = FileRef(**data["staged"])
        data["rejects"] = FileRef(**data["rejects"])
        data["partitions"] = StagedPartitions.of(
            StagedPartition(**{**item, "values": tuple(item["values"])}) for item in data["partitions"]
        )
        data["retried"] = tuple(data["retried"])
        data["allowed"] = tuple(data["allowed"])
        return cls(**data)


def still_holds(receipt: Receipt, budget: PageBudget) -> bool:
    """Whether a split would yield the same with what a page may take now: no page was given up that might be read now.

    And none was read that might be given up.
    """
    is_more = all(then <= now for then, now in zip(receipt.allowed, budget, strict=True))
    return receipt.allowed == budget or (is_more and not receipt.blamed)


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sums of counts by what they count, in the order of that."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


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


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge task leaves behind."""

    parts: tuple[Part, ...]
    sites: Mapping[str, int]
    """Rows by site, where the dataset has the field `site`; the manifest holds their sums."""
