from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from dump_files import COMPRESS, cut, dump_of, index_csv, pages, read, tar_bytes

from builder.dumps import READERS
from builder.errors import DumpError
from builder.records import DumpOptions, Extent, Item, Page, Reject, Skip

HTML = b"<p>A short page.</p>" * 20
FILES = [(f"{i}.html", HTML + b"%d" % i) for i in range(6)]
STORED = tar_bytes(FILES)
STEP = 1024  # a header, and a page of less than 512 bytes


def items_of(data: bytes, tmp_path: Path, options: DumpOptions | None = None, target: int = 2**40) -> list[Item]:
    path = tmp_path / "a.tar"
    path.write_bytes(data)
    return [item for item in read(dump_of(path, options, "tar"), target) if not isinstance(item, Extent)]


def shown(items: list[Item]) -> list[object]:
    return [
        (item.code, item.source.offset, item.source.length) if isinstance(item, Reject) else item.source.record_id
        for item in items
        if not isinstance(item, Skip)
    ]


@pytest.mark.parametrize("target", [1, 2**40])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (STORED[: 2 * STEP + 700], ["0.html", "1.html", ("truncated", 2 * STEP, 700)]),
        (STORED[: 2 * STEP + 100], ["0.html", "1.html", ("truncated", 2 * STEP, 100)]),
        (STORED[: 2 * STEP], ["0.html", "1.html", ("truncated", 2 * STEP, 0)]),
        (STORED[: 2 * STEP - 60], ["0.html", "1.html", ("truncated", 2 * STEP - 60, 0)]),
        (b"", [("truncated", 0, 0)]),
        (
            STORED[: 2 * STEP] + b"\xff" * 512 + STORED[2 * STEP + 512 :],
            ["0.html", "1.html", ("damaged", 2 * STEP, STEP), "3.html", "4.html", "5.html"],
        ),
        (
            STORED[: STEP + 100] + STORED[STEP + 400 :],
            ["0.html", ("damaged", STEP, 10_240 - 300 - STEP)],
        ),
        (STORED + STORED[: 2 * STEP] + bytes(1024), [*(name for name, _ in FILES), "0.html", "1.html"]),
        (
            STORED[: 6 * STEP] + bytes(512) + b"x" * 600,
            [*(name for name, _ in FILES), ("damaged", 6 * STEP + 512, 600)],
        ),
    ],
    ids=["data", "header", "no end mark", "padding", "empty", "header lost", "shifted", "two archives", "garbage"],
)
def test_damage_costs_no_more_than_itself(data: bytes, expected: list[object], target: int, tmp_path: Path) -> None:
    assert shown(items_of(data, tmp_path, target=target)) == expected


@pytest.mark.parametrize("kind", COMPRESS)
@pytest.mark.parametrize("target", [1, 2**40])
def test_a_compressed_tar_that_is_cut_off(kind: str, target: int, tmp_path: Path) -> None:
    files = [(f"{i:03}.html", bytes([i]) + HTML * 20) for i in range(200)]
    stored = COMPRESS[kind](tar_bytes(files))
    items = items_of(stored[: len(stored) * 9 // 10], tmp_path, target=target)
    found = sorted(str(item.source.record_id) for item in items if isinstance(item, Page))
    (reject,) = [item for item in items if isinstance(item, Reject)]
    assert found == [name for name, _ in files[: len(found)]]
    assert (reject.code, reject.source.offset) == ("truncated", len(found) * (512 + 8192))
    assert 0 <= reject.source.length <= 512 + 8192


def special(name: str, kind: bytes, target: str = "") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_rejected(kind: bytes, tmp_path: Path) -> None:
    (reject, page) = items_of(special("x.html", kind, "/etc/passwd") + tar_bytes(FILES[:1]), tmp_path)
    assert isinstance(reject, Reject)
    assert isinstance(page, Page)
    assert (reject.code, reject.source.record_id, page.source.offset) == ("unsafe_member", "x.html", 512)


def test_folders_are_ignored_and_other_files_skipped(tmp_path: Path) -> None:
    data = special("a.html/", tarfile.DIRTYPE) + tar_bytes(
        [("._a.html", b"x"), ("a.css", b"y" * 5000), ("b.html", HTML)]
    )
    assert [type(item) for item in items_of(data, tmp_path)] == [Skip, Skip, Page]


def typed(name: str, kind: bytes, data: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(data)
    return info.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512)


@pytest.mark.parametrize("target", [1, 2**40])
def test_the_rest_of_a_member_of_the_volume_before_is_damage(target: int, tmp_path: Path) -> None:
    items = items_of(typed("x.html", b"M", HTML * 2) + tar_bytes(FILES[:1]), tmp_path, target=target)
    assert shown(items) == [("damaged", 0, 512 + len(HTML * 2)), "0.html"]


@pytest.mark.parametrize("kind", [b"D", b"V"], ids=["list of a folder", "label"])
def test_what_gnu_tar_adds_is_no_page(kind: bytes, tmp_path: Path) -> None:
    assert shown(items_of(typed("x.html", kind, b"Ya.html\0\0") + tar_bytes(FILES[:1]), tmp_path)) == ["0.html"]


LONG = "directory/" * 30 + "ü.html"


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT], ids=["pax", "gnu"])
@pytest.mark.parametrize("target", [1, 2**40])
def test_long_names_belong_to_their_member(kind: int, target: int, tmp_path: Path) -> None:
    data = tar_bytes([("a.html", HTML), (LONG, HTML), ("b.html", HTML)], kind)
    found = items_of(data, tmp_path, target=target)
    assert [page.source.record_id for page in found if isinstance(page, Page)] == ["a.html", LONG, "b.html"]
    splits = cut(dump_of(tmp_path / "a.tar"), 1)
    assert [split.start for split in splits] == [0, 1024, found[2].source.offset]


