"""A look at the bytes before the parser gets them, linear in their number: what would cost it or us too much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from builder.errors import PageError

_STEP = 4096
_TAG = re.compile(rb"<[a-zA-Z](?:[^>\"']++|\"[^\"]*+\"?|'[^']*+'?)*+")  # possessive: nothing is kept to go back to
_QUOTED = re.compile(rb"\"[^\"]*\"?|'[^']*'?")
_RAW_TEXT = ((b"<script", b"</script"), (b"<style", b"</style"), (b"<!--", b"-->"), (b"<textarea", b"</textarea"))
_LONGEST_MARKER = max(len(marker) for pair in _RAW_TEXT for marker in pair)

# The same as the HTML standard reads it: a quote opens a value only behind a =, and a > in the value ends nothing.
_SHORTEST_TAG = len(b"<a>")
_LONG = 16 * 1024
_SAMPLE = 1024  # of every so long stretch
_HIDDEN_FACTOR = 8
_VALUE = rb"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+|)"
_ONE = rb"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+" + _VALUE + rb")?+"
_ATTRIBUTE = re.compile(_ONE)
_ATTRIBUTES = re.compile(rb"(?:" + _ONE + rb")*+[\s/]*+")
_AFTER_NAME = frozenset([b" ", b"\t", b"\n", b"\r", b"\x0c", b"/", b">"])
_TO_THE_END = rb"(?:" + _ONE + rb")*+[\s/]*+\Z"
_IN_TAG = re.compile(rb"(?:|[^\s/>=]*+\s*+=\s*+" + _VALUE + rb"|" + _VALUE + rb")" + _TO_THE_END)
_IN_VALUE = re.compile(_TO_THE_END)
_MARKUP = re.compile(rb"<(?:!--|/?[a-zA-Z][^\s/>=\"']*+|[!?])")
_RAW_TEXT_ENDS = {
    name: re.compile(rb"</" + name + rb"(?=[\s/>]|\Z)", re.IGNORECASE)
    for name in (b"script", b"style", b"textarea", b"title")
}
_COMMENT_END = re.compile(rb"--!?>")


def check_nodes(html: bytes, limit: int) -> None:
    """Refuse a page of more than `limit` elements; what stands in scripts, comments and text fields is none.

    Raises:
        PageError: too_many_nodes.
    """
    if len(html) <= _SHORTEST_TAG * limit or html.count(b"<") <= limit:
        return
    if next(islice(_tags(html), limit, None), None) is not None:
        raise PageError("too_many_nodes", f"more than {limit} elements (limits.nodes)")


def check_attributes(html: bytes, limit: int) -> None:
    """Refuse an element with more than `limit` attributes; data URIs and inline scripts are none.

    An element with that many attributes leaves a long stretch without a `>`. Looking for such stretches costs a
    hundredth of parsing; what is found (mostly a script, or an image in a data URI) is looked at closely. Values may
    hide a `>`: such an element is seen where there is room for eight times the limit (the parser takes less than a
    second for fewer), unless it seems to stand in a script.

    Raises:
        PageError: too_many_attributes.
    """
    stretches = list(_stretches(html, min(_STEP, max(limit, 16))))
    if not stretches and len(html) < 2 * _LONG:
        return
    tall = {start: end for start, end in stretches if end - start >= 2 * limit}
    places = range(0, len(html) - _LONG + 1, _LONG)
    outside = set(_outside_scripts(html, sorted({*places, *tall})))
    long = [at in outside and _may_be_inside(html, at, at + _SAMPLE) for at in places]
    cells = [html[at : at + _LONG] if inside else b"" for at, inside in zip(places, long, strict=True)]
    room = _HIDDEN_FACTOR * limit
    if _longest_run(map(_bound, cells)) > room and _longest_run(map(_most, cells)) > room:
        _count_all(html, limit)
    raw = _RawText(html)
    for start in tall:
        if start not in outside:
            continue  # in a script, as most are; `_RawText` knows the other places
        opened = html.find(b"<", start, tall[start])
        tag = _TAG.search(html, opened, tall[start]) if opened >= 0 else None
        if tag is None or tag.end() - tag.start() < 2 * limit:
            continue
        words = _QUOTED.sub(b" ", tag[0]).split()  # a slash before the = parts names as a blank does
        count = sum(1 + word.partition(b"=")[0].strip(b"/").count(b"/") for word in words) - 1
        if count > limit and not raw.holds(tag.start()):
            raise PageError("too_many_attributes", f"an element with about {count} attributes (limit {limit})")


def attributes_of(html: bytes, name: bytes, word: bytes, most: int) -> Iterator[bytes]:
    """The attributes, as they are written, of the start tags of one name in which a word stands, in order of the page.

    The first `most` of that name are looked at; those with the word in a script, a comment or a text field are none.
    Names are in small letters, or, where none is, in capitals; the word is in small letters.
    """
    opened = next((opened for opened in (b"<" + name, b"<" + name.upper()) if opened in html), b"")
    raw, end = _RawText(html), 0
    while opened and most > 0 and (at := html.find(opened, end)) >= 0:
        end = at + len(opened)
        if html[end : end + 1] not in _AFTER_NAME:
            continue
        attributes = _ATTRIBUTES.match(html, end)
        end = attributes.end() if attributes else end
        if attributes and word in attributes[0].lower():
            if raw.holds(at):
                continue
            yield attributes[0]
        most -= 1


def _count_all(html: bytes, limit: int) -> None:
    for start, end in _tags(html):
        if end - start < 2 * limit:
            continue
        count = sum(1 for _ in _ATTRIBUTE.finditer(html, start, end))
        if count > limit:
            raise PageError("too_many_attributes", f"an element with {count} attributes (limit {limit})")


def _may_be_inside(html: bytes, start: int, end: int) -> bool:
    """Whether a stretch may lie inside one tag: whatever it begins in, attributes follow and no `>` ends them."""
    if _may_go_on(html, start, end) and _IN_TAG.match(html, start, end):
        return True
    closed = (html.find(quote, start, end) for quote in (b'"', b"'"))  # were its beginning in quotes
    return any(
        at >= 0 and _may_go_on(html, at + 1, end) and _IN_VALUE.match(html, at + 1, end) is not None for at in closed
    )


def _may_go_on(html: bytes, start: int, end: int) -> bool:
    """Whether a quote stands before the first `>`, without which that ends a tag: cheap, and mostly enough to know."""
    ended = html.find(b">", start, end)
    return ended < 0 or html.find(b'"', start, ended) >= 0 or html.find(b"'", start, ended) >= 0


def _longest_run(counts: Iterable[int]) -> int:
    """The largest sum of counts side by side without a 0 between them: one element's attributes stand in one run.

    >>> _longest_run([3, 4, 0, 6])
    7
    """
    most = run = 0
    for count in counts:
        run = run + count if count else 0
        most = max(most, run)
    return most


def _most(html: bytes) -> int:
    """No more attributes than this begin here: each stands behind white space, a slash or the end of a quoted value."""
    return len(html.split()) + html.count(b"/") + (html.count(b'"') + html.count(b"'")) // 2 + 2 if html else 0


def _bound(html: bytes) -> int:
    """No less than `_most`, and found at a tenth of the time."""
    return len(html) - len(html.translate(None, b" \t\n\r\x0b\x0c/\"'")) + 3 if html else 0


def _outside_scripts(html: bytes, places: Iterable[int]) -> Iterator[int]:
    """Those of some ascending places before which no script was opened that is not closed; reads nothing twice."""
    read = 0
    end = -1  # of the script that was opened last
    for place in places:
        while end < place:
            opened = html.find(b"<script", read, place + len(b"<script") - 1)
            if opened < 0:
                read = place
                yield place
                break
            end = html.find(b"</script", opened)
            end = read = end if end >= 0 else len(html)


def _stretches(html: bytes, step: int) -> Iterator[tuple[int, int]]:
    """Stretches of at least `step` bytes without a `>`: from the last one before to the next one after."""
    at = 0
    while at + step <= len(html):
        if html.find(b">", at, at + step) < 0:
            end = html.find(b">", at + step)
            end = len(html) if end < 0 else end
            yield html.rfind(b">", 0, at) + 1, end
            at = end
        else:
            at += step


class _RawText:
    """What is a script, a style sheet, a comment or a text field. Asked of ascending places, it reads nothing twice."""

    def __init__(self, html: bytes) -> None:
        self._html, self._read = html, 0
        self._last = dict.fromkeys(chain.from_iterable(_RAW_TEXT), -1)

    def holds(self, place: int) -> bool:
        """Whether a place lies in one of them: no earlier than the place that was asked of before."""
        base = max(self._read - _LONGEST_MARKER, 0)  # a marker may lie across the last border
        piece = self._html[base:place].lower()
        for marker, at in self._last.items():
            found = piece.rfind(marker)
            self._last[marker] = at if found < 0 else base + found
        self._read = place
        return any(self._last[opened] > self._last[closed] for opened, closed in _RAW_TEXT)


def _tags(html: bytes) -> Iterator[tuple[int, int]]:
    """Where the attributes of each start tag begin and end."""
    at = 0
    while (found := _MARKUP.search(html, at)) is not None:
        opened, at = found[0], found.end()
        if opened == b"<!--":
            ended = _COMMENT_END.search(html, at - 2)  # <!--> is a comment
            at = ended.end() if ended else len(html)
        elif opened in (b"<!", b"<?"):
            at = html.find(b">", at) + 1 or len(html)
        else:
            start = at
            attributes = _ATTRIBUTES.match(html, at)
            at = attributes.end() if attributes else at
            if opened[1:2] == b"/":
                continue
            yield start, at
            raw = _RAW_TEXT_ENDS.get(opened[1:].lower())
            if raw is not None:
                ended = raw.search(html, at)
                at = ended.start() if ended else len(html)
