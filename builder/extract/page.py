"""A page parsed once, and what several sources want of it worked out once, when first asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from itertools import islice
from typing import Any, TypeVar, cast
from urllib.parse import SplitResult, quote, urljoin

from lxml import etree

from builder.errors import PageError
from builder.extract.article import Article, read_article
from builder.extract.blocks import read_layout
from builder.extract.classifier.pagetype import Head, read_head
from builder.extract.declaring import Declaring, declaring
from builder.extract.decode import Decoded, decode_html
from builder.extract.layout import Block, Layout
from builder.extract.prescan import attributes_of, check_attributes, check_nodes
from builder.extract.structured import (
    JsonObject,
    is_of_story,
    jsonld_objects,
    lookup,
    main_object,
    meta_values,
    microdata_values,
    unescaped,
)
from builder.extract.texts import heading_text
from builder.normalize.urls import split_url
from builder.records import Page

_Result = TypeVar("_Result")
_MOST_HEADINGS = 12
_BEGINNINGS = ((b"html", ("lang", "xml:lang"), 4), (b"body", ("class",), 1))
"""Tags, attributes, and how many of these tags are asked for what the tree does not say. Looking for a second one is to
read the page, and many a body has no class."""
PARSER_DEPTH = 2048
"""libxml2 drops everything that lies deeper, and says so."""
_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True, collect_ids=False
)
_ENDS = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
"""To HTML these end nothing: what follows belongs to the body, and to what is open in it. For libxml2 the first
`</html>` ends the tree, and what follows is another one. Pages are put together from parts, and some say it too early:
one page in a hundred goes on, most of them with scripts, some with the story.
"""
_ITEM_TYPES = etree.XPath("//@itemtype")
_BREAK_END = re.compile(rb"</(br|BR)>")
_NOTHING = b"<!---->"
"""Not no bytes at all: what stood before and after would be one tag, which nobody has looked at."""


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What a document may cost the parser; see `limits` in the config."""

    attributes: int = 2000
    """Attributes of one element; libxml2 takes quadratic time over them."""
    depth: int = PARSER_DEPTH
    """Nesting."""
    nodes: int = 250_000
    """Elements of a page; each may take some 5 kB while fields are found."""


class ParsedPage:
    """A page, its tree, and lazily what structured data it holds. Does not pickle: trees stay where they are built."""

    def __init__(self, page: Page, root: etree._Element, decoded: Decoded) -> None:
        self.page = page
        self.root = root
        self.decoded = decoded
        self.worked_out: dict[Callable[[ParsedPage], Any], Any] = {}
        """What `once_a_page` has kept."""

    @cached_property
    def blocks(self) -> list[Block]:
        """All visible blocks of text in reading order."""
        return self.layout.blocks

    @cached_property
    def layout(self) -> Layout:
        """The blocks and the boxes that they stand in."""
        return read_layout(self.root)

    @cached_property
    def declaring(self) -> Declaring:
        """The elements by which it says what it is."""
        return declaring(self.root)

    @cached_property
    def head(self) -> Head:
        """What the head of the document declares."""
        return read_head(self.declaring)

    @cached_property
    def article(self) -> Article:
        """The main text as the generic extractor sees it, and the type of the page."""
        return read_article(self.layout, self.head, self.known_url, self.declares_a_story)

    def declares_a_story(self) -> bool:
        """Whether JSON-LD or microdata say that an h1 is the headline of a news story or a blog post."""
        stated = lookup(self.article_object, "headline")[:1] if is_of_story(self.article_object) else []
        types = cast(list[Any], _ITEM_TYPES(self.root))
        scopes = (kinds.getparent() for kinds in types if is_of_story({"@type": kinds.split()}))
        for scope in islice(scopes, 1):
            parts = (part for part in scope.iter() if part.get("itemprop") == "headline")
            stated += [part.get("content") or heading_text(part) for part in islice(parts, 1)]
        headings = {_folded(heading_text(heading)) for heading in self.declaring["h1"][:_MOST_HEADINGS]}
        return any(_folded(unescaped(text)) in headings - {""} for text in stated)

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """`<meta>` contents by name in lower case."""
        return meta_values(self.declaring["meta"])

    @cached_property
    def microdata(self) -> dict[str, list[str]]:
        """Values by itemprop."""
        return microdata_values(self.root)

    @cached_property
    def jsonld(self) -> list[JsonObject]:
        """All JSON-LD objects, `@graph` flattened."""
        return jsonld_objects(self.declaring["script"])

    @cached_property
    def article_object(self) -> JsonObject:
        """The JSON-LD object that describes the page; empty where there is none."""
        if not self.jsonld:
            return {}
        return main_object(self.jsonld, self.page.url, self.canonical, titles=lambda: self.titles)

    @cached_property
    def titles(self) -> list[str]:
        """All that it may be called: its `<title>`, what it states for those who show it, its first h1."""
        found = [element.text or "" for element in self.declaring["title"]]
        found += map(heading_text, self.declaring["h1"][:_MOST_HEADINGS])
        found += [title for name in ("og:title", "twitter:title") for title in self.meta.get(name, ())]
        return [title for title in found if title and not title.isspace()]

    @cached_property
    def canonical(self) -> str:
        """The URL that the page calls its own, as it is written; empty where it calls none so."""
        links = (link for link in self.declaring["link"] if "canonical" in (link.get("rel") or "").lower().split())
        return next((href for link in links if (href := link.get("href"))), "")

    @cached_property
    def url_parts(self) -> SplitResult:
        """The parts of its known URL; all of them empty where nothing can take it apart."""
        return split_url(self.known_url)

    @cached_property
    def known_url(self) -> str:
        """The URL that it was captured at, else `file:` and its name in the dump, whose own name says nothing."""
        dump = f"file:{quote(self.page.source.input)}"
        rest = self.page.url.removeprefix(dump)
        return f"file:{rest}" if rest[:1] in ("/", "#") else self.page.url

    @cached_property
    def is_front_page(self) -> bool:
        """Whether it was captured at the address of a whole site."""
        return self.url_parts.path.strip("/") in ("", "index.html", "index.php") and self.url_parts.scheme != "file"

    @cached_property
    def base_url(self) -> str:
        """What relative URLs of the page are relative to."""
        href = next(filter(None, (base.get("href") for base in self.declaring["base"])), None)
        try:
            return urljoin(self.page.url, href.strip()) if href else self.page.url
        except ValueError:
            return self.page.url


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def once_a_page(work: Callable[[ParsedPage], _Result]) -> Callable[[ParsedPage], _Result]:
    """A function whose result a page keeps, and takes along when it goes.

    A cache beside the page would keep its tree until the next ones are read, long after the processor's caches have
    lost it: freeing it then took up to a third of what parsing takes.
    """

    @wraps(work)
    def once(page: ParsedPage) -> _Result:
        if work not in page.worked_out:
            page.worked_out[work] = work(page)
        result: _Result = page.worked_out[work]
        return result

    return once


