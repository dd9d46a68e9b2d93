"""The files of a dataset held against its manifest, without reading rows: a second for thousands of files."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from builder.contract.findings import Finding
from builder.contract.manifest import Manifest, files_of
from builder.contract.rules import CHECKS
from builder.contract.stated import contradictions, stated_schema
from builder.errors import ManifestError
from builder.receipts import Part, summed
from builder.storage.path import StorePath
from builder.storage.place import Place, files_below, is_dir, is_file
from builder.write.commit import MANIFEST, SUCCESS
from builder.write.document import Counts, Document, InputEntry, RejectsFile
from builder.write.files import sha256_of
from builder.write.layout import UNKNOWN, as_level, has_no_value, partition_path
from builder.write.parquet import open_parquet
from builder.write.staging import PUBLISHED_REJECTS

UNREADABLE = (pa.ArrowException, OSError, ValueError, OverflowError)
"""What reading a damaged Parquet file may raise."""


def raise_of_store(error: Exception, root: Place) -> None:
    """A store that refuses or does not answer says nothing of a file: raise its error again."""
    if isinstance(root, StorePath) and isinstance(error, OSError) and error.errno is not None:
        raise error


@contextmanager
def relying_on(out: Place) -> Iterator[None]:
    """While files of a dataset are read: one that is gone or damaged is told in one line, in the words of `validate`.

    Raises:
        ManifestError: such a file.
        OSError: the disk or the store failed.

    """
    try:
        yield
    except UNREADABLE as error:
        fault = error.__cause__ if isinstance(error.__cause__, OSError) else error  # before `naming` gave it a number
        if isinstance(fault, OSError) and fault.errno not in (None, errno.ENOENT):
            raise
        is_gone = isinstance(error, FileNotFoundError)
        rule = "FILE_MISSING" if is_gone else "FILE_UNREADABLE"
        detail = "" if is_gone else ": " + str(fault).partition("\n")[0]
        where = getattr(error, "filename", None) or out
        raise ManifestError(rule, f"{where}: {CHECKS[rule].meaning}{detail}; {CHECKS[rule].hint}") from error


def finding(
    rule: str, path: str, detail: str, *, field: str | None = None, old: object = None, new: object = None
) -> Finding:
    """What is wrong with a file of a dataset, by its path in it: an error, always."""
    check = CHECKS[rule]
    return Finding(
        rule=rule,
        severity="error",
        message=f"{check.meaning}{f': {detail}' if detail else ''}",
        field=field,
        old=None if old is None else str(old),
        new=None if new is None else str(new),
        hint=check.hint,
        file=path,
    )


def check_files(root: Place, manifest: Manifest) -> Iterator[Finding]:
    """What of the files under data/ and _rejects/ is not as the manifest says; `root` is the dataset's folder."""
    schema = stated_schema(manifest.document.schema)
    yield from _check_document(manifest.document)
    seen, links = _files_under(root)
    yield from (finding("FILE_LINK", path, "") for path in links)
    if seen.get(SUCCESS) != 0:
        yield finding("DATASET_NOT_MARKED", SUCCESS, "")
    named = {SUCCESS}
    rows = 0
    for part in files_of(manifest):
        named.add(part.path)
        rows += part.rows
        yield from _check_part(root, part, seen, manifest.document, schema)
    for file in manifest.document.rejects:
        named.add(file.name)
        yield from check_file(root, file.name, file, seen, PUBLISHED_REJECTS)
    yield from (finding("FILE_EXTRA", path, "") for path in sorted(seen.keys() - named))
    yield from _check_exports(root, manifest.document)
    if rows != manifest.document.counts.rows:
        yield _contradiction("rows of the files", rows, "counts.rows", manifest.document.counts.rows)


def _check_exports(root: Place, document: Document) -> Iterator[Finding]:
    """The small files beside the manifest: their bytes are looked at in any case."""
    for entry in document.exports:
        path = root / entry.name
        if path.is_symlink():
            yield finding("FILE_LINK", entry.name, "")
        elif not is_file(path):
            yield finding("FILE_MISSING", entry.name, "")
        elif path.stat().st_size != entry.bytes or sha256_of(path) != entry.sha256:
            yield finding("FILE_DIGEST", entry.name, "")


