"""Delta Lake: a log beside the files.

Paths in a log are relative to the table, and deltalake reads no others. So the table is OUT itself (`_delta_log` lies
beside the manifest), or a folder on the same disk that gets hard links: the bytes are there once, and stay for the
table when a rebuild removes them from OUT.
"""

from __future__ import annotations

import errno
import json
import math
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from stat import S_ISDIR
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, CommitProperties, RemoveAction, create_table_with_add_actions

from builder.errors import ConfigError, FindingsError
from builder.publish.dataset import MANIFEST_KEY, Dataset, Publication, partition_of
from builder.receipts import Part
from builder.storage.place import exists


def publish(dataset: Dataset, target: str) -> Publication:
    """Make the files of a dataset those of the table at a path or `file://` URI.

    Raises:
        ConfigError: no table can be there.
        FindingsError: the table's columns were changed by somebody else.

    """
    root = _root_of(dataset, target)
    schema = Schema.from_arrow(_columns(dataset))
    table = DeltaTable(str(root)) if DeltaTable.is_deltatable(str(root)) else None
    old = _files_of(table) if table is not None else {}
    added = [part for part in dataset.parts if part.path not in old]
    removed = sorted(old.keys() - {part.path for part in dataset.parts})
    same = table is not None and _is_made_so(table, schema, dataset.levels)
    kept = len(dataset.parts) - len(added)
    if table is not None and same and not added and not removed:
        return Publication(str(table.version()), 0, 0, kept, changed=False)
    if table is not None and not same and kept:
        raise FindingsError(f"{target}: its columns are not those that its files were published with; delete the table")
    if root != dataset.out:
        _link(dataset.out, root, added)
    adds = [_add(part, dataset) for part in added]
    removes = [_remove(path, *old[path]) for path in removed]
    if table is not None and same:
        table.create_write_transaction(
            [*adds, *removes], "append", schema, list(dataset.levels), commit_properties=_note(dataset)
        )
    else:
        _create(root, dataset, schema, adds, table)
    return Publication(str(DeltaTable(str(root)).version()), len(adds), len(removes), kept, changed=True)


def _note(dataset: Dataset) -> CommitProperties:
    return CommitProperties(custom_metadata={MANIFEST_KEY: dataset.digest})


def _create(root: Path, dataset: Dataset, schema: Schema, adds: list[AddAction], table: DeltaTable | None) -> None:
    """A new table; or one with other columns instead of the old one, whose files go in the same commit."""
    create_table_with_add_actions(
        str(root),
        schema,
        adds,
        mode="error" if table is None else "overwrite",
        partition_by=list(dataset.levels),
        name=dataset.name,
        description=dataset.description,
        configuration=None if table is None else table.metadata().configuration,
        commit_properties=_note(dataset),
    )


def _root_of(dataset: Dataset, target: str) -> Path:
    parts = urlsplit(target)
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost"):
        raise ConfigError(
            f"{target}: a Delta table has its files below it; give {dataset.out}, or a folder on its disk"
        )
    root = Path(unquote(parts.path) if parts.scheme else target).absolute().resolve()
    if _is_no_folder(root):
        raise ConfigError(f"{target}: no folder can be there; give {dataset.out}, or a folder on its disk")
    if root != dataset.out and root.is_relative_to(dataset.out):
        raise ConfigError(f"{target}: lies in the dataset; give {dataset.out} itself, or a folder outside of it")
    return root


def _is_no_folder(root: Path) -> bool:
    try:
        return not S_ISDIR(root.stat().st_mode)
    except OSError as error:
        return error.errno in (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


def _columns(dataset: Dataset) -> pa.Schema:
    """Without ids, for Delta knows columns by their names, and with comments as Delta calls them."""
    return pa.schema([_plain(field, {"comment": field.metadata[b"doc"].decode()}) for field in dataset.schema])


def _plain(field: pa.Field, metadata: Mapping[str, str] | None = None) -> pa.Field:
    kind = field.type
    if pa.types.is_list(kind):
        kind = pa.list_(_plain(kind.value_field))
    elif pa.types.is_struct(kind):
        kind = pa.struct([_plain(part) for part in kind])
    return pa.field(field.name, kind, field.nullable, metadata)


def _is_made_so(table: DeltaTable, schema: Schema, levels: Sequence[str]) -> bool:
    """Whether a table has these columns; words about them do not matter."""

    def signature(columns: Schema) -> list[tuple[str, Any, bool]]:
        return [(field.name, field.type, field.nullable) for field in columns.fields]

    return signature(table.schema()) == signature(schema) and table.metadata().partition_columns == list(levels)


def _files_of(table: DeltaTable) -> dict[str, tuple[int, dict[str, str | None]]]:
    """Path -> bytes and partition values of the files that a table is made of."""
    actions = pa.table(table.get_add_actions()).to_pylist()
    return {unquote(row["path"]): (row["size_bytes"], row.get("partition") or {}) for row in actions}


def _link(out: Path, root: Path, parts: Iterable[Part]) -> None:
    """Let the files be in the table's folder too. Left there by a commit that failed, they are used by the next."""
    for part in parts:
        target = root / part.path
        made = [folder for folder in target.parents if not exists(folder)]
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not (exists(target) and target.samefile(out / part.path)):
                target.unlink(missing_ok=True)
                os.link(out / part.path, target)
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.ENOTSUP):
                raise
            for folder in made:
                folder.rmdir()
            raise ConfigError(f"{root}: cannot hold links to the files of {out}; give {out} itself") from error


def _add(part: Part, dataset: Dataset) -> AddAction:
    return AddAction(
        path=part.path,
        size=part.bytes,
        partition_values=partition_of(part, dataset.levels),
        modification_time=(dataset.out / part.path).stat().st_mtime_ns // 10**6,
        data_change=True,
        stats=json.dumps(_statistics(part, dataset), ensure_ascii=False),
    )


def _remove(path: str, size: int, partition: dict[str, str | None]) -> RemoveAction:
    return RemoveAction(path, True, time.time_ns() // 10**6, size, partition)  # the log is a history, it wants a time


def _statistics(part: Part, dataset: Dataset) -> dict[str, Any]:
    """What readers pass over files by: bounds and null counts from the manifest, of columns that are not nested."""
    columns = {
        field.name: part.columns[field.name]
        for field in dataset.schema
        if field.name in part.columns and not pa.types.is_nested(field.type)
    }
    return {
        "numRecords": part.rows,
        "nullCount": {name: entry["null_count"] for name, entry in columns.items()},
        "minValues": _bounds(columns, "min"),
        "maxValues": _bounds(columns, "max"),
    }


def _bounds(columns: Mapping[str, Mapping[str, Any]], which: str) -> dict[str, Any]:
    found = {name: entry[which] for name, entry in columns.items() if which in entry}
    return {name: value for name, value in found.items() if not (isinstance(value, float) and not math.isfinite(value))}
