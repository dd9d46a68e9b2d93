"""What a page gives is the same on every processor: numpy and BLAS have other code for those that know less."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from readme_pages import ROOT

PROBE = """
import sys
from hashlib import sha256
from pathlib import Path

from builder.extract.article import ALL_NAMES, block_probabilities, models
from builder.extract.classifier.features import block_features, box_arrays
from builder.extract.classifier.pagetype import page_features
from builder.extract.page import ParseLimits, parse_page
from builder.records import Locator, Page

rows = {name: number for number, name in enumerate(ALL_NAMES)}
for path in sorted(Path(sys.argv[1]).glob("*/*.html")):
    page = parse_page(Page("https://a.example/news/1", path.read_bytes(), Locator("a", 0, 1)), ParseLimits())
    if page.layout.blocks:
        boxes = box_arrays(page.layout)
        columns = block_features(page.layout, boxes, page.head.title)
        whole = block_features(page.layout, boxes, page.head.title, room=len(ALL_NAMES) - len(columns))
        whole[len(columns):] = 0
        scores = block_probabilities(models().blocks, models().network, whole, boxes)
        said = [columns, page_features(columns, rows, page.head, page.known_url), scores]
        types = repr(sorted(page.article.types.items()))
        print(path.name, *(sha256(part.tobytes()).hexdigest() for part in said), sha256(types.encode()).hexdigest())
"""
KNOWN = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])  # type: ignore[index]
"""What the processor knows beyond what numpy asks of each."""


def answers(**surroundings: str) -> list[str]:
    probe = subprocess.run(
        [sys.executable, "-c", PROBE, ROOT / "tests" / "sites"],
        env={**os.environ, "PYTHONPATH": str(ROOT), **surroundings}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return probe.stdout.splitlines()


@pytest.mark.skipif(not KNOWN, reason="this processor knows no more than every one that numpy runs on")
def test_a_page_gives_the_same_on_every_processor() -> None:
    found = answers()
    assert len(found) > 20
    assert answers(NPY_DISABLE_CPU_FEATURES=" ".join(KNOWN), OPENBLAS_CORETYPE="Prescott") == found
