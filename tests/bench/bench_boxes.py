"""Boxes amid stories: of those that are none of the story, how many come along; of those that are, how many are kept.

    python tests/bench/bench_boxes.py [--set wcxb] [--every 6]

Reads BUILDER_CORPORA (default ../shared/corpora). Each box is put between two paragraphs in the middle of every n-th
article where both are of the main text; the models have learnt from these pages, but from none of these boxes.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

from builder.extract.training.samples import parsed, read_pages, read_truths
from builder.records import Page

_TAGS = re.compile(r"<[^>]*>")
_BETWEEN = re.compile(r"</p\s*>\s*(?=<p[ >])", re.IGNORECASE)
_FEWEST = 4


def boxes() -> dict[str, dict[str, str]]:
    """By their sign, - or +, the boxes of `boxes.txt`: name -> HTML."""
    found: dict[str, dict[str, str]] = {"-": {}, "+": {}}
    for line in (Path(__file__).parent / "boxes.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sign, name, box = line.split(" ", 2)
            found[sign][name] = box
    return found


def stories(folder: Path, every: int) -> Iterator[tuple[Page, str, int]]:
    """Every n-th article of a corpus, its HTML, and the place between two paragraphs in the middle of its text."""
    truths = read_truths(folder)
    for number, page in enumerate(read_pages(folder / "pages.warc.gz")):
        if number % every or truths.get(page.url, {}).get("page_type") != "article":
            continue
        html = page.body.decode("utf-8", "replace")
        places = [found.end() for found in _BETWEEN.finditer(html)]
        if len(places) >= _FEWEST and "\N{REPLACEMENT CHARACTER}" not in html:
            at, whole = places[len(places) // 2], said(page, html)
            beside = html[:at].rpartition("<p")[2].partition(">")[2], html[at:].partition(">")[2].partition("</p")[0]
            if all(text and text in whole for text in map(line_of, beside)):
                yield page, html, at


def line_of(html: str) -> str:
    """Text without its tags, on one line."""
    return " ".join(unescape(_TAGS.sub("", html)).split())


def pieces(box: str) -> list[str]:
    """What a box says of its own: the texts between its tags that name its subject."""
    return [text for text in map(str.strip, _TAGS.split(box)) if "otter" in text.lower()]


def said(page: Page, html: str) -> str:
    """The main text on one line."""
    found = parsed(replace(page, body=html.encode("utf-8")))
    return "" if found is None else " ".join(" ".join(block.text for block in found.article.blocks).split())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", default="wcxb")
    parser.add_argument("--every", type=int, default=6)
    options = parser.parse_args()
    corpora = Path(os.environ.get("BUILDER_CORPORA", "../shared/corpora"))
    listed = list(stories(corpora / options.set, options.every))
    print(f"{len(listed)} stories")
    for sign, title in (("-", "none of the story, came along"), ("+", "of the story, kept")):
        report(title, boxes()[sign], listed)


def report(title: str, put_in: Mapping[str, str], listed: list[tuple[Page, str, int]]) -> None:
    """A line for each box, and one for all."""
    total = 0
    for name, box in put_in.items():
        wanted = pieces(box)
        texts = (said(page, html[:at] + box + html[at:]) for page, html, at in listed)
        count = sum(any(piece in text for piece in wanted) for text in texts)
        total += count
        print(f"  {name:<12} {count:>5}")
    print(f"{title}: {total} of {len(put_in) * len(listed)}")


if __name__ == "__main__":
    main()
