"""Damaged WARC files: what is intact is read, what is lost is said, with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_bytes import FORMS, bodies, gz, http_block, read_all, record, rejects, story, zst

from builder.records import Page, Reject

PAGE = b"<p>The harbour wakes.</p>"
FOUR = [story(number, size=120) for number in range(4)]
COMPRESS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gz, "zstd": zst}


def borders(members: Sequence[bytes]) -> list[int]:
    """Where each member begins, and the end."""
    places = [0]
    for member in members:
        places.append(places[-1] + len(member))
    return places


# ------------------------------------------------------------------- cuts


@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_a_file_cut_at_any_byte(tmp_path: Path, form: str) -> None:
    members = [COMPRESS[form](one) for one in FOUR]
    data, places = b"".join(members), borders(members)
    whole = bodies(read_all(tmp_path / "a.warc", data))
    for cut in range(3, len(data)):  # fewer bytes than a magic number: of no known format
        items = read_all(tmp_path / "a.warc", data[:cut])
        intact = sum(1 for place in places[1:] if place <= cut)
        assert bodies(items) == whole[:intact], cut
        if cut in places:
            assert rejects(items) == [], cut
        else:
            (reject,) = rejects(items)
            assert reject.source.offset == places[intact], cut
            assert reject.source.offset + reject.source.length == cut
            assert reject.code in ("truncated", "damaged")
            assert reject.code == "truncated" or cut - places[intact] < 5, cut


def test_a_plain_file_cut_at_any_byte(tmp_path: Path) -> None:
    data, places = b"".join(FOUR), borders(FOUR)
    whole = bodies(read_all(tmp_path / "a.warc", data))
    for cut in range(1, len(data)):
        items = read_all(tmp_path / "a.warc", data[:cut])
        complete = sum(1 for place in places[1:] if place - len(b"\r\n\r\n") <= cut)  # blank lines are no loss
        assert bodies(items) == whole[:complete], cut
        clean = any(place - 4 <= cut <= place for place in places)
        assert (rejects(items) == []) == clean, cut
        for reject in rejects(items):
            assert (reject.source.offset, reject.source.length) == (places[complete], cut - places[complete]), cut


@pytest.mark.parametrize("form", ["gzip-whole", "zstd-whole"])
def test_one_member_for_all_cut_at_any_byte(tmp_path: Path, form: str) -> None:
    data = FORMS[form](FOUR)
    whole = bodies(read_all(tmp_path / "a.warc", data))
    for cut in range(8, len(data), 3):
        items = read_all(tmp_path / "a.warc", data[:cut])
        found = bodies(items)
        assert found == whole[: len(found)], cut
        assert [(one.code, one.source.offset, one.source.length) for one in rejects(items)] == [("truncated", 0, cut)]


# ------------------------------------------------------------------- flips


def check_flip(path: Path, members: Sequence[bytes], at: int, mask: int) -> None:
    """All records but the one that was hit come back; that one does too, or the reject covers the damage."""
    data = bytearray(b"".join(members))
    originals = [bodies(read_all(path, member))[0] for member in members]
    data[at] ^= mask
    items = read_all(path, bytes(data))
    places = borders(members)
    hit = max(number for number, place in enumerate(places[:-1]) if place <= at)
    by_offset = {item.source.offset: item.body for item in items if isinstance(item, Page)}
    for number, place in enumerate(places[:-1]):
        if number != hit:
            assert by_offset.pop(place) == originals[number], number
    losses = [(one.source.offset, one.source.offset + one.source.length) for one in rejects(items)]
    assert all(places[hit] <= start < end <= places[hit + 1] for start, end in losses)
    if by_offset != {places[hit]: originals[hit]}:  # a bit of no weight: a time in the header, the checksum's flag
        assert by_offset == {}
        assert any(start <= at < end for start, end in losses)


@pytest.mark.parametrize("form", ["gzip", "zstd"])
@settings(max_examples=200, deadline=None)
@given(position=st.integers(4, 2**20), bit=st.integers(0, 7))
def test_a_flipped_bit_costs_its_record_alone(
    tmp_path_factory: pytest.TempPathFactory, form: str, position: int, bit: int
) -> None:
    members = [COMPRESS[form](one) for one in FOUR]
    at = 4 + (position - 4) % (sum(map(len, members)) - 4)
    check_flip(tmp_path_factory.getbasetemp() / f"flip.{form}", members, at, 1 << bit)


@pytest.mark.parametrize("at", [0, 1, 2, 3])
@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_a_flip_in_the_first_magic_number_costs_the_first_record_alone(tmp_path: Path, form: str, at: int) -> None:
    check_flip(tmp_path / "a.warc", [COMPRESS[form](one) for one in FOUR], at, 0x20)


@settings(max_examples=200, deadline=None)
@given(position=st.integers(0, 2**20), bit=st.integers(0, 7))
def test_a_flipped_bit_of_a_plain_file_costs_its_record_alone(
    tmp_path_factory: pytest.TempPathFactory, position: int, bit: int
) -> None:
    # nothing verifies the words of a plain record, so that one may come back changed
    data, places = bytearray(b"".join(FOUR)), borders(FOUR)
    at = position % len(data)
    data[at] ^= 1 << bit
    items = read_all(tmp_path_factory.getbasetemp() / "flip.plain", bytes(data))
    hit = max(number for number, place in enumerate(places[:-1]) if place <= at)
    found = {item.source.offset: item.url for item in items if isinstance(item, Page)}
    for number, place in enumerate(places[:-1]):
        if number != hit:
            assert found[place] == f"http://news.example/tide/{number}"
    assert all(places[hit] <= one.source.offset < places[hit + 1] for one in rejects(items))


@pytest.mark.parametrize("form", ["gzip", "gzip-stored", "zstd"])
@pytest.mark.parametrize("hit", range(4))
def test_a_member_of_noise_between_others(tmp_path: Path, form: str, hit: int) -> None:
    members = [FORMS[form]([one]) for one in FOUR]
    noise = bytes((i * 167 + 13) % 251 for i in range(len(members[hit]) - 6))
    members[hit] = members[hit][:6] + noise
    items = read_all(tmp_path / "a.warc", b"".join(members))
    assert len(bodies(items)) == 3
    (reject,) = rejects(items)
    assert (reject.source.offset, reject.source.length) == (borders(members)[hit], len(members[hit]))
    assert reject.stage == "read"
    assert reject.code == "damaged" or hit == 3  # noise may look like a block that reaches past the end


# ------------------------------------------------- between and after members


@pytest.mark.parametrize("form", ["gzip", "zstd"])
@pytest.mark.parametrize(
    "junk",
    [b"junk", b"x" * 20_000, b"\x1f\x8b\x08\x00 not a member", b"\x28\xb5\x2f\xfd not a frame", b"\0\0junk\0\0"],
    ids=["short", "long", "a gzip magic", "a zstd magic", "zeros around"],
)
@pytest.mark.parametrize("at", [1, 2, 4])
def test_garbage_between_members(tmp_path: Path, form: str, junk: bytes, at: int) -> None:
    members = [COMPRESS[form](one) for one in FOUR]
    members.insert(at, junk)
    items = read_all(tmp_path / "a.warc", b"".join(members))
    assert len(bodies(items)) == 4
    (reject,) = rejects(items)
    end = borders(members)[at + 1]
    kept = junk.lstrip(b"\0")
    assert (reject.source.offset, reject.source.length) == (end - len(kept), len(kept))


@pytest.mark.parametrize("at", [1, 2, 4])
@pytest.mark.parametrize("junk", [b"junk", b"x" * 20_000, b"WARC/9 no header", b"\0\0junk\0\0"])
def test_garbage_between_plain_records(tmp_path: Path, junk: bytes, at: int) -> None:
    # the two line ends after a record say that its length is right
    records = [*FOUR[:at], junk, *FOUR[at:]]
    items = read_all(tmp_path / "a.warc", b"".join(records))
    assert len(bodies(items)) == 4
    (reject,) = rejects(items)
    end = borders(records)[at + 1]
    kept = junk.lstrip(b"\0")
    assert (reject.source.offset, reject.source.length) == (end - len(kept), len(kept))


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
@pytest.mark.parametrize("zeros", [1, 4, 8, 9, 15, 16, 17, 512, 70_000])
def test_a_file_padded_with_zeros(tmp_path: Path, form: str, zeros: int) -> None:
    items = read_all(tmp_path / "a.warc", FORMS[form](FOUR) + b"\0" * zeros)
    assert (len(bodies(items)), rejects(items)) == (4, [])


@pytest.mark.parametrize("form", ["gzip", "zstd"])
@pytest.mark.parametrize("zeros", [1, 16, 512])
def test_zeros_between_members(tmp_path: Path, form: str, zeros: int) -> None:
    items = read_all(tmp_path / "a.warc", (b"\0" * zeros).join(COMPRESS[form](one) for one in FOUR))
    assert (len(bodies(items)), rejects(items)) == (4, [])


def test_html_instead_of_a_warc_is_one_reject(tmp_path: Path) -> None:
    data = b"<html>An error page of the store, saved as a WARC</html>"
    (reject,) = read_all(tmp_path / "a.warc", data)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.source.offset, reject.source.length) == ("damaged", 0, len(data))


# ---------------------------------------------------------- Content-Length

LENGTHS = ["-1", "-200", "NaN", "", "1e3", "0x20", "12 34", str(10**20), str(2**64), "9" * 5000, "٣٤", "+20"]


@pytest.mark.parametrize("stated", LENGTHS, ids=lambda text: text[:24] or "empty")
@pytest.mark.parametrize("kind", ["response", "request"])
@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
def test_a_content_length_that_is_none(tmp_path: Path, form: str, kind: str, stated: str) -> None:
    bad = record(kind, block=http_block(PAGE), headers={"Content-Length": stated})
    records = [FOUR[0], bad, FOUR[1], FOUR[2]]
    items = read_all(tmp_path / "a.warc", FORMS[form](records))
    members = [FORMS[form]([one]) for one in records]
    assert len(bodies(items)) == 3
    (reject,) = rejects(items)
    assert (reject.source.offset, reject.source.length) == (len(members[0]), len(members[1]))
    assert reject.code == "damaged"


@pytest.mark.parametrize("off", [-40, -1, 5, 30, 150, 100_000], ids=lambda off: f"{off:+}")
@pytest.mark.parametrize("form", ["plain", "gzip", "gzip-whole", "zstd"])
def test_a_content_length_that_is_wrong(tmp_path: Path, form: str, off: int) -> None:
    block = http_block(b"<p>" + b"word " * 20 + b"</p>")
    bad = record(block=block, headers={"Content-Length": str(len(block) + off)})
    items = read_all(tmp_path / "a.warc", FORMS[form]([FOUR[0], bad, FOUR[1], FOUR[2]]))
    assert rejects(items), "nothing is lost in silence"
    if form != "gzip-whole":  # inside one member there is no way back to a border
        wanted = [body for one in FOUR[:3] for body in bodies(read_all(tmp_path / "b.warc", one))]
        assert bodies(items) == wanted


def test_a_missing_content_length(tmp_path: Path) -> None:
    bad = record(block=http_block(PAGE), headers={"Content-Length": None})
    items = read_all(tmp_path / "a.warc", b"".join([FOUR[0], bad, FOUR[1]]))
    assert (len(bodies(items)), [one.code for one in rejects(items)]) == (2, ["damaged"])


def test_two_content_lengths(tmp_path: Path) -> None:
    bad = record(block=http_block(PAGE), headers={"X": "y\r\nContent-Length: 3"})
    items = read_all(tmp_path / "a.warc", b"".join([FOUR[0], bad, FOUR[1]]))
    assert (len(bodies(items)), [one.code for one in rejects(items)]) == (2, ["damaged"])


def test_a_wrong_length_in_the_middle_is_damage_and_not_the_end_of_the_file(tmp_path: Path) -> None:
    bad = record(block=http_block(PAGE), headers={"Content-Length": str(10**20)})
    (reject,) = rejects(read_all(tmp_path / "a.warc", b"".join([FOUR[0], bad, FOUR[1]])))
    assert reject.code == "damaged"


def test_a_plain_record_that_was_cut_before_the_next(tmp_path: Path) -> None:
    data = FOUR[0] + FOUR[1][:-60] + b"\r\n\r\n" + FOUR[2] + FOUR[3]
    items = read_all(tmp_path / "a.warc", data)
    pages = [item.url for item in items if isinstance(item, Page)]
    assert pages == [f"http://news.example/tide/{number}" for number in (0, 2, 3)]
    (reject,) = rejects(items)
    assert reject.source.offset == len(FOUR[0])
    assert reject.source.offset + reject.source.length == data.index(FOUR[2])
