"""The nouns of the builder: frozen plain data that may cross a process.

A *dump* is read in *splits*. A split yields *pages*, and says what it could not read (*rejects*) and what was no page
(*skips*). A page becomes a *record*; a published record is a *row*. A finished split leaves a *receipt*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

Format = Literal["warc", "folder", "zip", "tar", "jsonl", "parquet", "unreadable"]
"""Of a dump: a key of dumps.READERS."""
Stage = Literal["read", "decode", "parse", "extract", "check", "engine", "merge"]
"""Where on its way a page was lost: merge is where all rows are known."""
RejectCode = Literal[
    "unreadable",
    "damaged",
    "truncated",
    "bad_record",
    "bad_digest",
    "bad_line",
    "missing_html",
    "bad_fetch_time",
    "unsafe_member",
    "too_large",
    "bad_content_encoding",
    "empty",
    "not_html",
    "too_deep",
    "too_many_attributes",
    "too_many_nodes",
    "parse_failed",
    "missing_field",
    "unreadable_field",
    "constraint",
    "extract_failed",
    "timeout",
    "crash",
    "memory",
]
"""Why something that was read is no row: see REJECT_CODES."""

REJECT_CODES: Mapping[str, str] = {
    # stage read: the dump did not yield a page here
    "unreadable": "an input that cannot be read at all: of no known format, or without what it is read by",
    "damaged": "bytes that cannot be read: corrupt compression or no valid record; the range is given",
    "truncated": "the input ends inside a record",
    "bad_record": "a record whose own headers contradict it or lack what a page needs",
    "bad_digest": "the record's bytes are not those that its digest was made of (verify_digests)",
    "bad_line": "a line that is not one JSON object",
    "missing_html": "a record, line or row without HTML",
    "bad_fetch_time": "the capture time is not readable",
    "unsafe_member": "a member or file that is a link, a device, encrypted, or compressed in a way that is not read",
    "too_large": "a page larger than limits.page_bytes, as stored or inflated",
    # stage decode: bytes that are not a readable HTML document
    "bad_content_encoding": "the body cannot be decompressed as its Content-Encoding says",
    "empty": "nothing but white space",
    "not_html": "binary data or another format where HTML was announced",
    # stage parse: documents that the parser cannot be given, or of which it would drop a part
    "too_deep": "elements nested deeper than the parser keeps",
    "too_many_attributes": "an element with more attributes than limits.attributes",
    "too_many_nodes": "more elements than limits.nodes",
    "parse_failed": "the parser gave no document",
    # stage extract and check: the record breaks the schema
    "missing_field": "a required field has no value",
    "unreadable_field": "a required field has a value that cannot be read as its type",
    "constraint": "a value breaks a constraint of its field; the message names field, what is wrong and the value",
    "extract_failed": "an unexpected error in the extraction of this page; its message holds the place",
    # stage engine: what the supervisor saw
    "timeout": "the page took longer than limits.page_seconds",
    "crash": "the page ended its worker process",
    "memory": "the page, or the row group of a Parquet, took more than limits.worker_memory",
}
"""Every reason why something that was read is not a row, with what it means. Codes are stable."""

Action = Literal["reject", "null", "keep", "fail"]
"""What becomes of a page whose value breaks a constraint: reject, row without the value, row with it, no build."""

SKIP_KINDS: Mapping[str, str] = {
    "other_file": "a file whose name is none of `pages`",
    "not_http": "a record of another protocol, or what a crawler wrote beside pages",
    "warc_conversion": "what was made of a page (the text of a WET), without its HTML",
    "warc_metadata": "what is said of a page (a WAT, say), without its HTML",
    "warc_revisit": "a page that was captured before, without its HTML",
    "warc_continuation": "a further segment of a record, which is not read",
}
"""What lies in dumps beside pages, where its kind does not say it; others are called `warc_` and their WARC-Type."""

TRUNCATED = ("length", "time", "disconnect", "unspecified", "transfer")
"""The reasons that WARC-Truncated may give, and `transfer`: the body is less than its own HTTP headers announce."""
Record: TypeAlias = dict[str, Any]
"""Field name -> typed value; None where the page does not say."""


class Preformatted(str):
    """Text of a page whose blanks and line breaks are part of it, as in `<pre>`.

    A class, for what pages say is strings from the tree to the field, and this one is cleaned in a way of its own.
    """

    __slots__ = ()


class Figure(str):
    """A number that was one where it stood, in JSON, a config or an XPath: a point is its decimal mark, nothing groups.

    A class, for what pages say is strings from the tree to the field, and this one is not to be read as people write.
    """

    __slots__ = ()


def figure(number: float) -> Figure:
    """Write a number out, without an exponent.

    >>> figure(4.125), figure(1e-05), figure(12)
    ('4.125', '0.00001', '12')
    """
    return Figure(format(Decimal(repr(number)), "f"))


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a page stands: enough to read its bytes again.

    `offset` and `length` are bytes of the dump as stored (the gzip members or zstd frames that hold a WARC record, the
    line of a JSON Lines file, the member of a zip), bytes of the decompressed stream for compressed tar and JSON Lines,
    and row number and 1 for Parquet. `record_id` is the WARC-Record-ID or the name of the file or member.
    """

    input: str
    offset: int
    length: int
    record_id: str | None = None


