"""What is known of every block of a page, as columns of one matrix: worked out over the whole page at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import eq
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.characters import (
    SENTENCE_ENDS,
    Characters,
    Floats,
    characters_of,
    ends_sentence,
    starts_lower,
    text_counts,
)
from builder.extract.classifier.rounding import log1p
from builder.extract.layout import Layout
from builder.extract.marks import NAMES

Ints: TypeAlias = NDArray[np.int64]

TAG_GROUPS = {
    "p": "p", "h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4", "li": "li",
    "td": "cell", "th": "cell", "div": "div", "section": "div", "article": "div", "main": "div", "body": "div",
    "dt": "dt", "dd": "dd", "pre": "pre", "blockquote": "quote", "figcaption": "caption", "button": "button",
    "label": "button", "legend": "button",
}  # fmt: skip
GROUPS = (*dict.fromkeys(TAG_GROUPS.values()), "other")
_GROUP = {tag: GROUPS.index(group) for tag, group in TAG_GROUPS.items()}
_OTHER = len(GROUPS) - 1
_H1 = GROUPS.index("h1")
_HEADING = [GROUPS.index(name) for name in ("h1", "h2", "h3", "h4")]
_EVERY_GROUP = np.arange(len(GROUPS))[:, None]
_INLINE_BITS = np.array([[3], [4], [5], [6]])
_INLINE = ("bold", "time", "image", "input")
_FLAGS = ("in_title", "repeated", "ends_sentence", "starts_lower", "same_as_before")
_REACH = 3
_LEVELS = 4
_WIDTHS = (4, 12)
_SHARES = (0.3, 0.5, 0.7, 0.9)
_BASE = (
    "chars", "words", "prose", "link_share", "links", "word_length", "ends_rate", "commas_rate", "digit_share",
    "capital_share",
)  # fmt: skip
_NEAR = ("chars", "prose", "link_share", "heading", "p")
_HELD = ("share", "link_share", "blocks", "prose_rate", "p_rate", "alike")
_PLACES = (
    "place", "char_place", "after_h1", "h1_chars", "to_first_long", "to_last_long", "since_heading", "until_heading",
    "long_before", "long_after",
)  # fmt: skip


class BoxArrays(NamedTuple):
    """The boxes of a page as arrays."""

    own: Ints
    """For every block its box."""
    parents: Ints
    starts: Ints
    ends: Ints
    """For every box its first block, and the one after its last."""
    depths: Ints
    signatures: Ints
    marks: Ints
    inherited: Ints


def box_arrays(layout: Layout) -> BoxArrays:
    """The boxes of a layout as arrays."""
    parents, marks, inherited, signatures, depths, starts, ends = np.array(layout.boxes, np.int64)
    own = np.array([block[-1] for block in layout.blocks], np.int64)
    return BoxArrays(own, parents, starts, ends, depths, signatures, marks, inherited)


def block_names() -> list[str]:
    """The name of every row of `block_features`, in order."""
    names = [*_BASE, *_FLAGS, *(f"inline:{name}" for name in _INLINE), *(f"tag:{name}" for name in GROUPS)]
    names += [f"{name}[{shift:+d}]" for shift in range(-_REACH, _REACH + 1) if shift for name in _NEAR]
    names += [f"{name}~{width}" for width in _WIDTHS for name in ("prose", "link_share", "p_share")]
    names += [f"box{level}:{name}" for level in range(_LEVELS) for name in _HELD]
    names += [f"inside{share}" for share in _SHARES]
    names += ["depth", "depth_main", "best_box", "same_box_before", "same_box_after", *_PLACES]
    return [*names, *NAMES, *(f"own.{name}" for name in NAMES)]


_FEATURES = len(block_names())


def block_features(layout: Layout, boxes: BoxArrays, title: str, room: int = 0) -> Floats:
    """One row a feature, one column a block; rows are named by `block_names`.

    Args:
        layout: at least one block.
        boxes: its boxes.
        title: the document's title, to find what repeats it.
        room: so many rows more, for the caller to fill.
    """
    blocks = layout.blocks
    count = len(blocks)
    texts, tags, _, link_chars, links, inline, _ = zip(*blocks, strict=True)
    characters = characters_of(texts)
    counts = text_counts(texts, characters)
    chars = counts[0]
    linked = np.array(link_chars, np.float32) * chars / characters.full.astype(np.float32)
    prose = chars - linked
    share = linked / chars
    group = np.array([_GROUP.get(tag, _OTHER) for tag in tags], np.int64)
    onehot = (group == _EVERY_GROUP).astype(np.float32)
    heading, paragraph = onehot[_HEADING].sum(0), onehot[0]
    rates = counts[3:] / chars
    rates[0] = counts[3] / (chars / 60 + 1)
    long = prose >= 100
    size, words, told = map(log1p, (chars, counts[1], prose))
    near = np.array([size, told, share, heading, paragraph], np.float32)
    columns = np.empty((_FEATURES + room, count), np.float32)
    parts = [
        (size, words, told, share, np.array(links), chars / counts[1]), rates, _flags(texts, characters, title),
        (np.array(inline, np.int64) >> _INLINE_BITS) & 1, onehot, neighbours(near, _REACH),
        _smoothed(prose, linked, paragraph), *_containers(boxes, prose, linked, long, paragraph),
        _places(chars, long, heading > 0, onehot[_H1]), *_marks(boxes),
    ]  # fmt: skip
    _fill(columns, parts)
    return columns


def _fill(columns: Floats, parts: Iterable[Sequence[Any] | NDArray[Any]]) -> None:
    """Write parts, each some rows, below each other."""
    row = 0
    for part in parts:
        if isinstance(part, np.ndarray):
            columns[row : row + len(part)] = part
        else:
            for number, values in enumerate(part, row):
                columns[number] = values
        row += len(part)


def _flags(texts: Sequence[str], characters: Characters, title: str) -> list[Floats]:
    count = len(texts)
    folded = title.casefold()
    most = min(299, len(folded))  # folding makes no text shorter
    last, first = ends_sentence(characters), starts_lower(characters)
    if (characters.lengths != characters.full).any():  # long, or beyond the first plane: looked at one by one
        last = np.array([text[-1] in SENTENCE_ENDS for text in texts])
        first = np.array([text[0].islower() for text in texts])
    same = np.zeros(count, np.bool_)
    same[1:] = np.fromiter(map(eq, texts[1:], texts), np.bool_, count - 1)
    return [
        np.array([3 < len(text) <= most and text.casefold() in folded for text in texts]),
        np.fromiter(map(Counter(texts).__getitem__, texts), np.int64, count),
        last,
        first,
        same,
    ]


def neighbours(near: Floats, reach: int) -> Floats:
    """The rows as they are for the blocks before and after, nearest in the middle; beyond the page's ends -1."""
    rows, count = near.shape
    padded = np.full((rows, count + 2 * reach), -1, np.float32)
    padded[:, reach : reach + count] = near
    return np.concatenate([padded[:, reach + shift : reach + shift + count] for shift in _shifts(reach)])


