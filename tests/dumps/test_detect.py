from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from dump_files import COMPRESS, MAKERS, pages

from builder.dumps.detect import detect_format
from builder.errors import DumpError


@pytest.mark.parametrize("kind", MAKERS)
def test_by_content_whatever_the_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.pdf"
    MAKERS[kind](path, pages(2))
    assert detect_format(path) == kind.partition(".")[0]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.warc.gz", b"", "warc"),
        ("a.tar", b"", "tar"),
        ("a.tgz", b"", "tar"),
        ("a.jsonl.zst", COMPRESS["zstd"](b""), "jsonl"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "zip"),
        ("a", b"\xef\xbb\xbf\r\n {}", "jsonl"),
        ("a", b"\x5d\x2a\x4d\x18\x04\x00\x00\x00abcd", "warc"),
        ("a", b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd" + COMPRESS["zstd"](b'{"a": 1}'), "jsonl"),
        ("a", COMPRESS["gzip"](b"WARC/1.0\r\n" * 100)[:40], "warc"),
        ("a.warc", b"\r\nWARC/1.0\r\n", "warc"),
        ("a.jsonl", b'x{"html": "a"}\n{}\n', "jsonl"),
        ("a.jsonl", b'<{"html": "a"}\n{}\n', "jsonl"),
        ("a.NDJSON.gz", COMPRESS["gzip"](b"null\n{}\n"), "jsonl"),
        ("a.jsonl.zst", b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "jsonl"),
        ("a.zip", b"XK\x03\x04", "zip"),
        ("a.tar", bytes(10240), "tar"),
        ("a.tar.gz", COMPRESS["gzip"](b"x" * 600), "tar"),
        ("a.parquet", b"XAR1", "parquet"),
        ("a.zip.001", b"PK\x03\x04", "zip"),
    ],
)
def test_edge_cases(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert detect_format(tmp_path / name) == expected


@pytest.mark.parametrize("kind", ["v7", "V", "ustar"])
def test_a_tar_is_known_by_the_checksum_of_its_header(kind: str, tmp_path: Path) -> None:
    header = tarfile.TarInfo("a label").tobuf(tarfile.USTAR_FORMAT)
    if kind != "ustar":
        header = header[:257] + bytes(255)
        header = header[:156] + (b"V" if kind == "V" else b"\0") + header[157:]
        header = header[:148] + b"%06o\0 " % (sum(header[:148]) + 256 + sum(header[156:])) + header[156:]
    (tmp_path / "a").write_bytes(header + bytes(1024))
    assert detect_format(tmp_path / "a") == "tar"


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        ("a", b"", "b''"),
        ("a", "{}".encode("utf-16"), "format"),
        ("a.gz", COMPRESS["gzip"](b"words"), "b'words'"),
    ],
)
def test_anything_else_is_an_error(name: str, data: bytes, hint: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DumpError, match=f"^{name}: not a known dump: .*give `format:`$") as caught:
        detect_format(tmp_path / name)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.html", b"<!DOCTYPE html><html>", "a page and no dump: begins with b'<!DOCTYPE html><'; give the folder"),
        ("a.html.gz", COMPRESS["gzip"](b"\xef\xbb\xbf\n<html>"), "a page and no dump: .*; give the folder"),
        ("a.json", b"[{}]", "not a known dump: begins with b'\\[{}\\]', a JSON array.* write one object a line$"),
        ("a.jsonl", b"[\n{}\n]", "not a known dump: .* write one object a line$"),
        ("a.zip", b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive; unpack it and give the folder$"),
        ("a.zip", b"Rar!\x1a\x07\x01\x00", "a RAR archive; unpack it and give the folder$"),
        ("a.cpio", b"070701" + b"0" * 104, "a cpio archive; unpack it and give the folder$"),
        ("a.cpio.gz", COMPRESS["gzip"](b"070707" + b"7" * 70), "a cpio archive; "),
        ("a.arrow", b"\xff\xff\xff\xff\xd8\x01\0\0\x10\0\0\0", "an Arrow file; write it as Parquet$"),
        ("a.arrow", b"ARROW1\0\0", "an Arrow file; write it as Parquet$"),
        ("a.zip.002", b"\x8d\x02", "a volume of a zip; put the volumes together, in their order, and give that$"),
        ("a.ZIP.010", b"x", "a volume of a zip; "),
        ("a.z01", b"\x8d\x02", "a volume of a zip that is split; make it one with `zip -s 0`, and give that$"),
        ("a.csv.gz", COMPRESS["gzip"](b"url,html\n"), "CSV and no dump; write it as JSON Lines or Parquet$"),
        ("a.xhtml", b"<?xml version='1.0'?><!DOCTYPE html><HTML>", "a page and no dump: "),
        ("a.xml", b"\xef\xbb\xbf<?xml version='1.0'?>\n<items><item>", "XML and no dump.* JSON Lines"),
    ],
)
def test_what_no_format_helps_is_told_what_does(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DumpError, match=f"^{name}: {said}") as caught:
        detect_format(tmp_path / name)
    assert "`format:`" not in str(caught.value)