def _check_document(document: Document) -> Iterator[Finding]:
    """What a manifest says twice, and where every page went."""
    for problem in contradictions(document.schema):
        yield finding("MANIFEST_CONTRADICTS", MANIFEST, problem)
    counts = document.counts
    stated: list[tuple[str, Counts | InputEntry]] = [("", counts)]
    stated += [(f"{entry.name}: ", entry) for entry in document.inputs]
    for where, books in stated:
        ended = books.rows + sum(books.rejected.values()) + sum(books.filtered.values()) + books.duplicates
        if books.read != ended:
            yield finding("BOOKS_UNBALANCED", MANIFEST, f"{where}{books.read} read, {ended} accounted for")
    for name in ("read", "rows", "duplicates"):
        total, mine = getattr(counts, name), sum(getattr(entry, name) for entry in document.inputs)
        if total != mine:
            yield _contradiction(f"counts.{name}", total, "that of the inputs", mine)
    for name in ("rejected", "filtered"):
        stated_counts, ours = dict(getattr(counts, name)), summed(getattr(entry, name) for entry in document.inputs)
        if stated_counts != ours:
            yield _contradiction(f"counts.{name}", stated_counts, "that of the inputs", ours)
    rejects, tabled = sum(counts.rejected.values()), sum(file.rows for file in document.rejects)
    if rejects != tabled:
        yield _contradiction("counts.rejected", rejects, "rows of the reject table", tabled)


def _contradiction(what: str, value: object, other: str, second: object) -> Finding:
    return finding("MANIFEST_CONTRADICTS", MANIFEST, f"{what} {value}, {other} {second}")


def _files_under(root: Place) -> tuple[dict[str, int], list[str]]:
    """Path -> size of the files under data/ and _rejects/; and what is neither file nor folder there, sorted."""
    if isinstance(root, StorePath):
        return {f"{top}/{name}": size for top in ("_rejects", "data") for name, size in files_below(root / top)}, []
    files: dict[str, int] = {}
    others: list[str] = []
    pending = [name for name in ("_rejects", "data") if (root / name).is_symlink() or is_dir(root / name)]
    while pending:
        folder = pending.pop()
        if (root / folder).is_symlink():
            others.append(folder)
            continue
        with os.scandir(root / folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    pending.append(path)
                elif entry.is_file(follow_symlinks=False):
                    files[path] = entry.stat(follow_symlinks=False).st_size
                else:
                    others.append(path)
    return files, sorted(others)


def _check_part(
    root: Place, part: Part, seen: Mapping[str, int], document: Document, schema: pa.Schema | None
) -> Iterator[Finding]:
    names = [level.name for level in document.schema.partition_by]
    if sorted(part.partition) != sorted(names):
        yield finding("MANIFEST_CONTRADICTS", part.path, "its partition values are not those of schema.partition_by")
        return
    try:
        folder = "/".join(filter(None, ["data", partition_path(names, [_level(part, name) for name in names])]))
    except ValueError as error:
        yield finding("MANIFEST_CONTRADICTS", part.path, str(error))
        return
    if part.path.rpartition("/")[0] != folder or f"-{part.sha256[:16]}.parquet" not in part.path:
        yield finding("MANIFEST_CONTRADICTS", part.path, "its name is not that of its partition values and digest")
    yield from check_file(root, part.path, part, seen, schema)


def _level(part: Part, name: str) -> str:
    stated = part.partition[name]
    return stated if stated == UNKNOWN and has_no_value(part.path, name) else as_level(stated)


def check_file(
    root: Place, name: str, file: Part | RejectsFile, seen: Mapping[str, int], schema: pa.Schema | None
) -> Iterator[Finding]:
    """What is wrong with one Parquet file, by its size and footer."""
    if name not in seen:
        yield finding("FILE_MISSING", name, "")
        return
    if seen[name] != file.bytes:
        yield finding("FILE_SIZE", name, "", old=f"{file.bytes} bytes", new=f"{seen[name]} bytes")
    try:
        with open_parquet(root / name) as opened:
            rows, found = opened.metadata.num_rows, opened.schema_arrow
    except UNREADABLE as error:
        raise_of_store(error, root)
        yield finding("FILE_UNREADABLE", name, str(error).partition("\n")[0])
        return
    if rows != file.rows:
        yield finding("FILE_ROWS", name, "", old=file.rows, new=rows)
    if schema is not None and (difference := _difference(schema, found)):
        yield finding("FILE_SCHEMA", name, difference)


def _difference(wanted: pa.Schema, found: pa.Schema) -> str:
    """The first column that is not as it should be; empty where all are."""
    for field in wanted:
        at = found.get_field_index(field.name)
        if at < 0:
            return f"{field.name} is missing"
        if found.field(at).type != field.type:
            return f"{field.name} is {found.field(at).type}, not {field.type}"
        if _signature(found.field(at)) != _signature(field):
            return f"{field.name}: nullability or id"
    extra = [name for name in found.names if name not in wanted.names]
    if extra:
        return f"{extra[0]} is new"
    return "the order of the columns" if found.names != wanted.names else ""


def _signature(field: pa.Field) -> tuple[Any, ...]:
    """What a reader knows of a column: all but the name of list items, which Parquet decides."""
    kind = field.type
    parts = list(kind) if pa.types.is_struct(kind) else []
    if pa.types.is_list(kind):
        parts = [kind.value_field.with_name("item")]
    number = (field.metadata or {}).get(b"PARQUET:field_id")
    return field.name, field.nullable, number, [_signature(part) for part in parts]
