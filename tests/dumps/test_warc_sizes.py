"""WARC records that are too large, or say that they are: refused at no cost."""

from __future__ import annotations

import random
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from warc_bytes import FORMS, bodies, dump_at, gz, http_block, read_all, read_splits, record, rejects, story, zst

from builder.dumps.mediatypes import may_be_page
from builder.records import Page, Reject

PAGE = b"<p>The harbour wakes.</p>"


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip-whole", "zstd"])
@pytest.mark.parametrize("kind", ["response", "resource"])
@pytest.mark.parametrize(("size", "taken"), [(999, True), (1000, True), (1001, False), (200_000, False)])
def test_pages_of_more_than_page_bytes(tmp_path: Path, form: str, kind: str, size: int, *, taken: bool) -> None:
    block = http_block(b"<" * size) if kind == "response" else b"<" * size
    data = FORMS[form]([record(kind, block=block), record(block=http_block(PAGE))])
    items = read_all(tmp_path / "a.warc", data, page_bytes=1000)
    assert bodies(items) == ([b"<" * size] if taken else []) + [PAGE]
    assert [one.code for one in rejects(items)] == ([] if taken else ["too_large"])


OTHERS = {
    "a video": ("video/mp4", {}),
    "a PDF that is compressed": ("application/pdf", {"Content_Encoding": "gzip"}),
    "text": ("text/plain; charset=utf-8", {"Transfer_Encoding": "chunked"}),
}


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip-whole", "zstd"])
@pytest.mark.parametrize("kind", ["response", "resource"])
@pytest.mark.parametrize(("stated", "headers"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("size", [1001, 200_000])
def test_what_is_no_page_is_not_too_large(
    tmp_path: Path, form: str, kind: str, stated: str, headers: dict[str, str], size: int
) -> None:
    """The pipeline filters it by its headers; of its bytes nothing is wanted."""
    block = http_block(b"x" * size, Content_Type=stated, **headers) if kind == "response" else b"x" * size
    other = record(kind, block=block, headers={} if kind == "response" else {"Content-Type": stated})
    items = read_all(tmp_path / "a.warc", FORMS[form]([other, record(block=http_block(PAGE))]), page_bytes=1000)
    assert rejects(items) == []
    assert bodies(items)[-1] == PAGE
    first = items[0]
    assert isinstance(first, Page)
    assert (first.headers["content-type"], may_be_page(stated, first.body)) == (stated, False)


def test_what_may_be_a_page_is_too_large(tmp_path: Path) -> None:
    blocks = [
        http_block(b"<p>" + b"x" * 200_000, Content_Type="text/plain"),
        http_block(gz(random.Random(0).randbytes(200_000)), Content_Type="text/plain", Content_Encoding="gzip"),
        b"no HTTP" * 20_000,
    ]
    items = read_all(tmp_path / "a.warc", b"".join(record(block=block) for block in blocks), page_bytes=1000)
    assert [one.code for one in rejects(items)] == ["too_large"] * 3


def test_a_record_that_is_too_large_and_cut_is_truncated(tmp_path: Path) -> None:
    whole = record(block=http_block(b"x" * 200_000, Content_Type="video/mp4"))
    (reject,) = read_all(tmp_path / "a.warc", whole[:150_000], page_bytes=1000)
    assert isinstance(reject, Reject)
    assert reject.code == "truncated"


LIMIT = 2**20


def _bomb_record(size: int) -> bytes:
    """A member of a few hundred KB whose record holds `size` blanks."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = record(block=http_block(b""), headers={"Content-Length": str(size + len(http_block(b"")))}, ending=b"")
    parts = [deflater.compress(head)]
    parts += [deflater.compress(b" " * 2**20) for _ in range(size // 2**20)]
    return b"".join([*parts, deflater.compress(b"\r\n\r\n"), deflater.flush()])


def _zstd_bomb_record(size: int) -> bytes:
    head = record(block=http_block(b""), headers={"Content-Length": str(size + len(http_block(b"")))}, ending=b"")
    deflater = zstandard.ZstdCompressor(level=3).compressobj()
    parts = [deflater.compress(head)]
    parts += [deflater.compress(b" " * 2**20) for _ in range(size // 2**20)]
    return b"".join([*parts, deflater.compress(b"\r\n\r\n"), deflater.flush()])


BOMBS: dict[str, Callable[[int], bytes]] = {
    "gzip body": lambda size: gz(record(block=http_block(gz(b" " * size), Content_Encoding="gzip"))),
    "zstd body": lambda size: gz(record(block=http_block(zst(b" " * size), Content_Encoding="zstd"))),
    "gzip member": _bomb_record,
    "zstd frame": _zstd_bomb_record,
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_no_memory(tmp_path: Path, make: Callable[[int], bytes]) -> None:
    bomb = make(100 * 2**20)
    follower = zst(story(1)) if bomb.startswith(b"\x28\xb5") else gz(story(1))
    path = tmp_path / "a.warc"
    dump = dump_at(path, bomb + follower, LIMIT)
    tracemalloc.start()
    try:
        (items,) = read_splits(dump)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [one.code for one in rejects(items)] == ["too_large"]
    assert len(bodies(items)) == 1
    assert peak < 8 * 2**20 + LIMIT


def test_no_memory_by_the_number_in_a_header(tmp_path: Path) -> None:
    lying = record(block=http_block(PAGE), headers={"Content-Length": str(900 * 2**20)})
    dump = dump_at(tmp_path / "a.warc.gz", gz(lying) + gz(story(1)), 2**30)
    tracemalloc.start()
    try:
        (items,) = read_splits(dump)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(bodies(items)) == 1
    assert peak < 8 * 2**20
