"""Elements that show dates of something else than the story: of messages embedded in it, of stories listed above it."""

from __future__ import annotations

import re
from collections.abc import Set

from lxml import etree

from builder.extract.facts.scan import scan
from builder.extract.page import ParsedPage

_EMBED = re.compile(
    r"(?:instagram|text-post)-media|twitter-(?:tweet|video)|(?:tiktok|bluesky|reddit)-embed", re.IGNORECASE
)
"""In the class of a quotation that the script of a network turns into one of its messages."""
_MOST = 30


def of_others(page: ParsedPage, heading: float | None) -> Set[etree._Element]:
    """The marked dates in embedded messages, and in lists of other stories above the headline.

    Args:
        page: what is asked about.
        heading: the place of its headline, where it has one.
    """
    seen = scan(page)
    marked = [*seen.times[:_MOST], *seen.dates[:_MOST]]
    embedded = {element for element in marked if is_embedded(element)} if page.declaring["blockquote"] else set()
    above = [element for element in marked if seen.place(element) < heading] if heading else []
    if not above:
        return embedded
    items = {element: item for element in above if (item := _item(element)) is not None}
    lists = [item.getparent() for item in set(items.values())]
    return embedded | {element for element, item in items.items() if lists.count(item.getparent()) > 1}


def is_embedded(element: etree._Element) -> bool:
    """Whether an element stands in a message of a network, or is one."""
    return any(_EMBED.search(quoted.get("class") or "") for quoted in element.iterancestors("blockquote"))


def _item(element: etree._Element) -> etree._Element | None:
    """The item around a date, in a list, if it links to something."""
    item = next(element.iterancestors("li"), None)
    return item if item is not None and next(item.iter("a"), None) is not None else None
