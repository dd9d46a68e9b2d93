"""What is known of every block of a page, as columns of one matrix: worked out over the whole page at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from builder.extract.blocks import Layout
from builder.extract.classifier.characters import Floats, text_counts
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
_HEADING = [GROUPS.index(name) for name in ("h1", "h2", "h3", "h4")]
_INLINE = ("bold", "time", "image", "input")
_FLAGS = ("in_title", "repeated", "ends_sentence", "starts_lower", "same_as_before")
_REACH = 3
_LEVELS = 4
_WIDTHS = (4, 12)
_SHARES = (0.3, 0.5, 0.7, 0.9)


class Frame(NamedTuple):
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


def frame_of(layout: Layout) -> Frame:
    """The boxes of a layout as arrays."""
    parents, marks, inherited, signatures, depths, starts, ends = (np.array(part, np.int64) for part in layout.boxes)
    own = np.array([block[-1] for block in layout.blocks], np.int64)
    return Frame(own, parents, starts, ends, depths, signatures, marks, inherited)


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


def block_names() -> list[str]:
    """The name of every row of `block_features`, in order."""
    names = [*_BASE, *_FLAGS, *(f"inline:{name}" for name in _INLINE), *(f"tag:{name}" for name in GROUPS)]
    names += [f"{name}[{shift:+d}]" for shift in range(-_REACH, _REACH + 1) if shift for name in _NEAR]
    names += [f"{name}~{width}" for width in _WIDTHS for name in ("prose", "link_share", "p_share")]
    names += [f"box{level}:{name}" for level in range(_LEVELS) for name in _HELD]
    names += [f"inside{share}" for share in _SHARES]
    names += ["depth", "depth_main", "best_box", "same_box_before", "same_box_after", *_PLACES]
    return [*names, *NAMES, *(f"own.{name}" for name in NAMES)]


def block_features(layout: Layout, frame: Frame, title: str) -> Floats:
    """One row a feature, one column a block; rows are named by `block_names`.

    Args:
        layout: at least one block.
        frame: its boxes.
        title: the document's title, to find what repeats it.
    """
    blocks = layout.blocks
    count = len(blocks)
    texts, tags, _, link_chars, links, inline, _ = zip(*blocks, strict=True)
    counts = text_counts(texts)
    chars = counts[0]
    raw = np.fromiter(map(len, texts), np.float32, count)
    linked = np.array(link_chars, np.float32) * chars / raw
    prose = chars - linked
    share = linked / chars
    group = np.array([_GROUP.get(tag, _OTHER) for tag in tags], np.int64)
    onehot = (group[None, :] == np.arange(len(GROUPS))[:, None]).astype(np.float32)
    heading, paragraph = onehot[_HEADING].sum(0), onehot[0]
    flags = np.array(inline, np.int64)
    base = np.array(
        [np.log1p(chars), np.log1p(counts[1]), np.log1p(prose), share, np.array(links, np.float32), chars / counts[1]]
    )
    rates = counts[3:] / chars
    rates[0] = counts[3] / (chars / 60 + 1)
    long = prose >= 100
    near = np.array([base[0], base[2], share, heading, paragraph], np.float32)
    rows = [
        base, rates, _flags(texts, title), (flags[None, :] >> np.array([[3], [4], [5], [6]])) & 1, onehot,
        *neighbours(near, _REACH), *_smoothed(prose, linked, paragraph),
        _containers(frame, prose, linked, long, paragraph), _places(chars, long, onehot), *_marks(frame),
    ]  # fmt: skip
    return np.concatenate([np.asarray(part, np.float32) for part in rows])


def _flags(texts: Sequence[str], title: str) -> Floats:
    seen = Counter(texts)
    folded = title.casefold()
    before: tuple[str, ...] = ("", *texts)
    return np.array(
        [
            [3 < len(text) < 300 and text.casefold() in folded for text in texts],
            [seen[text] for text in texts],
            [text[-1] in ".!?…。！？।؟۔:\"”'" for text in texts],
            [text[0].islower() for text in texts],
            [text == last for text, last in zip(texts, before, strict=False)],
        ],
        np.float32,
    )


def neighbours(near: Floats, reach: int) -> list[Floats]:
    """The rows as they are for the blocks before and after, nearest in the middle; beyond the page's ends -1."""
    rows, count = near.shape
    padded = np.full((rows, count + 2 * reach), -1, np.float32)
    padded[:, reach : reach + count] = near
    return [padded[:, reach + shift : reach + shift + count] for shift in range(-reach, reach + 1) if shift]


