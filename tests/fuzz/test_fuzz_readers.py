"""Damaged dumps of every format: each is read or refused, in bounded time, and what is said of it lies within it.

`BUILDER_FUZZ_SECONDS=60 pytest -n 0 -s tests/fuzz` runs every target for a minute.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from dump_files import MAKERS, dump_of, pages
from fuzzing import fuzz
from hypothesis import strategies as st

from builder.dumps import READERS
from builder.errors import DumpError
from builder.records import REJECT_CODES, DumpOptions, Extent, Item, Page, Reject, Skip

SECONDS = 10.0  # that one small dump may take
OPTIONS = DumpOptions(page_bytes=20_000)
BY_BYTES = ("warc", "zip", "tar", "jsonl")
TOKENS = [
    b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"ustar\0",
    b"WARC/1.0\r\n", b"\r\n\r\n", b"\n", b'{"html": "', b'"}', b"PAR1", b"\xff" * 8, b"\0" * 512, b"BZh91AY&SY",
    b"\xfd7zXZ\0", b"Content-Length: 99999999999999999999\r\n", b"../", b"index.csv",
]  # fmt: skip


class Edit(NamedTuple):
    """A change at a place, as a share of the file in 1/65536."""

    at: int
    what: str
    size: int
    data: bytes


EDITS = st.lists(
    st.builds(
        Edit,
        st.integers(0, 65535),
        st.sampled_from(["flip", "delete", "insert", "replace", "zero", "repeat", "cut"]),
        st.integers(1, 700),
        st.sampled_from(TOKENS) | st.binary(min_size=1, max_size=40),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits: list[Edit]) -> bytes:
    for edit in edits:
        at = len(data) * edit.at // 65536
        end = min(len(data), at + edit.size)
        data = (
            data[:at]
            + {
                "flip": bytes([byte ^ (1 << edit.size % 8) for byte in data[at : at + 1]]) + data[at + 1 :],
                "delete": data[end:],
                "insert": edit.data + data[at:],
                "replace": edit.data + data[at + len(edit.data) :],
                "zero": bytes(end - at) + data[end:],
                "repeat": data[at:end] + data[at:],
                "cut": b"",
            }[edit.what]
        )
    return data


def read_all(path: Path, kind: str, target: int) -> list[Item] | None:
    """All items of all splits; None where the dump as a whole is refused."""
    try:
        dump = dump_of(path, OPTIONS, kind)
        reader = READERS[kind]
        return [item for split in reader.cut(dump, target) for item in reader.read(split)]
    except DumpError:
        return None


def check_items(items: list[Item], size: int, kind: str) -> None:
    for item in items:
        assert isinstance(item, Page | Reject | Skip | Extent)
        if isinstance(item, Reject):
            assert item.code in REJECT_CODES
        if isinstance(item, Page):
            assert len(item.body) <= OPTIONS.page_bytes
        if isinstance(item, Page | Reject):
            assert item.source.offset >= 0
            assert item.source.length >= 0
            if kind == "plain":
                assert item.source.offset + item.source.length <= size


@pytest.mark.parametrize("form", MAKERS)
def test_fuzz_readers(tmp_path: Path, form: str) -> None:
    kind = form.partition(".")[0]
    MAKERS[form](tmp_path / "sound", pages(6, size=300))
    if kind == "folder":
        return fuzz_folder(tmp_path)
    sound = (tmp_path / "sound").read_bytes()
    path = tmp_path / "a"

    def check(example: tuple[list[Edit], int]) -> None:
        edits, target = example
        data = edited(sound, edits)
        path.write_bytes(data)
        began = time.monotonic()
        items = read_all(path, kind, target)
        assert time.monotonic() - began < SECONDS
        if items is not None:
            check_items(items, len(data), "plain" if form in BY_BYTES else kind)

    fuzz(check, st.tuples(EDITS, st.sampled_from([700, 2**40])), examples=25)
    return None


def fuzz_folder(tmp_path: Path) -> None:
    """Files of a folder, their names, and its index."""
    names = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=30)

    def check(example: tuple[list[Edit], str, bytes]) -> None:
        edits, name, extra = example
        folder = tmp_path / "a"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "sound", folder)
        index = folder / "index.csv"
        index.write_bytes(edited(index.read_bytes(), edits))
        if name not in (".", "..") and len(name.encode()) < 200:
            (folder / f"{name}.html").write_bytes(extra)
        items = read_all(folder, "folder", 500)
        if items is not None:
            check_items(items, 0, "folder")
            assert sum(isinstance(item, Page) for item in items) <= 7

    fuzz(check, st.tuples(EDITS, names, st.sampled_from(TOKENS)), examples=25)
