"""What pages that hang cost a build: `python tests/bench/bench_given_up.py [--pages N] [--bad N] [--seconds S]`.

Two builds of the same good pages: by themselves, and with pages among them that hold the parser for minutes (one tag
with very many attributes, let through by a high `limits.attributes`). Such a page is given up at its deadline. The
bound: the time of the first build, plus the deadlines divided by the workers, plus 20 %.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from bench_build import ROOT, copies

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
ATTRIBUTES = 400_000  # minutes of lxml


def hostile(number: int) -> tuple[str, bytes]:
    """A page that takes the parser quadratic time."""
    tag = b"".join(b" a%d" % attribute for attribute in range(ATTRIBUTES))
    return f"https://hostile.example/{number}", HEAD + b"<html><body><p" + tag + b">Held up</p></body></html>"


def record(number: int, url: str, block: bytes) -> bytes:
    """A WARC record, compressed."""
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2022-03-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6, mtime=0)


def good_pages(count: int) -> list[tuple[str, bytes]]:
    """Responses that become rows: pages of the corpora, each under a URL of its own."""
    found = ((url, block) for url, block in copies() if b" 200 " in block[:40] and len(block) > 2000)
    return [(f"https://good.example/{number}", block) for number, (_, block) in enumerate(islice(found, count))]


def make_dump(path: Path, good: list[tuple[str, bytes]], bad: int) -> None:
    """The good pages, and bad ones evenly among them."""
    pages = list(good)
    for number in range(bad):
        pages.insert((2 * number + 1) * len(good) // (2 * bad) + number, hostile(number))
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        for number, (url, block) in enumerate(pages):
            file.write(record(number, url, block))


def build(folder: Path, workers: int, seconds: float) -> tuple[float, dict[str, object]]:
    """Build the dump in a folder; seconds, and what the manifest counts."""
    config = {
        "name": "held-up",
        "inputs": ["raw/*.warc.gz"],
        "fields": ["page_url", "title", "published_at", "text", "source"],
        "limits": {"attributes": 10_000_000, "page_seconds": seconds, "split_bytes": "1MiB"},
        "output": "out",
    }
    (folder / "job.yaml").write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "builder.cli", str(folder / "job.yaml"), "--workers", str(workers), "-q"]
    began = time.monotonic()
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    took = time.monotonic() - began
    counts: dict[str, object] = json.loads((folder / "out" / "_manifest.json").read_text(encoding="utf-8"))["counts"]
    return took, counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--bad", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=5.0, help="the deadline of a page")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    good = good_pages(given.pages)
    with tempfile.TemporaryDirectory() as folder:
        taken = {}
        for name, bad in (("undisturbed", 0), ("disturbed", given.bad)):
            make_dump(Path(folder) / name / "raw" / "pages.warc.gz", good, bad)
            taken[name], counts = build(Path(folder) / name, given.workers, given.seconds)
            print(
                f"{name:12} {taken[name]:7.2f} s   {counts['read']} read, {counts['rows']} rows, {counts['rejected']}"
            )
    bound = 1.2 * (taken["undisturbed"] + given.bad * given.seconds / given.workers)
    verdict = "kept" if taken["disturbed"] <= bound else "MISSED"
    print(f"{'bound':12} {bound:7.2f} s   {verdict}")


if __name__ == "__main__":
    main()
