"""When a story was last changed, as its page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.date.datelabels import EITHER, PUBLISHED, UPDATED, lowered
from builder.extract.facts.date.datemarks import DIGITS, datelike, dates_in, window
from builder.extract.facts.extent import OF_MANY, extent, is_beside
from builder.extract.facts.scan import scan
from builder.extract.facts.title.headline import headlines
from builder.extract.page import ParsedPage
from builder.extract.texts import text_of

_BORDER = re.compile(r"[|•·–—/\n(;]|\s-\s")
_LETTERS = re.compile(r"(?:[^\W\d_]|(?!\d)[\u0900-\u0dff])+")
"""Vowel signs of Indic scripts are no word characters."""
_MOST_WORDS = 2
"""Of a label before its word for changes: "Zuletzt am"."""
_OF_PAGE = re.compile(
    r"\b(?:this|diese|deze|cette|esta|questa|tę|эта|цю|bu|denne|această|tuto) "
    r"(?:page|article|story|seite|pagina|página|stronę|страница|сторінку|sayfa|side|siden|pagină|stránku)\b"
    r"|\b(?:stránka (?:byla|bola)|sidan redigerades|halaman ini|trang này|αυτή η σελίδα|σελίδα αυτή|דף זה)\b"
    r"|[本此][页頁條条]|このページ|이 (?:문서|페이지)|هذه الصفحة|این صفحه|इस पृष्ठ|এ(?:ই)? (?:পৃষ্ঠা|পাতা)|இப்பக்க|หน้านี้",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"[日일]?[\s\d:：時时点點分秒に(（月火水木金土日一二三四五六)）]{0,20}(?:最[終后後])?\Z")
"""What stands between a date and the Chinese and Japanese word for changes where that is said of it: 16:12更新)."""
_CLOSED = re.compile(r"\s*(?:[)）】」\]|｜/／、，,。]|\Z)")
_LONGEST, _LAST = 120, 60
"""Characters of a line that says little more than the day; blocks of a page that may be its footer."""
_LONGEST_DATED, _LONGEST_LABEL = 200, 30
"""Characters of a line with places and several days, and of a label that stands alone."""
_NEAR_TOP, _NEAR = 6, 8
"""Blocks from the beginning of a text on that may not yet be its story, and behind it that may be its last words."""
_INLINE = frozenset(["span", "b", "strong", "em", "i", "small", "a"])
_MOST_DATES = 6


def marked_updates(page: ParsedPage) -> Iterator[Candidate]:
    """What the page calls an update of its story: times, lines whose class says date, and lines that say it alone."""
    seen = scan(page)
    for element in seen.times[:8]:
        called = f"{element.get('class') or ''} {_said_before(element)[-200:]}"
        value = element.get("datetime") or text_of(element, 200)
        if value and UPDATED.search(lowered(called)) and not is_beside(element, extent(page)):
            yield Candidate([value], "time")
    for element in seen.dates[:20] if page.article.page_type != "forum" else ():  # there each message has its own
        line = text_of(element, 200)
        if (
            (word := UPDATED.search(lowered(line)))
            and (day := _changed(line, word))
            and not is_beside(element, extent(page))
        ):
            yield Candidate([day], "text")
            return
    yield from islice((Candidate([day], "text") for day in _lines(page)), 1)


def _said_before(element: etree._Element) -> str:
    """The words that stand before a time, and after any other, in the elements around it that are parts of a line."""
    while (around := element.getparent()) is not None:
        pieces: list[str] = []
        for before in element.itersiblings(preceding=True):
            pieces.append(before.tail or "")
            if before.tag == "time":
                return " ".join(reversed(pieces))
            pieces.append(text_of(before, 200))
        said = " ".join([around.text or "", *reversed(pieces)])
        if around.tag not in _INLINE or said.strip():
            return said
        element = around
    return ""


def _changed(line: str, word: re.Match[str]) -> str | None:
    """The first date after a word for changes, or right before it, with the time of day beside it."""
    if word.group() == "更新" and _CLOSED.match(line, word.end()):
        for date in dates_in(line[: word.start()], _MOST_DATES)[-1:]:
            if _BEHIND.match(line[: word.start()], date.end()):
                return window(line[: word.end()], date, date.start())
    match = next((date for date in dates_in(line, _MOST_DATES) if date.start() >= word.end()), None)
    if match is None or PUBLISHED.search(lowered(line), word.end(), match.start()):
        return None
    rest = _LETTERS.match(line, word.end())
    return window(line, match, rest.end() if rest else word.end())


def _labels(line: str) -> Iterator[re.Match[str]]:
    """The words for changes that begin a line or a part of it: behind a border or a date, and few other words.

    >>> lines = ("PTI | New Delhi | Updated:", "24 Feb 2022 3:37 AM IST Last Updated:", "The plan of it was updated")
    >>> [any(_labels(line)) for line in lines]
    [True, True, False]
    """
    for word in UPDATED.finditer(lowered(line)):
        before = line[: word.start()]
        dates = dates_in(before, _MOST_DATES)
        part = _BORDER.split(before[dates[-1].end() :] if dates else before)[-1]
        words = _LETTERS.findall(part)
        if dates:  # and the clock and zone behind it
            words = [name for name in words if len(name) > 1 and not name.isupper()]
        if len(words) <= _MOST_WORDS:
            yield word


def _lines(page: ParsedPage) -> Iterator[str]:
    """The days of lines near the beginning and the end of the text, and of those at the end that name the page."""
    story, blocks = extent(page), page.layout.blocks
    if page.article.page_type not in OF_MANY:
        top = max(0, int(min([story.top, *(heading.place for heading in headlines(page)[:1])])) - 1)
        for first, last in ((top, story.first + _NEAR_TOP), (story.last, story.last + _NEAR)):
            for number, block in enumerate(blocks[first:last], first + 1):
                behind = blocks[number].text if len(block.text) < _LONGEST_LABEL and number < len(blocks) else ""
                if not DIGITS.search(block.text) and not DIGITS.search(behind):
                    continue
                if len(block.text) >= _LONGEST_DATED and "\n" not in block.text:
                    continue
                if UPDATED.search(lowered(block.text)) and not is_beside(block.element, story):
                    yield from _days(block.text, behind)
    for block in blocks[-_LAST:]:
        if len(block.text) >= _LONGEST or (match := datelike(block.text)) is None:
            continue
        if _OF_PAGE.search(block.text) and UPDATED.search(lowered(block.text)):
            yield window(block.text, match)


def _days(text: str, behind: str) -> Iterator[str]:
    """The days that the lines of a block call updates, or that the block behind it begins with where it is a label."""
    for line in text.split("\n"):
        if len(line) < _LONGEST_DATED:
            yield from filter(None, (_changed(line, word) for word in _labels(line)))
    match = datelike(behind) if len(behind) < _LONGEST else None
    if match and not datelike(text) and any(_labels(text)) and not EITHER.search(lowered(behind[: match.start()])):
        yield window(behind, match)
