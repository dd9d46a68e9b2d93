"""What the names in a class attribute say that an element holds: a headline, an author, a date. Bits."""

from __future__ import annotations

import re

HEADLINE, AUTHOR, DATE, OTHER, CAPTION, COMMENT = 1, 2, 4, 8, 16, 32
"""OTHER stands in comments, sidebars and lists."""
WANTED = HEADLINE | AUTHOR | DATE | CAPTION
"""What makes an element worth remembering."""
_WORDS = {
    HEADLINE: "title headline heading header-line titel titre titulo subject",
    AUTHOR: (
        "author autor auteur byline by-line writer redakteur vcard journalist contributor username user-name poster"
    ),
    DATE: (
        "date datum fecha time publish posted postmeta post-meta entry-meta meta-info article-meta articlemeta "
        "article-info articleinfo metadata byline"
    ),
    OTHER: (
        "comment related sidebar widget recent popular footer teaser recommend trending card promo nav menu most-read "
        "mostread event countdown copyright product review-"
    ),
    CAPTION: "caption",
    COMMENT: "comment",
}
_BITS = dict.fromkeys(("timeline", "timer", "navy"), 0)
for _bit, _words in _WORDS.items():
    for _word in _words.split():
        _BITS[_word] = _BITS.get(_word, 0) | _bit
_KEYS = re.compile("|".join(sorted(_BITS, key=lambda word: (-len(word), word))))


def roles_of(name: str) -> int:
    """What one name in a class attribute says, as bits.

    >>> roles_of("post-author") == AUTHOR, roles_of("md:title") == 0
    (True, True)
    """
    if len(name) < 4 or ":" in name or "[" in name:  # `md:flex`: words of style sheets that name no role
        return 0
    kinds = 0
    for key in _KEYS.findall(name.lower()):
        kinds |= _BITS[key]
    return kinds
