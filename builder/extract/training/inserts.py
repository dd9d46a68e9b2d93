"""Stories interrupted: what sites put between two paragraphs, put there on pages to learn from.

A newsletter's form, a poll, "read also" between two paragraphs is none of the story, yet all that stands around it is.
The corpora have too few of them, in too few words, to teach that; `inserts.txt` has more, of our own writing, and as
many boxes that are of the story, lest every box be taken for an interruption. They are dealt out by fold, and are about
pages of this fold, so a page that is answered by models of other folds has inserts that those have not seen, and has
lent them no words.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from importlib import resources
from itertools import chain, compress, count, pairwise
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
_MOST = 6
MARK, STORY = "data-insert", "story"
"""Attribute of what was put in, and its value where that is of the story; no feature looks at it."""
_LONG = 5
"""Letters of a word that may be a topic."""
_LINE, _FEW = 250, 6
"""Characters of the longest line, and words of the shortest, that stands in a box."""
_BLANK = re.compile(r"\{(headline|name|sentence|site|topic)\}")


class Turn(NamedTuple):
    """What says which inserts a page takes, and where."""

    url: str
    fold: int
    """That of its site: it takes the inserts of this fold."""
    folds: int
    """How many there are."""


class Others(NamedTuple):
    """What is known of other pages: inserts are about them."""

    headlines: Sequence[str]
    names: Sequence[str]
    sites: Sequence[str]
    topics: Sequence[str]
    sentences: Sequence[str]


@lru_cache(maxsize=1)
def inserts() -> Mapping[str, Sequence[str]]:
    """Language, with + for what is of the story -> boxes, HTML with `{headline}` and the like to fill in."""
    found: dict[str, list[str]] = defaultdict(list)
    text = (resources.files("builder.extract.training") / "inserts.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            language, _, box = line.partition(" ")
            found[language].append(box)
    return dict(found)


def others_by_fold(truths: Iterable[Mapping[str, Any]], folds: Mapping[str, int]) -> Mapping[int, Others]:
    """Fold -> what its inserts may be about, from what is known of its pages; `folds`: that of every site."""
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for truth in truths:
        if (fold := folds.get(site_of(truth["url"]))) is not None:
            found[fold].append(truth)
    return {fold: _others_of(listed) for fold, listed in found.items()}


def _others_of(listed: Sequence[Mapping[str, Any]]) -> Others:
    headlines = [title for truth in listed if (title := truth.get("title"))]
    names = [name for truth in listed for name in truth.get("author") or ()]
    sites = [site_of(truth["url"]).partition(".")[0].title() for truth in listed]
    lines = [line for truth in listed for line in truth.get("text", "").splitlines() if len(line) <= _LINE]
    sentences = [line for line in lines if line.endswith(".") and len(line.split()) >= _FEW]
    topics = [word for title in headlines for word in title.split() if len(word) >= _LONG and word.isalpha()]
    return Others(headlines or sites, names or sites, sites, topics or sites, sentences or headlines or sites)


def read_interrupted(folder: Path, folds: Mapping[str, int], others: Mapping[int, Others]) -> Iterator[Sample]:
    """The stories of one corpus, interrupted; of each only what stands near the inserts counts.

    Args:
        folder: the corpus.
        folds: fold of every site.
        others: what the inserts of each fold are about.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    truths = read_truths(folder)
    for captured in read_pages(folder / "pages.warc.gz"):
        truth, fold = truths.get(captured.url, {}), folds.get(site_of(captured.url))
        known = not truth.keys().isdisjoint(("text", "with"))
        if known and fold is not None and (page := parsed(captured)) is not None and page.layout.blocks:
            turn = Turn(captured.url, fold, 1 + max(folds.values()))
            sample = _interrupted(f"{folder.name} interrupted", page, truth, others[fold], turn)
            if sample is not None:
                yield sample


def _interrupted(corpus: str, page: ParsedPage, truth: Mapping[str, Any], others: Others, turn: Turn) -> Sample | None:
    plain = sample_of(corpus, turn.url, page, truth)
    if not interrupt(page.layout.blocks, plain.labels >= 0.5, plain.weights > 0, others, turn):
        return None
    again = ParsedPage(page.page, page.root, page.decoded)
    marks = [mark_of(block.element) for block in again.layout.blocks]
    inserted = np.array([mark is not None for mark in marks])
    if len(inserted) - inserted.sum() != len(plain.labels):  # what was put in has changed how the rest is cut
        return None
    sample = sample_of(corpus, turn.url, again, truth)
    labels, weights = np.zeros((2, len(inserted)), np.float32)
    labels[~inserted], weights[~inserted] = plain.labels, plain.weights
    own = np.array([mark == STORY for mark in marks])
    labels[own] = 1
    weights[np.convolve(inserted, np.ones(2 * _NEAR + 1), "same") == 0] = 0
    around = sum(map(len, plain.words)) if plain.reference is None else plain.reference.total()
    weights[inserted] = _WEIGHT * block_weights(sample.words, around)[inserted]
    added = Counter(chain.from_iterable(compress(sample.words, own)))
    whole = None if sample.reference is None else sample.reference + added
    return sample._replace(page_type=None, labels=labels, weights=weights, reference=whole)


def interrupt(
    blocks: Sequence[Block], good: NDArray[np.bool_], known: NDArray[np.bool_], others: Others, turn: Turn
) -> bool:
    """Put inserts between paragraphs of a story, and behind it, into its tree; whether there was room for any.

    Args:
        blocks: those of the page, at least one.
        good: which belong to the story.
        known: of which that is known.
        others: what the inserts are about.
        turn: what says which inserts, and where: the same for the same.
    """
    places = sorted(_places(blocks, good, known), key=lambda number: _number(f"{turn.url} {number}"))
    chosen = set(places[: min(_MOST, len(places) // 2)])
    end = int(np.flatnonzero(good)[-1]) if chosen else -1
    if chosen and blocks[end].element.tag == "p":
        chosen.add(end)
    language = (blocks[0].element.getroottree().getroot().get("lang") or "")[:2].lower()
    for number in sorted(chosen):
        at = _number(f"{turn.url} box {number}")
        of_story = number != end and at % 2 == 1
        boxes = _boxes(language, turn, of_story=of_story)
        box = html.fragment_fromstring(_filled(boxes[at // 2 % len(boxes)], others, at))
        box.set(MARK, STORY if of_story else "")
        blocks[number].element.addnext(box)
    return bool(chosen)


def _boxes(language: str, turn: Turn, *, of_story: bool) -> Sequence[str]:
    """The inserts of this turn in one language, or in English."""
    written, kind = inserts(), "+" * of_story
    own = written.get(language + kind, ())[turn.fold :: turn.folds]
    return own or written[f"en{kind}"][turn.fold :: turn.folds]


def mark_of(element: etree._Element) -> str | None:
    """What marks the insert that an element stands in, STORY where that is of the story; None outside of inserts."""
    marks = (node.get(MARK) for node in (element, *element.iterancestors()))
    return next((mark for mark in marks if mark is not None), None)


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


def _filled(box: str, others: Others, at: int) -> str:
    """A box with its blanks filled, each with something else."""
    kinds = {
        "headline": others.headlines,
        "name": others.names,
        "sentence": others.sentences,
        "site": others.sites,
        "topic": others.topics,
    }
    turns = count(at)

    def fill(blank: re.Match[str]) -> str:
        choice = kinds[blank[1]]
        return escape(choice[_number(str(next(turns))) % len(choice)])

    return _BLANK.sub(fill, box)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8])
