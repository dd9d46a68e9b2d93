"""How much each sign speaks for a candidate: logistic weights, fitted on pages whose title, authors and date are known.

A candidate's score is the sum over its signs; the highest wins. `none...` are the signs of a page that has no value:
their sum is what a candidate must pass. Signs that are not listed weigh nothing. `python -m builder.extract.train`
writes the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

_WEIGHTS: Mapping[str, Mapping[str, float]] = json.loads(
    (resources.files("builder.extract") / "models" / "weights.json").read_text(encoding="utf-8")
)
TITLE_WEIGHTS = _WEIGHTS["title"]
"""See `titles`."""
AUTHOR_WEIGHTS = _WEIGHTS["author"]
"""See `authors`."""
DATE_WEIGHTS = _WEIGHTS["date"]
"""See `published`."""
