"""YAML text -> plain data, and where each entry stands.

A config is a small part of YAML 1.2: one document of mappings, lists and scalars. Anchors, aliases, merge keys, tags
and directives are refused, so that the work is bounded by the size of the file; so are numbers that YAML 1.1 reads
differently. ruamel.yaml only cuts the text into events; what a plain scalar means is decided here, by the core schema
of YAML 1.2 and dates.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from builder.config.problems import KeyPath, described, quoted

MOST_BYTES = 2**20
MOST_DEPTH = 50
MOST_EVENTS = 100_000

_NOWHERE = "\0"
"""A key that no file can hold, for what must be read and is not kept."""

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    rf"{_DATE.pattern}[Tt ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?(Z|[-+][0-9]{{2}}:[0-9]{{2}})?"
)


class Mark(NamedTuple):
    """A place in a file; line and column count from 1. Line 0: not in a file, the name says all."""

    file: str
    line: int = 0
    column: int = 0


class Document(NamedTuple):
    """A file as read. `problems` are at marks, since a broken file has no paths; `broken`: no use to look further."""

    data: Any
    marks: dict[KeyPath, Mark]
    problems: list[tuple[Mark, str]]
    refused: set[KeyPath]
    """Entries that could not be read as they stand: what else is found there is a consequence."""
    broken: bool = False


class _Stop(Exception):  # noqa: N818 - never leaves this module
    """The rest of the file cannot be read; the problem is noted already."""


class _Reader:
    """The state of one reading: the events to come, and what was found."""

    def __init__(self, file: str, events: Iterator[Event]) -> None:
        self.file = file
        self.events = events
        self.left = MOST_EVENTS
        self.last = Mark(file, 1, 1)
        self.document = Document(None, {}, [], set())

    def next(self) -> Event:
        event = next(self.events)
        self.last = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        self.left -= 1
        if not self.left:
            self.stop(f"more than {MOST_EVENTS} entries; a config is smaller")
        return event

    def refuse(self, message: str, lost: KeyPath | None = None) -> None:
        self.document.problems.append((self.last, message))
        if lost is not None:
            self.document.refused.add(lost)

    def stop(self, message: str) -> None:
        self.document.problems.append((self.last, message))
        raise _Stop


def read_document(file: str, raw: bytes) -> Document:
    """Read the bytes of a file; `file` is what messages call it. Never raises: all that is wrong is in the document."""
    if len(raw) > MOST_BYTES:
        return _broken(file, f"larger than {MOST_BYTES} bytes; a config is smaller")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        return _broken(file, f"not UTF-8: byte 0x{raw[error.start]:02x}; save the file as UTF-8", line, column)
    reader: _Reader | None = None
    try:
        reader = _Reader(file, iter(YAML(typ="safe", pure=True).parse(text)))
        data = _read_stream(reader)
    except _Stop:
        data = None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Mark(file, mark.line + 1, mark.column + 1) if mark else Mark(file, 1, 1)
        return _broken_at(reader, place, _yaml_message(str(error.problem or error.context or "not YAML")))
    except (YAMLError, AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        # ruamel lets some of Python's own errors through: %YAML 1.9, "\U99999999", control characters
        position = getattr(error, "position", None)
        if isinstance(position, int):
            before_it = text[:position]
            place = Mark(file, before_it.count("\n") + 1, len(before_it.rpartition("\n")[2]) + 1)
            return _broken_at(reader, place, f"the control character U+{ord(text[position]):04X} may not stand here")
        return _broken_at(reader, reader.last if reader else Mark(file, 1, 1), f"not YAML from here on: {error}")
    else:
        return reader.document._replace(data=data)
    return reader.document._replace(broken=True) if reader else _broken(file, "not YAML")


def _broken(file: str, message: str, line: int = 1, column: int = 1) -> Document:
    return _broken_at(None, Mark(file, line, column), message)


def _broken_at(reader: _Reader | None, mark: Mark, message: str) -> Document:
    earlier = reader.document.problems if reader else []
    return Document(None, {}, [*earlier, (mark, message)], set(), broken=True)


def _yaml_message(found: str) -> str:
    message = found.partition("\n")[0]
    if "'\\t'" in message:
        return "a tab; indent with spaces"
    if "mapping values are not allowed" in message:
        return "a second `: ` in one line, or wrong indentation; quote the value if the colon belongs to it"
    return f"not YAML: {message}"


def _read_stream(reader: _Reader) -> Any:
    reader.next()  # the start of the stream
    event = reader.next()
    reader.document.marks[()] = Mark(reader.file, 1, 1)
    if isinstance(event, StreamEndEvent):
        return None
    if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
        reader.refuse("no % directives before the document; remove them")
    data = _read_node(reader, reader.next(), (), None)
    reader.next()  # the end of the document
    if not isinstance(reader.next(), StreamEndEvent):
        reader.stop("a second document; a config file holds one")
    return data


def _read_node(reader: _Reader, event: Event, path: KeyPath, key_mark: Mark | None) -> Any:
    """Read the node that begins with the event. Its mark is its key's, where it has one."""
    if len(path) >= MOST_DEPTH:
        reader.stop(f"nested deeper than {MOST_DEPTH}")
    reader.document.marks[path] = key_mark or reader.last
    if isinstance(event, AliasEvent):
        reader.refuse("aliases (*name) are not allowed; write the value out", path)
        return None
    if getattr(event, "anchor", None):
        reader.refuse("anchors (&name) are not allowed; remove it")
    tag = getattr(event, "tag", None)
    if tag:
        reader.refuse(f"tags like {quoted(str(tag))} are not allowed; remove it", path)
    if isinstance(event, MappingStartEvent):
        return _read_mapping(reader, path)
    if isinstance(event, SequenceStartEvent):
        entries: list[Any] = []
        while not isinstance(event := reader.next(), SequenceEndEvent):
            entries.append(_read_node(reader, event, (*path, len(entries)), None))
        return entries
    assert isinstance(event, ScalarEvent)
    return _read_scalar(reader, event, path)


