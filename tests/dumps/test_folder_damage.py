from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dump_files import COMPRESS, cut, dump_of, read

from builder.dumps import READERS
from builder.dumps.folder import folder_index, folder_size
from builder.errors import DumpError
from builder.records import DumpOptions, Page, Reject, Skip

HTML = b"<p>A short page.</p>"
SUFFIXES = {"": bytes, **dict(zip((".gz", ".zst", ".bz2", ".xz"), COMPRESS.values(), strict=True))}


def codes(folder: Path, options: DumpOptions | None = None) -> dict[str | None, str]:
    items = read(dump_of(folder, options))
    return {item.source.record_id: item.code for item in items if isinstance(item, Reject)}


def names(folder: Path) -> list[str | None]:
    return [item.source.record_id for item in read(dump_of(folder)) if isinstance(item, Page)]


def test_links_are_rejected_unread_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_bytes(HTML)
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "a.html").symlink_to(outside / "secret.html")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(outside)
    (folder / "dangling.html").symlink_to("nowhere")
    assert codes(folder) == dict.fromkeys(["a.html", "away", "dangling.html", "loop"], "unsafe_member")
    assert names(folder) == []


def test_pipes_and_sockets_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.html")
        items = read(dump_of(tmp_path))
    assert [i.code for i in items if isinstance(i, Reject)] == ["unsafe_member", "unsafe_member"]
    assert [i.kind for i in items if isinstance(i, Skip)] == ["other_file"]


def test_an_index_that_the_disk_does_not_show_is_not_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.csv").write_text("file,url\n")
    dump = dump_of(tmp_path)
    assert folder_index(dump) == "index.csv"
    monkeypatch.setattr(os, "stat", failing(os.stat, "index.csv"))
    with pytest.raises(OSError, match=r"disk error.*index\.csv"):
        folder_index(dump)


