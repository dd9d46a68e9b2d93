"""Pages with a reference text as the trainer takes them: features, labels and what is needed to count words."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from lxml import etree
from publicsuffixlist import PublicSuffixList

from builder.errors import PageError
from builder.extract.article import ALL_NAMES
from builder.extract.blocks import read_layout
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import Frame, block_features, frame_of
from builder.extract.classifier.labels import labels, words_of
from builder.extract.classifier.pagetype import page_features, read_head
from builder.extract.page import ParseLimits, parse_page
from builder.records import Locator, Page

_ROWS = {name: number for number, name in enumerate(ALL_NAMES)}
_UTF8 = {"content-type": "text/html; charset=utf-8"}
_SUFFIXES = PublicSuffixList()


class Sample(NamedTuple):
    """A page to learn from."""

    site: str
    """Registrable domain: pages of one site are never both learnt from and tested on."""
    page_type: str | None
    columns: Floats
    page: Floats
    """Its one column of page features."""
    frame: Frame
    labels: Floats
    words: list[list[str]]
    reference: Counter[str]


def read_samples(folder: Path) -> Iterator[Sample]:
    """The pages of one corpus that have text, in its order.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        truths = {row["url"]: row for row in map(json.loads, lines) if "text" in row}
    for url, body in read_pages(folder / "pages.warc.gz"):
        if url in truths:
            sample = _sample(url, body, truths[url]["text"], truths[url].get("page_type"))
            if sample is not None:
                yield sample


def _sample(url: str, body: bytes, text: str, page_type: str | None) -> Sample | None:
    try:
        root: etree._Element = parse_page(Page(url, body, Locator("", 0, 0), headers=_UTF8), ParseLimits()).root
    except PageError:
        return None
    layout, head = read_layout(root), read_head(root)
    if not layout.blocks:
        return None
    host = urlsplit(url).hostname or ""
    known = "" if host.endswith(".invalid") else url
    frame = frame_of(layout)
    columns = block_features(layout, frame, head.title)
    words = [words_of(block.text) for block in layout.blocks]
    reference = words_of(text)
    found = np.array(labels(words, reference), np.float32)
    page = page_features(columns, _ROWS, head, known)
    return Sample(
        _SUFFIXES.privatesuffix(host) or host, page_type, columns, page, frame, found, words, Counter(reference)
    )


def read_pages(path: Path) -> Iterator[tuple[str, bytes]]:
    """URL and HTML of every response record of a gzipped WARC file."""
    with gzip.open(path) as stream:
        while line := stream.readline():
            if not line.startswith(b"WARC/"):
                continue
            headers = dict(_headers(stream))
            body = stream.read(int(headers["content-length"]))
            if headers.get("warc-type") == "response":
                yield headers["warc-target-uri"], body.partition(b"\r\n\r\n")[2]


def _headers(stream: gzip.GzipFile) -> Iterator[tuple[str, str]]:
    while line := stream.readline().strip():
        name, _, value = line.decode("utf-8").partition(":")
        yield name.lower(), value.strip()
