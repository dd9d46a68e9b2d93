"""Bylines that no markup shows: lines that say by whom, and what looks like a name beside a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from builder.extract.facts.author.bylines import Byline, around
from builder.extract.facts.author.bywords import SPOKEN
from builder.extract.facts.author.fullnames import is_full
from builder.extract.facts.author.names import PLACES, looks_like_role, names_in
from builder.extract.facts.author.offices import is_agency, is_nobody
from builder.extract.facts.date.datemarks import DIGITS, called, datelike
from builder.extract.facts.scan import Scan, said

_JOINED = re.compile(r"(?:and|und|et|y|&|,)")
_CAPITAL = re.compile(r"[^\W\d_a-z]")
_CALLED = frozenset({"label:updated", "label:stated"})
_NO_NAME = re.compile(
    r"modif|review|dat[ao]\b|date|tarih|fecha|дата|tanggal|upload|[uú]ltim|derni[eè]re|laatste|ostatni|terakhir|последн|"
    r"güncel|giriş|geplaatst|diterbitkan|online seit|share|time|news|blog|press|edition|affairs",
    re.IGNORECASE,
)
_CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚΆΈ-ΏΑ-ΫЀ-ЯҐ"
"""Of Latin, Greek and Cyrillic letters: any word of a script without them would be a name."""
_PERSON = re.compile(
    rf"[{_CAPITALS}][\w.'’-]*(?: (?:von|van|de|der|den|di|da|del|la|le|zu|al|bin|[{_CAPITALS}][\w.'’-]*)){{1,3}}"
)
_IN_SIGNS = re.compile(r"\W{0,3}\w{1,6}\s?[:：／/｜|·・＝=]|.{,60}(?:기자|특파원|논설위원|報導|报道)")
"""What says by whom so that a name without a space may be believed: "作者：" no less than "기자"."""
_SAID_BY = re.compile(r"^(?:by|von|par|por|di|da|door|af|av)\s+", re.IGNORECASE)
_PARTS = re.compile(r"[|•·–—]|\s-\s|,\s")
_LINE = 120
"""Characters from which on a piece of text is no line with a name."""
_BEFORE, _BEHIND = 5, 12
"""How many blocks before the headline, and pieces of text behind it, may hold a date with a name beside it."""
_MOST_TOLD = 4
_OTHERS = frozenset(["h1", "h2", "blockquote"])
_NO_BYLINES = _OTHERS | {"h3", "h4", "h5", "h6", "figcaption", "button"}
"""Where "by" begins no byline: "By popular demand", "Von Berlin nach Paris", a quotation and its poet. Right below the
headline the small headings are none."""


def spoken_bylines(seen: Scan) -> Iterator[Byline]:
    """All bylines of a page that only their words show."""
    headings = [heading for heading in seen.headings if heading.tag == "h1"][:2]
    others = {block.text for block in seen.layout.blocks if block.tag in _OTHERS} if headings else set()
    for number, heading in enumerate(headings):
        yield from _after_heading(seen.texts_after(heading), others, seen.place(heading), number)
    for heading in headings[:1]:
        place = int(seen.place(heading))
        blocks = seen.layout.blocks[max(0, place - 1 - _BEFORE) : place - 1][::-1]
        before = [said(block) if len(block.text) < _LINE else block.text for block in blocks]
        yield from _beside_date(before, place, -1)
        yield from _beside_date(seen.texts_after(heading)[:_BEHIND], place, 1)
    yield from _told(seen)


def _after_heading(pieces: Sequence[str], others: Set[str], place: float, number: int) -> Iterator[Byline]:
    """The first piece of text behind a headline that begins with words for "by", and is none of some others."""
    for distance, piece in enumerate(pieces):
        if len(piece) < _LINE and SPOKEN.match(piece) and piece not in others:
            names = names_in(piece)
            whole = bool(names)
            if not names:
                names = _listed(pieces[distance + 1 :])
            if names and all(map(_CAPITAL.match, names)):
                kind = "whole" if whole else "next"
                features = {"spoken", "text", f"text:{kind}", f"text:{_nearness(distance, 8)}", f"text:h1:{number}"}
                yield Byline(names, "text", features, place + distance + 1)
                return


def _listed(pieces: Sequence[str]) -> tuple[str, ...]:
    """The names in the first of some short pieces of text, and in those that commas and words for "and" join to it."""
    names: tuple[str, ...] = ()
    for number in range(0, len(pieces), 2):
        if len(pieces[number]) >= 60 or not (found := names_in(pieces[number])):
            break
        names += found
        if number + 1 == len(pieces) or not _JOINED.fullmatch(pieces[number + 1].strip()):
            break
    return tuple(dict.fromkeys(names))


def _told(seen: Scan) -> Iterator[Byline]:
    """Short blocks anywhere that begin with words for "by": many pages sign at their end."""
    blocks = seen.layout.blocks
    taken, spoken = 0, SPOKEN.match
    for number, block in enumerate(blocks):
        if len(block.text) >= 150 or spoken(block.text) is None or block.tag in _NO_BYLINES:
            continue
        names = names_in(said(block))
        kind = "whole" if names else "next"
        if not names and number + 1 < len(blocks) and len(blocks[number + 1].text) < 60:
            names = names_in(blocks[number + 1].text)
        unspaced = _IN_SIGNS.match(block.text) is not None
        if names and all(_CAPITAL.match(name) and (" " in name or (unspaced and is_full(name))) for name in names):
            size = "short" if len(block.text) < 50 else "long"
            features = {"told", f"told:{kind}", f"told:{size}", "told:later" if taken else "told:first"}
            yield Byline(names, "text", features | around(block.element), number + 1)
            taken += 1
            if taken == _MOST_TOLD:
                return


def _beside_date(pieces: Sequence[str], place: int, way: int) -> Iterator[Byline]:
    """What looks like a name on the line of the first date, or on one of the two lines before and behind it.

    Args:
        pieces: lines, the nearest to the headline first.
        place: of the headline.
        way: 1 for lines behind it, -1 for those before.
    """
    dated = ((number, datelike(piece)) for number, piece in enumerate(pieces) if len(piece) < _LINE)
    distance, date = next(((number, match) for number, match in dated if match), (0, None))
    if date is None:
        return
    near = [("same", part) for part in _ends_of(pieces[distance], date)]
    near += [("beside", pieces[n]) for n in _two_around(distance) if 0 <= n < len(pieces)]
    for feature, piece in near:
        part = _SAID_BY.sub("", piece)
        if len(part) >= 40 or not _PERSON.fullmatch(part):
            continue
        if not (looks_like_role(part) or is_nobody(part) or _is_label(part)):
            where = "behind" if way > 0 else "before"
            features = {"dated", f"dated:{feature}", f"dated:{where}", f"dated:{_nearness(distance, 5)}"}
            yield Byline((part,), "text", features, place + way * (distance + 1))


def _ends_of(line: str, date: re.Match[str]) -> Iterator[str]:
    """What a line with a date begins and ends with, and what of it begins with words for "by".

    Between others stands a place or a section: "Reuters | New Delhi | 24-02-2022"; behind an agency a place alone.
    """
    before, after = (_told_parts(line[: date.start()]), _told_parts(line[date.end() :]))
    for part in (*before, *after):
        if _SAID_BY.match(part):
            yield part
    if not any(map(is_agency, (*before, *after))):
        yield from (part for part in (*before[:1], *after[-1:]) if not _SAID_BY.match(part))


def _told_parts(said: str) -> list[str]:
    """What stands between separators, but for times, durations and what calls the date something."""
    parts = filter(None, (part.strip(" ,.-–—|·•") for part in _PARTS.split(said)))
    return [part for part in parts if not (part.endswith((":", "：")) or DIGITS.search(part) or _is_label(part))]


def _is_label(part: str) -> bool:
    """Whether a part of a line calls its date something or names a place."""
    if _NO_NAME.search(part) or PLACES.fullmatch(part):
        return True
    return not _CALLED.isdisjoint(called(part))


def _two_around(number: int) -> tuple[int, ...]:
    return number - 1, number + 1, number - 2, number + 2


def _nearness(distance: int, least: int) -> str:
    return "near" if distance < least else "far"
