"""The manifest: the one document that says what a dataset is. Deterministic: no time, host or absolute path.

canonical JSON: keys sorted; every file, reject file and input on a line of its own, so that it can be streamed
manifest_sha256: SHA-256 of the file without the line of this key: grep -v '^ "manifest_sha256"' | sha256sum
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from builder.receipts import FileRef, Part
from builder.write.document import FORMAT_VERSION, SCHEMA_ID, About, ExportFile, InputEntry, SchemaSection
from builder.write.layout import has_no_value

_DIGEST = "manifest_sha256"


@dataclass(frozen=True, slots=True)
class Books:
    """Where every page went. `read` is counted by the readers, the rest where it ended: they must agree."""

    read: int
    rows: int
    rejected: Mapping[str, int]
    filtered: Mapping[str, int]
    duplicates: int
    skipped: Mapping[str, int]
    """What was no page, by kind; none of what is read."""

    @property
    def accounted(self) -> int:
        """Pages that ended somewhere."""
        return self.rows + sum(self.rejected.values()) + sum(self.filtered.values()) + self.duplicates


@dataclass(frozen=True, slots=True)
class Dataset:
    """All that a manifest says."""

    about: About
    schema: SchemaSection
    parts: Sequence[Part]
    rejects: Sequence[FileRef]
    exports: Sequence[ExportFile]
    inputs: Sequence[InputEntry]
    books: Books
    flags: Mapping[str, int]
    violations: Mapping[str, int]
    sites: Mapping[str, int]
    tool: Mapping[str, str]
    config_sha256: str
    deterministic: bool
    limited_to: int | None


def missing(part: Part, name: str) -> int:
    """Rows of a part without a value for a field; a partition column's stand in the path."""
    if name in part.columns:
        return int(part.columns[name].get("null_count", 0))
    return part.rows if has_no_value(part.path, name) else 0


def to_json(dataset: Dataset) -> str:
    """The manifest as it is written; `document.Document` says what it holds."""
    books = dataset.books
    values: dict[str, Any] = {
        "$schema": SCHEMA_ID,
        "format_version": FORMAT_VERSION,
        "dataset": asdict(dataset.about),
        "build": {
            "tool": dict(dataset.tool),
            "config_sha256": dataset.config_sha256,
            "deterministic": dataset.deterministic,
            "limited_to": dataset.limited_to,
        },
        "schema": asdict(dataset.schema),
        "exports": [asdict(entry) for entry in dataset.exports],
        "counts": {
            "read": books.read,
            "rows": books.rows,
            "rejected": dict(books.rejected),
            "filtered": dict(books.filtered),
            "duplicates": books.duplicates,
            "flags": dict(dataset.flags),
            "violations": dict(dataset.violations),
            "sites": dict(dataset.sites),
        },
    }
    texts: dict[str, Iterable[str]] = {key: (_indented(value),) for key, value in values.items()}
    texts |= {"files": _listed(dataset.parts), "rejects": _listed(dataset.rejects), "inputs": _listed(dataset.inputs)}
    return _document(texts)


def _document(texts: Mapping[str, Iterable[str]]) -> str:
    """The document, put together once. The digest is of all but its own line, which is neither first nor last."""
    digest = hashlib.sha256()
    pieces: list[str] = []
    names = sorted([*texts, _DIGEST])
    for at, name in enumerate(names):
        head, end = f' "{name}": ', ",\n" if at < len(names) - 1 else "\n}\n"
        before = "{\n" if at == 0 else ""
        if name == _DIGEST:
            place = len(pieces)
            pieces.append("")
            continue
        for piece in (before + head, *texts[name], end):
            digest.update(piece.encode())
            pieces.append(piece)
    pieces[place] = f' "{_DIGEST}": "{digest.hexdigest()}",\n'
    return "".join(pieces)


def _indented(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1).replace("\n", "\n ")


def _listed(entries: Sequence[FileRef | Part | InputEntry]) -> Iterator[str]:
    """One entry a line."""
    yield "[\n  " if entries else "[]"
    for at, entry in enumerate(entries):
        yield json.dumps(asdict(entry), sort_keys=True, ensure_ascii=False)
        yield ",\n  " if at < len(entries) - 1 else "\n ]"
