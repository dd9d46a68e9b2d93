"""What the words in classes and ids have meant on other sites: learnt weights, added up over boxes and pages.

The table of `marks` holds what is known beforehand of a few words; this one holds what several thousand words have
turned out to say: of the blocks in a box, and of the type of the page. `models/names.json` is written by
`python -m builder.extract.train`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import BoxArrays, neighbours
from builder.extract.classifier.rounding import softmax
from builder.extract.layout import Layout
from builder.extract.marks import Verdicts, words_in

_WIDTH = 10
NAME_ROWS = ("names", "names:own", "names[-1]", "names:own[-1]", "names[+1]", "names:own[+1]", f"names~{_WIDTH}")
"""What `name_features` gives: the sum over all boxes around a block, that of its own box, and those near it."""


_NOTHING = (0.0, 0.0)


class NameWeights(NamedTuple):
    """The weight of every word; a tag is a word that begins with `<`. Others weigh nothing."""

    blocks: Mapping[str, Sequence[float]]
    """For a block in the text: where it stands around the block, and where it is of the block's own box."""
    types: Mapping[str, Sequence[float]]
    """For each page type."""
    start: Sequence[float]
    """What each page type weighs before the first word."""


class Said(NamedTuple):
    """What the words of one name say together."""

    around: float
    own: float
    types: tuple[int, ...]
    """Rows of the types' weights."""


class _Word(NamedTuple):
    around: float
    own: float
    row: int | None
    """Its row among the types' weights."""


class NameJudge:
    """Weights made ready for pages. A class, for it remembers the names that it has judged."""

    def __init__(self, weights: NameWeights) -> None:
        row = {word: number for number, word in enumerate(weights.types)}
        self._known = {
            word: _Word(weights.blocks.get(word, _NOTHING)[0], weights.blocks.get(word, _NOTHING)[1], row.get(word))
            for word in {**weights.blocks, **weights.types}
        }
        self.type_rows = np.array([*weights.types.values(), weights.start], np.float32)
        """The last row is the start."""
        self.kinds: Verdicts[tuple[str, str], Said] = Verdicts(lambda kind: self._judge(kind_words(*kind)))
        """(tag, class) -> what its words say."""
        self.ids: Verdicts[str, Said] = Verdicts(lambda name: self._judge(words_in(name)))

    def _judge(self, words: Iterable[str]) -> Said:
        around = own = 0.0
        rows: list[int] = []
        for word in words:
            if (known := self._known.get(word)) is not None:
                around += known.around
                own += known.own
                if known.row is not None:
                    rows.append(known.row)
        return Said(around, own, tuple(rows))


def kind_words(tag: str, css_class: str) -> list[str]:
    """The words that a tag and a class say."""
    return [f"<{tag}", *words_in(css_class)]


def name_features(layout: Layout, boxes: BoxArrays, words: Floats, judge: NameJudge) -> Floats:
    """Sums of weights for every block, a row for each of NAME_ROWS.

    Args:
        layout: at least one block.
        boxes: its boxes.
        words: how many words each block has.
        judge: the weights.
    """
    own = np.array([judge.kinds[kind][:2] for kind in layout.kinds])[boxes.signatures]
    for box, name in layout.ids:
        own[box] += judge.ids[name][:2]
    around: list[float] = []
    for said, parent in zip(own[:, 0].tolist(), layout.boxes.parents, strict=True):
        around.append(said + around[parent] if around else said)
    of_blocks = np.array([around, own[:, 1]], np.float32)[:, boxes.own]
    return np.concatenate([of_blocks, neighbours(of_blocks, 1), mean_near(of_blocks[0], words + 0.5, _WIDTH)[None]])


def mean_near(values: Floats, weights: Floats, width: int) -> Floats:
    """The weighted mean over a window of so many blocks before and behind each."""
    count = len(values)
    sums = np.zeros((2, count + 1))
    np.cumsum([values * weights, weights], axis=1, out=sums[:, 1:])
    where = np.arange(count)
    inside = sums[:, np.minimum(where + width + 1, count)] - sums[:, np.maximum(where - width, 0)]
    return np.asarray(inside[0] / inside[1], np.float32)


def name_types(layout: Layout, judge: NameJudge) -> Floats:
    """How likely each page type is, (types,), by all words in the classes and ids of a page, each counted once."""
    rows = {len(judge.type_rows) - 1}
    for kind in layout.kinds:
        rows.update(judge.kinds[kind].types)
    for _, name in layout.ids:
        rows.update(judge.ids[name].types)
    return softmax(judge.type_rows[sorted(rows)].sum(axis=0))


def to_json(weights: NameWeights) -> str:
    """A readable file, a line a word."""
    parts = [
        f'"{part}": {{\n' + ",\n".join(f"{json.dumps(word)}: {json.dumps(list(table[word]))}" for word in table) + "\n}"
        for part, table in (("blocks", weights.blocks), ("types", weights.types))
    ]
    return "{\n" + ",\n".join([f'"start": {json.dumps(list(weights.start))}', *parts]) + "\n}\n"


def from_json(text: str) -> NameWeights:
    """The weights of a file that `to_json` wrote."""
    return NameWeights(**json.loads(text))
