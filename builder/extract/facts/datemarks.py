"""What looks like a date in a line of text, and what the words before it say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_MONTHLY = r"[^\W\d_][^\s\d,.]{2,11}\.?"  # vowel signs of Indic scripts are no word characters


_DATELIKE = re.compile(
    r"(?<![\d.])(?:"
    r"\d{1,2}\. ?\d{1,2}\. ?(?:19|20)?\d\d(?![\d%])|\d{1,2}/\d{1,2}/(?:19|20)?\d\d(?!\d)|"
    r"\d{1,2}-\d{1,2}-(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d ?[-/.年년] ?\d{1,2} ?[-/.月월] ?\d{1,2}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?[ -](?:of |de |d’)?{_MONTHLY},?[ -](?:de |del )?(?:19|20)\d\d(?!\d)"
    rf"|\d{{1,2}} {_MONTHLY},? (?:19|20)\d\d)"
    rf"|(?<!\w){_MONTHLY} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d(?!\d)"
)


DIGITS = re.compile(r"\d\d")


_PUBLISHED = re.compile(
    r"publi|posted|veröffentlicht|erstellt|erschienen|created|written|data de|fecha|pubblicato|"
    r"опубликовано|发布|発表|公開|掲載|投稿|نشر|प्रकाशित|\bam\b|\bvom\b|stand|datum|date",
    re.IGNORECASE,
)


_UPDATED = re.compile(
    r"updat|modif|aktualisiert|geändert|mis à jour|actualiz|atualiz|aggiornat|обновлен|更新|تحديث|अपडेट|"
    r"bearbeitet|edited|changed|letzte|last",
    re.IGNORECASE,
)


_UNRELATED = re.compile(
    r"©|copyright|\(c\)|all rights|until|expires|gültig|born|geboren|founded|seit|since|joined|member|"
    r"registr|deadline|event|termin|beginn|start|version|release",
    re.IGNORECASE,
)


_ISO_DAY = re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)")


_NUMERIC_DAY = re.compile(r"(?<![\d.])([0-3]?\d)\. ?([01]?\d)\. ?((?:19|20)\d\d|\d\d(?![\d.]))")


@lru_cache(maxsize=8192)
def datelike(text: str) -> re.Match[str] | None:
    """The first thing in a short text that looks like a date with its year."""
    if not DIGITS.search(text):
        return None
    return _DATELIKE.search(text)


def window(text: str, match: re.Match[str]) -> str:
    """A date with the time of day beside it, short enough to be read as one value."""
    return text[max(0, match.start() - 12) if match.start() < 40 else match.start() : match.end() + 40]


def label_signs(text: str, match: re.Match[str]) -> Iterator[str]:
    """What the words before a date call it."""
    before = text[max(0, match.start() - 40) : match.start()]
    if _UPDATED.search(before):
        yield "label:updated"
    elif _PUBLISHED.search(before):
        yield "label:published"
    if _UNRELATED.search(before):
        yield "label:unrelated"


def day_key(text: str) -> str | None:
    """The day in a string in forms that need no knowledge of languages, to see whether two places agree."""
    if match := _ISO_DAY.search(text):
        return "-".join(match.groups())
    if match := _NUMERIC_DAY.search(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return f"{year}-{int(match[2]):02d}-{int(match[1]):02d}"
    return None


def same_day(machine: str, written: str) -> bool:
    """Whether a day in numbers may be the one that another text writes in any language: year and day stand in it.

    >>> same_day("2022-02-24T06:30:00-05:00", "24 de febrero de 2022, 6:30 a. m.")
    True
    """
    key = day_key(machine)
    if key is None:
        return False
    other = day_key(written)
    if other is not None:
        return other == key
    numbers = {int(number) for number in re.findall(r"\d{1,4}", written[:200])}
    return {int(key[:4]), int(key[8:])} <= numbers
