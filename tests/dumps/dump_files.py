"""The same pages as a dump of every format."""

from __future__ import annotations

import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from builder.dumps import READERS
from builder.dumps.detect import detect_format
from builder.dumps.folder import folder_size
from builder.records import Dump, DumpOptions, Item, Split


class Given(NamedTuple):
    """A page as it goes into a dump."""

    name: str
    url: str
    fetched_at: datetime
    body: bytes


def page(number: int, size: int = 2000) -> Given:
    """Make page `number`: about `size` bytes that hardly compress, never twice the same."""
    noise = "".join(hashlib.sha256(b"%d/%d" % (number, i)).hexdigest() for i in range(size // 64))
    html = f"<html><head><title>Küche № {number}</title></head><body><p>снег 雪 {noise}</p></body></html>"
    fetched_at = datetime(2022, 2, 24, tzinfo=UTC) + timedelta(minutes=number)
    return Given(f"day/{number:05}.html", f"https://example.org/{number}?q=ü", fetched_at, html.encode())


def pages(count: int, size: int = 2000) -> list[Given]:
    return [page(number, size) for number in range(count)]


def index_csv(given: Sequence[Given]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["file", "url", "fetched_at"])
    writer.writerows([p.name, p.url, p.fetched_at.isoformat()] for p in given)
    return out.getvalue().encode()


def make_folder(path: Path, given: Sequence[Given], index: bytes | None = None) -> None:
    path.mkdir()
    for p in given:
        file = path / p.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(p.body)
    (path / "index.csv").write_bytes(index_csv(given) if index is None else index)


def make_zip(path: Path, given: Sequence[Given], index: bytes | None = None) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for p in given:
            archive.writestr(p.name, p.body)
        archive.writestr("index.csv", index_csv(given) if index is None else index)


def tar_bytes(files: Sequence[tuple[str, bytes]], kind: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make_tar(path: Path, given: Sequence[Given], index: bytes | None = None) -> None:
    files = [(p.name, p.body) for p in given]
    path.write_bytes(tar_bytes([*files, ("index.csv", index_csv(given) if index is None else index)]))


def jsonl_bytes(given: Sequence[Given]) -> bytes:
    lines = (
        json.dumps(
            {"url": p.url, "fetched_at": p.fetched_at.isoformat(), "html": p.body.decode()}, ensure_ascii=i % 2 == 0
        )
        for i, p in enumerate(given)
    )
    return "".join(line + "\n" for line in lines).encode()


def make_jsonl(path: Path, given: Sequence[Given]) -> None:
    path.write_bytes(jsonl_bytes(given))


def make_parquet(path: Path, given: Sequence[Given]) -> None:
    table = pa.table(
        {
            "url": [p.url for p in given],
            "fetched_at": pa.array([p.fetched_at for p in given], pa.timestamp("us", "UTC")),
            "html": [p.body.decode() for p in given],
        }
    )
    pq.write_table(table, path, row_group_size=20, write_page_checksum=True)


def warc_record(p: Given) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + p.body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(p.url.encode()).hexdigest()}>\r\n"
        f"WARC-Date: {p.fetched_at:%Y-%m-%dT%H:%M:%SZ}\r\nWARC-Target-URI: {p.url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def warc_of(compress: Callable[[bytes], bytes]) -> Callable[..., None]:
    """Make a WARC maker that compresses record by record."""

    def make_warc(path: Path, given: Sequence[Given]) -> None:
        path.write_bytes(b"".join(compress(warc_record(p)) for p in given))

    return make_warc


def whole(make: Callable[..., None], compress: Callable[[bytes], bytes]) -> Callable[..., None]:
    """Make a maker that compresses the whole file."""

    def make_compressed(path: Path, given: Sequence[Given], *index: bytes) -> None:
        make(path, given, *index)
        path.write_bytes(compress(path.read_bytes()))

    return make_compressed


def gz(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def xz(data: bytes) -> bytes:
    return lzma.compress(data, preset=0)


def bz(data: bytes) -> bytes:
    return bz2.compress(data, 1)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {"gzip": gz, "zstd": zst, "bz2": bz, "xz": xz}

MAKERS: dict[str, Callable[..., None]] = {
    "folder": make_folder,
    "zip": make_zip,
    "tar": make_tar,
    "tar.gz": whole(make_tar, gz),
    "tar.zst": whole(make_tar, zst),
    "tar.bz2": whole(make_tar, bz),
    "tar.xz": whole(make_tar, xz),
    "jsonl": make_jsonl,
    "jsonl.gz": whole(make_jsonl, gz),
    "jsonl.zst": whole(make_jsonl, zst),
    "parquet": make_parquet,
    "warc": warc_of(bytes),
    "warc.gz": warc_of(gz),
    "warc.zst": warc_of(zst),
}


def dump_of(path: Path, options: DumpOptions | None = None, kind: str | None = None) -> Dump:
    """Describe what lies at the path as the planner would."""
    options = options or DumpOptions()
    size = folder_size(path, options) if path.is_dir() else path.stat().st_size
    return Dump(path.name, str(path), kind or detect_format(path), size, options)


def cut(dump: Dump, target: int = 2**40) -> list[Split]:
    return READERS[dump.format].cut(dump, target)


def read(dump: Dump, target: int = 2**40) -> list[Item]:
    """Read all splits one after the other."""
    return [item for split in cut(dump, target) for item in READERS[dump.format].read(split)]
