"""What table formats are told of a built dataset, and what became of it."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from builder.config.values import derived_id
from builder.contract.files import check_files
from builder.contract.manifest import files_of, read_manifest
from builder.contract.stated import stated_schema
from builder.errors import FindingsError
from builder.receipts import Part
from builder.write.layout import has_no_value

MANIFEST_KEY = "dataset-builder.manifest-sha256"
"""Under this name a table says which manifest its files are from."""
_LIBRARIES = ("pyiceberg", "sqlalchemy", "deltalake", "_internal")
"""Where their errors come from; deltalake's own say that they are of `_internal`."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WHY = "\u21b3 "  # an arrow


@dataclass(frozen=True, slots=True)
class Dataset:
    """A built dataset whose files are there and as its manifest says."""

    out: Path
    """Absolute."""
    name: str
    description: str | None
    digest: str
    """`manifest_sha256` of its manifest."""
    schema: pa.Schema
    """Columns of the table, with `PARQUET:field_id` and `doc`: those in the files, then partition columns, as text."""
    levels: tuple[str, ...]
    """Partition columns, which are in no file."""
    parts: tuple[Part, ...]


class Publication(NamedTuple):
    """What became of a table. Numbers are of files."""

    version: str
    """The format's own name of the state that the table is in now."""
    added: int
    removed: int
    kept: int
    changed: bool
    """Whether anything was committed."""


def read_dataset(out: Path) -> Dataset:
    """Read the dataset in a folder, and look at all its footers.

    Raises:
        ManifestError: its manifest cannot be relied on.
        FindingsError: its files are not those of the manifest.
        OSError: there is none.

    """
    manifest = read_manifest(out)
    for found in check_files(out, manifest):
        raise FindingsError(f"{out}: {found.file}: {found.message}; build it again, nothing is published")
    document = manifest.document
    levels = tuple(level.name for level in document.schema.partition_by)
    columns = {column.name: column for column in document.schema.fields}
    stored = stated_schema(document.schema)
    assert stored is not None, "check_files finds what is none"
    fields = [_said(field, columns[field.name].description) for field in stored]
    for level in document.schema.partition_by:
        known = columns.get(level.name)
        number = known.id if known else derived_id(f"partition.{level.name}")
        field = pa.field(level.name, pa.string(), metadata={"PARQUET:field_id": str(number)})
        fields.append(_said(field, known.description if known else f"The {level.unit} of {level.field}"))
    return Dataset(
        out=out,
        name=document.dataset.name,
        description=document.dataset.description,
        digest=document.manifest_sha256,
        schema=pa.schema(fields),
        levels=levels,
        parts=tuple(files_of(manifest)),
    )


def _said(field: pa.Field, description: str) -> pa.Field:
    return field.with_metadata({**(field.metadata or {}), b"doc": description.encode()})


def partition_of(part: Part, levels: tuple[str, ...]) -> dict[str, str | None]:
    """Partition column -> value of all rows of a file; None where they have none."""
    return {name: None if has_no_value(part.path, name) else part.partition[name] for name in levels}


@contextmanager
def library_errors(target: str) -> Iterator[None]:
    """Let what the libraries of a format raise be one line: the store is down, or somebody else has committed.

    Raises:
        OSError: with the table as its file name.

    """
    try:
        yield
    except Exception as error:
        unnumbered = isinstance(error, OSError) and error.errno is None  # deltalake raises these too
        if not unnumbered and (isinstance(error, OSError) or not type(error).__module__.startswith(_LIBRARIES)):
            raise
        raise OSError(errno.EIO, _in_a_line(str(error)) or type(error).__name__, target) from error


def _in_a_line(text: str) -> str:
    r"""The first line, without colours; with those below that only say why, as deltalake has it.

    >>> _in_a_line("no such table\n\n  \x1b[31m\u21b3\x1b[0m it is gone\nand so on")
    'no such table: it is gone'
    """
    first, *others = (line.strip() for line in _COLOUR.sub("", text).strip().split("\n"))
    return ": ".join([first, *(line.removeprefix(_WHY) for line in others if line.startswith(_WHY))])
