"""Dumps that no reader takes, in builds with one that is sound."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_builds import add_inline_engine, manifest, page, run, tree, write_config, write_dump

from builder.errors import DumpError, FindingsError

add_inline_engine()


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"html": ["<p>One page of some length</p>"] * 50}), sink)
    return sink.getvalue()


def tar() -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        info = tarfile.TarInfo("a.html")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"<p>a"))
    return sink.getvalue()


ARC = (
    b"filedesc://x.arc 0.0.0.0 20220301000000 text/plain 76\n1 0 Crawler\nURL IP-address Archive-date Content-type\n\n"
)
UNREADABLE = {
    "zip of a cut member": b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 0, 0, 500, 500, 6, 0) + b"a.html<p>",
    "parquet without its footer": parquet()[:-20],
    "parquet with a broken footer": parquet()[:-60] + b"\xff" * 52 + parquet()[-8:],
    "tar cut in its first header": tar()[:200],
    "arc": ARC,
    "unknown": b"\x00\x01\x02 nothing known",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    return write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.dump"}])


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_dump_is_one_reject_and_the_others_are_built(tmp_path: Path, config: Path, data: bytes) -> None:
    (tmp_path / "raw" / "b.dump").write_bytes(data)
    outcome = run(config, tmp_path / "out")
    assert (outcome.books.read, outcome.books.rows, outcome.books.rejected) == (3, 2, {"unreadable": 1})
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    place = {"input": "raw/b.dump", "offset": 0, "length": len(data), "stage": "read", "code": "unreadable"}
    assert place.items() <= reject.items()
    assert str(tmp_path) not in reject["message"]
    assert [entry["format"] for entry in manifest(tmp_path / "out")["inputs"]] == ["jsonl", "unreadable"]
    with pytest.raises(DumpError, match=r"b\.dump: ") as error:
        run(config, tmp_path / "out", "inputs.1.on_bad_input=fail")
    assert error.value.exit_code == 1


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
@pytest.mark.parametrize("form", [None, "warc", "jsonl", "zip", "folder"])
@pytest.mark.parametrize("linked", [True, False])
def test_a_pipe_is_not_opened(tmp_path: Path, config: Path, form: str | None, linked: bool) -> None:
    """It may never end, and a thread that waits for it ends with it."""
    os.mkfifo(tmp_path / "pipe" if linked else tmp_path / "raw" / "b.dump")
    if linked:
        (tmp_path / "raw" / "b.dump").symlink_to(tmp_path / "pipe")
    outcome = run(config, tmp_path / "out", *([f"inputs.1.format={form}"] if form else []))
    assert (outcome.books.rows, outcome.books.rejected) == (2, {"unreadable": 1})
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert reject["message"] == "b.dump: a pipe, socket or device, which is not opened; give a file or a folder"
    with pytest.raises(DumpError, match=r"b\.dump: a pipe"):
        run(config, tmp_path / "out", "inputs.1.on_bad_input=fail")


@pytest.mark.parametrize("form", ["warc", "zip", "tar", "jsonl", "parquet"])
def test_a_folder_that_is_said_to_be_a_file(tmp_path: Path, config: Path, form: str) -> None:
    write_dump(tmp_path / "raw" / "b.dump" / "x.html", [page(3)])
    outcome = run(config, tmp_path / "out", f"inputs.1.format={form}")
    assert (outcome.books.rows, outcome.books.rejected) == (2, {"unreadable": 1})
    before = tree(tmp_path / "out")
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert (reject["message"], reject["length"]) == (
        f"b.dump: a folder, and `format` says {form}; correct that, or leave it out",
        0,
    )
    for number in range(99):  # what a folder itself takes on a disk is no fact of the dump
        (tmp_path / "raw" / "b.dump" / f"{'x' * 200}{number}").touch()
    run(config, tmp_path / "out", f"inputs.1.format={form}")
    assert tree(tmp_path / "out") == before
    with pytest.raises(DumpError, match=r"b\.dump: a folder"):
        run(config, tmp_path / "out", f"inputs.1.format={form}", "inputs.1.on_bad_input=fail")


def test_a_file_that_is_said_to_be_a_folder(tmp_path: Path, config: Path) -> None:
    (tmp_path / "raw" / "b.dump").write_bytes(ARC)
    outcome = run(config, tmp_path / "out", "inputs.1.format=folder")
    assert (outcome.books.rows, outcome.books.rejected) == (2, {"unreadable": 1})
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert reject["message"] == "b.dump: a file, and `format` says folder; correct that, or leave it out"


def test_a_dump_that_becomes_readable_is_read(tmp_path: Path, config: Path) -> None:
    (tmp_path / "raw" / "b.dump").write_bytes(ARC)
    run(config, tmp_path / "out")
    write_dump(tmp_path / "raw" / "b.dump", [page(3)])
    assert run(config, tmp_path / "out").books.rows == 3


def test_where_nothing_can_be_read_nothing_is_published(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    config = write_config(tmp_path, inputs=["raw/*"])
    run(config, tmp_path / "out")
    before = manifest(tmp_path / "out")
    (tmp_path / "raw" / "a.jsonl").write_bytes(ARC)
    (tmp_path / "raw" / "b").write_bytes(b"\0")
    with pytest.raises(DumpError, match=r"a\.jsonl: an ARC file.*\nb: not a known dump"):
        run(config, tmp_path / "out")
    assert manifest(tmp_path / "out") == before


def test_a_dump_whose_options_are_wrong_is_no_reject(tmp_path: Path, config: Path) -> None:
    """The user must say where the HTML stands; a dataset without its rows is no answer."""
    pq.write_table(pa.table({"body": ["<p>x"]}), tmp_path / "raw" / "b.dump")
    with pytest.raises(DumpError, match="give `html:` the right one"):
        run(config, tmp_path / "out")


def test_a_warc_whose_dictionary_is_broken(tmp_path: Path, config: Path) -> None:
    """Seen only when pages are read: it is a reject then as well."""
    broken = b"\x28\xb5\x2f\xfd" + b"\xff" * 60
    given: Any = b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(broken)) + broken
    (tmp_path / "raw" / "b.dump").write_bytes(given)
    assert run(config, tmp_path / "out").books.rejected == {"unreadable": 1}


def zipped(*names: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return sink.getvalue()


def tarred(*names: str) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    return sink.getvalue()


HOLDERS = {
    "folder": (["a.warc.gz", "a.css"], "dumps, a.warc.gz for one; give the dumps"),
    "folders": (
        ["sub/b.txt", "sub/deep/c.jsonl", "sub/deep/d.jsonl"],
        "dumps, sub/deep/c.jsonl for one; give the dumps",
    ),
    "wacz": (
        ["archive/data.warc.gz", "pages/pages.jsonl", "datapackage.json"],
        "dumps, archive/data.warc.gz for one; unzip it",
    ),
    "zip": (["b.csv", "2022.parquet"], "dumps, 2022.parquet for one; unzip it"),
    "tar": (["2022/a.warc.gz", "2022/b.warc.gz"], "dumps, 2022/a.warc.gz for one; unpack it"),
    "tar.gz": (["a.warc", "index.csv"], "dumps, a.warc for one; unpack it"),
    "folder of a mirror": (
        ["index.html?page=2", "story.php?id=3"],
        "2 other files, index.html?page=2 for one; say in `pages`",
    ),
    "zip of archives": (["saved/", "saved/a.MHTML"], "1 other file, saved/a.MHTML for one; convert MHTML"),
    "zip of tables": (
        ["state.json", "data-0.arrow"],
        "2 other files, data-0.arrow for one; write Arrow files as",
    ),
    "tar of a mirror": (["style.css", "data.json"], "2 other files, style.css for one; say in `pages`"),
}


@pytest.fixture(params=HOLDERS)
def holder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    names, message = HOLDERS[request.param]
    path = tmp_path / "raw" / "b.dump"
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    if request.param.startswith("folder"):
        for name in names:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text("{}")
    elif request.param.startswith("tar"):
        path.write_bytes(gzip.compress(tarred(*names)) if request.param == "tar.gz" else tarred(*names))
    else:
        path.write_bytes(zipped(*names))
    return message


@pytest.mark.parametrize("options", [{}, {"index": ""}], ids=["", "without an index"])
def test_what_holds_files_and_no_page_is_unreadable(tmp_path: Path, holder: str, options: dict[str, str]) -> None:
    config = write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.dump", **options}])
    outcome = run(config, tmp_path / "out")
    assert (outcome.books.rows, outcome.books.rejected) == (2, {"unreadable": 1})
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert reject["message"].startswith(f"raw/b.dump: no pages in it but {holder}")
    with pytest.raises((DumpError, FindingsError), match=r"no pages in it but|1 unreadable there"):
        run(write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.dump", "on_bad_input": "fail"}]), tmp_path)


def test_a_build_of_nothing_but_such_inputs_ends(tmp_path: Path) -> None:
    """Also where they are found out when their pages are sought."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.tar").write_bytes(tarred("a.css"))
    (tmp_path / "raw" / "b.tar").write_bytes(tarred("a.warc.gz"))
    said = r"^raw/a\.tar: no pages in it but 1 other file, .*\nraw/b\.tar: no pages in it but dumps, .*$"
    with pytest.raises(DumpError, match=said):
        run(write_config(tmp_path, inputs=["raw/*.tar"]), tmp_path / "out")
    assert not (tmp_path / "out" / "_manifest.json").exists()


