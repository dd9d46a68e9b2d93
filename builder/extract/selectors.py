"""The sources that a rule may name, as functions from a parsed page to candidates.

Selectors, paths and patterns are compiled once, when the rule is; a page only looks things up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree
from lxml.cssselect import CSSSelector

from builder.extract.blocks import text_lines
from builder.extract.candidates import Candidate
from builder.extract.metadata import AUTO
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.structured import lookup
from builder.patterns import compile_pattern
from builder.records import Preformatted, figure

Source = Callable[[ParsedPage], Iterator[Candidate]]
_ENDS_OF_TEXT = re.compile(r"\\[Az]|\(\?[A-Za-z]*-")
"""What asks for an end of the text, or takes the flag back by which a line has its own."""
CAPTURES: Mapping[str, Callable[[ParsedPage], str]] = {
    "fetched_at": lambda page: page.page.fetched_at.isoformat() if page.page.fetched_at else "",
    "http_status": lambda page: str(page.page.http_status or ""),
    "page_url": lambda page: page.page.url,
    "record_id": lambda page: page.page.source.record_id or "",
    "input": lambda page: page.page.source.input,
}


def css(argument: str, attr: str | None) -> Source:
    """Elements that a CSS selector matches."""
    return _elements(CSSSelector(argument, translator="html"), f"css:{argument}", attr)


def xpath(argument: str, attr: str | None) -> Source:
    """Elements or strings that an XPath 1.0 expression gives."""
    return _elements(etree.XPath(argument, regexp=False), f"xpath:{argument}", attr)


def _elements(select: Callable[[etree._Element], Any], origin: str, attr: str | None) -> Source:
    name = attr and attr.lower()  # as the parser has them, whatever their case on the page
    place = f"{origin}@{attr}" if attr else origin

    def find(page: ParsedPage) -> Iterator[Candidate]:
        found = select(page.root)
        matches = found if isinstance(found, list) else [found]
        values = [value for match in matches for value in _values(match, name)]
        if values:
            yield Candidate(values, place)

    return find


def _values(match: Any, attr: str | None) -> list[str]:
    """The strings of one match: an attribute, or its text with one value a block."""
    if isinstance(match, etree._Element):
        if attr is None:
            return text_lines(match)
        value = match.get(attr)
        return [value] if value else []
    if isinstance(match, bool):
        return ["true" if match else "false"]
    return [figure(match)] if isinstance(match, float) else [str(match)] if match else []


def line(argument: str, _attr: str | None) -> Source:
    """Visible lines of text that a pattern finds: by what they say, wherever they stand.

    Where it finds none, a block is read as one line: it may have asked for words on both sides of a `<br>`.
    """
    pattern, anywhere = compile_pattern(argument), in_lines(argument)

    def find(page: ParsedPage) -> Iterator[Candidate]:
        if anywhere is not None and anywhere.search(_all_lines(page)) is None:
            return
        values = _found(pattern, _visible_lines(page)) or _found(pattern, _joined_lines(page))
        if values:
            yield Candidate(values, f"line:{argument}")

    return find


def in_lines(pattern: str) -> Any:
    """What is found in lines as bytes, parted by line feeds, wherever the pattern is in one; None if it cannot tell.

    Most rules find nothing on most pages, and one search over all lines costs a tenth of one in each.
    """
    return None if _ENDS_OF_TEXT.search(pattern) else compile_pattern(f"(?m){pattern}")


def _found(pattern: Any, lines: list[str]) -> list[str]:
    return [value for line in lines if (value := first_group(pattern, line))]


@once_a_page
def _visible_lines(page: ParsedPage) -> list[str]:
    """The lines of all blocks, white space folded, that of `<pre>` too."""
    lines: list[str] = []
    for text in (block.text for block in page.blocks):
        parted = text.split("\n")
        lines += (" ".join(line.split()) for line in parted) if isinstance(text, Preformatted) else parted
    return lines


@once_a_page
def _all_lines(page: ParsedPage) -> bytes:
    return "\n".join((*_visible_lines(page), *_joined_lines(page))).encode()


@once_a_page
def _joined_lines(page: ParsedPage) -> list[str]:
    """The blocks that `<br>` parts into lines, each as one; a `<pre>` may be a whole page, and no line."""
    texts = (block.text for block in page.blocks)
    return [text.replace("\n", " ") for text in texts if "\n" in text and not isinstance(text, Preformatted)]


def jsonld(argument: str, _attr: str | None) -> Source:
    """A dotted path into the JSON-LD object that describes the page."""
    return _looked_up(lambda page: lookup(page.article_object, argument), f"jsonld:{argument}")


def meta(argument: str, _attr: str | None) -> Source:
    """`<meta>` by name, property, http-equiv or itemprop."""
    return _looked_up(lambda page: page.meta.get(argument.lower(), []), f"meta:{argument}")


def microdata(argument: str, _attr: str | None) -> Source:
    """Values of an itemprop."""
    return _looked_up(lambda page: page.microdata.get(argument, []), f"microdata:{argument}")


def header(argument: str, _attr: str | None) -> Source:
    """An HTTP header of the response."""
    return _looked_up(lambda page: [page.page.headers.get(argument.lower(), "")], f"header:{argument}")


def capture(argument: str, _attr: str | None) -> Source:
    """What the dump says about the capture."""
    return _looked_up(lambda page: [CAPTURES[argument](page)], f"capture:{argument}")


def url(argument: str, _attr: str | None) -> Source:
    """What a pattern finds in the URL of the page."""
    pattern = compile_pattern(argument)
    return _looked_up(lambda page: [first_group(pattern, page.page.url)], f"url:{argument}")


def auto(argument: str, _attr: str | None) -> Source:
    """What the generic extractor offers for a field; nothing for a field that it does not know."""
    return AUTO.get(argument, lambda _page: iter(()))


def const(argument: str, _attr: str | None) -> Source:
    """Always the same value."""
    return _looked_up(lambda _page: [argument], "const")


def _looked_up(look: Callable[[ParsedPage], list[str]], origin: str) -> Source:
    def find(page: ParsedPage) -> Iterator[Candidate]:
        values = [value for value in look(page) if value]
        if values:
            yield Candidate(values, origin)

    return find


SOURCES: Mapping[str, Callable[[str, str | None], Source]] = {
    "css": css,
    "xpath": xpath,
    "line": line,
    "jsonld": jsonld,
    "meta": meta,
    "microdata": microdata,
    "header": header,
    "capture": capture,
    "url": url,
    "auto": auto,
    "const": const,
}
"""Key of a rule -> its compiler: (argument, attribute) -> source. To add one: a function, a line here, its name in
config.values.SOURCES and a key of Rule."""


def first_group(pattern: Any, text: str) -> str:
    """Group 1 of the first match, or the whole match; empty where there is none."""
    match = pattern.search(text)
    if match is None:
        return ""
    return str((match.group(1) if pattern.groups else match.group(0)) or "")
