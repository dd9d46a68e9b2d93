"""Pages written otherwise: the same text under other markup, to learn from once more.

What a class is called on one site says little on the next, and many write names that no human chose. On half of the
pages one thing is changed that does not change what they say: names become unknown ones or go, paragraphs become
`<div>`, or all of the page stands in a form or a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from builder.extract.page import ParsedPage
from builder.extract.training.samples import Sample, parsed, read_pages, read_truths, sample_of

_WEIGHT = 0.5
"""What a block counts against the same one of the page as it is."""
_LETTERS = "bcdfghjklmnpqrstvwxz"
"""Of names that say nothing."""


def read_rewritten(folder: Path) -> Iterator[Sample]:
    """Half of the pages of one corpus, written otherwise.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    truths = read_truths(folder)
    for captured in read_pages(folder / "pages.warc.gz"):
        truth, at = truths.get(captured.url, {}), _number(captured.url)
        known = not truth.keys().isdisjoint(("text", "with"))
        if at % 2 == 0 and known and (page := parsed(captured)) is not None:
            CHANGES[at // 2 % len(CHANGES)](page.root)
            again = ParsedPage(page.page, page.root, page.decoded)
            if again.layout.blocks:
                sample = sample_of(f"{folder.name} rewritten", captured.url, again, truth)
                yield sample._replace(page_type=None, weights=sample.weights * _WEIGHT)


def with_unknown_names(root: etree._Element) -> None:
    """Every class and id by a name that no other page has."""
    salt = root.findtext(".//title") or ""
    for element in root.iter("*"):
        for attribute in ("class", "id"):
            if names := (element.get(attribute) or "").split():
                element.set(attribute, " ".join(_unknown(salt + name) for name in names))


def without_names(root: etree._Element) -> None:
    """No class and no id."""
    etree.strip_attributes(root, "class", "id")


def without_paragraphs(root: etree._Element) -> None:
    """Every `<p>` as `<div>`."""
    for element in root.iter("p"):
        element.tag = "div"


def in_a_form(root: etree._Element) -> None:
    """The body in one form."""
    _wrap(root, "form")


def in_a_table(root: etree._Element) -> None:
    """The body in one cell of a table."""
    _wrap(root, "table", "tr", "td")


CHANGES: tuple[Callable[[etree._Element], None], ...] = (
    with_unknown_names,
    without_names,
    without_paragraphs,
    in_a_form,
    in_a_table,
)
"""All ways to write a page otherwise."""


def _wrap(root: etree._Element, *tags: str) -> None:
    body = root.find("body")
    if body is None:
        return
    inside = list(body)
    around = body
    for tag in tags:
        around = etree.SubElement(around, tag)
    around.text, body.text = body.text, None
    around.extend(inside)


def _unknown(name: str) -> str:
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in hashlib.sha256(name.encode()).digest()[:7])


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8])
