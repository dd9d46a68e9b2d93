from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest
from dump_files import COMPRESS, cut, dump_of, make_zip, pages, read

from builder.errors import DumpError
from builder.records import DumpOptions, Page, Reject, Skip

HTML = b"<p>A short page.</p>" * 20


def outcome(path: Path, options: DumpOptions | None = None) -> list[tuple[str | None, str]]:
    items = read(dump_of(path, options))
    assert all(isinstance(item, Page | Reject) for item in items)
    return [(i.source.record_id, "page" if isinstance(i, Page) else i.code) for i in items if not isinstance(i, Skip)]


def write(path: Path, *names: str, method: int = zipfile.ZIP_DEFLATED) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name in names:
            archive.writestr(name, HTML)
    return archive.infolist()


def data_offset(info: zipfile.ZipInfo) -> int:
    return info.header_offset + 30 + len(info.filename.encode())


def test_names_are_text_and_no_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["../../up.html", "/etc/root.html", "a/../../b.html", "x" * 300 + ".html", "é\n.html", "C:\\d.html"]
    write(tmp_path / "a.zip", *names)
    monkeypatch.chdir(tmp_path)
    assert outcome(tmp_path / "a.zip") == [(name, "page") for name in names]
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]
    assert not (tmp_path / "../../up.html").exists()


def test_a_name_twice_is_two_pages(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.html", b"one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.html", b"two")
    found = [item for item in read(dump_of(tmp_path / "a.zip")) if isinstance(item, Page)]
    assert [page.body for page in found] == [b"one", b"two"]
    assert found[0].source != found[1].source


def test_links_folders_and_other_files(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.mkdir("folder.html") if hasattr(archive, "mkdir") else archive.writestr("folder.html/", b"")
        archive.writestr("folder.html/style.css", b"")
        archive.writestr("__MACOSX/._a.html", b"")
        archive.writestr("./a.html", HTML)
    items = read(dump_of(tmp_path / "a.zip"))
    assert [type(item) for item in items] == [Reject, Skip, Skip, Page]
    assert isinstance(items[0], Reject)
    assert items[0].code == "unsafe_member"


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


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [(6, 1, "unsafe_member"), (8, 97, "damaged"), (8, 9, "damaged")],
    ids=["encrypted", "unknown method", "deflate64"],
)
def test_members_that_cannot_be_opened(at: int, value: int, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html")
    stored = bytearray(path.read_bytes())
    struct.pack_into("<H", stored, infos[0].header_offset + at, value)
    struct.pack_into("<H", stored, stored.find(b"PK\x01\x02") + at + 2, value)
    path.write_bytes(stored)
    assert outcome(path) == [("a.html", code), ("b.html", "page")]


def test_a_damaged_local_header_costs_its_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html")
    stored = bytearray(path.read_bytes())
    stored[infos[1].header_offset : infos[1].header_offset + 4] = b"XXXX"
    path.write_bytes(stored)
    assert outcome(path) == [("a.html", "page"), ("b.html", "damaged")]


@pytest.mark.parametrize("lost", [1, 30, 200])
def test_without_central_directory_the_dump_is_an_error(lost: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    make_zip(path, pages(5))
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(DumpError, match=r"^a\.zip: the zip has no readable central directory"):
        cut(dump_of(path))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_bomb_is_too_large(method: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("bomb.html", bytes(20 * 2**20))
        archive.writestr("bomb.html.gz", COMPRESS["gzip"](bytes(20 * 2**20)))
    options = DumpOptions(page_bytes=2**20)
    assert outcome(path, options) == [("bomb.html", "too_large"), ("bomb.html.gz", "too_large")]


def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.html", bytes(20 * 2**20))
    stored = bytearray(path.read_bytes())
    struct.pack_into("<I", stored, stored.find(b"PK\x01\x02") + 24, 1000)
    path.write_bytes(stored)
    assert outcome(path, DumpOptions(page_bytes=2**20)) == [("bomb.html", "damaged")]


def test_compressed_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.html.gz", COMPRESS["gzip"](HTML))
        archive.writestr("b.html.zst", COMPRESS["zstd"](HTML)[:-3])
    first, second = read(dump_of(path))
    assert isinstance(first, Page)
    assert isinstance(second, Reject)
    assert (first.body, second.code) == (HTML, "truncated")


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


def test_what_stands_before_the_archive_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write(path, "a.html", "b.html")
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())
    dump = dump_of(path, kind="zip")
    assert sum(split.size for split in cut(dump, 1)) == dump.size
    assert [type(item) for item in read(dump, 1)] == [Page, Page]
