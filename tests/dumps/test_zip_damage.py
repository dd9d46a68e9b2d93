"""Damaged zips: what is whole is read, what is lost is said with its place, and no directory is needed for either."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from dump_files import cut, dump_of, make_zip, pages, read
from hypothesis import given, settings
from hypothesis import strategies as st
from zip_files import HTML, data_offset, outcome, write

from builder.dumps.zipwalk import Joined, Member, directory
from builder.errors import DumpError, UnreadableError
from builder.records import Page, Reject, Skip


@pytest.mark.parametrize("second", [["c.html"], []], ids=["a page", "none"])
def test_two_zips_in_one_file_lose_the_first_aloud(tmp_path: Path, second: list[str]) -> None:
    write(tmp_path / "1.zip", "a.html", "b.html")
    write(tmp_path / "2.zip", *second)
    data = (tmp_path / "1.zip").read_bytes() + (tmp_path / "2.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data)
    *found, reject = read(dump_of(tmp_path / "a.zip"))
    assert [item.source.record_id for item in found if isinstance(item, Page)] == second
    assert isinstance(reject, Reject)
    lost = len((tmp_path / "1.zip").read_bytes()) if second else len(data)
    assert (reject.code, reject.source.offset, reject.source.length) == ("damaged", 0, lost)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_costs_itself(method: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html", "c.html", method=method)
    stored = bytearray(path.read_bytes())
    stored[data_offset(infos[1]) + infos[1].compress_size // 2] ^= 0xFF
    path.write_bytes(stored)
    assert outcome(path) == [("a.html", "page"), ("b.html", "damaged"), ("c.html", "page")]
    reject = next(item for item in read(dump_of(path)) if isinstance(item, Reject))
    assert (reject.source.offset, reject.source.length) == (infos[1].header_offset, infos[1].compress_size)


def test_a_directory_that_points_behind_the_end_costs_its_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write(path, "a.html", "b.html")
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")  # of b.html
    data[entry + 42 : entry + 46] = struct.pack("<I", 10 * len(data))
    path.write_bytes(data)
    page, reject = read(dump_of(path))
    assert isinstance(page, Page)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.source.offset + reject.source.length) == ("damaged", len(data))


def test_a_member_without_a_name_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write(path, "a.html", "b")
    data = path.read_bytes()
    entry = data.rindex(b"PK\x01\x02")
    nameless = bytearray(data[:entry] + data[entry : entry + 46] + data[entry + 47 :])
    nameless[entry + 28 : entry + 30] = b"\0\0"
    end = nameless.rindex(b"PK\x05\x06")
    nameless[end + 12 : end + 16] = struct.pack("<I", struct.unpack_from("<I", data, end + 1 + 12)[0] - 1)
    path.write_bytes(nameless)
    assert [type(item) for item in read(dump_of(path))] == [Page, Skip]


def test_a_damaged_local_header_costs_its_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html")
    stored = bytearray(path.read_bytes())
    stored[infos[1].header_offset : infos[1].header_offset + 4] = b"XXXX"
    path.write_bytes(stored)
    assert outcome(path) == [("a.html", "page"), ("b.html", "damaged")]


class OneWay(io.RawIOBase):
    """A file that cannot seek: what is written into it has its sizes behind the data."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


def streamed(method: int) -> bytes:
    sink = OneWay()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name in "abc":
            archive.writestr(f"{name}.html", HTML)
    return bytes(sink.data)


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]


@pytest.mark.parametrize("lost", [1, 30, 100])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sizes", ["before", "behind"])
def test_without_central_directory_members_are_found_by_their_headers(
    tmp_path: Path, lost: int, method: int, sizes: str
) -> None:
    path = tmp_path / "a.zip"
    write(path, "a.html", "b.html", "c.html", method=method)
    whole = streamed(method) if sizes == "behind" else path.read_bytes()
    path.write_bytes(whole[:-lost])
    items = read(dump_of(path), 1)
    assert [(item.source.record_id, item.body) for item in items if isinstance(item, Page)] == [
        (name, HTML) for name in ("a.html", "b.html", "c.html")
    ]
    (lost_end,) = [item for item in items if isinstance(item, Reject)]
    begin = whole.find(b"PK\x01\x02")
    assert (lost_end.code, lost_end.source.offset) == ("truncated", begin)
    assert lost_end.source.length == len(whole) - lost - begin


