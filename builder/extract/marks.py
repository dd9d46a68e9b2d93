"""What tags, class and id words, roles and itemprops say about the boxes of a page: bits, by a table of words.

A site repeats its class strings, so verdicts are memoised by string; what is read here is learnt from, not decided on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Generic, TypeVar

from lxml import etree

from builder.extract.roles import FIRST_PARTS, OPEN_PARTS, ROLE_BITS, SECOND_PARTS, SHORT_WORDS, WANTED, roles_of

WORDS = {
    "content": (
        "content article articlebody body entry post story text main prose markdown richtext rte blog page "
        "wysiwyg copy inhalt contenu contenido"
    ),
    "comment": "comment comments commentlist disqus reply replies respond discussion kommentar kommentare",
    "message": "thread topic message messages msg forum postbody conversation answer question",
    "menu": "nav navi navbar navigation menu menus submenu megamenu dropdown tab tabs menue",
    "crumb": "breadcrumb breadcrumbs crumb crumbs pagination pager paging skip",
    "footer": "footer foot bottom copyright legal colophon disclaimer imprint",
    "header": "header head masthead topbar top banner hero brand logo",
    "side": "sidebar side aside widget widgets rail secondary",
    "related": (
        "related recommend recommended recommendations similar also more popular trending latest recent "
        "readmore suggested next prev previous"
    ),
    "promo": (
        "ad ads adv advert advertisement advertising sponsor sponsored promo promotion newsletter subscribe "
        "subscription signup cta offer banner outbrain taboola"
    ),
    "social": "share sharing sharebar social follow facebook twitter addthis",
    "byline": (
        "author authors byline meta date time published posted info tags tag category categories bio user "
        "username avatar profile"
    ),
    "veiled": (
        "hidden modal popup overlay cookie cookies consent gdpr sr screen visually tooltip toast dialog login "
        "offscreen none"
    ),
    "card": "card cards item items list grid tile tiles listing results result teaser archive feed loop row",
    "product": (
        "product products price prices sku cart shop specs spec specification specifications variant review "
        "reviews rating"
    ),
    "picture": (
        "caption credit credits figcaption image images photo photos gallery slider slide carousel swiper "
        "video media"
    ),
    "title": "title headline heading subtitle",
    "lead": "lead intro summary excerpt dek standfirst description desc abstract",
    "panel": "accordion faq faqs collapse panel tabpanel details toggle",
    "form": "form search input filter filters field button buttons btn select sort toolbar",
    "section": "section block container wrapper column col module component feature features",
    "signature": "signature sig quote quoted quotebox",
}  # fmt: skip
"""What a word in a class or id points to. Order is the order of the bits."""
TAGS = {
    "nav": "nav", "header": "header", "footer": "footer", "aside": "aside", "form": "form", "main": "main",
    "article": "article", "section": "section", "ul": "ul", "ol": "ul", "dl": "dl", "table": "table",
    "blockquote": "blockquote",
    "figure": "figure", "figcaption": "figure", "details": "details", "button": "button", "address": "address",
    "label": "label",
}  # fmt: skip
"""Tag -> the bit of what stands in it."""
ROLES = {
    "navigation": "nav", "banner": "header", "contentinfo": "footer", "complementary": "aside", "main": "main",
    "search": "form", "article": "article", "dialog": "unseen", "alertdialog": "unseen", "menu": "nav",
    "menubar": "nav",
}  # fmt: skip
PROPERTIES = {
    "articlebody": "prose",
    "text": "prose",
    "description": "prose",
    "reviewbody": "prose",
    "mainentity": "prose",
}

NAMES = (
    *(f"word:{name}" for name in WORDS),
    *(f"in:{name}" for name in dict.fromkeys(TAGS.values())),
    "in:unseen",
    "in:prose",
)
"""The name of every bit, lowest first."""
BITS = {name: 1 << number for number, name in enumerate(NAMES)}
UNSEEN = BITS["in:unseen"]

_BY_WORD: dict[str, int] = {}
for _name, _words in WORDS.items():
    for _word in _words.split():
        _BY_WORD[_word] = _BY_WORD.get(_word, 0) | BITS[f"word:{_name}"]
_PART = re.compile(r"[a-z]+|[A-Z][a-z]+|[A-Z]+")
_SMALL = re.compile(r"[a-z]{2,}")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


_ROLES = len(NAMES)
MARKS = (1 << _ROLES) - 1
"""The bits of NAMES: those of roles are above them."""
MOST_NAMES = 65536
WANTED_BITS = WANTED << _ROLES
"""Bits of a class that make its element worth remembering."""
VEILED_BIT = 4 << (_ROLES + ROLE_BITS)
"""Bit of a class of `_VEILED`."""
_VEILED_NAMES = (
    "element-invisible", "mw-editsection", "screenreader", "screen-reader", "pkp_screen_reader", "show-for-sr",
    "elementor-screen-only", "slds-assistive-text", "clipped", "fb-clipped",
)  # fmt: skip
_VEILED = re.compile(
    r"(?<![a-z:])(?<!not-)(?:sr-?only|visually-?hidden|hid(?:e|den)-?visually|screen[-_]?readers?[-_]?(?:text|only))"
    rf"(?![a-z]|--?focusable)|(?<![a-z:])off-?screen(?![\w-])|(?<!\S)(?:{'|'.join(_VEILED_NAMES)})(?!\S)"
)
"""Classes of what a line holds for screen readers alone, as frameworks and systems name them, or to edit it."""
_OF_VEILED = ("sr", "visually", "screen", "clipped", "invisible", "editsection", "assistive")
"""A word of each holds one of these: looking for them takes a tenth of the time."""


Names = TypeVar("Names")
Verdict = TypeVar("Verdict")


class Verdicts(dict[Names, Verdict], Generic[Names, Verdict]):
    """What names say, judged when first asked for. A class, for a look-up costs a third of a call."""

    def __init__(self, judge: Callable[[Names], Verdict]) -> None:
        super().__init__()
        self._judge: Callable[[Names], Verdict] = judge

    def __missing__(self, names: Names) -> Verdict:
        """Judge names that are new; forget all where a crawl has brought too many."""
        if len(self) >= MOST_NAMES:
            self.clear()
        self[names] = verdict = self._judge(names)
        return verdict


_ODD = b"\0"
_LETTERS = bytes(
    code if chr(code) in ascii_lowercase else 0 if code > 127 or chr(code) in f"{ascii_uppercase}:[" else 32
    for code in range(256)
)
"""Parts the words of names in small ASCII letters; marks what takes a closer look."""
_BEGINS, _CONTINUES = 1 << (_ROLES + ROLE_BITS), 2 << (_ROLES + ROLE_BITS)
"""Bits of a word that may be the first or the second part of one with a hyphen in it."""
_UNSURE = _BEGINS | _CONTINUES


def _of_word(word: bytes) -> int:
    text = word.decode()
    bits = roles_of(text) << _ROLES | _BY_WORD.get(text, 0)
    if text.endswith(FIRST_PARTS):
        bits |= _BEGINS
    if text.startswith(SECOND_PARTS):
        bits |= _CONTINUES
    is_doubtful = text in SHORT_WORDS or text.endswith(OPEN_PARTS) or any(part in text for part in _OF_VEILED)
    return bits | _UNSURE if is_doubtful else bits


_WORDS = Verdicts(_of_word)


def _of_names(names: str) -> int:
    """Word by word, for words are the same on many sites; as a whole where what a name says is more than its words."""
    names = names[:500]
    words = names.encode("utf-8", "replace").translate(_LETTERS)
    bits = 0
    if _ODD not in words:
        for word in words.split():
            bits |= _WORDS[word]
        if bits & _UNSURE != _UNSURE:
            return bits & ~_UNSURE
        bits &= MARKS
    else:
        for part in _PART.findall(names):
            bits |= _BY_WORD.get(part.lower(), 0)
    return bits | roles_of(names) << _ROLES | _veil_of(names)


def _veil_of(names: str) -> int:
    folded = names.lower()
    for part in _OF_VEILED:
        if part in folded:
            return VEILED_BIT if _VEILED.search(folded) and "not-sr-only" not in folded else 0
    return 0


CLASSES = Verdicts(_of_names)
"""Class attribute -> bits of its words, and of its roles above them. Names repeat on a page and on other sites."""


def word_bits(names: str) -> int:
    """The bits of the words in a class or id, camel case taken apart.

    >>> word_bits("c-relatedPosts x") == BITS["word:related"], word_bits("shared-tale")
    (True, 0)
    """
    return CLASSES[names] & MARKS


def words_in(names: str) -> list[str]:
    """The words of a class or id in small letters, each once; of a very long one those at its beginning.

    >>> words_in("post-body postBody md:w-1/2")
    ['post', 'body', 'md']
    """
    names = names[:300]
    if names.lower() == names:  # as most are
        return list(dict.fromkeys(_SMALL.findall(names)))
    return list(dict.fromkeys(word.lower() for word in _PART.findall(names) if len(word) > 1))


def class_roles(names: str | None) -> int:
    """What a class attribute says that its element holds; see `roles`.

    >>> class_roles("grid post-author") > 0, class_roles(None)
    (True, 0)
    """
    return (CLASSES[names] & ~VEILED_BIT) >> _ROLES if names else 0


def telling_class(names: str, roles: int) -> str:
    """The first class of an attribute that says one of some roles, as the page writes it; where none does, the first.

    >>> telling_class("grid postAuthor", class_roles("author")), telling_class("grid x", class_roles("author"))
    ('postAuthor', 'grid')
    """
    listed = names.split()
    return next((name for name in listed if class_roles(name) & roles), listed[0])


def is_veiled(names: str | None) -> bool:
    """Whether a class attribute says that its element is no part of the line that is seen.

    >>> is_veiled("icon sr-only"), is_veiled("sr-only sm:not-sr-only"), is_veiled(None)
    (True, False, False)
    """
    return bool(names and CLASSES[names] & VEILED_BIT)


def _role(value: str) -> int:
    return BITS.get(f"in:{ROLES.get(value)}", 0)


def _property(value: str) -> int:
    return BITS.get(f"in:{PROPERTIES.get(value.lower())}", 0)


def _style(value: str) -> int:
    return UNSEEN if ("none" in value or "hidden" in value) and _HIDDEN_STYLE.search(value[:1000]) else 0


VERDICTS: Mapping[str, Verdicts[str, int]] = {
    "class": CLASSES,
    "id": CLASSES,
    "role": Verdicts(_role),
    "itemprop": Verdicts(_property),
    "hidden": Verdicts(lambda _value: UNSEEN),
    "style": Verdicts(_style),
    "aria-hidden": Verdicts(lambda value: UNSEEN if value == "true" else 0),
}
"""Attribute -> the bits that its value gives; only those of MARKS say something of a box."""


def is_hidden(element: etree._Element) -> bool:
    """Whether the attributes of an element, `hidden` or its style, say that it is not shown."""
    return element.get("hidden") is not None or bool(VERDICTS["style"][element.get("style") or ""])


TAG_BITS = {tag: BITS[f"in:{name}"] for tag, name in TAGS.items()}
