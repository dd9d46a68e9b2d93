"""WARC files with seeded mutations, and which of their records are intact all the same.

A record is intact where its stored bytes stand in the mutated file as they were: that is looked up, not derived from
what the mutation did. Not counted is a plain record that a mutation put into the block of another one whose length is
right: there it is content.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import zstandard
from warc_bytes import gz, http_block, mixed, record, skippable, stored, story, zst, zst_with_dictionary

RAW = Path(__file__).parents[2] / "data" / "raw" / "2022"
_VERSION = b"WARC/1."
_GARBAGE = (
    b"\x1f\x8b\x08", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\x28\xb5\x2f\xfd", b"WARC/1.0\r\n",
    b"WARC/1.0\r\nContent-Length: 9", b"\r\n\r\n", b"\0" * 40,
    b"Content-Length: 99999999\r\n", b"\n",
    b"\x50\x2a\x4d\x18\xff\0\0\0",
)  # fmt: skip


class Sample(NamedTuple):
    """A sound WARC: what stands before its records, and the members that the records are stored in."""

    form: str
    prefix: bytes
    members: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        return self.prefix + b"".join(self.members)


class Mutant(NamedTuple):
    """A mutated sample and the records of it that are intact: (offset, member)."""

    sample: Sample
    data: bytes
    intact: tuple[tuple[int, bytes], ...]


def _records() -> list[bytes]:
    packed = http_block(zlib.compress(b"<p>Packed by the server. " * 30, wbits=31), Content_Encoding="gzip")
    small = [story(number, size=60 + 170 * (number % 4)) for number in range(7)]
    return [*mixed()[:4], *small[:4], record(url="http://news.example/packed", block=packed), *small[4:]]


def _gzip_members(data: bytes, most: int) -> list[bytes]:
    """The first members; the sample has damaged ones further on."""
    members: list[bytes] = []
    while data and len(members) < most:
        member = zlib.decompressobj(wbits=31)
        member.decompress(data)
        members.append(data[: len(data) - len(member.unused_data)])
        data = member.unused_data
    return members


def _zstd_frames(data: bytes, most: int, dictionary: zstandard.ZstdCompressionDict | None = None) -> list[bytes]:
    frames: list[bytes] = []
    while data and len(frames) < most:
        frame = zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
        frame.decompress(data)
        frames.append(data[: len(data) - len(frame.unused_data)])
        data = frame.unused_data
    return frames


def _with_dictionary() -> Sample:
    records = _records()
    prefix = zst_with_dictionary([], packed=True)
    dictionary = zstandard.ZstdCompressionDict(zstandard.ZstdDecompressor().decompress(prefix[8:]))
    frames = _zstd_frames(zst_with_dictionary(records, packed=True)[len(prefix) :], len(records), dictionary)
    return Sample("zstd-dictionary", prefix, tuple(frames))


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """Small WARCs of every form, and the two that come with the project, ten records of each."""
    records = _records()
    each: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gz, "gzip-stored": stored, "zstd": zst}
    made = [Sample(form, b"", tuple(map(compress, records))) for form, compress in each.items()]
    with_frames = Sample("zstd-skippable", b"", (*map(zst, records[:6]), skippable(b"a note")))
    raw_gzip = _gzip_members((RAW / "2022-02.warc.gz").read_bytes(), 10)
    raw_zstd = _zstd_frames((RAW / "2022-mixed.warc.zst").read_bytes(), 10)
    raw = [Sample("raw-gzip", b"", tuple(raw_gzip)), Sample("raw-zstd", b"", tuple(raw_zstd))]
    inflated = tuple(zlib.decompress(member, wbits=31) for member in raw_gzip)
    return (*made, with_frames, _with_dictionary(), *raw, Sample("raw-plain", b"", inflated))


def mutant(seed: int) -> Mutant:
    """The mutation of this number, always the same: one to four operations on one of the samples."""
    rng = random.Random(seed)
    sample = rng.choice(samples())
    data = bytearray(sample.data)
    for _ in range(rng.randint(1, 4)):
        rng.choice(OPERATIONS)(data, len(sample.prefix), rng, sample)
    return Mutant(sample, bytes(data), tuple(intact(bytes(data), sample)))


def intact(data: bytes, sample: Sample) -> list[tuple[int, bytes]]:
    """Where members of the sample stand whole in some bytes."""
    found = []
    for member in dict.fromkeys(sample.members):
        at = data.find(member)
        while at >= 0:
            if not (sample.form.endswith("plain") and _is_content(data, at)):
                found.append((at, member))
            at = data.find(member, at + 1)
    return sorted(found)


def _is_content(data: bytes, offset: int) -> bool:
    """Whether a record that keeps its own length reaches over the offset."""
    start = data.find(_VERSION)
    while 0 <= start < offset:
        blank = data.find(b"\r\n\r\n", start)
        stated = data[start:blank].partition(b"Content-Length: ")[2].partition(b"\r\n")[0] if blank >= 0 else b""
        end = blank + 4 + int(stated) if stated.isdigit() else 0
        if end > offset and data[end : end + 4] == b"\r\n\r\n":
            return True
        start = data.find(_VERSION, start + 1)
    return False


# -------------------------------------------------------------- operations


def _span(data: bytearray, first: int, rng: random.Random, most: int = 3000) -> tuple[int, int]:
    start = rng.randrange(first, max(len(data), first + 1))
    return start, min(len(data), start + rng.randint(1, most))


def _flip(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    for _ in range(rng.choice((1, 1, 1, 2, 8, 40))):
        if len(data) > first:
            data[rng.randrange(first, len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    del data[_span(data, first, rng)[0] :]


def _delete(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    start, end = _span(data, first, rng)
    del data[start:end]


def _zero(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    start, end = _span(data, first, rng)
    data[start:end] = bytes(end - start)


def _swap(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    a, b, c, d = sorted((*_span(data, first, rng), *_span(data, first, rng)))
    data[a:d] = data[c:d] + data[b:c] + data[a:b]


def _duplicate(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    start, end = _span(data, first, rng)
    at = rng.randrange(first, len(data) + 1)
    data[at:at] = data[start:end]


def _insert(data: bytearray, first: int, rng: random.Random, _sample: Sample) -> None:
    at = rng.randrange(first, len(data) + 1)
    data[at:at] = rng.choice((*_GARBAGE, rng.randbytes(rng.randint(1, 500)), bytes(rng.randint(1, 700))))


def _splice(data: bytearray, first: int, rng: random.Random, sample: Sample) -> None:
    """The beginning of one, the end of the same from another place on: two downloads that were joined."""
    start = rng.randrange(first, len(data) + 1)
    whole = sample.data
    data[start:] = whole[rng.randrange(len(sample.prefix), len(whole)) :]


OPERATIONS: Sequence[Callable[[bytearray, int, random.Random, Sample], None]] = (
    _flip, _flip, _cut, _delete, _zero, _swap, _duplicate, _insert, _splice,
)  # fmt: skip
