"""The main text: what a page shows of it, or what it states where only a script, or payment, would show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.extract.candidates import Candidate
from builder.extract.facts.sitename import fold
from builder.extract.facts.titles import ranked_titles
from builder.extract.page import ParsedPage
from builder.extract.structured import lookup

_SHORT = 1000
"""Characters from which on a text that is shown is taken for the whole of it."""
_LONGER = 3
"""How many times as long a text is that is stated instead of a beginning."""
_PARAGRAPH = 100
"""Characters from which on a block is no kicker, day or author, as they stand over a headline."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BORDER = re.compile(r"<(?:br|/?(?:p|div|li|h[1-6]|blockquote|tr))\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


def text(page: ParsedPage) -> Iterator[Candidate]:
    """A value a paragraph. An article's headline is not repeated in it; those of others are often slogans."""
    shown = _without_headline(page) if page.article.page_type == "article" else [b.text for b in page.article.blocks]
    size = sum(map(len, shown))
    if size < _SHORT and (stated := _stated(page)) and sum(map(len, stated)) > _LONGER * size:
        yield Candidate(stated, "jsonld:articleBody")
    if shown:
        yield Candidate(shown, "article")


def _without_headline(page: ParsedPage) -> list[str]:
    """The blocks of an article but for what says its title: any h1, else what stands first or under a few short lines.

    An h1 that says something else heads a section, unless it comes first and no heading of the page says the title.
    """
    title = next((fold(found.values[0]) for found in ranked_titles(page)), "")
    blocks = page.article.blocks
    shown = [block.text for block in blocks if not (block.tag == "h1" and fold(block.text) == title)]
    if not title or not shown or len(shown) < len(blocks):
        return shown
    for number, text in enumerate(shown):
        line, _, rest = text.partition("\n")
        if fold(line) == title and (number == 0 or not _is_said(title, page, "h1")):
            return [*shown[:number], *filter(None, (rest,)), *shown[number + 1 :]]
        if len(text) >= _PARAGRAPH:
            break
    return shown[1:] if blocks[0].tag == "h1" and not _is_said(title, page, *_HEADINGS) else shown


def _is_said(title: str, page: ParsedPage, *tags: str) -> bool:
    """Whether an element of one of these names says the title, in the text or outside of it."""
    return any(block.tag in tags and fold(block.text) == title for block in page.layout.blocks)


def _stated(page: ParsedPage) -> list[str]:
    """The paragraphs of the `articleBody` in JSON-LD; some write HTML into it."""
    whole = "\n".join(lookup(page.article_object, "articleBody"))
    lines = _TAG.sub("", _BORDER.sub("\n", whole)).splitlines()
    return [line for line in (" ".join(line.split()) for line in lines) if line]
