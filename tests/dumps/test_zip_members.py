"""Members of zips: which are pages, under which names, how large, and what may stand before them."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from dump_files import COMPRESS, cut, dump_of, read
from zip_files import HTML, outcome, write

from builder.dumps.pages import OTHER_FILE
from builder.records import DumpOptions, Page, Reject, Skip


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


@pytest.mark.parametrize(
    ("at", "value", "code", "said"),
    [
        (6, 1, "unsafe_member", "encrypted"),
        (8, 9, "unsafe_member", r"compressed with Deflate64 \(method 9\).* pack it anew with Deflate"),
        (8, 98, "unsafe_member", "PPMd"),
        (8, 93, "unsafe_member", "Zstandard"),
        (8, 4242, "damaged", "method 4242, which is none"),
    ],
    ids=["encrypted", "deflate64", "ppmd", "zstd, which some versions of Python read", "no method"],
)
def test_members_that_cannot_be_opened(at: int, value: int, code: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    infos = write(path, "a.html", "b.html")
    stored = bytearray(path.read_bytes())
    struct.pack_into("<H", stored, infos[0].header_offset + at, value)
    struct.pack_into("<H", stored, stored.find(b"PK\x01\x02") + at + 2, value)
    path.write_bytes(stored)
    assert outcome(path) == [("a.html", code), ("b.html", "page")]
    assert re.search(said, next(item.message for item in read(dump_of(path)) if isinstance(item, Reject)))


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


@pytest.mark.parametrize("separator", ["/", "\\"], ids=["slashes in the index", "backslashes as well"])
def test_backslashes_of_windows_are_slashes(tmp_path: Path, separator: str) -> None:
    index = f"file,url\nday{separator}a.html,https://n.example/a\nday{separator}gone.html,https://n.example/b\n"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("day\\", "day\\a.html", "day\\.hidden\\b.html", "c.html"):
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            archive.writestr(info, HTML)
        archive.writestr("index.csv", index)
    gone, *items = read(dump_of(tmp_path / "a.zip"))
    found = [item for item in items if isinstance(item, Page)]
    assert [(page.url, page.source.record_id) for page in found] == [
        ("https://n.example/a", "day\\a.html"),
        ("file:a.zip/c.html", "c.html"),
    ]
    assert isinstance(gone, Reject)
    assert (gone.code, items.count(Skip(OTHER_FILE))) == ("missing_html", 1)


def test_a_backslash_of_another_system_is_part_of_the_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("day\\a.html", HTML)
        archive.writestr("index.csv", "file,url\nday/a.html,https://n.example/a\n")
    (gone, page) = read(dump_of(tmp_path / "a.zip"))
    assert isinstance(gone, Reject)
    assert isinstance(page, Page)
    assert page.url == "file:a.zip/day%5Ca.html"


@pytest.mark.parametrize("program", [b"#!/bin/sh\n", b"MZ to unpack it" * 100], ids=["a script", "a binary"])
def test_a_program_before_the_archive_is_none_of_it(tmp_path: Path, program: bytes) -> None:
    path = tmp_path / "a.zip"
    write(path, "a.html", "b.html")
    path.write_bytes(program + path.read_bytes())
    assert outcome(path) == [("a.html", "page"), ("b.html", "page")]
    dump = dump_of(path)
    assert sum(split.size for split in cut(dump, 1)) == dump.size
    assert [type(item) for item in read(dump, 1)] == [Page, Page]
