"""WARC files whose compressed members are not records: pieces of any length, empty ones, blank lines of their own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from warc_bytes import bodies, gz, kinds, mixed, read_all, rejects, skippable, story, zst

from builder.records import Page

RECORDS = [*mixed(), *(story(number, size=700) for number in range(14))]
PLAIN = b"".join(RECORDS)
COMPRESS: dict[str, Callable[[bytes], bytes]] = {"gzip": gz, "zstd": zst}


def pieces(size: int) -> list[bytes]:
    return [PLAIN[at : at + size] for at in range(0, len(PLAIN), size)]


def heads_and_blocks() -> list[bytes]:
    return [part for one in RECORDS for part in (one[: one.index(b"\r\n\r\n") + 4], one[one.index(b"\r\n\r\n") + 4 :])]


def between(what: bytes) -> list[bytes]:
    return [what, *(part for one in RECORDS for part in (one, what))]


CUTS: dict[str, list[bytes]] = {
    "halves": pieces(len(PLAIN) // 2 + 300),
    "pieces of 4096": pieces(4096),
    "pieces of 61": pieces(61),
    "pieces of 7": pieces(7),
    "heads and blocks": heads_and_blocks(),
    "an empty one at the end": [*RECORDS, b""],
    "empty ones": between(b""),
    "blank lines": between(b"\r\n\r\n"),
    "the blank lines with the next record": [b"\r\n" + one for one in RECORDS],
    "the blank lines cut": [RECORDS[0][:-2], *(b"\r\n" + one[:-2] for one in RECORDS[1:])],
}


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("form", COMPRESS)
def test_every_record_is_read_wherever_members_end(tmp_path: Path, form: str, cut: str) -> None:
    plain = read_all(tmp_path / "a.warc", PLAIN)
    items = read_all(tmp_path / "b.warc", b"".join(map(COMPRESS[form], CUTS[cut])))
    assert (bodies(items), kinds(items), rejects(items)) == (bodies(plain), kinds(plain), [])


def test_skippable_frames_between_the_pieces(tmp_path: Path) -> None:
    """As pzstd writes them: each states the length of the frame behind it."""
    frames = [zst(piece) for piece in pieces(1000)]
    data = b"".join(skippable(len(frame).to_bytes(4, "little"), 0x184D2A50) + frame for frame in frames)
    items = read_all(tmp_path / "a.warc.zst", data)
    assert (len(bodies(items)), rejects(items)) == (16, [])


@pytest.mark.parametrize("size", [97, 1000])
@pytest.mark.parametrize("form", ["gzip"])
def test_a_locator_spans_the_members_that_the_record_lies_in(tmp_path: Path, form: str, size: int) -> None:
    data = b"".join(map(COMPRESS[form], pieces(size)))
    pages = [item for item in read_all(tmp_path / "a.warc", data) if isinstance(item, Page)]
    assert len(pages) == 16
    for page in pages:
        stored = data[page.source.offset :][: page.source.length]
        inflated = gzip.decompress(stored) if form == "gzip" else zstd_decompress(stored)
        assert page.url.encode() in inflated
        assert page.body in inflated
        assert len(inflated) < len(page.body) + 400 + 2 * size


def zstd_decompress(data: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        return reader.read(2**20)


@pytest.mark.parametrize("form", COMPRESS)
def test_a_damaged_piece_costs_what_lies_in_it(tmp_path: Path, form: str) -> None:
    size = 1500
    whole = bodies(read_all(tmp_path / "a.warc", PLAIN))
    members = [COMPRESS[form](piece) for piece in pieces(size)]
    for number in range(1, len(members)):
        bad = bytearray(members[number])
        bad[len(bad) // 2 : len(bad) // 2 + 8] = bytes(8)
        data = b"".join([*members[:number], bytes(bad), *members[number + 1 :]])
        items = read_all(tmp_path / "b.warc", data)
        # of what lies behind it all that begins in a piece with its version line and type
        wanted = [body for body in whole if not touches(body, number * size, (number + 1) * size + 100)]
        assert [body for body in bodies(items) if body in wanted] == wanted, number
        assert {reject.code for reject in rejects(items)} == {"damaged"}


def touches(body: bytes, start: int, stop: int) -> bool:
    at = PLAIN.index(body)
    return at + len(body) > start - 4 and PLAIN.rindex(b"WARC/1.0", 0, at) < stop


def test_a_file_that_ends_amid_the_pieces_loses_the_record_at_its_end(tmp_path: Path) -> None:
    members = [gz(piece) for piece in pieces(1500)]
    items = read_all(tmp_path / "a.warc.gz", b"".join(members[:4]))
    (reject,) = rejects(items)
    assert reject.source.offset + reject.source.length == sum(map(len, members[:4]))
    assert bodies(items) == bodies(read_all(tmp_path / "b.warc", PLAIN))[: len(bodies(items))]
    assert len(bodies(items)) > 3