def test_odd_names(tmp_path: Path) -> None:
    info = tarfile.TarInfo("caf\udce9.html")
    data = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
    names = ["../../up.html", "/etc/root.html", "./a.html", "a\nb.html"]
    found = items_of(data + tar_bytes([(name, HTML) for name in names]), tmp_path)
    assert [item.source.record_id for item in found if isinstance(item, Page)] == [
        "caf%E9.html",
        "../../up.html",
        "/etc/root.html",
        "a.html",
        "a\nb.html",
    ]


def test_a_sparse_member_is_damage(tmp_path: Path) -> None:
    data = special("s.html", tarfile.GNUTYPE_SPARSE) + tar_bytes(FILES[:1])
    assert shown(items_of(data, tmp_path)) == [("damaged", 0, 512), "0.html"]


def pax(payload: bytes) -> bytes:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(payload)
    return info.tobuf(tarfile.USTAR_FORMAT) + payload + bytes(-len(payload) % 512)


@pytest.mark.parametrize(
    "payload",
    [
        b"x path=a\n",
        b"0 path=a\n",
        b"99 path=a\n",
        b"12345678 a=b\n",
        b"2 a=b\n",
        b"path",
        b"11 size=-1\n",
        b"11 size=1x\n",
    ],
)
def test_pax_headers_that_cannot_be_read(payload: bytes, tmp_path: Path) -> None:
    found = items_of(pax(payload) + tar_bytes(FILES[:2]), tmp_path)
    assert isinstance(found[0], Reject)
    assert found[0].code == "damaged"
    assert isinstance(found[-1], Page)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_nothing_is_allocated_by_what_a_header_says(kind: bytes, tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 8 * 2**30
    found = items_of(info.tobuf(tarfile.GNU_FORMAT) + STORED, tmp_path)
    assert shown(found)[:2] == [("damaged", 0, 512), "0.html"]


def test_a_member_that_claims_more_than_there_is(tmp_path: Path) -> None:
    info = tarfile.TarInfo("big.html")
    info.size = 10**15
    data = info.tobuf(tarfile.GNU_FORMAT) + HTML
    (large, hole) = items_of(data, tmp_path)
    assert isinstance(large, Reject)
    assert isinstance(hole, Reject)
    assert (large.code, hole.code) == ("too_large", "truncated")


def test_pages_compressed_and_too_large(tmp_path: Path) -> None:
    files = [
        ("a.html.gz", COMPRESS["gzip"](HTML)),
        ("b.html.zst", COMPRESS["zstd"](HTML)[:-3]),
        ("c.html.gz", COMPRESS["gzip"](bytes(10**6))),
        ("d.html", bytes(1001)),
        ("e.html", bytes(1000)),
    ]
    found = items_of(tar_bytes(files), tmp_path, DumpOptions(page_bytes=1000))
    assert [item.code if isinstance(item, Reject) else "page" for item in found] == [
        "page",
        "truncated",
        "too_large",
        "too_large",
        "page",
    ]


BROKEN_OFF: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "zstd": lambda data: COMPRESS["zstd"](data) + b"no frame",
    "gzip": lambda data: COMPRESS["gzip"](data)[:-8] + bytes(8),
}
"""Archives that end, or go wrong, behind these bytes."""


@pytest.mark.parametrize("kind", BROKEN_OFF)
@pytest.mark.parametrize("left", [0, 1, 5, 9, 10, 500])
def test_an_index_that_is_cut_off_ends_the_dump(kind: str, left: int, tmp_path: Path) -> None:
    given = pages(5)
    data = tar_bytes([*((page.name, page.body) for page in given), ("index.csv", index_csv(given) * 40)])
    end = data.rfind(b"index.csv\0") + 512 + left
    with pytest.raises(DumpError, match=r"index\.csv(, line| cannot be read)"):
        items_of(BROKEN_OFF[kind](data[:end]), tmp_path)


def test_every_split_of_a_damaged_tar_ends_where_the_next_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(STORED[: 3 * STEP] + b"\xff" * 512 + STORED[3 * STEP + 512 :] + STORED)
    dump = dump_of(path)
    extents = [item for split in cut(dump, 1) for item in READERS["tar"].read(split) if isinstance(item, Extent)]
    assert [e.next for e in extents] == [*(e.first for e in extents[1:]), dump.size]


def test_old_tar_without_magic_is_read(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(STORED)) as archive:
        header = bytearray(archive.next().tobuf(tarfile.USTAR_FORMAT))
    header[257:265] = bytes(8)
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    (page,) = items_of(bytes(header) + STORED[512:1024] + bytes(1024), tmp_path)
    assert isinstance(page, Page)
    assert page.body == FILES[0][1]
