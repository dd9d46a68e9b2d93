"""Rejects read again out of compressed members that hold many records."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from small_builds import add_inline_engine, page, run, tree, write_config, write_dump
from warc_bytes import gz, http_block, record, zst

from builder.dumps import READERS
from builder.errors import ConfigError
from builder.records import Item, Split

add_inline_engine()


def warc_page(number: int, words: int = 20, length: str | None = None) -> bytes:
    """A record without an id, so that the locators of one member's records are equal; `length` is what it states."""
    block = http_block(page(number)["html"].encode() + b"<p>reed</p>" * words)
    headers = {"WARC-Record-ID": None} | ({"Content-Length": length} if length else {})
    return record(url=f"http://a.example/{number}", block=block, headers=headers)


LONG, BAD = {"words": 500}, {"length": "x"}
PIECED = b"".join(warc_page(n, **({2: BAD, 5: LONG, 8: BAD}.get(n, {}))) for n in range(10))
MEMBERS: dict[str, bytes] = {
    "gzip": gz(b"".join(warc_page(n, **({3: LONG, 1: BAD, 4: BAD}.get(n, {}))) for n in range(7))),
    "zstd": zst(b"".join(warc_page(n, **({0: LONG, 1: BAD, 5: BAD, 6: LONG}.get(n, {}))) for n in range(7))),
    "behind a lost beginning": b"\x1f\x8b\x08no member"
    + gz(warc_page(1))
    + gz(b"".join(warc_page(n, **({3: LONG, 4: BAD, 5: LONG}.get(n, {}))) for n in range(2, 8))),
    "pieces": b"".join(gz(PIECED[at : at + 900]) for at in range(0, len(PIECED), 900)),
    "a piece damaged": b"".join(
        gz(PIECED[at : at + 900])[: 99 if at == 3600 else None] for at in range(0, len(PIECED), 900)
    ),
    "a header in a damaged piece": gz(PIECED[:100])
    + gz(PIECED[100 : len(warc_page(0)) + 12])
    + gz(PIECED[len(warc_page(0)) + 12 :])[:14]
    + gz(warc_page(3, **LONG)),
    "one of many members": gz(warc_page(1)) + gz(warc_page(2, **LONG) + warc_page(3) + warc_page(4, **LONG)),
}


@pytest.fixture(params=MEMBERS)
def members(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_bytes(MEMBERS[request.param])
    changes = {"fields": ["page_url", "title", "source"], "partition_by": None, "sort_by": None, "duplicates": None}
    return write_config(tmp_path, inputs=["raw/a.warc"], limits={"page_bytes": 3000}, **changes)


def test_records_of_one_member_that_fail_again_change_no_byte(tmp_path: Path, members: Path) -> None:
    codes = run(members, tmp_path / "out").books.rejected
    assert set(codes) <= {"damaged", "too_large"}
    before = tree(tmp_path / "out")
    for code in codes:
        assert not run(members, tmp_path / "out", retry=code).changed
        assert tree(tmp_path / "out") == before


def test_records_of_one_member_each_become_what_they_are(tmp_path: Path, members: Path) -> None:
    lossy = run(members, tmp_path / "out")
    assert lossy.books.rejected["too_large"] > 0
    full = run(members, tmp_path / "full", "limits.page_bytes=100000")
    again = run(members, tmp_path / "out", "limits.page_bytes=100000", retry="too_large")
    assert again.books == full.books
    assert again.books.rows == lossy.books.rows + lossy.books.rejected["too_large"]
    same = {name: digest for name, digest in tree(tmp_path / "full").items() if name.startswith("data/")}
    assert same.items() <= tree(tmp_path / "out").items()


@pytest.mark.parametrize("members", ["gzip"], indirect=True)
@pytest.mark.parametrize("times", [[0, *[1] * 6], [2] * 7], ids=["fewer", "more"])
def test_a_reader_that_finds_other_records_is_refused(
    tmp_path: Path, members: Path, monkeypatch: pytest.MonkeyPatch, times: list[int]
) -> None:
    """As one of a later version may: which of its records a reject was cannot be told."""
    run(members, tmp_path / "out")
    before = tree(tmp_path / "out")

    def read_others(split: Split, read: Any = READERS["warc"].read) -> Iterator[Item]:
        return (item for item, each in zip(read(split), times, strict=False) for _ in range(each))

    monkeypatch.setitem(READERS, "warc", READERS["warc"]._replace(read=read_others))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"a\.warc: is not read as it was"):
        run(members, tmp_path / "out", retry="too_large")
    assert tree(tmp_path / "out") == before


def test_a_reader_that_numbers_otherwise_takes_no_page_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a dump that is read through; what is not found where it stood stays a reject."""
    lines = write_dump(tmp_path / "raw" / "a", [page(0), page(1, html=None), page(2)]).read_bytes()
    (tmp_path / "raw" / "a.jsonl").write_bytes(gz(lines))
    run(write_config(tmp_path), tmp_path / "out")
    before = tree(tmp_path / "out")
    read = READERS["jsonl"].read
    others = READERS["jsonl"]._replace(read=lambda split: islice(read(split), 1, None))
    monkeypatch.setitem(READERS, "jsonl", others)  # type: ignore[arg-type]
    assert not run(tmp_path / "job.yaml", tmp_path / "out", retry="missing_html").changed
    assert tree(tmp_path / "out") == before