def _read_mapping(reader: _Reader, path: KeyPath) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    lines: dict[str, int] = {}
    while not isinstance(event := reader.next(), MappingEndEvent):
        mark = reader.last
        key = _read_key(reader, event, path, known=len(entries))
        if key in entries:
            reader.refuse(f"the key {quoted(key)} stands here twice, first in line {lines[key]}")
            _read_node(reader, reader.next(), (*path, _NOWHERE), mark)
            continue
        lines[key] = mark.line
        entries[key] = None
        entries[key] = _read_node(reader, reader.next(), (*path, key), mark)
    return entries


def _read_key(reader: _Reader, event: Event, path: KeyPath, known: int) -> str:
    """Return the text of a key; what cannot be a key gets a name that no file can hold."""
    mark = reader.last
    if not isinstance(event, ScalarEvent):
        reader.refuse("a key must be plain text, not a list, a mapping or an alias", (*path, f"{_NOWHERE}{known}"))
        _read_node(reader, event, (*path, _NOWHERE), mark)
        return f"{_NOWHERE}{known}"
    key = _read_node(reader, event, (*path, _NOWHERE), mark)
    if event.value == "<<" and event.implicit[0]:
        reader.refuse("merge keys (<<) are not allowed; write the entries out", (*path, "<<"))
    elif not isinstance(key, str):
        reader.refuse(f"this key is {described(key)}, not a name; quote it", (*path, event.value))
    return str(event.value)


def _read_scalar(reader: _Reader, event: ScalarEvent, path: KeyPath) -> Any:
    text = str(event.value)
    if any("\ud800" <= char <= "\udfff" for char in text):
        reader.refuse("half of a surrogate pair, which is no character", path)
        return None
    if not event.implicit[0] or event.tag:
        return text
    value, wrong = resolve(text)
    if wrong:
        reader.refuse(wrong, path)
    return value


def resolve(text: str) -> tuple[Any, str | None]:
    """Return the value of a plain scalar, and what is wrong with it.

    >>> resolve("12"), resolve("no"), resolve("~"), resolve("2022-02-30")[0]
    ((12, None), ('no', None), (None, None), None)
    """
    if text in _WORDS:
        return _WORDS[text], None
    if len(text) > 64 or not (text[0].isdigit() or text[0] in "-+."):
        return text, None
    if _INTEGER.fullmatch(text):
        if re.match(r"[-+]?0[0-9]", text):
            return None, f"{text} is read as {int(text)} by some and as octal by others; quote it or drop the zero"
        return int(text, 0), None
    if _FLOAT.fullmatch(text):
        return (float(text), None) if math.isfinite(float(text)) else (None, f"{text} is too large for a number")
    if _NOT_FINITE.fullmatch(text):
        return None, f"{text} is not a finite number; quote it if it is text"
    if _DATE.fullmatch(text) or _TIME.fullmatch(text):
        read = dt.date.fromisoformat if len(text) == 10 else dt.datetime.fromisoformat
        try:
            return read(text.upper()), None
        except ValueError:
            return None, f"{text} is not a date; quote it if it is text"
    return text, None
