"""A manifest read back, and refused where nothing may be read or removed by it.

The list of files is streamed, so that a manifest of 100,000 files is read in flat memory. What stands in its lines is
looked at by those who go through them, and by them alone: it is most of the work.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from builder.contract.terms import check_value
from builder.errors import ConfigError, ManifestError
from builder.printable import printable
from builder.receipts import Part
from builder.storage.place import Place, is_dir, is_file, place_of
from builder.write.commit import MANIFEST
from builder.write.document import DOCUMENT, FILE, FORMAT_VERSION, Document

_DIGEST = b' "manifest_sha256": '
_FILES = b' "files": [\n'
_LONGEST_LINE = 2**24
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was written, sound in all but its files: those are held to their types by `files_of`.

    `document.files` is left empty.
    """

    path: Place
    document: Document
    files: int
    """How many files of rows it names."""


def refuse_no_dataset(out: Place) -> None:
    """Hold a folder that is to be a dataset to that.

    Raises:
        ConfigError: it holds no manifest. OSError: the disk or the store failed.

    """
    if not is_file(out / MANIFEST):
        raise ConfigError(f"{out}: no {MANIFEST}; give the output folder of a build")


def read_manifest(path: Place | str | os.PathLike[str]) -> Manifest:
    """Read the manifest of a dataset: a manifest file, or the folder that it lies in; here, or by URL in a store.

    Raises:
        ManifestError: it is cut, not as it was written, of a newer format, or names rejects outside of _rejects/.
        OSError: it cannot be read.

    """
    path = path if isinstance(path, Place) else place_of(path)
    path = path / MANIFEST if is_dir(path) else path
    digest = hashlib.sha256()
    head: list[bytes] = []
    files = 0
    with path.open("rb") as file:
        for line, names_file in _lines(file, path):
            if not line.startswith(_DIGEST):
                digest.update(line)
            if names_file:
                files += 1
            else:
                head.append(line)
    raw = b"".join(head)
    _check_version(raw, path)
    document = _read(DOCUMENT, raw, path, "")
    if document.files or document.manifest_sha256 != digest.hexdigest():
        raise ManifestError("MANIFEST_CHANGED", f"{path}: not as it was written; restore it, or build again")
    for number, column in enumerate(document.schema.fields):
        for name, value in column.constraints.items():
            try:
                check_value(name, value, f"schema.fields.{number}.constraints.{name}")
            except ValueError as error:
                raise ManifestError("MANIFEST_UNREADABLE", f"{path}: {printable(str(error))}") from error
    return Manifest(path, document, files)


def files_of(manifest: Manifest) -> Iterator[Part]:
    """The files of rows that a manifest names, in its order.

    Raises:
        ManifestError: a line is none of a file, or names one outside of data/; or it has changed since it was read.

    """
    with manifest.path.open("rb") as file:
        for number, line in enumerate(line for line, names_file in _lines(file, manifest.path) if names_file):
            yield _read(FILE, line.rstrip(b",\n"), manifest.path, f"files.{number}")


def _lines(file: BinaryIO, path: Place) -> Iterator[tuple[bytes, bool]]:
    """Every line, and whether it is an entry of `files`: those have a line each."""
    inside = False
    while line := file.readline(_LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise ManifestError("MANIFEST_UNREADABLE", f"{path}: cut short; restore it, or build again")
        if inside and line in (b" ]\n", b" ],\n"):
            inside = False
        yield line, inside
        inside = inside or line == _FILES


def _check_version(raw: bytes, path: Place) -> None:
    """A newer format is said to be one before anything else of it is misunderstood."""
    try:
        data = from_json(raw)
    except ValueError as error:
        raise ManifestError("MANIFEST_UNREADABLE", f"{path}: not JSON, or cut short: {error}") from error
    version = data.get("format_version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > FORMAT_VERSION:
        message = f"{path}: format_version {version} is newer than this build-dataset knows; update build-dataset"
        raise ManifestError("MANIFEST_NEWER", message)


def _read(kind: TypeAdapter[Value], raw: bytes, path: Place, place: str) -> Value:
    try:
        return kind.validate_json(raw, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(filter(None, [place, *map(str, found["loc"])]))
        if found["type"] == "string_pattern_mismatch" and where.endswith((".path", ".name")):
            message = f"{path}: {where}: {str(found['input'])!r:.200} lies outside of the dataset; refused"
            raise ManifestError("MANIFEST_UNSAFE_PATH", message) from error
        message = f"{path}: {where + ': ' if where else ''}{found['msg'][:1].lower()}{found['msg'][1:]}"
        raise ManifestError("MANIFEST_UNREADABLE", message) from error
