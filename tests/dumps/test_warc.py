"""WARC records in, pages out: record types, compressions, dictionaries, locators."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warc_bytes import (
    FORMS,
    bodies,
    dump_at,
    gz,
    kinds,
    mixed,
    read_all,
    read_splits,
    record,
    rejects,
    skippable,
    stored,
    story,
    zst,
)

from builder.dumps.detect import detect_format
from builder.errors import UnreadableError
from builder.records import Extent, Page

SKIPPED = ("warcinfo", "request", "metadata", "revisit", "conversion", "continuation")


@pytest.mark.parametrize("form", FORMS)
def test_every_record_type_in_every_compression(tmp_path: Path, form: str) -> None:
    items = read_all(tmp_path / "a.warc", FORMS[form](mixed()))
    assert bodies(items) == [b"<p>Low tide at four.</p>", b"<p>Kept as it was.</p>"]
    assert kinds(items) == [f"warc_{k}" for k in SKIPPED]
    assert rejects(items) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_compression_is_recognised_by_content(tmp_path: Path, form: str) -> None:
    path = tmp_path / "wrong-name.txt"
    path.write_bytes(FORMS[form](mixed()))
    assert detect_format(path) == "warc"


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip-stored", "gzip-extra", "gzip-whole", "zstd"])
def test_fastwarc_reads_the_same(tmp_path: Path, form: str) -> None:
    data = FORMS[form]([*mixed(), *(story(number) for number in range(20))])
    plain = zst_to_plain(data) if form == "zstd" else gzip.decompress(data) if form.startswith("gzip") else data
    oracle = [
        (one.headers["WARC-Target-URI"], one.record_date, one.reader.read())
        for one in ArchiveIterator(io.BytesIO(plain), record_types=WarcRecordType.response | WarcRecordType.resource)
    ]
    pages = [item for item in read_all(tmp_path / "a.warc", data) if isinstance(item, Page)]
    assert len(oracle) == 22
    assert [(page.url, page.fetched_at, page.body) for page in pages] == oracle


def zst_to_plain(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()


@pytest.mark.parametrize("compress", [bytes, gz, zst], ids=["plain", "gzip", "zstd"])
def test_locators_lead_back_to_the_record(tmp_path: Path, compress: type[bytes]) -> None:
    records = [story(number) for number in range(5)]
    data = b"".join(compress(one) for one in records)
    pages = [item for item in read_all(tmp_path / "a.warc", data) if isinstance(item, Page)]
    assert len(pages) == 5
    for number, page in enumerate(pages):
        place = page.source
        again = read_all(tmp_path / "one.warc", data[place.offset : place.offset + place.length])
        assert bodies(again) == [page.body]
        assert place.record_id == f"<urn:example:response:http://news.example/tide/{number}>"


@pytest.mark.parametrize(
    ("data", "skipped"),
    [
        (b"", []),
        (record("warcinfo", None, b"x"), ["warc_warcinfo"]),
        (gz(record("warcinfo", None, b"x")), ["warc_warcinfo"]),
        (gz(b""), []),
        (skippable(b""), []),
    ],
    ids=["empty", "only warcinfo", "only warcinfo, gzip", "an empty member", "an empty dictionary"],
)
def test_files_without_a_page(tmp_path: Path, data: bytes, skipped: list[str]) -> None:
    items = read_all(tmp_path / "a.warc", data)
    assert (bodies(items), kinds(items)) == ([], skipped)


@pytest.mark.parametrize("magic", [0x184D2A50, 0x184D2A5D], ids=["any", "dictionary"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_skippable_frames_between_records(tmp_path: Path, magic: int, at: int) -> None:
    frames = [zst(story(number)) for number in range(3)]
    frames.insert(at, skippable(b"a note of the writer", magic))
    items = read_all(tmp_path / "a.warc.zst", b"".join(frames))
    assert (len(bodies(items)), rejects(items)) == (3, [])


def test_a_first_skippable_frame_that_is_no_dictionary(tmp_path: Path) -> None:
    data = skippable(b"\x10\x00\x00\x00", 0x184D2A50) + zst(story(1)) + zst(story(2))
    items = read_all(tmp_path / "a.warc.zst", data)
    assert (len(bodies(items)), rejects(items)) == (2, [])


def test_an_unreadable_dictionary_makes_the_dump_unreadable(tmp_path: Path) -> None:
    corrupt = b"\x28\xb5\x2f\xfd" + b"\xff" * 40
    dump = dump_at(tmp_path / "a.warc.zst", skippable(corrupt) + zst(story(1)))
    with pytest.raises(UnreadableError, match="its zstd dictionary cannot be read"):
        read_splits(dump)


def test_what_does_not_need_a_dictionary_that_is_cut_is_read(tmp_path: Path) -> None:
    items = read_all(tmp_path / "a.warc.zst", skippable(zst(b"x" * 500)[:-6]) + zst(story(1)))
    assert (len(bodies(items)), rejects(items)) == (1, [])


def test_a_dictionary_that_cannot_be_used_makes_the_dump_unreadable(tmp_path: Path) -> None:
    damaged = b"\x37\xa4\x30\xec" + bytes(60)  # it says that it is one, and holds no tables
    dump = dump_at(tmp_path / "a.warc.zst", skippable(damaged) + zst(story(1)))
    with pytest.raises(UnreadableError, match="its zstd dictionary cannot be used"):
        read_splits(dump)


def test_frames_whose_dictionary_is_missing_are_rejected(tmp_path: Path) -> None:
    data = FORMS["zstd-dictionary"]([story(1), story(2)])
    without = data[8 + int.from_bytes(data[4:8], "little") :]
    items = read_all(tmp_path / "a.warc.zst", without + zst(story(3)))
    assert len(bodies(items)) == 1
    assert [one.code for one in rejects(items)] == ["damaged"]


def test_a_stored_member_reads_like_any_other(tmp_path: Path) -> None:
    data = stored(story(1)) + gz(story(2))
    (items,) = read_splits(dump_at(tmp_path / "a.warc.gz", data))
    assert items[-1] == Extent(0, len(data))
    assert [item.source.offset for item in items if isinstance(item, Page)] == [0, len(stored(story(1)))]
