"""Whether memory stays flat: `python tests/bench/bench_memory.py [--pages N] [--workers N]`. Linux only (/proc).

A WARC of N small pages (100,000 unless told otherwise) is written to a temporary folder and built by `build-dataset` in
processes that are watched from outside. What counts is the resident memory of the driver and of the largest worker in
the four quarters of the time in which splits end, then while duplicates are decided and parts are merged, and that the
books hold every page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from processes import descendants, resident

POLL = 0.5  # seconds between two looks at /proc
SITES = 50
WORDS = ["heron", "reed", "canal", "bank", "tide", "lock", "barge", "mill", "weir", "ferry", "otter", "marsh"]


class Look(NamedTuple):
    """Resident bytes at one moment."""

    at: float
    driver: int
    worker: int
    """The largest child."""


def page(number: int) -> bytes:
    """A WARC record with a page of some 2 kB, no two alike."""
    day = f"2022-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    words = " ".join(WORDS[(number * 7 + i * i) % len(WORDS)] for i in range(60))
    html = (
        f'<html lang="en"><head><title>{WORDS[number % 12].title()} number {number}</title>'
        f'<meta property="article:published_time" content="{day}T08:00:00Z"></head><body><article>'
        + "".join(f"<p>Paragraph {i} of story {number}: {words}.</p>" for i in range(4))
        + "</article></body></html>"
    )
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:example:{number}>\r\nWARC-Date: {day}T09:00:00Z\r\n"
        f"WARC-Target-URI: https://www.site{number % SITES}.example/news/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def write_job(folder: Path, pages: int) -> Path:
    with (folder / "pages.warc.gz").open("wb") as file:
        for number in range(pages):
            file.write(gzip.compress(page(number), 1, mtime=0))
    config = {
        "name": "memory",
        "inputs": ["pages.warc.gz"],
        "partition_by": [{"month": "published_date"}],
        "sort_by": ["published_at", "url"],
        "duplicates": {"by": ["url"], "keep": "latest"},
        "limits": {"split_bytes": 2 * 2**20},
        "output": "out",
    }
    (folder / "job.yaml").write_text(json.dumps(config), encoding="utf-8")
    return folder / "job.yaml"


def watch(command: list[str], receipts: Path) -> tuple[list[Look], float]:
    """What was seen, and when the last receipt of a split was."""
    looks = []
    began = time.monotonic()
    extracted, known = 0.0, 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            workers = max(map(resident, descendants(process.pid)), default=0)
            looks.append(Look(time.monotonic() - began, resident(process.pid), workers))
            count = len(list(receipts.glob("*.json")))
            if count > known:
                extracted, known = looks[-1].at, count
            time.sleep(POLL)
    if process.returncode:
        raise SystemExit(f"the build ended with {process.returncode}")
    return looks, extracted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = write_job(folder, given.pages)
        size = (folder / "pages.warc.gz").stat().st_size
        print(f"{given.pages:,} pages, {size / 2**20:.0f} MB compressed", flush=True)
        command = [sys.executable, "-m", "builder.cli", str(config), "--workers", str(given.workers), "-q"]
        looks, extracted = watch(command, folder / "out" / "_work" / "receipts")
        counts = json.loads((folder / "out" / "_manifest.json").read_text(encoding="utf-8"))["counts"]
        assert counts["rows"] == counts["read"] == given.pages, counts
    end = looks[-1].at
    spans = [(f"extract, quarter {i + 1}", extracted * i / 4, extracted * (i + 1) / 4) for i in range(4)]
    for what, begin, until in [*spans, ("settle, merge, commit", extracted, end)]:
        part = [look for look in looks if begin <= look.at <= until]
        driver, worker = (max((look[column] for look in part), default=0) / 2**20 for column in (1, 2))
        print(f"{what:>22}: driver {driver:5.0f} MB, largest worker {worker:5.0f} MB")
    print(f"{end:.0f} s, {given.pages / end:.0f} pages a second")


if __name__ == "__main__":
    main()