def test_without_central_directory_an_index_is_still_found(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    make_zip(path, pages(5))
    whole = [item.url for item in read(dump_of(path)) if isinstance(item, Page)]
    path.write_bytes(path.read_bytes()[:-30])
    assert [item.url for item in read(dump_of(path)) if isinstance(item, Page)] == whole
    assert not any(url.startswith("file:") for url in whole)


@pytest.mark.parametrize(
    ("tail", "lost"),
    [
        (bytes(70_000), None),
        (bytes(70_000) + b"x", 70_001),
        (b"PK\x05\x06 is how it ends", None),
        (b"PK\x05\x06" + b"x" * 70_000, 70_004),
    ],
    ids=["padding", "garbage", "a comment like an end", "garbage like an end"],
)
@pytest.mark.parametrize("most", [0xFFFF, 1], ids=["zip", "zip64"])
def test_a_directory_that_is_not_found_from_the_end_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, tail: bytes, lost: int | None
) -> None:
    path = tmp_path / "a.zip"
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", most)  # members of a zip that is not yet a zip64
    write(path, "a.html", "b.html", "c.html")
    whole = path.read_bytes()
    if lost is None and tail.strip(b"\0"):  # a comment, as the end says
        whole = whole[:-2] + struct.pack("<H", len(tail))
    path.write_bytes(whole + tail)
    items = read(dump_of(path))
    assert sum(isinstance(item, Page) for item in items) == 3
    holes = [(item.code, item.source.offset, item.source.length) for item in items if isinstance(item, Reject)]
    assert holes == ([] if lost is None else [("damaged", len(whole), lost)])


@pytest.mark.parametrize("sizes", ["before", "behind"])
@pytest.mark.parametrize("at", [0, 10, 60])
def test_a_zip_cut_inside_a_member_keeps_those_before_it(tmp_path: Path, sizes: str, at: int) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html", "c.html")
    whole = streamed(zipfile.ZIP_DEFLATED) if sizes == "behind" else path.read_bytes()
    third = whole.rfind(b"PK\x03\x04")
    assert sizes == "behind" or third == infos[2].header_offset
    path.write_bytes(whole[: third + at])
    assert outcome(path) == [("a.html", "page"), ("b.html", "page"), (None, "truncated")]
    assert sum(split.size for split in cut(dump_of(path), 1)) == third + at


def test_a_hole_between_members_is_reported_with_its_range(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html", "c.html")
    stored = bytearray(path.read_bytes()[:-10])
    stored[infos[1].header_offset : infos[1].header_offset + 4] = b"XXXX"
    path.write_bytes(stored)
    assert outcome(path) == [("a.html", "page"), ("c.html", "page"), (None, "damaged"), (None, "truncated")]
    hole = next(item for item in read(dump_of(path)) if isinstance(item, Reject))
    assert hole.source.offset == infos[1].header_offset
    assert hole.source.offset + hole.source.length == infos[2].header_offset


@pytest.mark.parametrize(
    ("count", "offset", "stored"),
    [
        pytest.param(65_537, 0, 1, id="more members than two bytes count"),
        pytest.param(2, 2**32 - 1, 1, id="the offset that stands for a larger one"),
        pytest.param(2, 2**40, 1, id="a large offset"),
        pytest.param(2, 0, 2**32 - 1, id="the size that stands for a larger one"),
        pytest.param(2, 0, 2**33, id="a large size"),
    ],
)
def test_the_directory_that_is_made_says_what_the_headers_say(count: int, offset: int, stored: int) -> None:
    name = "für.html".encode()
    members = [Member(offset + at, 0x800, 0, 0, 33, at, stored, 7, name, b"", 0) for at in range(count)]
    archive = zipfile.ZipFile(Joined(io.BytesIO(), 0, directory(members, 0)))  # type: ignore[arg-type]
    found = [(each.header_offset, each.compress_size, each.file_size, each.CRC) for each in archive.infolist()]
    assert found == [(offset + at, stored, 7, at) for at in range(count)]
    assert {each.filename for each in archive.infolist()} == {"für.html"}


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06 no end", b"PK\x03\x04" + b"\xff" * 100])
def test_a_zip_of_which_nothing_is_left_is_unreadable(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UnreadableError, match=r"^a\.zip: the zip has no readable central directory .* no whole member"):
        cut(dump_of(tmp_path / "a.zip"))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_zip_is_read_or_unreadable(data: st.DataObject) -> None:
    whole = bytearray(streamed(data.draw(st.sampled_from(METHODS))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    kept = whole[: data.draw(st.integers(4, len(whole)))]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(kept)
        try:
            items = list(read(dump_of(path)))
        except UnreadableError:
            return
    assert all(isinstance(item, Page | Reject | Skip) for item in items)
    if len(kept) < len(whole):
        assert any(isinstance(item, Reject) for item in items)


def test_a_damaged_index_ends_the_dump(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    make_zip(path, pages(5))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("index.csv")
    stored = bytearray(path.read_bytes())
    stored[data_offset(info) + 40] ^= 0xFF
    path.write_bytes(stored)
    with pytest.raises(DumpError, match=r"index\.csv"):
        read(dump_of(path))
