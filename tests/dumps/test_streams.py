from __future__ import annotations

import io
import tracemalloc
import zlib
from pathlib import Path

import pytest
import zstandard
from dump_files import COMPRESS
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dumps.streams import Inflated, StreamError, compression_of, inflated, open_stream, skip

TEXT = b"".join(b"line %d of a text that is not very long\n" % i for i in range(5000))
SKIPPABLE = b"\x53\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"abc"


def drain(source: Inflated) -> tuple[bytes, StreamError | None]:
    pieces = []
    try:
        while piece := source.read(10_000):
            pieces.append(piece)
    except StreamError as error:
        return b"".join(pieces), error
    return b"".join(pieces), None


def inflate(data: bytes) -> tuple[bytes, StreamError | None]:
    return drain(inflated(io.BytesIO(data)))


@pytest.mark.parametrize("kind", COMPRESS)
def test_recognised_by_content(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_bytes(COMPRESS[kind](TEXT))
    assert compression_of(path) == kind
    with open_stream(path) as source:
        assert source.read(len(TEXT) + 1) == TEXT


@pytest.mark.parametrize(
    "data", [b"", b"P", b"BZh9 and other words", b"\x1f\x8b", b"WARC/1.0"], ids=["empty", "P", "BZh", "half", "warc"]
)
def test_plain_files_are_read_as_they_are(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plain.gz"
    path.write_bytes(data)
    assert compression_of(path) == "none"
    with open_stream(path) as source:
        assert source.read(100) == data


@pytest.mark.parametrize("kind", COMPRESS)
def test_all_members_are_read(kind: str) -> None:
    compress = COMPRESS[kind]
    assert inflate(compress(TEXT) + compress(b"") + compress(b"end")) == (TEXT + b"end", None)


@pytest.mark.parametrize("kind", ["gzip", "bz2", "xz"])
def test_zeros_after_the_end_are_padding(kind: str) -> None:
    assert inflate(COMPRESS[kind](TEXT) + bytes(70_000)) == (TEXT, None)


@pytest.mark.parametrize("kind", COMPRESS)
def test_other_bytes_after_the_end_are_damage(kind: str) -> None:
    data, error = inflate(COMPRESS[kind](TEXT) + b"something else")
    assert (data, error and error.code, error and error.offset) == (TEXT, "damaged", len(TEXT))


def test_skippable_frames_are_passed_over() -> None:
    frame = COMPRESS["zstd"](b"one")
    assert inflate(SKIPPABLE + frame + SKIPPABLE + frame + SKIPPABLE) == (b"oneone", None)


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_cut_anywhere_gives_the_bytes_before_it_then_an_error(kind: str) -> None:
    stored = COMPRESS[kind](TEXT)
    for end in [*range(10, 40), *range(40, len(stored), len(stored) // 40), *range(len(stored) - 12, len(stored))]:
        data, error = inflate(stored[:end])
        assert error is not None, end
        assert (error.code, error.offset) == ("truncated", len(data))
        assert TEXT.startswith(data)


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_flipped_bit_is_never_silent(kind: str) -> None:
    stored = COMPRESS[kind](TEXT)
    for at in range(30, len(stored), len(stored) // 25):
        data, error = inflate(stored[:at] + bytes([stored[at] ^ 0x10]) + stored[at + 1 :])
        assert error is not None, at
        assert error.offset == len(data)


def test_gzip_gives_all_bytes_before_the_damage() -> None:
    stored = COMPRESS["gzip"](TEXT)
    half = len(stored) // 2
    before, _ = inflate(stored[:half])
    data, error = inflate(stored[:half] + b"\xff" * 50 + stored[half + 50 :])
    assert error is not None
    assert error.code == "damaged"
    assert data[: len(before)] == before


def test_a_wrong_checksum_costs_no_bytes() -> None:
    stored = COMPRESS["gzip"](TEXT)
    data, error = inflate(stored[:-8] + bytes(4) + stored[-4:])
    assert (data, error and error.code) == (TEXT, "damaged")


def zstd_bomb() -> bytes:
    blocks = b"".join((128 * 1024 << 3 | 1 << 1).to_bytes(3, "little") + b"\0" for _ in range(2000))
    return b"\x28\xb5\x2f\xfd\x00\x58" + blocks + b"\x01\x00\x00"


@pytest.mark.parametrize(
    "make",
    [lambda: zlib.compress(bytes(200 * 2**20), 1, wbits=31), zstd_bomb, lambda: COMPRESS["bz2"](bytes(50 * 2**20))],
    ids=["gzip", "zstd", "bz2"],
)
def test_a_bomb_is_inflated_bit_by_bit(make) -> None:
    source = inflated(io.BytesIO(make()))
    tracemalloc.start()
    for _ in range(100):
        assert len(source.read(100_000)) == 100_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * 2**20


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 3000)), max_size=40),
    st.sampled_from(sorted(COMPRESS)),
    st.binary(max_size=4000).map(lambda data: data.replace(b"\0", b"\n")),
)
def test_reads_and_lines_mixed_are_those_of_a_file(calls: list[tuple[bool, int]], kind: str, data: bytes) -> None:
    source, plain = inflated(io.BytesIO(COMPRESS[kind](data))), io.BytesIO(data)
    for is_line, size in calls:
        assert (source.readline(size) if is_line else source.read(size)) == (
            plain.readline(size) if is_line else plain.read(size)
        )
        assert source.tell() == plain.tell()


def test_skip_tells_how_far_it_came(tmp_path: Path) -> None:
    for name, data in {"plain": TEXT, "gz": COMPRESS["gzip"](TEXT)}.items():
        (tmp_path / name).write_bytes(data)
        with open_stream(tmp_path / name) as source:
            assert skip(source, 100) == 100
            assert source.read(50) == TEXT[100:150]
            assert skip(source, 10**9) == len(TEXT) - 150
            assert (source.tell(), source.read(1)) == (len(TEXT), b"")


def test_a_frame_that_needs_a_dictionary_is_damaged() -> None:
    dictionary = zstandard.ZstdCompressionDict(b"words " * 100, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    stored = zstandard.ZstdCompressor(dict_data=dictionary).compress(b"words words words and words " * 9)
    data, error = inflate(stored)
    assert error is not None
    assert (data, error.code) == (b"", "damaged")
