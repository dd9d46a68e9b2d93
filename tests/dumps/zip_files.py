"""Zips of short pages, and what is read from one."""

from __future__ import annotations

import zipfile
from pathlib import Path

from dump_files import dump_of, read

from builder.records import DumpOptions, Page, Reject

HTML = b"<p>A short page.</p>" * 20


def outcome(path: Path, options: DumpOptions | None = None) -> list[tuple[str | None, str]]:
    items = read(dump_of(path, options))
    assert all(isinstance(item, Page | Reject) for item in items)
    return [(item.source.record_id, "page" if isinstance(item, Page) else item.code) for item in items]


def write(path: Path, *names: str, method: int = zipfile.ZIP_DEFLATED) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name in names:
            archive.writestr(name, HTML)
    return archive.infolist()


def data_offset(info: zipfile.ZipInfo) -> int:
    return info.header_offset + 30 + len(info.filename.encode())