def locator_text(source: Locator) -> str:
    """A locator as `preview` takes it: with the record id where many pages stand at offset 0, as in a folder.

    >>> locator_text(Locator("raw", 0, 9, "a.html")), locator_text(Locator("a.warc", 7, 9, "<urn:uuid:1>"))
    ('raw@0#a.html', 'a.warc@7')
    """
    name = f"#{source.record_id}" if source.record_id and not source.offset else ""
    return f"{source.input}@{source.offset}{name}"


@dataclass(frozen=True, slots=True)
class Page:
    """One captured HTML document, as the dump holds it."""

    url: str
    """As captured; `file:` and the name in the dump where the dump gives none."""
    body: bytes
    source: Locator
    fetched_at: datetime | None = None
    """Time of capture, UTC; from the dump, never from file times."""
    http_status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """HTTP headers with lower-case names; repeated ones joined by a comma."""
    truncated: str | None = None
    """Why the capture is known to be cut: a reason of TRUNCATED; None where nothing says that it is."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Something read that could not become a row."""

    source: Locator
    stage: Stage
    code: RejectCode
    message: str
    url: str | None = None
    rule: str | None = None
    """The constraint that is broken, as it is counted: `title.max_length`."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that is no page: a WARC request, an image, a file of another kind. Counted by `kind`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Extent:
    """The last thing that a reader of byte ranges yields: where its first record began and where the next one begins.

    Splits of one dump must join without a gap or an overlap: `next` of one is `first` of the one after it.
    A split in which no record begins yields first == next == its end or later.
    """

    first: int
    next: int


Item: TypeAlias = Page | Reject | Skip | Extent


@dataclass(frozen=True, slots=True)
class DumpOptions:
    """How to read a dump; what a config's `inputs` entry says besides the path."""

    html: str = "html"
    """Key or column of JSON Lines and Parquet that holds the HTML (string or bytes)."""
    url: str = "url"
    fetched_at: str = "fetched_at"
    http_status: str = "http_status"
    content_type: str = "content_type"
    index: str | None = None
    """Folder, zip, tar: name of the index file inside, CSV or JSON Lines with `file` and any of the four above.
    None takes `index.csv` or `index.jsonl` at the top where there is one."""
    pages: tuple[str, ...] = ("*.html", "*.htm", "*.xhtml", "*.shtml")
    """Folder, zip, tar: file names that are pages (fnmatch on the base name, lower case); others are skipped."""
    verify_digests: bool = False
    """WARC: reject records whose bytes are not those of their own digests."""
    page_bytes: int = 16 * 2**20
    """Largest page taken, in bytes as stored and as inflated."""


@dataclass(frozen=True, slots=True)
class Dump:
    """One input file, or one folder of pages."""

    name: str
    """What locators and the manifest call it: relative, the same on every machine."""
    path: str
    """Where it lies on this machine."""
    format: Format
    size: int
    """Bytes on disk; of a folder, of all its page files."""
    options: DumpOptions = DumpOptions()
    problem: str | None = None
    """Why it cannot be read at all, where it cannot; `format` is then `unreadable`."""


@dataclass(frozen=True, slots=True)
class Split:
    """The part of a dump that one task reads. Derived from the dump alone, never from the number of workers.

    `start` and `end` mean bytes for WARC, JSON Lines and tar, members for zip, row groups for Parquet. A reader of byte
    ranges takes every record that *begins* in [start, end).
    """

    dump: Dump
    start: int
    end: int
    size: int
    """Bytes of the dump that this split stands for; the sizes of a dump's splits sum up to its size."""
    files: tuple[str, ...] = ()
    """Folder: the page files, relative to it. Other formats: empty."""
    stride: tuple[int, int] = (0, 1)
    """Streams that cannot be entered in the middle: take block i of every n (see dumps.streams)."""
    exact: bool = False
    """`start` is known to be where a record begins; do not look for the first one."""
    index: int | None = None
    """Plain tar: where the header of its index stands, anywhere in the file; None where it has none."""
    unread: tuple[int, ...] = ()
    """Parquet: numbers of items, ascending, that no process survived reading. What is left of their row group is one
    reject."""
