"""Stories interrupted: what sites put between two paragraphs, put there on pages to learn from.

A newsletter's form, a poll, "read also" between two paragraphs is none of the story, yet all that stands around it is.
The corpora have too few of them, in too few words, to teach that; `inserts.txt` has more, of our own writing. They are
dealt out by fold, so a page that is answered by models of other folds has inserts that those have not seen.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from lxml import etree, html
from numpy.typing import NDArray

from builder.extract.layout import Block
from builder.extract.page import ParsedPage
from builder.extract.training.samples import Sample, block_weights, parsed, read_pages, read_truths, sample_of, site_of

_NEAR = 2
"""Blocks on both sides of an insert that are learnt from once more."""
_WEIGHT = 2.0
"""What a block that was put in counts, against one of as many words that a page brings itself."""
_FEWEST_WORDS = 12
"""Of the blocks on both sides of an insert."""
_MOST = 5
MARK = "data-insert"
"""Attribute of what was put in; no feature looks at it."""
_SITES = ("The Daily Lantern", "Harbour Post", "Nordlicht", "Eastfield Times", "La Torre", "Riverbank")


class Inserts(NamedTuple):
    """What may stand amid stories of one language."""

    boxes: list[str]
    """HTML, with `{site}` and `{headline}` to fill in."""
    headlines: list[str]


@lru_cache(maxsize=1)
def inserts() -> Mapping[str, Inserts]:
    """Language -> its inserts, as `inserts.txt` has them."""
    found: Mapping[str, Inserts] = defaultdict(lambda: Inserts([], []))
    text = (resources.files("builder.extract.training") / "inserts.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            language, _, said = line.partition(" ")
            own = found[language]
            (own.boxes if said.startswith("<") else own.headlines).append(said)
    return dict(found)


def read_interrupted(folder: Path, folds: Mapping[str, int], count: int) -> Iterator[Sample]:
    """The stories of one corpus, interrupted; of each only what stands near the inserts counts.

    Args:
        folder: the corpus.
        folds: fold of every site.
        count: how many folds there are.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    truths = read_truths(folder)
    for captured in read_pages(folder / "pages.warc.gz"):
        truth = truths.get(captured.url, {})
        fold = folds.get(site_of(captured.url))
        known = not truth.keys().isdisjoint(("text", "with"))
        if known and fold is not None and (page := parsed(captured)) is not None and page.layout.blocks:
            sample = _interrupted(f"{folder.name} interrupted", captured.url, page, truth, (fold, count))
            if sample is not None:
                yield sample


def _interrupted(
    corpus: str, url: str, page: ParsedPage, truth: Mapping[str, Any], turn: tuple[int, int]
) -> Sample | None:
    plain = sample_of(corpus, url, page, truth)
    if not interrupt(page.layout.blocks, plain.labels >= 0.5, plain.weights > 0, url, *turn):
        return None
    again = ParsedPage(page.page, page.root, page.decoded)
    inserted = np.array([is_inserted(block.element) for block in again.layout.blocks])
    if len(inserted) - inserted.sum() != len(plain.labels):  # what was put in has changed how the rest is cut
        return None
    sample = sample_of(corpus, url, again, truth)
    labels, weights = np.zeros((2, len(inserted)), np.float32)
    labels[~inserted], weights[~inserted] = plain.labels, plain.weights
    weights[np.convolve(inserted, np.ones(2 * _NEAR + 1), "same") == 0] = 0
    around = sum(map(len, plain.words)) if plain.reference is None else plain.reference.total()
    weights[inserted] = _WEIGHT * block_weights(sample.words, around)[inserted]
    return sample._replace(page_type=None, labels=labels, weights=weights)


def interrupt(
    blocks: Sequence[Block], good: NDArray[np.bool_], known: NDArray[np.bool_], key: str, fold: int, folds: int
) -> bool:
    """Put inserts between paragraphs of a story, and behind it, into its tree; whether there was room for any.

    Args:
        blocks: those of the page, at least one.
        good: which belong to the story.
        known: of which that is known.
        key: what says which inserts, and where: the same for the same.
        fold: that of the page; an insert belongs to one of `folds`.
        folds: how many there are.
    """
    places = sorted(_places(blocks, good, known), key=lambda number: _number(f"{key} {number}"))
    language = (blocks[0].element.getroottree().getroot().get("lang") or "")[:2].lower()
    written = inserts()
    own = written.get(language, written["en"])
    boxes = own.boxes[fold::folds] or written["en"].boxes[fold::folds]
    chosen = set(places[: min(_MOST, len(places) // 2)])
    if chosen and blocks[end := int(np.flatnonzero(good)[-1])].element.tag == "p":
        chosen.add(end)
    for number in sorted(chosen):
        at = _number(f"{key} box {number}")
        box = html.fragment_fromstring(_filled(boxes[at % len(boxes)], own.headlines, at))
        box.set(MARK, "")
        box.tail = blocks[number].element.tail
        blocks[number].element.tail = None
        blocks[number].element.addnext(box)
    return bool(chosen)


def is_inserted(element: etree._Element) -> bool:
    """Whether an element stands in what was put in."""
    return any(MARK in node.attrib for node in (element, *element.iterancestors()))


def _places(blocks: Sequence[Block], good: NDArray[np.bool_], known: NDArray[np.bool_]) -> Iterator[int]:
    """The blocks that a sibling follows at once, where one is of the story and the other may be."""
    for number, (block, following) in enumerate(pairwise(blocks)):
        both = slice(number, number + 2)
        if (
            good[both].any()
            and (good[both] | ~known[both]).all()
            and min(len(block.text.split()), len(following.text.split())) >= _FEWEST_WORDS
            and block.element.getnext() is following.element
        ):
            yield number


def _filled(box: str, headlines: Sequence[str], at: int) -> str:
    while "{headline}" in box:
        box = box.replace("{headline}", headlines[at % len(headlines)], 1)
        at //= 2
    return box.replace("{site}", _SITES[at % len(_SITES)])


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8])
