"""The tree as blocks: runs of text between block-level borders, in reading order, with what surrounds them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

NAV, HEADER, FOOTER, ASIDE, FORM, MAIN, NEGATIVE, HIDDEN = (1 << bit for bit in range(8))
"""Areas among the ancestors of a block, as bits."""

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "applet",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "select",
        "option",
        "datalist",
        "textarea",
        "dialog",
    ]
)
"""Elements whose content is not read as text."""
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "input",
        "button",
        "picture",
        "source",
    ]
)
_AREAS = {"nav": NAV, "header": HEADER, "footer": FOOTER, "aside": ASIDE, "form": FORM, "main": MAIN, "article": MAIN}
_ROLES = {
    "navigation": NAV,
    "banner": HEADER,
    "contentinfo": FOOTER,
    "complementary": ASIDE,
    "main": MAIN,
    "search": FORM,
}
_NEGATIVE = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|menu|menus|breadcrumbs?|crumbs?|footer|foot|sidebar|side|widget|widgets|"
    r"related|relatedposts?|recommend\w*|trending|popular|most-?read|latest|newsletter|subscribe|signup|share|sharing|"
    r"social|sharebar|comments?|comment-?list|disqus|advert\w*|ads?|promo\w*|sponsor\w*|banner|cookies?|consent|gdpr|"
    r"popup|modal|overlay|pagination|pager|toolbar|skip-?link\w*|copyright|legal|disclaimer|login|tag-?list|tags|"
    r"author-?bio|byline|outbrain|taboola|teaser|more-?(?:news|stories|on|from)|read-?more|also|masthead|topbar)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PARAGRAPH_BREAK = re.compile(r"\n[ \t\r\f]*\n\s*")


class Block(NamedTuple):
    """A run of text that no block-level element interrupts."""

    text: str
    """White space folded; a line break for each `<br>`."""
    tag: str
    """The nearest block-level element around it."""
    element: etree._Element
    link_chars: int
    """How many characters of the text stand in links."""
    areas: int
    """Bits of the areas around it."""


def read_blocks(root: etree._Element) -> list[Block]:
    """The blocks of a tree or subtree. The tree is not changed; the tail of `root` is not part of it."""
    return _Reader(root).run()


class _Reader:
    """One walk over a tree. A class because text, links and areas gather while elements open and close."""

    __slots__ = ("areas", "blocks", "link_chars", "links", "open", "parts", "root")

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.links = self.link_chars = 0
        self.open: list[etree._Element] = [root]
        self.areas: list[int] = [0]

    def run(self) -> list[Block]:
        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in SKIPPED:
                    walker.skip_subtree()
                    continue
                self.start(element, tag)
                if element.text:
                    self.say(element.text)
            else:
                if tag not in SKIPPED:
                    self.end(tag)
                if element.tail and element is not self.root:
                    self.say(element.tail)
        self.flush()
        return self.blocks

    def start(self, element: etree._Element, tag: str) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "a":
            self.links += 1
        elif tag not in INLINE:
            self.flush()
            self.open.append(element)
            self.areas.append(self.areas[-1] | area_of(element, tag))

    def end(self, tag: str) -> None:
        if tag == "a":
            self.links -= 1
        elif tag not in INLINE and tag != "br":
            self.flush()
            self.open.pop()
            self.areas.pop()

    def say(self, text: str) -> None:
        if self.links:
            self.link_chars += len(text.strip())
        self.parts.append(text if self.open[-1].tag == "pre" else text.replace("\n", " "))

    def flush(self) -> None:
        if not self.parts:
            return
        text = "".join(self.parts)
        self.parts.clear()
        if text and not text.isspace():
            element, areas = self.open[-1], self.areas[-1]
            pieces = [text] if "\n" not in text else _PARAGRAPH_BREAK.split(text)
            for piece in pieces:
                lines = "\n".join(filter(None, (" ".join(line.split()) for line in piece.split("\n"))))
                if lines:
                    linked = min(self.link_chars * len(piece) // len(text), len(lines))
                    self.blocks.append(Block(lines, element.tag, element, linked, areas))
        self.link_chars = 0


def area_of(element: etree._Element, tag: str) -> int:
    """The area bits that one element adds to what stands in it."""
    areas = _AREAS.get(tag, 0)
    attributes = element.attrib
    if not attributes:
        return areas
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    if tag not in ("body", "html", "main", "article") and is_negative(names):
        areas |= NEGATIVE
    if role := attributes.get("role"):
        areas |= _ROLES.get(role, 0)
    style = attributes.get("style")
    if "hidden" in attributes or (style and _HIDDEN_STYLE.search(style)):
        areas |= HIDDEN
    return areas


@lru_cache(maxsize=16384)
def is_negative(names: str) -> bool:
    """Whether class and id words say that an element holds no content of its own.

    >>> is_negative("c-relatedPosts x"), is_negative("shared-story body")
    (True, False)
    """
    return _NEGATIVE.search(_CAMEL.sub("-", names[:500])) is not None


def text_lines(element: etree._Element) -> list[str]:
    """The text of an element, one line a block."""
    return [block.text for block in read_blocks(element)]
