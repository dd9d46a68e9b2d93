"""The parts of a job that speak of no field: what a build must reach, may cost, how it writes, what it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from builder.config.values import Bytes, Count, Many, Names, Rate, Rates, Text

FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True)
"""The line under a key is what editors show of it."""


class Drift(BaseModel):
    """How far a build may be from the one that it replaces; None asks for nothing."""

    model_config = FROZEN

    rows: Annotated[float, Field(ge=0)] | None = None
    """Share of the earlier rows, in total and of every site."""
    fill: Rate | None = None
    """Change of the share of rows that have a value, for every field."""


class Thresholds(BaseModel):
    """What a build must reach to be published; None asks for nothing."""

    model_config = FROZEN

    max_reject_rate: Rates = {}
    """Of the pages read: `total`, and by reject code."""
    min_fill: Mapping[str, Rate] = {}
    min_rows: Annotated[int, Field(ge=0)] | None = None
    max_drift: Drift = Drift()


class Limits(BaseModel):
    """What one page may cost, and how the work is cut. Bytes and seconds."""

    model_config = FROZEN

    page_bytes: Bytes = 16 * 2**20
    """Largest page that is taken, as stored and as inflated."""
    page_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How long a page may take before it is given up."""
    worker_memory: Bytes = 2 * 2**30
    """Most that a process may take before the page that it is at is given up; held to on Linux alone."""
    attributes: Count = 2000
    """Most attributes of an element."""
    depth: Annotated[int, Field(ge=1, le=2048)] = 2048
    """Deepest nesting of elements, at most what the parser keeps."""
    nodes: Count = 250_000
    """Most elements of a page."""
    split_bytes: Bytes = 16 * 2**20
    """How much of a dump, as stored, one task reads."""


class WriteOptions(BaseModel):
    """How parts are cut and compressed (zstd)."""

    model_config = FROZEN

    part_bytes: Bytes = 128 * 2**20
    """Size of a file, uncompressed; a merge holds one in memory."""
    row_group_bytes: Bytes = 16 * 2**20
    """Size of a row group, uncompressed."""
    compression_level: Annotated[int, Field(ge=1, le=22)] = 3
    """Of zstd; higher is smaller and slower."""
    bloom: Names | None = None
    """Fields with a Bloom filter in every row group: readers that use it pass over groups that lack a value."""
    content_defined_chunks: bool = False
    """Pages are cut where the content says, so that stores that keep equal pieces once keep most of an old build."""
    max_partitions: Count = 10_000
    """A build that would make more is refused before it merges."""


class About(BaseModel):
    """What the exports say of the dataset and its makers."""

    model_config = FROZEN

    title: Text | None = None
    license: Text | None = None
    """An SPDX identifier, like CC-BY-4.0, or a URL."""
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    """Where the dataset is at home."""
    creator: Text | None = None
    date_published: dt.date | None = None
    citation: Text | None = None
    """How to cite it, in words or BibTeX."""
    keywords: Annotated[tuple[Text, ...], Many] = ()
