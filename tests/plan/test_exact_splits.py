"""Splits that were read again from where the one before them ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_builds import add_inline_engine, manifest, page, run, tree, write_config

from builder.plan.boundaries import gaps
from builder.plan.inputs import PlannedSplit
from builder.receipts import FileRef, Receipt
from builder.records import Dump, Split
from builder.write.files import read_sealed

add_inline_engine()
DUMP = Dump("a", "/x/a", "warc", 200)
NOTHING = FileRef("", 0, "", 0)


@pytest.mark.parametrize(
    ("start", "first", "expected"),
    [
        pytest.param(130, 130, [], id="a record begins there"),
        pytest.param(130, 160, [], id="damage is there, and the first record behind it"),
        pytest.param(130, 200, [], id="damage is there, and no record"),
        pytest.param(150, 160, [130], id="it was read from elsewhere"),
    ],
)
def test_it_is_not_read_a_third_time(start: int, first: int, expected: list[int]) -> None:
    """What it found there is booked: told as a gap once more, the build would never end."""
    splits = [Split(DUMP, 0, 100, 100), Split(DUMP, start, 200, 100, exact=True)]
    entries = [PlannedSplit(number, split, "id", "key", []) for number, split in enumerate(splits)]
    extents = [(0, 130), (first, 200)]
    receipts = {
        number: Receipt("k", "a", 0, 0, {}, {}, {}, {}, *extent, NOTHING, NOTHING, ())  # type: ignore[arg-type]
        for number, extent in enumerate(extents)
    }
    assert [(entry.number, offset) for entry, offset in gaps(entries, receipts)] == [(1, offset) for offset in expected]


def record(given: dict[str, Any]) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + given["html"].encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {given['url']}\r\nWARC-Date: {given['fetched_at']}\r\n"
    return head.encode() + f"Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Of a dump in which splits begin amid a page that holds records, and so are read again."""
    inner = b"".join(record(page(number)) for number in range(20)).decode()
    outer = page(99, html=page(99)["html"].replace("</body>", f"<pre>{inner}</pre></body>"))
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_bytes(b"".join(map(record, (page(50), outer, page(51), page(52, html="")))))
    return write_config(tmp_path, inputs=["raw/a.warc"], limits={"split_bytes": 7000})


def test_a_retry_of_a_page_in_one_changes_no_byte(tmp_path: Path, config: Path) -> None:
    """It is of the key that the split got when it was read again."""
    assert run(config, tmp_path / "out").books.rejected == {"empty": 1}
    before = tree(tmp_path / "out")
    run(config, tmp_path / "out", retry="empty")
    assert tree(tmp_path / "out") == before
    assert manifest(tmp_path / "out")["build"]["deterministic"]


def test_one_that_has_lost_its_rows_is_read_once_more(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    for path in (tmp_path / "out" / "_work" / "staged").iterdir():
        path.unlink()
    assert run(config, tmp_path / "out").reused == 0
    assert tree(tmp_path / "out") == before


def test_one_is_read_again_where_its_pages_may_take_less_time_and_only_then(tmp_path: Path, config: Path) -> None:
    def receipts() -> dict[Path, int]:
        return {path: path.stat().st_ino for path in (tmp_path / "out" / "_work" / "receipts").iterdir()}

    run(config, tmp_path / "out")
    before = receipts()
    run(config, tmp_path / "out")
    assert receipts() == before
    run(config, tmp_path / "out", "limits.page_seconds=30")
    assert {json.loads(read_sealed(path))["allowed"][0] for path in receipts()} == {30.0}
