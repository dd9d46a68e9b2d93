"""What the names in a class attribute say that an element holds: a headline, an author, a date. Bits."""

from __future__ import annotations

import re
from collections.abc import Collection

HEADLINE, AUTHOR, DATE, OTHER, CAPTION, COMMENT = 1, 2, 4, 8, 16, 32
"""OTHER stands in comments, sidebars and lists."""
WANTED = HEADLINE | AUTHOR | DATE | CAPTION
"""What makes an element worth remembering."""
_WORDS = {
    HEADLINE: "title headline heading header-line titel titre titulo subject",
    AUTHOR: (
        "author autor auteur byline by-line writer redakteur vcard journalist contributor username user-name poster "
        "reporter redacteur verfasser giornalista skribent forfattar forfatter yazar muhabir penulis pewarta wartawan "
        "avtor tac-gia zuozhe"
    ),
    DATE: (
        "date datum fecha time publish posted postmeta post-meta entry-meta meta-info article-meta articlemeta "
        "article-info articleinfo metadata byline tanggal horodatage veroeffentlicht"
    ),
    OTHER: (
        "comment related sidebar widget recent popular footer teaser recommend trending card promo nav menu most-read "
        "mostread event countdown copyright product review-"
    ),
    CAPTION: "caption bildunterschrift didascalia onderschrift bijschrift",
    COMMENT: "comment",
}
_BITS = dict.fromkeys(("timeline", "timer", "navy"), 0)
for _bit, _words in _WORDS.items():
    for _word in _words.split():
        _BITS[_word] = _BITS.get(_word, 0) | _bit
SHORT_WORDS = frozenset(word for word in _BITS if len(word) < 4)
"""They mean nothing where they are all of a name."""
_PARTS = [word.partition("-") for word in _BITS if "-" in word]
FIRST_PARTS = tuple(first for first, _, _ in _PARTS)
SECOND_PARTS = tuple(second for _, _, second in _PARTS if second)
OPEN_PARTS = tuple(first for first, _, second in _PARTS if not second)
"""What stands before and after the hyphen of a word that has one, and before one that may go on in any way."""
ROLE_BITS = 6
"""How many bits there are."""
_AUTHOR_STEPS = (
    "author", "autor", "auteur", "writer", "contributor", "reporter", "journalist", "columnist", "redakt",
    "people/", "profil", "by/", "staff/", "team/", "user",
)  # fmt: skip
_AUTHOR_STEP = re.compile("/(" + "|".join(_AUTHOR_STEPS) + ")")


def _longest(words: Collection[str]) -> str:
    """A pattern for the longest of some words, their common beginnings told apart once: a third of the time."""
    rest: dict[str, list[str]] = {}
    for word in sorted(words):
        if word:
            rest.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(first) + _longest(ends) for first, ends in rest.items()]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    return joined if all(words) else f"(?:{joined})?"


_KEYS = re.compile(_longest(list(_BITS)))


def roles_of(names: str) -> int:
    """What the names in a class attribute say, as bits.

    >>> roles_of("grid post-author") == AUTHOR, roles_of("md:title nav") == 0
    (True, True)
    """
    folded = names.lower()
    if ":" in folded or "[" in folded or not SHORT_WORDS.isdisjoint(folded.split()):
        # `md:flex`: words of style sheets that name no role
        folded = " ".join(name for name in folded.split() if len(name) > 3 and ":" not in name and "[" not in name)
    kinds = 0
    for key in _KEYS.findall(folded):
        kinds |= _BITS[key]
    return kinds


def author_step(href: str) -> str:
    """How the step of an address begins that leads to what a site tells of one of its authors; empty if none does.

    >>> author_step("/blog/authors/ann-lee"), author_step("/blog/author-fees-2022"), author_step("/blog")
    ('author', 'author', '')
    """
    found = _AUTHOR_STEP.search(href)
    return found[1] if found else ""
