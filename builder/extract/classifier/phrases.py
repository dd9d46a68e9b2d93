"""What the words of short blocks have meant on other sites: learnt weights, added up over a block.

Where a block stands, and how its box is called, tells most of it. But "Subscribe" below a paragraph is none of the
story, "Conclusion" is, and pages that are written by hand have no telling names. Blocks of more than a line are not
asked: their length says enough, and their words are the subject's. `models/phrases.json` is written by
`python -m builder.extract.train`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

import numpy as np

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import neighbours
from builder.extract.classifier.names import mean_near
from builder.extract.marks import Verdicts

_WIDTH = 4
PHRASE_ROWS = ("phrase", "phrase[-1]", "phrase[+1]", f"phrase~{_WIDTH}")
"""What `phrase_features` gives: of each block, of those beside it, and the mean near it."""
_MOST_LETTERS, _MOST_WORDS, _MOST_WHOLE = 100, 12, 4
"""Of a block that is asked; words of one that is known as a whole as well."""
_LONGEST = 20
"""Characters by which a word is known."""
_WORD = re.compile(r"\w+")


class PhraseJudge:
    """Weights made ready for pages. A class, for it remembers the phrases that it has judged."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.said: Verdicts[str, float] = Verdicts(lambda text: sum(weights.get(term, 0.0) for term in terms(text)))
        """Text of a block -> what its terms weigh together."""


def terms(text: str) -> list[str]:
    """What a text is known by: words, pairs of words, each once, and a short one as a whole; nothing of a long one.

    >>> terms("Reply to Ann"), terms("3 of 12")
    (['reply', 'to', 'ann', 'reply to', 'to ann', '=reply to ann'], ['#', 'of', '# of', 'of #', '=# of #'])
    """
    if len(text) > _MOST_LETTERS:
        return []
    words = ["#" if word.isdigit() else word[:_LONGEST] for word in _WORD.findall(text.lower())]
    if len(words) > _MOST_WORDS:
        return []
    pairs = map(" ".join, pairwise(words))
    found = list(dict.fromkeys(chain(words, pairs)))  # in their order: sums of floats depend on it
    if 0 < len(words) <= _MOST_WHOLE:
        found.append("=" + " ".join(words))
    return found


def phrase_features(texts: Sequence[str], judge: PhraseJudge) -> Floats:
    """Sums of weights for every block, a row for each of PHRASE_ROWS; `texts`: those of a page, at least one."""
    said = judge.said
    own = np.array([said[text] if len(text) <= _MOST_LETTERS else 0.0 for text in texts], np.float32)
    near = mean_near(own, np.ones(len(own), np.float32), _WIDTH)
    return np.concatenate([own[None], neighbours(own[None], 1), near[None]])


def to_json(weights: Mapping[str, float]) -> str:
    """A readable file, a line a term."""
    return json.dumps(dict(sorted(weights.items())), ensure_ascii=False, indent=0) + "\n"


def from_json(text: str) -> dict[str, float]:
    """The weights of a file that `to_json` wrote."""
    found: dict[str, float] = json.loads(text)
    return found
