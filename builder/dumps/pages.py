"""What the files of a folder and the members of an archive have in common: which are pages, and how one is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from urllib.parse import quote

from builder.dumps.detect import COMPRESSED, format_by_suffix
from builder.dumps.index import DEFAULT_NAMES
from builder.dumps.streams import Readable, StreamError, inflated
from builder.dumps.values import Given, file_url, make_page
from builder.errors import PageError, UnreadableError
from builder.records import Dump, Locator, Page, Reject

OTHER_FILE = "other_file"
"""The kind of Skip that a file is which is no page."""
_OTHERS = {".mht": "convert MHTML", ".mhtml": "convert MHTML", ".arrow": "write Arrow files as Parquet"}
"""What to do with files that are neither pages nor dumps, by their suffix."""


def is_page(name: str, patterns: Sequence[str]) -> bool:
    """Tell by its base name whether a file is a page: one of the patterns, with .gz or the like after it or without.

    >>> [is_page(name, ["*.html"]) for name in ("a/B.HTML", "b.html.xz", "c.html~", "a/._b.html", ".git/x.html")]
    [True, True, False, False, False]
    """
    if is_hidden(name):
        return False
    base = name.rpartition("/")[2].lower()
    for suffix in COMPRESSED:
        base = base.removesuffix(suffix)
    return any(fnmatchcase(base, pattern) for pattern in patterns)


def is_hidden(name: str) -> bool:
    """Tell whether the file or a folder above it begins with a dot.

    >>> is_hidden("a/.cache/b.html"), is_hidden("../a.html")
    (True, False)
    """
    return any(part.startswith(".") and part not in (".", "..") for part in name.split("/"))


def check_pages(dump: Dump, names: Iterable[str], advice: str) -> None:
    """Raise UnreadableError where there are files, not one of them a page. Dumps among them are not looked into.

    `advice` is what to do with those.
    """
    dumps: list[str] = []
    others: list[str] = []
    for name in names:
        if is_page(name, dump.options.pages):
            return
        is_index = name.rpartition("/")[2] in DEFAULT_NAMES or name == dump.options.index
        if is_index or is_hidden(name) or name.endswith("/"):
            continue
        is_dump = format_by_suffix(name) and not name.lower().endswith(".json")
        (dumps if is_dump else others).append(name)
    if dumps:
        raise UnreadableError(f"{dump.name}: no pages in it but dumps, {dumps[0]} for one; {advice}")
    if others:
        example = next((name for name in others if name.lower().endswith(tuple(_OTHERS))), others[0])
        advice = _OTHERS.get(PurePosixPath(example.lower()).suffix, "say in `pages` what pages are called")
        found = f"{len(others)} other {'file' if len(others) == 1 else 'files'}, {example} for one"
        raise UnreadableError(f"{dump.name}: no pages in it but {found}; {advice}")


def shown_name(name: bytes) -> str:
    r"""Return a file name as text: itself where it is UTF-8, else percent-encoded. A leading `./` is dropped.

    >>> shown_name(b"./a b.html"), shown_name(b"a \xff.html")
    ('a b.html', 'a%20%FF.html')
    """
    name = name.removeprefix(b"./")
    try:
        return name.decode()
    except UnicodeDecodeError:
        return quote(name)


def read_body(source: Readable, page_bytes: int) -> bytes:
    """Return all bytes of a page, inflated where they are compressed (which their first bytes tell, not the name).

    Takes one byte more than `page_bytes` at most.

    Raises:
        PageError: too_large, truncated or damaged.

    """
    stream = inflated(source)
    try:
        body = stream.read(page_bytes + 1)
        if len(body) <= page_bytes:
            stream.read(1)  # raises where the stream breaks off here
    except StreamError as error:
        raise PageError(error.code, str(error)) from None
    if len(body) > page_bytes:
        raise PageError("too_large", f"more than limits.page_bytes ({page_bytes}) of HTML")
    return body


def member_page(dump: Dump, locator: Locator, name: bytes, body: bytes, given: Given | None) -> Page | Reject:
    """Return the page of a file or member. `name` is its name in the dump as bytes, for the URL where none is given."""
    url = file_url(dump.name, name.removeprefix(b"./"))
    return make_page(locator, body, given or Given(), url, dump.options.page_bytes)
