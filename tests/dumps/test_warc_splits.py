"""Splits of a WARC file join without a gap or an overlap, wherever they are cut and whatever the records hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_bytes import FORMS, bodies, dump_at, gz, http_block, mixed, read_splits, record, skippable, stored, story, zst

from builder.dumps.warc import cut_warc, read_warc
from builder.plan.boundaries import begin_at, gaps
from builder.plan.inputs import PlannedSplit
from builder.receipts import FileRef, Receipt
from builder.records import Dump, Extent, Item

RECORDS = [*mixed(), *(story(number, size=200 + 90 * number) for number in range(8)), *mixed()]
NO_FILE = FileRef("", 0, "", 0)


def receipt_of(number: int, items: list[Item]) -> Receipt:
    extent = items[-1]
    assert isinstance(extent, Extent)
    none: dict[str, int] = {}
    return Receipt(
        str(number), "a", 0, 0, none, none, none, none, extent.first, extent.next, NO_FILE, NO_FILE, ()
    )  # fmt: skip


def read_joined(dump: Dump, target: int) -> list[Item]:
    """All splits as a build reads them: those that began in the wrong place again from the right one."""
    planned = [PlannedSplit(number, split, "", "", []) for number, split in enumerate(cut_warc(dump, target))]
    read = {entry.number: list(read_warc(entry.split)) for entry in planned}
    receipts = {number: receipt_of(number, items) for number, items in read.items()}
    for _ in range(len(planned) + 1):
        wrong = gaps(planned, receipts)
        if not wrong:
            return [item for entry in planned for item in read[entry.number][:-1]]
        for entry, offset in wrong:
            planned[entry.number] = begin_at(entry, offset, "", None)
            read[entry.number] = list(read_warc(planned[entry.number].split))
            receipts[entry.number] = receipt_of(entry.number, read[entry.number])
    raise AssertionError("the splits never join")


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(target=st.integers(1, 6000))
def test_any_cut_reads_the_same(tmp_path_factory: pytest.TempPathFactory, form: str, target: int) -> None:
    dump = dump_at(tmp_path_factory.getbasetemp() / f"cut.{form}", FORMS[form](RECORDS))
    whole = [item for item in read_splits(dump)[0] if not isinstance(item, Extent)]
    splits = read_splits(dump, max(target, dump.size // 300))
    assert [item for items in splits for item in items[:-1]] == whole
    extents = [items[-1] for items in splits]
    assert all(isinstance(extent, Extent) for extent in extents)
    planned = [PlannedSplit(n, s, "", "", []) for n, s in enumerate(cut_warc(dump, max(target, dump.size // 300)))]
    assert gaps(planned, {number: receipt_of(number, items) for number, items in enumerate(splits)}) == []


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
def test_extents_chain_from_the_first_byte_to_the_last(tmp_path: Path, form: str) -> None:
    dump = dump_at(tmp_path / "a.warc", FORMS[form](RECORDS))
    extents = [items[-1] for items in read_splits(dump, dump.size // 5)]
    reached = 0
    for extent in extents:
        assert isinstance(extent, Extent)
        assert extent.first == reached
        reached = extent.next
    assert reached == dump.size


def test_sizes_of_splits_sum_up_to_the_size_of_the_dump(tmp_path: Path) -> None:
    dump = dump_at(tmp_path / "a.warc", b"".join(RECORDS))
    for target in (1, 7, 1000, dump.size - 1, dump.size, dump.size + 1):
        splits = cut_warc(dump, target)
        assert sum(split.size for split in splits) == dump.size
        assert [split.start for split in splits[1:]] == [split.end for split in splits[:-1]]


# ------------------------------------------------------- a WARC inside a WARC

INNER = [story(number, size=150) for number in range(20, 26)]
HOLDING: dict[str, bytes] = {
    "plain in plain": b"".join(
        [story(1), record(block=http_block(b"".join(INNER))), record("resource", "http://x.example/", b"".join(INNER))]
    )
    + story(2),
    "gzip in stored gzip": stored(story(1)) + stored(record(block=http_block(b"".join(map(gz, INNER))))) + gz(story(2)),
    "gzip in a request": stored(record("metadata", block=b"".join(map(gz, INNER)))) + gz(story(2)),
    "plain at the end": story(1) + record(block=http_block(b"".join(INNER))),
    "zstd in zstd": zst(story(1)) + zst(record(block=http_block(b"".join(map(zst, INNER))))) + zst(story(2)),
    "zstd in a skippable frame": zst(story(1)) + skippable(b"".join(map(zst, INNER)), 0x184D2A51) + zst(story(2)),
}


@pytest.mark.parametrize("name", HOLDING)
@pytest.mark.parametrize("target", [1, 13, 50, 97, 200, 333, 700, 1500])
def test_records_inside_a_record_are_not_taken_for_records(tmp_path: Path, name: str, target: int) -> None:
    dump = dump_at(tmp_path / "a.warc", HOLDING[name])
    (whole,) = read_splits(dump)
    assert read_joined(dump, max(target, dump.size // 400)) == whole[:-1]


def test_the_bait_is_taken_without_the_join(tmp_path: Path) -> None:
    dump = dump_at(tmp_path / "a.warc", HOLDING["plain in plain"])
    (whole,) = read_splits(dump)
    items = [item for split in read_splits(dump, 200) for item in split[:-1]]
    assert items != whole[:-1], "or the tests above show nothing"


# ------------------------------------------------------- members that are no records

PLAIN = b"".join(story(number, size=300) for number in range(12))


def pieces(size: int) -> list[bytes]:
    return [PLAIN[at : at + size] for at in range(0, len(PLAIN), size)]


PIECES: dict[str, bytes] = {
    "short": b"".join(map(gz, pieces(100))),
    "long": b"".join(map(gz, pieces(900))),
    "zstd": b"".join(map(zst, pieces(900))),
    "halves": b"".join(map(gz, pieces(len(PLAIN) // 2 + 50))),
    "blank lines first": b"".join(gz(b"\r\n" + story(number)) for number in range(6)),
    "empty members": b"".join(gz(story(number)) + gz(b"") for number in range(6)),
    "a piece lost": b"".join(map(gz, pieces(400)[:5])) + b"".join(map(gz, pieces(400)[7:])),
    "a piece damaged": b"".join(map(gz, pieces(400)[:5])) + gz(b"x" * 90)[:20] + b"".join(map(gz, pieces(400)[6:])),
}


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("target", [1, 50, 200, 333, 700, 1500])
def test_pieces_of_records_read_the_same_in_any_cut(tmp_path: Path, name: str, target: int) -> None:
    dump = dump_at(tmp_path / "a.warc", PIECES[name])
    (whole,) = read_splits(dump)
    assert len(bodies(whole)) >= 6
    assert read_joined(dump, max(target, dump.size // 300)) == whole[:-1]


# ------------------------------------------------------- damage across splits

DAMAGED: dict[str, bytes] = {
    "a bad member": gz(story(1)) + gz(story(2))[:40] + b"noise" * 30 + gz(story(3)) + gz(story(4)),
    "cut": gz(story(1)) + gz(story(2)) + gz(story(3))[:-30],
    "garbage": gz(story(1)) + b"garbage" * 50 + gz(story(2)) + b"\0" * 200 + gz(story(3)),
    "garbage at the end": gz(story(1)) + gz(story(2)) + b"garbage" * 50,
    "plain with a bad length": story(1)
    + record(block=http_block(b"<p>x"), headers={"Content-Length": "-7"})
    + story(2)
    + story(3),
    "plain with a long length": story(1)
    + record(block=http_block(b"<p>x"), headers={"Content-Length": str(10**20)})
    + story(2),
    "plain, cut": story(1) + story(2) + story(3)[:-30],
    "plain, cut in a header": story(1) + story(2) + story(3)[:60],
    "plain, a few bytes at the end": story(1) + story(2) + b"xyz",
    "plain, cut in a version": story(1) + story(2) + b"WAR",
    "gzip, cut in a magic number": gz(story(1)) + gz(story(2)) + b"\x1f",
    "plain, a few zeros at the end": story(1) + story(2) + b"\0\0\0",
    "plain, many blank lines": story(1) + b"\r\n" * 300 + story(2) + b"\r\n" * 300,
    "plain, garbage at the end": story(1) + story(2) + b"garbage" * 50,
    "zstd frames and noise": zst(story(1)) + b"noise" * 40 + zst(story(2)) + skippable(b"x" * 300) + zst(story(3)),
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("target", [1, 13, 50, 97, 200, 333, 700])
def test_damage_reads_the_same_in_any_cut(tmp_path: Path, name: str, target: int) -> None:
    dump = dump_at(tmp_path / "a.warc", DAMAGED[name])
    (whole,) = read_splits(dump)
    assert read_joined(dump, max(target, dump.size // 300)) == whole[:-1]
    assert bodies(whole)
