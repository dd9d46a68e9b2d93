"""Names of zip members that do not say what encoding they are in, as programs write them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from dump_files import dump_of, read

from builder.records import Item, Page, Reject

UNIX, DOS = 3, 0
UMLAUT, KANJI = "übung4.html", "日/本5.html"


def unicode_path(name: str, of: bytes, version: int = 1) -> bytes:
    """The extra field that says what a name is in Unicode."""
    data = struct.pack("<BL", version, zlib.crc32(of)) + name.encode()
    return struct.pack("<2H", 0x7075, len(data)) + data


def zip_of(path: Path, names: Sequence[bytes], system: int, extra: bytes = b"", index: str = "") -> None:
    """A zip with names of these bytes, none of which is flagged as UTF-8."""
    stand_ins = [chr(65 + number) * len(name) for number, name in enumerate(names)]
    with zipfile.ZipFile(path, "w") as archive:
        for stand_in in stand_ins:
            info = zipfile.ZipInfo(stand_in)
            info.create_system, info.extra = system, extra
            archive.writestr(info, b"<p>A page</p>")
        if index:
            archive.writestr("index.csv", index)
    data = path.read_bytes()
    for stand_in, name in zip(stand_ins, names, strict=True):
        data = data.replace(stand_in.encode(), name)
    path.write_bytes(data)


def called(items: Sequence[Item]) -> list[tuple[str, str | None]]:
    return [(item.url, item.source.record_id) for item in items if isinstance(item, Page)]


@pytest.mark.parametrize("end", ["whole", "without directory"])
@pytest.mark.parametrize(
    ("raw", "system", "extra", "name"),
    [
        (UMLAUT.encode(), UNIX, b"", UMLAUT),
        (UMLAUT.encode(), DOS, b"", UMLAUT),
        (KANJI.encode(), UNIX, b"", KANJI),
        (UMLAUT.encode("cp437"), DOS, b"", UMLAUT),
        (UMLAUT.encode("cp437"), UNIX, b"", UMLAUT),
        (b"\x8eb.html", DOS, unicode_path("Ж.html", b"\x8eb.html"), "Ж.html"),
        (b"x.html", UNIX, b"UT\1\0z" + unicode_path(KANJI, b"x.html"), KANJI),
        (b"x.html", UNIX, unicode_path(KANJI, b"a name before.html"), "x.html"),
        (b"x.html", UNIX, unicode_path(KANJI, b"x.html", version=2), "x.html"),
    ],
    ids=[
        "Info-ZIP", "Java", "Info-ZIP kanji", "DOS", "cp437 of Unix", "Unicode path", "a field before it",
        "Unicode path of another name", "Unicode path of another version",
    ],
)  # fmt: skip
def test_a_name_is_what_its_writer_called_it(
    raw: bytes, system: int, extra: bytes, name: str, end: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    zip_of(path, [raw], system, extra)
    if end != "whole":
        path.write_bytes(path.read_bytes()[:-1])
    (page,) = [item for item in read(dump_of(path)) if isinstance(item, Page)]
    assert page.source.record_id == name


def test_an_index_finds_members_by_their_names(tmp_path: Path) -> None:
    index = f"file,url\n{UMLAUT},https://n.example/1\n{KANJI},https://n.example/2\n"
    zip_of(tmp_path / "a.zip", [UMLAUT.encode(), KANJI.encode()], UNIX, index=index)
    items = read(dump_of(tmp_path / "a.zip"), 1)
    assert called(items) == [("https://n.example/1", UMLAUT), ("https://n.example/2", KANJI)]
    assert not any(isinstance(item, Reject) for item in items)


@pytest.mark.parametrize("charset", ["cp932", "cp936", "cp950"])
def test_a_character_that_ends_like_a_backslash_hides_no_page(charset: str, tmp_path: Path) -> None:
    ending = {"cp932": "表", "cp936": "乗", "cp950": "功"}[charset].encode(charset)
    assert ending.endswith(b"\\")
    names = [b"a" + ending + b".html", ending + b"/" + ending + b".html", b"b\\c.html"]
    zip_of(tmp_path / "a.zip", names, DOS)
    items = read(dump_of(tmp_path / "a.zip"))
    assert [item.body for item in items if isinstance(item, Page)] == [b"<p>A page</p>"] * 3
    assert called(items)[2][0] == "file:a.zip/b/c.html"