@pytest.mark.parametrize(
    "names",
    [["a.html", "a.warc.gz"], ["a.HTM.gz", "style.css"], [".cache/a.warc"], ["index.csv", "sub/index.jsonl"], []],
    ids=["a page as well", "other files as well", "hidden", "an index", "nothing"],
)
def test_other_folders_and_zips_are_read(tmp_path: Path, names: list[str]) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    (tmp_path / "raw" / "b.zip").write_bytes(zipped(*(name for name in names if not name.startswith("index"))))
    (tmp_path / "raw" / "b").mkdir()
    for name in names:
        (tmp_path / "raw" / "b" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "raw" / "b" / name).write_text("file,url\n" if name == "index.csv" else "<p>words</p>")
    outcome = run(write_config(tmp_path, inputs=["raw/a.jsonl", "raw/b.zip", "raw/b"]), tmp_path / "out")
    assert "unreadable" not in outcome.books.rejected


WET = (
    b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://a.example/1\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 9\r\n\r\nLow tide.\r\n\r\n"
)


def test_inputs_without_a_page_are_no_dataset(tmp_path: Path) -> None:
    """But they are no error beside others."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc.wet").write_bytes(WET.replace(b"conversion", b"warcinfo") + WET * 3)
    said = r"^the inputs hold no page but 3 warc_conversion \(warc_conversion: .* WET.*, without its HTML\)$"
    with pytest.raises(FindingsError, match=said):
        run(write_config(tmp_path, inputs=["raw/a.warc.wet"]), tmp_path / "out")
    assert not (tmp_path / "out" / "_manifest.json").exists()
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    books = run(write_config(tmp_path, inputs=["raw/*"]), tmp_path / "out").books
    assert (books.read, books.rows, books.skipped) == (1, 1, {"warc_conversion": 3, "warc_warcinfo": 1})


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "a.jsonl",
            b'{"body": "<p>words</p>"}\n' * 2,
            r"2 missing_html; the first: raw/a\.jsonl@0: the key 'html' is missing",
        ),
        ("a.jsonl", b'{\n"html": "<p>words</p>"\n}\n', r"3 bad_line; the first: raw/a\.jsonl@0: not JSON"),
        ("a.warc", WET[:-9], r"1 truncated; the first: raw/a\.warc@0: "),
    ],
    ids=["another key", "one object, indented", "cut"],
)
def test_inputs_of_which_no_page_can_be_read_are_no_dataset(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    """But they are no error beside others."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(data)
    with pytest.raises(FindingsError, match=rf"^not one page of the inputs can be read: {said}"):
        run(write_config(tmp_path, inputs=[f"raw/{name}"]), tmp_path / "out")
    assert not (tmp_path / "out" / "_manifest.json").exists()
    write_dump(tmp_path / "raw" / "b.jsonl", [page(1)])
    books = run(write_config(tmp_path, inputs=["raw/*"]), tmp_path / "out").books
    assert (books.read, books.rows) == (1 + sum(books.rejected.values()), 1)


def test_a_folder_of_which_no_page_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "raw" / "sub").mkdir(parents=True)
    (tmp_path / "raw" / "sub" / "a.html").write_text("<p>words</p>" * 200)
    with pytest.raises(FindingsError, match=r"1 too_large; the first: raw@0#sub/a\.html: "):
        run(write_config(tmp_path, inputs=["raw"], limits={"page_bytes": "1kB"}), tmp_path / "out")


def test_inputs_of_which_pages_can_be_read_and_none_is_a_row_are_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl").write_text('{"html": " "}\n{"body": "<p>words</p>"}\n')
    books = run(write_config(tmp_path, inputs=["raw/a.jsonl"]), tmp_path / "out").books
    assert (books.rows, books.rejected) == (0, {"empty": 1, "missing_html": 1})
