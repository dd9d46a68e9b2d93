"""The main text: what a page shows of it, or what it states where only a script, or payment, would show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from builder.extract.blocks import text_lines
from builder.extract.candidates import Candidate
from builder.extract.elements import KINDS
from builder.extract.facts.title.sitename import fold
from builder.extract.facts.title.titles import ranked_titles
from builder.extract.page import ParsedPage, parse_fragment
from builder.extract.structured import is_one_of_many, lookup
from builder.extract.texts import heading_text
from builder.records import Preformatted

_SHORT = 1000
"""Characters from which on a text that is shown is taken for the whole of it."""
_LONGER = 3
"""How many times as long a text is that is stated instead of a beginning."""
_PARAGRAPH = 100
"""Characters from which on a block is no kicker, day or author, as they stand over a headline."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MOST = 8
"""Of h1: some pages have thousands, some one that holds the page."""
_AROUND = 400
"""Characters of what may stand before and behind a beginning: a summary, an offer to read on."""
_REST = 0.2
"""Share of a stated text that is more than a box, a note or a paragraph that the page shows elsewhere."""
_NAMES = "|".join(sorted(name for name in KINDS if isinstance(name, str)))
_MARKUP = re.compile(rf"</(?:{_NAMES})\s*>|<(?:br|p|hr|li|img)\b[^<>]*>|<!--", re.IGNORECASE)
"""What only HTML holds: `a<b and c>d` is a text."""
_LINE_END = re.compile(r"<[^<>]*>|\r?\n")


def text(page: ParsedPage) -> Iterator[Candidate]:
    """A value a paragraph. An article's headline is not repeated in it; those of others are often slogans."""
    shown = _without_headline(page) if page.article.page_type == "article" else [b.text for b in page.article.blocks]
    size = sum(map(len, shown))
    whole = "\n".join(_stated(page))
    if len(whole) * (1 - _REST) > size:
        stated = _lines(whole)
        is_short = size < _SHORT and sum(map(len, stated)) > _LONGER * size
        if stated and (is_short or _is_beginning(shown, stated)):
            yield Candidate(stated, "jsonld:articleBody")
    if shown:
        yield Candidate(shown, "article")


def _stated(page: ParsedPage) -> list[str]:
    """The text that is stated for the page; of the stories that it lists each may state its own."""
    bodies = lookup(page.article_object, "articleBody")
    is_listed = bodies and is_one_of_many(page.article_object, page.jsonld, page.page.url, page.canonical)
    return [] if is_listed else bodies


def _without_headline(page: ParsedPage) -> list[str]:
    """The blocks of an article but for what says its title: any h1, else what stands first or under a few short lines.

    An h1 that says something else heads a section, unless it comes first and no heading of the page says the title.
    """
    title = next((fold(found.values[0]) for found in ranked_titles(page)), "")
    blocks = page.article.blocks
    firsts = islice(dict.fromkeys(block.element for block in blocks if block.tag == "h1"), _MOST)
    said = {heading for heading in firsts if fold(heading_text(heading)) == title}
    shown = [
        block.text
        for block in blocks
        if not (block.tag == "h1" and (block.element in said or fold(block.text) == title))
    ]
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


def _is_beginning(shown: Sequence[str], stated: Sequence[str]) -> bool:
    """Whether the paragraphs that a page shows are those that a stated text begins with, but for a box around them."""
    whole, end, missed = _letters("".join(stated)), 0, 0
    for paragraph in shown:
        if len(paragraph) < _PARAGRAPH:
            continue
        letters = _letters(paragraph)
        place = whole.find(letters, end)
        if place < 0:
            missed += len(paragraph)
        elif missed and end:
            return False
        else:
            end, missed = place + len(letters), 0
        if missed > _AROUND:
            return False
    return 0 < end < (1 - _REST) * len(whole)


def _letters(text: str) -> str:
    return fold(text).replace(" ", "")


def _lines(stated: str) -> list[str]:
    """The paragraphs of a text that is stated; some write HTML into it."""
    root = None
    if _MARKUP.search(stated):
        root = parse_fragment(_LINE_END.sub(lambda found: found[0] if found[0][0] == "<" else "<br>", stated))
    blocks = [stated] if root is None else text_lines(root)
    parts = ([block] if isinstance(block, Preformatted) else map(_on_one_line, block.splitlines()) for block in blocks)
    return [part for part in chain.from_iterable(parts) if part]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
