"""I01 to I17: folders, archives, JSON Lines and Parquet that are hostile, damaged or odd."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import stat
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from cases import assert_complete
from dump_files import COMPRESS, dump_of, read, tar_bytes
from fault_builds import Built, as_parquet, build_config, build_files, line
from small_builds import page, write_config, write_dump

from builder.errors import ConfigError
from builder.records import DumpOptions, Page

HTML = b"<html><head><title>Heron seen</title></head><body><p>Reeds on the bank.</p></body></html>"
NOT_APPLICABLE: dict[str, str] = {}


def test_every_case_of_family_I_is_tested_or_has_its_reason() -> None:
    assert_complete("I", 17, NOT_APPLICABLE)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "/etc/passwd") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info.tobuf()


def names(built: Built) -> list[str]:
    return sorted(row["source"]["record_id"] for row in built.rows)


# ---------------------------------------------------------------- archives


def test_I01_names_are_never_paths_and_links_are_never_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    odd = ["../../up.html", "/etc/root.html", "a/../../b.html", "good.html"]
    link = zipfile.ZipInfo("link.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = zipped(*((name, HTML) for name in odd), (link, b"/etc/passwd"))
    links = b"".join(
        special(f"{n}.html", kind)
        for n, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE))
    )
    built = build_files(tmp_path, {"a.zip": archive, "b.tar": links + tar_bytes([(name, HTML) for name in odd])})
    assert names(built) == sorted(odd * 2)
    assert built.codes == ["unsafe_member"] * 5
    assert list((tmp_path / "work").iterdir()) == []
    assert not (tmp_path / "up.html").exists()


def test_I02_bombs_cost_their_member(tmp_path: Path) -> None:
    bomb = bytes(12 * 2**20)
    nested = zipped(("inner.zip", zipped(("bomb.html", bomb))))
    files = {
        "zip.zip": zipped(("bomb.html", bomb), ("bomb.html.gz", COMPRESS["gzip"](bomb)), ("ok.html", HTML)),
        "nested.zip": nested,
        "tar.tar.gz": COMPRESS["gzip"](tar_bytes([("bomb.html", bomb), ("ok.html", HTML)])),
        "warc.jsonl.zst": COMPRESS["zstd"](line("x" * 10**6) + line("<title>ok</title>")),
    }
    built = build_files(tmp_path, files, limits={"page_bytes": 2**19})
    assert sorted(built.codes) == [*["too_large"] * 4, "unreadable"]  # the zip that holds nothing but a zip
    assert len(built.rows) == 3


def test_I02_members_that_overlap_are_read_once_each_and_no_deeper(tmp_path: Path) -> None:
    data = zipped(("a.html", HTML), ("b.html", HTML))
    second = data.rindex(b"PK\x01\x02")
    overlapping = bytearray(data)
    struct.pack_into("<I", overlapping, second + 42, 0)  # the second entry points at the first member
    built = build_files(tmp_path, {"a.zip": bytes(overlapping)})
    assert (names(built), built.codes) == (["a.html"], ["damaged"])


def test_I03_names_that_occur_twice_or_are_odd(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(("a.html", HTML), ("a.html", HTML), ("A.html", HTML), ("x" * 300 + ".html", HTML))
    raw = tar_bytes([("a.html", HTML), ("a.html", HTML)]).replace(b"a.html", b"\xff.html", 0)
    odd = tarfile.TarInfo("\udcff.html")
    odd.size = len(HTML)
    raw = odd.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape") + HTML.ljust(512, b"\0") + raw
    built = build_files(tmp_path, {"a.zip": twice, "b.tar": raw})
    assert names(built) == sorted(["a.html", "a.html", "A.html", "x" * 300 + ".html", "%FF.html", "a.html", "a.html"])
    places = {(row["source"]["input"], row["source"]["offset"]) for row in built.rows}
    assert len(places) == len(built.rows), "the place tells them apart"


def test_I03_a_NUL_ends_a_name(tmp_path: Path) -> None:
    data = zipped(("a.html0.html", HTML)).replace(b"a.html0.html", b"a.html\0.html")
    assert names(build_files(tmp_path, {"a.zip": data})) == ["a.html"]


def test_I04_members_that_cannot_be_opened_cost_themselves(tmp_path: Path) -> None:
    for at, value, code in ((6, 1, "unsafe_member"), (8, 97, "damaged")):
        data = bytearray(zipped(("a.html", HTML), ("b.html", HTML)))
        struct.pack_into("<H", data, at, value)
        struct.pack_into("<H", data, data.find(b"PK\x01\x02") + at + 2, value)
        built = build_files(tmp_path, {"a.zip": bytes(data)})
        assert (names(built), built.codes) == (["b.html"], [code])


def test_I04_zip64_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a.html", "w", force_zip64=True) as member:
        member.write(HTML)
    assert names(build_files(tmp_path, {"a.zip": out.getvalue()})) == ["a.html"]


# ----------------------------------------------------------------- folders


def test_I05_links_pipes_and_sockets_are_rejected_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "raw" / "dump"
    folder.mkdir(parents=True)
    (folder / "a.html").write_bytes(HTML)
    (folder / "loop").symlink_to(folder)
    (folder / "passwd.html").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.html")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.html")
        built = build_files(tmp_path, {}, inputs=["raw/dump"])
    assert (names(built), built.codes) == (["a.html"], ["unsafe_member"] * 4)


def test_I05_a_folder_that_may_not_be_listed_ends_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw" / "dump" / "closed").mkdir(parents=True)
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if os.fsencode(path).rstrip(b"/").endswith(b"closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("builder.dumps.folder.os.scandir", refuse)
    with pytest.raises(PermissionError):
        build_files(tmp_path, {}, inputs=["raw/dump"])


def test_I06_odd_names_are_read_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "dump"
    folder.mkdir(parents=True)
    odd = [b"\xff.html", b"-rf.html", b"a\nb.html", b"empty.html", "ü.html".encode()]
    for name in [*odd, b".hidden.html", b"a.html~", b"Thumbs.db"]:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"" if b"empty" in name else HTML)
    items = read(dump_of(folder))
    shown = [item.source.record_id for item in items if isinstance(item, Page)]
    assert shown == ["%FF.html" if name[0] == 255 else name.decode() for name in sorted(odd)]
    built = build_files(tmp_path, {}, inputs=["raw/dump"])
    assert (len(built.rows), built.codes) == (4, ["empty"])


# ------------------------------------------------------------ single files


@pytest.mark.parametrize("kind", COMPRESS)
def test_I14_compressed_files_cut_joined_and_misnamed(tmp_path: Path, kind: str) -> None:
    def lines(first: int, last: int) -> bytes:
        return b"".join(line(f"<p>heron {number} {os.urandom(40).hex()}</p>") for number in range(first, last))

    one, two = COMPRESS[kind](lines(0, 40)), COMPRESS[kind](lines(40, 60))
    joined = build_files(tmp_path / "joined", {"a.jsonl.txt": one + two})
    assert (len(joined.rows), joined.codes) == (60, [])
    cut = build_files(tmp_path / "cut", {"a.jsonl.bz2": one + two[: len(two) // 2]})
    assert cut.codes == ["truncated"]
    assert 40 <= len(cut.rows) < 60
    rest = build_files(tmp_path / "rest", {"a.jsonl": one + b"garbage"})
    assert (len(rest.rows), rest.codes) == (40, ["damaged"])


def test_I15_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(3)])
    (tmp_path / "raw" / "b.jsonl").symlink_to("a.jsonl")
    inputs = ["raw/*.jsonl", "raw/a.jsonl", "./raw/../raw/a.jsonl", str(tmp_path / "raw" / "a.jsonl")]
    config = write_config(tmp_path, inputs=inputs, duplicates=None)
    built = build_config(config, tmp_path / "out")
    assert len(built.rows) == 3
    assert [entry["name"] for entry in built.manifest["inputs"]] == ["raw/a.jsonl"]


def test_I16_a_pattern_that_nothing_matches_ends_the_build(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    config = write_config(tmp_path, inputs=["raw/*.jsonl", "raw/2022/*.warc.gz"])
    with pytest.raises(ConfigError, match=r"inputs\.1\.path: nothing matches 'raw/2022/\*\.warc\.gz'"):
        build_config(config, tmp_path / "out")
    assert not (tmp_path / "out" / "_manifest.json").exists()


def test_I17_html_as_bytes_has_its_own_charset(tmp_path: Path) -> None:
    body = '<html><head><meta charset="koi8-r"><title>Рыба</title></head><body><p>Рыба.</p></body></html>'
    table = pa.table({"html": pa.array([body.encode("koi8-r")], pa.binary())})
    assert build_files(tmp_path, {"a.parquet": as_parquet(table)}).titles == ["Рыба"]


def test_I17_base64_is_no_html_and_does_not_pass_as_such(tmp_path: Path) -> None:
    data = json.dumps({"url": "https://www.a.example/1", "html": base64.b64encode(HTML).decode()}).encode()
    built = build_files(tmp_path, {"a.jsonl": data}, fields=["page_url", {"title": {"required": True}}])
    assert (built.rows, built.codes) == ([], ["missing_field"])
    assert DumpOptions().html == "html"
