"""The index of a folder or archive: for each file its URL, time of capture, status and content type.

CSV with a header line, or JSON Lines (by suffix, else by the first character); UTF-8; compressed or not. Column
`file` is the name of the file in the dump, the others are called as the options say. An index is not repaired: what
is wrong in it ends the dump with the line that is wrong, because a page without its URL would be a silent loss.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from builder.dumps.detect import COMPRESSED
from builder.dumps.streams import Source, StreamError
from builder.dumps.values import Given, rejected
from builder.errors import DumpError, PageError
from builder.records import Dump, DumpOptions, Locator, Reject

DEFAULT_NAMES = ("index.csv", "index.jsonl")
_LINE_BYTES = 2**20


class Index(NamedTuple):
    """What the index says of the files asked for, and which of its files the dump does not have."""

    entries: Mapping[str, Given]
    missing: tuple[str, ...]


NO_INDEX = Index({}, ())


def index_names(option: str | None) -> tuple[str, ...]:
    """Return what an index may be called by the option `index`: the first name that is there is the one.

    >>> index_names(None), index_names("own.csv"), index_names("")
    (('index.csv', 'index.jsonl'), ('own.csv',), ())
    """
    if option is None:
        return DEFAULT_NAMES
    return (option,) if option else ()


def index_name(names: Collection[str], dump: Dump) -> str | None:
    """Return the name of the dump's index among its files, None where there is none.

    Raises:
        DumpError: the one that the options name is not there.

    """
    wanted = dump.options.index
    found = next((name for name in index_names(wanted) if name in names), None)
    if wanted and found is None:
        raise DumpError(f"{dump.name}: the index {wanted!r} is not in it; correct `index:` or leave it out")
    return found


def read_index(source: Source, dump: Dump, name: str, wanted: Collection[str], known: Collection[str] | None) -> Index:
    """Return the entries of the files `wanted`; with `known` (all files there are) also the files it names in vain.

    `wanted` and `known` are best sets.

    Raises:
        DumpError: it cannot be read; names the index and the line.

    """
    entries: dict[str, Given] = {}
    missing: list[str] = []
    where = f"{dump.name}/{name}"
    lines = _lines(source, where)
    first = next(lines, "").removeprefix("\ufeff")
    rows = _json_rows if _is_json(name, first) else _csv_rows
    for number, row in rows(_again(first, lines), where):
        file = row.get("file")
        if not isinstance(file, str) or not file:
            raise DumpError(f"{where}, line {number}: no `file`; every entry must name the file that it describes")
        file = file.removeprefix("./")
        if file in entries:
            raise DumpError(f"{where}, line {number}: {file!r} is described a second time; keep one entry a file")
        if file in wanted:
            entries[file] = _given(row, dump.options)
        elif known is not None and file not in known:
            missing.append(file)
    return Index(entries, tuple(missing))


def missing_files(dump: Dump, index: Index) -> Iterator[Reject]:
    """Yield one reject for each file that the index names and the dump does not have."""
    for file in index.missing:
        error = PageError("missing_html", "the index names this file, but it is not in the dump")
        yield rejected(Locator(dump.name, 0, 0, file), error)


def _given(row: Mapping[str, object], options: DumpOptions) -> Given:
    keys = (options.url, options.fetched_at, options.http_status, options.content_type)
    return Given(*(None if row.get(key) == "" else row.get(key) for key in keys))


def _is_json(name: str, first: str) -> bool:
    stem = name.lower()
    for suffix in COMPRESSED:
        stem = stem.removesuffix(suffix)
    if stem.endswith((".csv", ".jsonl", ".ndjson")):
        return not stem.endswith(".csv")
    return first.lstrip().startswith("{")


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _lines(source: Source, where: str) -> Iterator[str]:
    number = 0
    try:
        while data := source.readline(_LINE_BYTES):
            number += 1
            if len(data) == _LINE_BYTES:
                raise DumpError(f"{where}, line {number}: longer than 1 MiB; this is not an index")
            yield data.decode()
    except UnicodeDecodeError as error:
        raise DumpError(f"{where}, line {number}: not UTF-8: {error.reason}") from None
    except StreamError as error:
        raise DumpError(f"{where}, line {number + 1}: {error}") from None


def _csv_rows(lines: Iterable[str], where: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        if "file" not in header:
            raise DumpError(f"{where}, line 1: no column `file`; the columns are: {', '.join(header) or 'none'}")
        for cells in reader:
            if len(cells) > len(header):
                raise DumpError(f"{where}, line {reader.line_num}: {len(cells)} cells for {len(header)} columns")
            if cells:
                yield reader.line_num, dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise DumpError(f"{where}, line {reader.line_num}: not CSV: {error}") from None


def _json_rows(lines: Iterable[str], where: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DumpError(f"{where}, line {number}: not JSON: {error}") from None
        if not isinstance(row, dict):
            raise DumpError(f"{where}, line {number}: not a JSON object")
        yield number, row