@lru_cache(maxsize=4)
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


def parse_page(page: Page, limits: ParseLimits) -> ParsedPage:
    """Decode and parse a page.

    Raises:
        PageError: empty, not_html, too_many_nodes, too_many_attributes, too_deep or parse_failed: nothing is parsed in
            part in silence.
        MemoryError: libxml2 was refused memory.

    """
    decoded = decode_html(page.body, page.headers.get("content-type"))
    html = _with_line_breaks(decoded.html)
    check_nodes(html, limits.nodes)
    check_attributes(html, limits.attributes)
    root = _parsed(html)
    if root.getnext() is not None:
        del root  # its successor takes as much memory again
        root = _parsed(_ENDS.sub(_NOTHING, html))
    _check_whole()
    if root.find("frameset") is not None and root.find("body") is None:
        _add_body(root)
        _check_whole()
    _add_attributes(root, decoded.html)
    if limits.depth < PARSER_DEPTH and _deeper_than(limits.depth)(root):
        raise PageError("too_deep", f"elements nested deeper than {limits.depth}")
    return ParsedPage(page, root, decoded)


def _with_line_breaks(html: bytes) -> bytes:
    """HTML in which `</br>` is the line break that it is to browsers; libxml2 drops the end of what never began."""
    return _BREAK_END.sub(rb"<\1>", html)


def _check_whole() -> None:
    last = _PARSER.error_log.last_error
    if last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise PageError("too_deep", f"line {last.line}: {last.message}")


def _add_attributes(root: etree._Element, html: bytes) -> None:
    """Give the root the language and the body the class that the page states behind what made them begin earlier.

    So a warning or a style before `<html>`: to HTML a second tag adds to the first, libxml2 drops it.
    """
    for tag, names, most in _BEGINNINGS:
        element = root if tag == b"html" else root.find("body")
        if element is None or any(map(element.get, names)):
            continue
        for stated in attributes_of(html, tag, names[0].encode(), most):
            holder = _parsed(b"<p %s>" % stated).find("body/p")
            said = next(filter(None, map(holder.get, names)), "") if holder is not None else ""
            if (value := " ".join(said.split())) and value.isprintable():  # lxml takes no control characters
                element.set(names[0], value)
                break


def _add_body(root: etree._Element) -> None:
    """Give a page of frames the body that it holds for browsers without any; libxml2 takes that for text."""
    held = next((text for element in root.iter("noframes") if (text := element.text) and not text.isspace()), "")
    document = parse_fragment(held) if held else None
    if document is not None:
        root.extend(document.iterchildren("body"))


def parse_fragment(html: str) -> etree._Element | None:
    """A document around a piece of HTML that a page states elsewhere; None where it cannot be parsed."""
    body = _with_line_breaks(html.replace("\0", "").encode("utf-8", "replace"))
    document = b"<html><body>%s</body></html>" % body
    try:
        check_attributes(document, ParseLimits().attributes)
        return _parsed(document)
    except PageError:
        return None


def _parsed(html: bytes) -> etree._Element:
    try:
        root = etree.fromstring(html, _PARSER)
    except etree.ParserError as error:
        raise PageError("parse_failed", str(error)) from error
    except etree.XMLSyntaxError as error:
        if error.lineno == 0 or str(error) == "unknown error":
            raise MemoryError("libxml2 was refused memory") from error
        raise PageError("parse_failed", str(error)) from error
    if root is None:
        raise PageError("parse_failed", "the parser found no element")
    return root
