"""Pages with a reference text as the trainer takes them: features, labels and what is needed to count words."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from builder.errors import PageError
from builder.extract.article import ALL_NAMES
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import BoxArrays, block_features, box_arrays
from builder.extract.classifier.pagetype import page_features
from builder.extract.layout import Layout
from builder.extract.page import ParsedPage, ParseLimits, parse_page
from builder.extract.training.labels import chunk_labels, labels, words_of
from builder.normalize import urls
from builder.records import Locator, Page

_ROWS = {name: number for number, name in enumerate(ALL_NAMES)}
_CHUNK_WEIGHT = 2.0
"""A piece that someone took the trouble to name counts like a long paragraph of a page whose whole text is known."""
_NOWHERE = Locator("", 0, 0)


class Sample(NamedTuple):
    """A page to learn from."""

    corpus: str
    site: str
    """Registrable domain: pages of one site are never both learnt from and tested on."""
    page_type: str | None
    columns: Floats
    """The features of its blocks, but what names and types say."""
    page: Floats
    """Its one column of page features."""
    labels: Floats
    """Share of each block that belongs to the text."""
    weights: Floats
    """What each block counts in training; 0 where its label is not known."""
    words: list[list[str]]
    reference: Counter[str] | None
    """Words of the whole text, None where only pieces of it are known."""
    pieces: tuple[list[str], list[str]]
    """Pieces that the text must hold, and that it must not."""
    texts: list[str]
    layout: Layout
    """Without blocks and elements, which would keep the tree."""
    boxes: BoxArrays


class Look(NamedTuple):
    """What the type of a page is told by."""

    page: Floats
    """Its one column of page features."""
    layout: Layout
    """Without blocks and elements, which would keep the tree."""
    is_story: bool
    """Whether it declares its headline to be that of one story."""


def look_of(page: ParsedPage) -> Look | None:
    """What the type of a page is told by; None where it has no text."""
    if not page.layout.blocks:
        return None
    columns = block_features(page.layout, box_arrays(page.layout), page.head.title)
    return Look(_page_column(page, columns), _bare(page.layout), page.declares_a_story())


def _page_column(page: ParsedPage, columns: Floats) -> Floats:
    return page_features(columns, _ROWS, page.head, page.page.url.removeprefix("file:"))


def _bare(layout: Layout) -> Layout:
    """A layout without blocks and elements, which would keep the tree."""
    return layout._replace(blocks=[], marked=[])


def read_samples(folder: Path) -> Iterator[Sample]:
    """The pages of one corpus of which the text is known, or pieces that belong to it and that do not, in its order.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    truths = read_truths(folder)
    for page in read_pages(folder / "pages.warc.gz"):
        if not truths.get(page.url, {}).keys().isdisjoint(("text", "with")):
            seen = parsed(page)
            if seen is not None and seen.layout.blocks:
                yield sample_of(folder.name, page.url, seen, truths[page.url])


def read_truths(folder: Path) -> dict[str, dict[str, Any]]:
    """What is known of the pages of a corpus, by URL.

    Raises:
        OSError: `truth.jsonl` cannot be read.
    """
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return {row["url"]: row for row in map(json.loads, lines)}


def parsed(page: Page) -> ParsedPage | None:
    """A page of a corpus; None where it cannot be parsed. Addresses under `.invalid` stand for unknown ones."""
    try:
        return parse_page(replace(page, url="file:") if ".invalid/" in page.url else page, ParseLimits())
    except PageError:
        return None


def site_of(url: str) -> str:
    """The registrable domain; of an address that stands for an unknown one its last step, which names the page."""
    host = urlsplit(url).hostname or ""
    return url.rsplit("/", 1)[-1] if host.endswith(".invalid") else urls.site_of(host) or host


def sample_of(corpus: str, url: str, page: ParsedPage, truth: Mapping[str, Any]) -> Sample:
    """What a page that has blocks teaches; `url`: its address in the corpus; `truth`: what is known of it."""
    texts = [block.text for block in page.layout.blocks]
    boxes = box_arrays(page.layout)
    columns = block_features(page.layout, boxes, page.head.title)
    words = list(map(words_of, texts))
    reference = None
    if "text" in truth:
        whole = words_of(truth["text"])
        found, weights, reference = labels(words, whole), block_weights(words, len(whole)), Counter(whole)
    else:
        found, known = chunk_labels(texts, truth["with"], truth["without"])
        weights = np.array(known, np.float32) * _CHUNK_WEIGHT
    described = _page_column(page, columns)
    site, kind = site_of(url), truth.get("page_type")
    return Sample(
        corpus, site, kind, columns, described, np.array(found, np.float32), weights, words, reference,
        (truth.get("with", []), truth.get("without", [])), texts, _bare(page.layout), boxes,
    )  # fmt: skip


def block_weights(words: Sequence[Sequence[str]], whole: int) -> Floats:
    """A block weighs by its words, less on a page with much text, for the F1 of pages is averaged."""
    counts = np.array([len(block) for block in words], np.float32)
    return np.asarray((counts**0.75 + 0.5) / (whole + 50) ** 0.6, np.float32)


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of every response record of a gzipped WARC file; their headers say the charset."""
    with gzip.open(path) as stream:
        while line := stream.readline():
            if not line.startswith(b"WARC/"):
                continue
            headers = _headers(stream)
            record = BytesIO(stream.read(int(headers["content-length"])))
            if headers.get("warc-type") == "response":
                record.readline()
                yield Page(headers["warc-target-uri"], headers=_headers(record), body=record.read(), source=_NOWHERE)


def _headers(stream: gzip.GzipFile | BytesIO) -> dict[str, str]:
    found = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        found[name.lower()] = value.strip()
    return found
