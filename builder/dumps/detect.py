"""What format a dump has, by its content."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from stat import S_ISDIR, S_ISREG

from builder.dumps.magic import BOM
from builder.dumps.streams import Readable, StreamError, compression_by, inflated
from builder.dumps.tarwalk import BLOCK, is_header
from builder.errors import UnreadableError
from builder.records import Format
from builder.storage.path import StorePath
from builder.storage.place import Place, is_dir

_SUFFIXES: Mapping[str, Format] = {
    ".warc": "warc",
    ".zip": "zip",
    ".tar": "tar",
    ".tgz": "tar",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
"""For files that have nothing else to tell them by: empty ones, and those whose first record is damaged."""
_BEGINNING = 4096  # bytes that formats are told by
COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
"""Suffixes of what is compressed in a way that readers undo."""
_UNPACK = "unpack it and give the folder"
_OTHERS = (
    (re.compile(rb"filedesc://"), "an ARC file; convert it to WARC, with `warcio recompress` for one"),
    (re.compile(rb"\x04\x22\x4d\x18"), "lz4 data; compress it with zstd or gzip, record by record"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), f"a 7z archive; {_UNPACK}"),
    (re.compile(rb"Rar!\x1a\x07"), f"a RAR archive; {_UNPACK}"),
    (re.compile(rb"07070[127]"), f"a cpio archive; {_UNPACK}"),
    (re.compile(rb"ARROW1|\xff{4}.{3}\0\x10\0\0\0", re.DOTALL), "an Arrow file; write it as Parquet"),
)
"""How files begin that are no dumps, what they are and what to do."""
_OTHER_NAMES = (
    (re.compile(r"\.zip\.\d+$"), "a volume of a zip; put the volumes together, in their order, and give that"),
    (re.compile(r"\.z\d\d+$"), "a volume of a zip that is split; make it one with `zip -s 0`, and give that"),
    (re.compile(r"\.[ct]sv(?:\.(?:gz|zst|bz2|xz))?$"), "CSV and no dump; write it as JSON Lines or Parquet"),
)
"""The same by their names, where the content does not tell."""
_WARC_DICTIONARY = b"\x5d\x2a\x4d\x18"


def refuse_kind(path: Place, form: str | None) -> None:
    """Refuse what is no file and no folder, for a pipe may never end, and a folder that is said to be a file.

    `form`: the format that the config says, None where the content tells.

    Raises:
        UnreadableError: or a file that is said to be a folder. OSError.

    """
    if isinstance(path, StorePath):
        if form != "folder":
            return
        folder = is_dir(path)
    else:
        mode = path.stat().st_mode
        folder = S_ISDIR(mode)
        if not folder and not S_ISREG(mode):
            raise UnreadableError(
                f"{path.name}: a pipe, socket or device, which is not opened; give a file or a folder"
            )
    if form is not None and folder is not (form == "folder"):
        kind = "folder" if folder else "file"
        raise UnreadableError(f"{path.name}: a {kind}, and `format` says {form}; correct that, or leave it out")


def detect_format(path: Place) -> Format:
    """Return the key of READERS for a file or folder, by its content.

    Raises:
        UnreadableError: it is of no known format.
        OSError: the disk or the store failed.

    """
    try:
        with path.open("rb") as file:
            return _format_of(path, file.peek(10)[:10], file)
    except (FileNotFoundError, IsADirectoryError):
        if is_dir(path):
            return "folder"
        raise


def _format_of(path: Place, head: bytes, file: Readable) -> Format:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_WARC_DICTIONARY):
        return "warc"  # a .warc.zst whose frames need this dictionary to be read
    inside = file.read(_BEGINNING) if compression_by(head) == "none" else _inside(file)
    found, other = _by_content(inside), _what_else(path.name, inside)
    if found is None and other is None:
        found = format_by_suffix(path.name)  # the reader steps over a first record that is damaged
    if found is None:
        begins, text = f"begins with {inside[:16]!r}", inside.removeprefix(BOM).lstrip().lower()
        if text.startswith(b"<?xml") and b"<html" not in text:
            other = "XML and no dump; write its items as JSON Lines, with the HTML of each under a key"
        elif text.startswith(b"<"):
            other = f"a page and no dump: {begins}; give the folder that it lies in, and `pages` for other names"
        other = other or f"not a known dump: {begins}; give `format:`"
        raise UnreadableError(f"{path.name}: {other}")
    return found


def _what_else(name: str, inside: bytes) -> str | None:
    """What a file is that is known to be no dump, and what to do."""
    if inside.lstrip().startswith(b"["):
        return f"not a known dump: begins with {inside[:16]!r}, a JSON array? write one object a line"
    by_content = next((said for pattern, said in _OTHERS if pattern.match(inside)), None)
    return by_content or next((said for pattern, said in _OTHER_NAMES if pattern.search(name.lower())), None)


def _inside(file: Readable) -> bytes:
    """Return the first bytes of the file, inflated; what there is of them where it is damaged."""
    try:
        return inflated(file).read(_BEGINNING)
    except StreamError:
        return b""


def _by_content(head: bytes) -> Format | None:
    if head.startswith(b"WARC/"):
        return "warc"
    if head[257:262] == b"ustar" or is_header(head[:BLOCK]):
        return "tar"
    return "jsonl" if head.removeprefix(BOM).lstrip().startswith(b"{") else None


def format_by_suffix(name: str) -> Format | None:
    """Return the format that a file of this name mostly has; None where the name does not tell.

    >>> format_by_suffix("a/b.warc.gz"), format_by_suffix("b.tgz"), format_by_suffix("b.html.gz")
    ('warc', 'tar', None)
    """
    path = PurePosixPath(name.lower())
    while path.suffix in COMPRESSED:
        path = path.with_suffix("")
    return _SUFFIXES.get(path.suffix)