def _smoothed(prose: Floats, linked: Floats, paragraph: Floats) -> list[Floats]:
    """Sums over windows around each block."""
    count = len(prose)
    sums = np.zeros((4, count + 1))
    np.cumsum([prose, linked, np.where(paragraph > 0, prose, 0), np.ones(count)], axis=1, out=sums[:, 1:])
    found: list[Floats] = []
    for width in _WIDTHS:
        high = np.minimum(np.arange(count) + width + 1, count)
        low = np.maximum(np.arange(count) - width, 0)
        inside = sums[:, high] - sums[:, low]
        mean, linked_share = np.log1p(inside[0] / inside[3]), inside[1] / (inside[0] + inside[1])
        found.append(np.array([mean, linked_share, inside[2] / (inside[0] + 1)], np.float32))
    return found


def _containers(frame: Frame, prose: Floats, linked: Floats, long: NDArray[np.bool_], paragraph: Floats) -> Floats:
    """What the box of each block and those around it hold, and whether the page's main boxes hold the block."""
    count = len(prose)
    sums = np.zeros((4, count + 1))
    np.cumsum([prose, linked, long, paragraph], axis=1, out=sums[:, 1:])
    held = sums[:, frame.ends] - sums[:, frame.starts]
    total = held[0, 0] + 1
    number = frame.ends - frame.starts
    alike = np.bincount(frame.signatures)[frame.signatures]
    table = np.array(
        [held[0] / total, held[1] / (held[0] + held[1] + 1), np.log(number), held[2] / number, held[3] / number, alike]
    )
    rows = []
    around = frame.own
    for _ in range(_LEVELS):
        rows.append(table[:, around])
        around = frame.parents[around]
    return np.concatenate([*rows, _main_boxes(frame, held[0], prose)])


def _main_boxes(frame: Frame, held: NDArray[np.float64], prose: Floats) -> Floats:
    """Whether a block stands in the deepest boxes that hold shares of the prose, or the one with most of its own."""
    own, parents, depths = frame.own, frame.parents, frame.depths
    where = np.arange(len(own))
    boxes = []
    for share in _SHARES:
        holding = np.flatnonzero(held >= share * held[0])
        boxes.append(holding[np.argmin(held[holding] * 1000 - depths[holding])])
    direct = np.bincount(own, np.where(prose >= 60, prose, 0), len(parents))
    best = np.argmax(direct + np.bincount(parents, direct * (parents != np.arange(len(parents))), len(parents)))
    inside = [(where >= frame.starts[box]) & (where < frame.ends[box]) for box in (*boxes, best)]
    same = np.concatenate([[False], own[1:] == own[:-1]])
    depth = depths[own]
    return np.array(
        [*inside[:-1], depth, depth - depths[boxes[1]], inside[-1], same, np.append(same[1:], False)], np.float32
    )


def _places(chars: Floats, long: NDArray[np.bool_], onehot: Floats) -> Floats:
    """Where each block stands: on the page, to the first h1, to the long blocks and the headings around it."""
    count = len(chars)
    where = np.arange(count)
    run = np.cumsum(chars)
    h1 = int(np.argmax(onehot[GROUPS.index("h1")]))
    has_h1 = bool(onehot[GROUPS.index("h1"), h1])
    longs = np.flatnonzero(long)
    first, last = (int(longs[0]), int(longs[-1])) if len(longs) else (0, count - 1)
    heading = onehot[_HEADING].sum(0) > 0
    since = where - np.maximum.accumulate(np.where(heading, where, -99))
    until = (np.minimum.accumulate(np.where(heading, where, count + 99)[::-1]))[::-1] - where
    before: Ints = np.cumsum(long) - long
    return np.array(
        [
            where / count, run / run[-1],
            np.clip(where - h1, -99, 99) if has_h1 else np.full(count, 100),
            np.clip(run - run[h1], -9999, 9999) if has_h1 else np.full(count, 10000),
            np.clip(where - first, -99, 99), np.clip(where - last, -99, 99),
            np.minimum(since, 99), np.minimum(until, 99), before, long.sum() - before - long,
        ],
        np.float32,
    )  # fmt: skip


def _marks(frame: Frame) -> tuple[Ints, Ints]:
    """Every bit of the marks as a row of its own: of all boxes around a block, and of its own box and the next."""
    bits = np.arange(len(NAMES))[:, None]
    nearest = frame.marks | frame.marks[frame.parents]
    return (frame.inherited[frame.own] >> bits) & 1, (nearest[frame.own] >> bits) & 1