def _shifts(reach: int) -> list[int]:
    return [shift for shift in range(-reach, reach + 1) if shift]


def _smoothed(prose: Floats, linked: Floats, paragraph: Floats) -> list[NDArray[np.float64]]:
    """Sums over windows around each block."""
    count = len(prose)
    where = np.arange(count)
    sums = np.zeros((4, count + 1))
    np.cumsum([prose, linked, np.where(paragraph > 0, prose, 0), np.ones(count)], axis=1, out=sums[:, 1:])
    found: list[NDArray[np.float64]] = []
    for width in _WIDTHS:
        inside = sums[:, np.minimum(where + width + 1, count)] - sums[:, np.maximum(where - width, 0)]
        found += [np.log1p(inside[0] / inside[3]), inside[1] / (inside[0] + inside[1]), inside[2] / (inside[0] + 1)]
    return found


def _containers(
    boxes: BoxArrays, prose: Floats, linked: Floats, long: NDArray[np.bool_], paragraph: Floats
) -> Iterator[NDArray[np.float64] | list[NDArray[Any]]]:
    """What the box of each block and those around it hold, and whether the page's main boxes hold the block."""
    count = len(prose)
    sums = np.zeros((4, count + 1))
    np.cumsum([prose, linked, long, paragraph], axis=1, out=sums[:, 1:])
    held = sums[:, boxes.ends] - sums[:, boxes.starts]
    total = held[0, 0] + 1
    number = boxes.ends - boxes.starts
    alike = np.bincount(boxes.signatures)[boxes.signatures]
    table = np.array(
        [held[0] / total, held[1] / (held[0] + held[1] + 1), np.log(number), held[2] / number, held[3] / number, alike]
    )
    around = boxes.own
    for _ in range(_LEVELS):
        yield table.take(around, axis=1)
        around = boxes.parents[around]
    yield _main_boxes(boxes, held[0], prose)


