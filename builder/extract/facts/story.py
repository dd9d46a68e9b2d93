"""The main text: what a page shows of it, or what it states where only a script, or payment, would show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.extract.candidates import Candidate
from builder.extract.page import ParsedPage
from builder.extract.structured import lookup

_SHORT = 1000
"""Characters from which on a text that is shown is taken for the whole of it."""
_LONGER = 3
"""How many times as long a text is that is stated instead of a beginning."""
_BORDER = re.compile(r"<(?:br|/?(?:p|div|li|h[1-6]|blockquote|tr))\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


def text(page: ParsedPage) -> Iterator[Candidate]:
    """A value a paragraph. An article's headline is not repeated in it; those of others are often slogans."""
    headed = page.article.page_type == "article"
    shown = [block.text for block in page.article.blocks if not (headed and block.tag == "h1")]
    size = sum(map(len, shown))
    if size < _SHORT and (stated := _stated(page)) and sum(map(len, stated)) > _LONGER * size:
        yield Candidate(stated, "jsonld:articleBody")
    if shown:
        yield Candidate(shown, "article")


def _stated(page: ParsedPage) -> list[str]:
    """The paragraphs of the `articleBody` in JSON-LD; some write HTML into it."""
    whole = "\n".join(lookup(page.article_object, "articleBody"))
    lines = _TAG.sub("", _BORDER.sub("\n", whole)).splitlines()
    return [line for line in (" ".join(line.split()) for line in lines) if line]
