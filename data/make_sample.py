"""Writes the sample dumps of `data/raw/2022`, and with --gold what a build must find in them.

    python data/make_sample.py           the dumps
    python data/make_sample.py --gold    and tests/sites/<domain>/*.html, *.json, tests/sites/sample_books.json

All pages are made up by `data/sample`: stories (stories/*.toml), layouts and captures. No clock and no chance: the same
bytes at every run, as long as zlib and zstd are the same (compressed bytes may differ with their version).
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from sample import captures, dumps, gold
from sample.sites import SITES

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw" / "2022"
NOTES = b"Saved by the regional desk. Times of capture stand in the index.\n"
LEDGER = "https://harborledger.example/2022/03/12"
BAD_LINES = {
    3: f'{{"url": "{LEDGER}/cut/", "fetched_at": "2022-03-12T02:05:00Z", "html": "<html><hea',
    5: f'{{"url": "{LEDGER}/no-page/", "fetched_at": "2022-03-12T02:06:00Z", "html": null}}',
    8: f'{{"url": "{LEDGER}/when/", "fetched_at": "some time after lunch", "html": "<h1>When?</h1>"}}',
}
BROKEN = {
    "wire.jsonl": [
        {"outcome": "rejected", "code": "bad_line", "why": "line 4 stops inside a string"},
        {"outcome": "rejected", "code": "missing_html", "why": "html is null"},
        {"url": f"{LEDGER}/when/", "outcome": "rejected", "code": "bad_fetch_time"},
    ],
    "mirror": [{"outcome": "rejected", "code": "missing_html", "why": "only the index has it"}],
}
MISSING = [{"file": "marsa/lost.html", "url": "https://al-marsa.example/lost", "fetched_at": "2022-06-10T07:01:00Z"}]


def write_dumps() -> dict[str, dict[str, int]]:
    """Write every dump anew; name -> what it holds by kind."""
    shutil.rmtree(RAW, ignore_errors=True)
    RAW.mkdir(parents=True)
    february, mixed, regional = captures.february(), captures.mixed(), captures.regional()
    wire, mirror = captures.wire(), captures.mirror()
    dumps.write_zip(RAW / "regional.zip", regional, {"README.txt": NOTES})
    charset = {site.root.split("/")[2]: site.charset for site in SITES.values()}
    dumps.write_jsonl(RAW / "wire.jsonl", wire, charset, BAD_LINES)
    dumps.write_folder(RAW / "mirror", mirror, {"style.css": b"body{margin:0}\n"}, MISSING)
    return {
        "2022-02.warc.gz": dumps.write_warc(RAW / "2022-02.warc.gz", february, requests=True, revisit_of=3),
        "2022-mixed.warc.zst": dumps.write_warc(RAW / "2022-mixed.warc.zst", mixed, requests=False),
        "regional.zip": {"pages": len(regional), "index": 1, "other files": 1},
        "wire.jsonl": {"lines": len(wire) + len(BAD_LINES)},
        "mirror": {"pages": len(mirror), "index": 1, "other files": 1},
    }


def write_gold(stored: dict[str, dict[str, int]]) -> None:
    """Write the gold pages and the books of the sample."""
    folder = ROOT / "tests" / "sites"
    gold.write_pages(folder)
    made = (captures.february(), captures.mixed(), captures.regional(), captures.wire(), captures.mirror())
    gold.write_json(folder / "sample_books.json", gold.books(dict(zip(stored, made, strict=True)), BROKEN, stored))


def main() -> None:
    """Parse the arguments and write."""
    parser = argparse.ArgumentParser(description="Write the sample dumps of data/raw/2022.")
    parser.add_argument("--gold", action="store_true", help="write the gold pages of tests/sites too")
    stored = write_dumps()
    if parser.parse_args().gold:
        write_gold(stored)


if __name__ == "__main__":
    main()