def _main_boxes(boxes: BoxArrays, held: NDArray[np.float64], prose: Floats) -> list[NDArray[Any]]:
    """Whether a block stands in the deepest boxes that hold shares of the prose, or the one with most of its own."""
    own, parents, depths = boxes.own, boxes.parents, boxes.depths
    where = np.arange(len(own))
    main = []
    for share in _SHARES:
        holding = (held >= share * held[0]).nonzero()[0]
        main.append(holding[(held[holding] * 1000 - depths[holding]).argmin()])
    direct = np.bincount(own, np.where(prose >= 60, prose, 0), len(parents))
    best = (direct + np.bincount(parents, direct * (parents != np.arange(len(parents))), len(parents))).argmax()
    inside = [(where >= boxes.starts[box]) & (where < boxes.ends[box]) for box in (*main, best)]
    same = np.zeros(len(own) + 1, np.bool_)
    np.equal(own[1:], own[:-1], out=same[1:-1])
    depth = depths[own]
    return [*inside[:-1], depth, depth - depths[main[1]], inside[-1], same[:-1], same[1:]]


def _places(chars: Floats, long: NDArray[np.bool_], heading: NDArray[np.bool_], h1s: Floats) -> list[NDArray[Any]]:
    """Where each block stands: on the page, to the first h1, to the long blocks and the headings around it."""
    count = len(chars)
    where = np.arange(count)
    run = chars.cumsum()
    h1 = int(h1s.argmax())
    has_h1 = bool(h1s[h1])
    longs = long.nonzero()[0]
    first, last = (int(longs[0]), int(longs[-1])) if len(longs) else (0, count - 1)
    since = where - np.maximum.accumulate(np.where(heading, where, -99))
    until = (np.minimum.accumulate(np.where(heading, where, count + 99)[::-1]))[::-1] - where
    before: Ints = long.cumsum() - long
    return [
        where / count, run / run[-1],
        _within(where - h1, 99) if has_h1 else np.full(count, 100),
        _within(run - run[h1], 9999) if has_h1 else np.full(count, 10000),
        _within(where - first, 99), _within(where - last, 99),
        np.minimum(since, 99), np.minimum(until, 99), before, len(longs) - before - long,
    ]  # fmt: skip


def _within(values: NDArray[Any], most: int) -> NDArray[Any]:
    """The values, those beyond `most` cut: np.clip without what it looks at first."""
    return np.asarray(np.minimum(np.maximum(values, -most), most))


def _marks(boxes: BoxArrays) -> tuple[Ints, Ints]:
    """Every bit of the marks as a row of its own: of all boxes around a block, and of its own box and the next."""
    bits = np.arange(len(NAMES))[:, None]
    nearest = boxes.marks | boxes.marks[boxes.parents]
    return (boxes.inherited[boxes.own] >> bits) & 1, (nearest[boxes.own] >> bits) & 1
