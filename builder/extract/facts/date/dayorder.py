"""Whether a page writes day or month first in numbers, by those of its dates that leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from builder.extract.facts.scan import scan
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.texts import text_of

_NUMERIC = re.compile(r"(?<![\d./-])(\d\d?)([./-])(\d\d?)\2(?:19|20)\d\d(?!\d)", re.ASCII)
_STATED = re.compile(r"\d{4}-(\d\d)-(\d\d)", re.ASCII)
_MONTHS = 12
_MOST_TIMES = 30


def day_first(page: ParsedPage, sign: str) -> bool | None:
    """Whether dates of three numbers with this sign between them begin with the day; None where the page is not clear.

    Those say it that have a number above 12, or stand in a `<time>` that states the same day; none may say otherwise.
    """
    return _orders(page).get(sign)


@once_a_page
def _orders(page: ParsedPage) -> Mapping[str, bool]:
    found = set(_said(page))
    return {sign: is_first for sign, is_first in found if (sign, not is_first) not in found}


def _said(page: ParsedPage) -> Iterator[tuple[str, bool]]:
    """The sign of each date that can be read in one way, with whether its day is first."""
    for block in page.layout.blocks:
        for first, sign, second in _NUMERIC.findall(block.text):
            if (int(first) > _MONTHS) != (int(second) > _MONTHS):
                yield sign, int(first) > _MONTHS
    for element in scan(page).times[:_MOST_TIMES]:
        stated = _STATED.match(element.get("datetime") or "")
        shown = _NUMERIC.search(text_of(element, 200)) if stated else None
        if stated and shown and stated[1] != stated[2]:
            numbers = [int(shown[1]), int(shown[3])]
            month_day = [int(stated[1]), int(stated[2])]
            if sorted(numbers) == sorted(month_day):
                yield shown[2], numbers != month_day