def failing(call: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A call of `os` that fails for the path of this name."""

    def call_or_fail(path: Any, *args: Any, **more: Any) -> Any:
        if not isinstance(path, int) and Path(os.fsdecode(path)).name == name:
            raise OSError(errno.EIO, "disk error", os.fspath(path))
        return call(path, *args, **more)

    return call_or_fail


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refuse(path: bytes):
        if path.endswith(b"closed/"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("builder.dumps.folder.os.scandir", refuse)
    with pytest.raises(PermissionError):
        folder_size(tmp_path, DumpOptions())


ODD_NAMES = [b"\xff\xfe.html", b"-rf.html", b"a\nb.html", b"a b?.HTM", "ü.xhtml".encode(), b"x" * 240 + b".html"]


def test_odd_names_are_read_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    for name in [*ODD_NAMES, b".hidden.html", b"a.html~", b"Thumbs.db"]:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(HTML)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.html").write_bytes(HTML)
    shown = [name.decode() if name != ODD_NAMES[0] else "%FF%FE.html" for name in sorted(ODD_NAMES)]
    assert names(tmp_path) == shown
    assert [item.kind for item in read(dump_of(tmp_path)) if isinstance(item, Skip)] == ["other_file", "other_file"]
    assert folder_size(tmp_path, DumpOptions()) == len(ODD_NAMES) * len(HTML)
    last = read(dump_of(tmp_path))[-1]
    assert isinstance(last, Page)
    assert last.url == f"file:{tmp_path.name}/%FF%FE.html"


def test_order_is_that_of_whole_paths(tmp_path: Path) -> None:
    for name in ["a/b.html", "a-b.html", "a0.html", "B.html"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(HTML)
    assert names(tmp_path) == ["B.html", "a-b.html", "a/b.html", "a0.html"]


def test_times_of_files_mean_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HTML)
    before = read(dump_of(tmp_path))
    os.utime(tmp_path / "a.html", (10**9, 10**9))
    assert read(dump_of(tmp_path)) == before
    assert [item.fetched_at for item in before if isinstance(item, Page)] == [None]


def test_a_file_removed_meanwhile_is_a_reject(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.html").write_bytes(HTML)
    (split,) = cut(dump_of(tmp_path))
    (tmp_path / "b.html").unlink()
    items = list(READERS["folder"].read(split))
    assert [item.code if isinstance(item, Reject) else item.source.record_id for item in items] == [
        "a.html",
        "damaged",
        "c.html",
    ]


@pytest.mark.parametrize("kind", COMPRESS)
def test_compressed_pages(kind: str, tmp_path: Path) -> None:
    stored = COMPRESS[kind](HTML * 100)
    (tmp_path / "a.html.gz").write_bytes(stored)
    (tmp_path / "b.html.zst").write_bytes(stored[:-6])
    (tmp_path / "c.HTM.xz").write_bytes(stored + b"rubbish")
    (tmp_path / "d.html.bz2").write_bytes(COMPRESS[kind](bytes(10**6)))
    (tmp_path / "e.html.gz").write_bytes(HTML)
    items = read(dump_of(tmp_path, DumpOptions(page_bytes=10**5)))
    assert [item.body if isinstance(item, Page) else item.code for item in items] == [
        HTML * 100,
        "truncated",
        "damaged",
        "too_large",
        HTML,
    ]


@pytest.mark.parametrize(("size", "expected"), [(0, []), (100, []), (101, ["too_large"])])
def test_page_bytes(size: int, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"x" * size)
    assert list(codes(tmp_path, DumpOptions(page_bytes=100)).values()) == expected


INDEXES = {
    "no column file": (b"name,url\na.html,x\n", "index.csv, line 1: no column `file`"),
    "empty": (b"", "index.csv, line 1: no column `file`"),
    "too many cells": (b"file,url\na.html,x,y\n", "index.csv, line 2: 3 cells for 2 columns"),
    "no name": (b"file,url\n,x\n", "index.csv, line 2: no `file`"),
    "twice": (b"file,url\na.html,x\na.html,y\n", "index.csv, line 3: 'a.html' is described a second time"),
    "open quote": (b'file,url\na.html,"x\n', "index.csv, line 2: not CSV"),
    "not utf-8": (b"file,url\na.html,\xff\n", "index.csv, line 2: not UTF-8"),
    "long": (b"file,url\na.html," + b"x" * 2**20 + b"\n", "index.csv, line 2: longer than 1 MiB"),
    "cut": (COMPRESS["gzip"](b"file,url\n" + b"a.html,x\n")[:-5], "index.csv, line 3: the gzip data ends early"),
}


@pytest.mark.parametrize(("data", "message"), INDEXES.values(), ids=INDEXES)
def test_an_unreadable_index_ends_the_dump(data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HTML)
    (tmp_path / "index.csv").write_bytes(data)
    with pytest.raises(DumpError) as caught:
        read(dump_of(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path.name}/{message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [(b"{", "not JSON"), (b"[]", "not a JSON object"), (b"{}", "no `file`"), (b'{"file": 5}', "no `file`")],
)
def test_an_unreadable_json_index_ends_the_dump(line: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "index.jsonl").write_bytes(b'\xef\xbb\xbf{"file": "a.html"}\r\n\r\n' + line)
    (tmp_path / "a.html").write_bytes(HTML)
    with pytest.raises(DumpError, match=f"index.jsonl, line 3: {message}"):
        read(dump_of(tmp_path))


@pytest.mark.parametrize(
    "data", [b'{"file": "./a.html", "u": "x", "s": 404}', b"\xef\xbb\xbfs,file,u,v\r\n\r\n404,a.html,x\r\n\r\n"]
)
def test_the_index_may_have_any_name_and_columns(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "facts").write_bytes(data)
    (tmp_path / "a.html").write_bytes(HTML)
    options = DumpOptions(index="sub/facts", url="u", http_status="s")
    (page,) = read(dump_of(tmp_path, options))
    assert isinstance(page, Page)
    assert (page.url, page.http_status, page.fetched_at) == ("x", 404, None)


@pytest.mark.parametrize(
    ("row", "code"),
    [("x,tomorrow,200", "bad_fetch_time"), ("x,2022-02-24,teapot", "bad_record")],
)
def test_what_the_index_says_and_cannot_be_read_is_a_reject(row: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HTML)
    (tmp_path / "index.csv").write_text(f"file,url,fetched_at,http_status\na.html,{row}\n")
    (reject,) = read(dump_of(tmp_path))
    assert isinstance(reject, Reject)
    assert (reject.code, reject.url) == (code, "x")


def test_an_index_asked_for_and_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HTML)
    with pytest.raises(DumpError, match=r"the index 'facts\.csv' is not in it"):
        cut(dump_of(tmp_path, DumpOptions(index="facts.csv")))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("name", "text"),
    [("facts.csv", '{"note"},file,url\n,a.html,x\n'), ("facts.JSONL", '\n{"file": "a.html", "url": "x"}\n')],
)
def test_what_an_index_is_its_name_says_compressed_or_not(name: str, text: str, suffix: str, tmp_path: Path) -> None:
    """Where its first character would say otherwise."""
    (tmp_path / "a.html").write_bytes(HTML)
    (tmp_path / f"{name}{suffix}").write_bytes(SUFFIXES[suffix](text.encode()))
    (found,) = [
        item for item in read(dump_of(tmp_path, DumpOptions(index=f"{name}{suffix}"))) if isinstance(item, Page)
    ]
    assert found.url == "x"


@pytest.mark.parametrize("name", ["../outside.html", "/etc/hostname", ".hidden.html", "gone.html"])
def test_the_index_reaches_nothing_but_the_pages(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    for file in (folder / ".hidden.html", tmp_path / "outside.html"):
        file.write_bytes(HTML)
    (folder / "index.csv").write_text(f"file,url\n{name},x\n")
    assert codes(folder) == {name: "missing_html"}


@pytest.mark.parametrize("target", [1, 2**40])
@pytest.mark.parametrize("make", [lambda path: path.symlink_to("facts"), os.mkfifo], ids=["link", "pipe"])
def test_an_index_that_is_no_file_is_not_opened(make, target: int, tmp_path: Path) -> None:
    (tmp_path / "facts").write_text("secret words\n")
    (tmp_path / "a.html").write_bytes(HTML)
    make(tmp_path / "index.csv")
    with pytest.raises(DumpError, match=r"its index index\.csv is a link or no file"):
        read(dump_of(tmp_path), target)
