"""I01 to I17: folders, archives, JSON Lines and Parquet that are hostile, damaged or odd."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import socket
import stat
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cases import assert_complete
from dump_files import COMPRESS, MAKERS, dump_of, pages, read, tar_bytes
from fault_builds import Built, build_config, build_files, line
from small_builds import page, write_config, write_dump

from builder.errors import ConfigError, DumpError
from builder.records import DumpOptions, Page, Reject

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


def as_parquet(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


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
    assert sorted(built.codes) == ["too_large"] * 4
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


# -------------------------------------------------------------- JSON Lines

LINES: dict[str, tuple[bytes, int, list[str]]] = {
    "a last line that is cut": (line("<p>a</p>") + line("<p>b</p>")[:-9], 1, ["bad_line"]),
    "no newline at the end": (line("<p>a</p>") + line("<p>b</p>")[:-1], 2, []),
    "CRLF": (line("<p>a</p>").replace(b"\n", b"\r\n") * 2, 2, []),
    "BOM": (b"\xef\xbb\xbf" + line("<p>a</p>"), 1, []),
    "blank lines": (b"\n\n" + line("<p>a</p>") + b"  \n" + line("<p>b</p>"), 2, []),
    "a line of UTF-16": (line("<p>a</p>") + '{"html": "<p>b"}'.encode("utf-16-le") + b"\n", 1, ["bad_line"]),
    "NUL": (line("<p>a</p>") + b'{"html": "<p>\0b"}\n', 1, ["bad_line"]),
}


@pytest.mark.parametrize(("data", "rows", "codes"), LINES.values(), ids=LINES)
def test_I07_ends_and_marks_of_lines(tmp_path: Path, data: bytes, rows: int, codes: list[str]) -> None:
    built = build_files(tmp_path, {"a.jsonl": data})
    assert (len(built.rows), built.codes) == (rows, codes)
    assert [one["offset"] for one in built.rejects] == [data.index(b"\n") + 1] * len(codes)


OBJECTS: dict[str, tuple[bytes, str | None]] = {
    "a key twice": (b'{"html": "<p>one</p>", "html": "<p>two</p>"}', None),
    "NaN": (b'{"html": "<p>x</p>", "n": NaN}', "bad_line"),
    "Infinity": (b'{"html": "<p>x</p>", "n": -Infinity}', "bad_line"),
    "5,000 digits": (b'{"html": "<p>x</p>", "n": ' + b"1" * 5000 + b"}", "bad_line"),
    "100,000 brackets": (b'{"html": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_line"),
    "a lone surrogate": (rb'{"html": "<p>x\ud800y</p>"}', None),
    "an array": (b'["<p>x</p>"]', "bad_line"),
    "a very long line": (b'{"html": "' + b"x" * 3_000_000 + b'"}', "too_large"),
}


@pytest.mark.parametrize(("odd", "code"), OBJECTS.values(), ids=OBJECTS)
def test_I08_lines_that_parsers_stumble_over(tmp_path: Path, odd: bytes, code: str | None) -> None:
    data = line("<p>before</p>") + odd + b"\n" + line("<p>after</p>")
    built = build_files(tmp_path, {"a.jsonl": data}, limits={"page_bytes": 2**19})
    assert len(built.rows) == (2 if code else 3)
    assert [(one["code"], one["offset"]) for one in built.rejects] == (
        [(code, len(line("<p>before</p>")))] if code else []
    )


JSON_TEXTS = {
    "accepted": ['""', '"\\u0041\\n"', "0", "-0.1e+9", "true", "null", "[]", "{}", '[1,[2,{"a":null}]]', "1e400",
                 '" \u2028"', '"\\ud83d\\ude00"', " 1 ", "\t[ ]\r"],
    "refused": ["", "nul", "01", "1.", ".5", "+1", "0x1", "'a'", '"a', '"\\x"', "[1,]", "{a:1}", '{"a"}', "[1 2]", "1 2",
                '"\t"', "--1", "[", "}", '"\\u12"', "Infinity", "\ufeff1"],
}  # fmt: skip


@pytest.mark.parametrize("text", [*JSON_TEXTS["accepted"], *JSON_TEXTS["refused"]])
def test_I09_JSON_is_taken_as_the_standard_says(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"html": "<p>x</p>", "x": ' + text.encode() + b"}\n")
    item, *_ = read(dump_of(tmp_path / "a.jsonl"))
    assert isinstance(item, Page) == (text in JSON_TEXTS["accepted"])


# ----------------------------------------------------------------- Parquet


def test_I10_mutated_parquet_is_read_or_refused_and_never_crashes(tmp_path: Path) -> None:
    path, rng = tmp_path / "a.parquet", random.Random(10)
    MAKERS["parquet"](path, pages(45, size=200))
    sound = path.read_bytes()
    outcomes = set()
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(rng.choice((1, 3, 30))):
            data[rng.randrange(4, len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data[: rng.choice((len(data), len(data), rng.randrange(8, len(data))))])
        try:
            items = read(dump_of(path, kind="parquet"))
        except DumpError:
            outcomes.add("refused")
            continue
        outcomes.add("damaged" if any(isinstance(item, Reject) for item in items) else "read")
        rows = sum(item.source.length for item in items if isinstance(item, Page | Reject))
        assert rows >= 0
    assert {"refused", "damaged"} <= outcomes


@pytest.mark.parametrize("compression", ["none", "zstd"])
def test_I11_a_flipped_bit_under_a_page_checksum_is_seen(tmp_path: Path, compression: str) -> None:
    html = [f"<p>row {number} of the heron book, {'reed ' * 30}</p>" for number in range(40)]
    data = bytearray(as_parquet(pa.table({"html": html}), compression=compression, row_group_size=20,
                                write_page_checksum=True, use_dictionary=False))  # fmt: skip
    (tmp_path / "sound.parquet").write_bytes(data)
    group = pq.ParquetFile(tmp_path / "sound.parquet").metadata.row_group(0).column(0)
    data[group.data_page_offset + group.total_compressed_size - 9] ^= 1
    built = build_files(tmp_path, {"a.parquet": bytes(data)})
    assert (len(built.rows), built.codes) == (20, ["damaged"])
    assert [(one["offset"], one["length"]) for one in built.rejects] == [(0, 20)]


TEXT = ["<p>a</p>", "<p>b</p>"]
TABLES: dict[str, tuple[pa.Table, str | None]] = {
    "missing": (pa.table({"text": TEXT}), "no column 'html' with the HTML; the columns are: text"),
    "binary": (pa.table({"html": pa.array(TEXT).cast(pa.binary())}), None),
    "large_string": (pa.table({"html": pa.array(TEXT, pa.large_string())}), None),
    "dictionary": (pa.table({"html": pa.array(TEXT).dictionary_encode()}), None),
    "a list": (pa.table({"html": [["<p>a</p>"]]}), "is list<"),
    "nothing but null": (pa.table({"html": pa.nulls(2)}), None),
    "a column of another case": (pa.table({"HTML": TEXT}), "no column 'html'"),
    "the same name twice": (
        pa.Table.from_arrays([pa.array(TEXT), pa.array(TEXT)], ["html", "html"]), "more than one column 'html'",
    ),
    "names that differ in case": (pa.table({"html": TEXT, "HTML": ["", ""]}), None),
}  # fmt: skip


@pytest.mark.parametrize(("table", "message"), TABLES.values(), ids=TABLES)
def test_I12_columns_of_every_kind(tmp_path: Path, table: pa.Table, message: str | None) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(as_parquet(table))
    if message is None:
        items = read(dump_of(path))
        expected = Reject if pa.types.is_null(table.schema.field("html").type) else Page
        assert [type(item) for item in items] == [expected] * 2
    else:
        with pytest.raises(DumpError, match=r"^a\.parquet: ") as caught:
            read(dump_of(path))
        assert message in str(caught.value)


def test_I13_a_file_whose_numbers_contradict_each_other(tmp_path: Path) -> None:
    # the footer promises more rows than the row group has: what is missing is booked
    table = pa.table({"html": [f"<p>{number}</p>" for number in range(200)]})
    data = as_parquet(table, compression="none", use_dictionary=False, write_statistics=False)
    (tmp_path / "a.parquet").write_bytes(data)
    metadata = pq.ParquetFile(tmp_path / "a.parquet").metadata
    footer = bytearray(data[-8 - metadata.serialized_size : -8])
    few, many = b"\x16\x90\x03", b"\x16\xf0\x03"  # 200 and 248, as the footer writes 64-bit numbers
    places = [at for at in range(len(footer)) if footer.startswith(few, at)]
    for at in places:
        footer[at : at + 3] = many
    assert places
    (tmp_path / "a.parquet").write_bytes(data[: -8 - len(footer)] + footer + data[-8:])
    items = read(dump_of(tmp_path / "a.parquet"))
    assert sum(isinstance(item, Page) for item in items) <= 248
    assert isinstance(items[-1], Reject)
    assert sum(item.source.length for item in items if isinstance(item, Page | Reject)) == 248


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
