"""The end of a byline where a date follows the names: what calls that, and its day of the week, are no names."""

from __future__ import annotations

import re

from builder.extract.facts.date.datelabels import EITHER, lowered
from builder.extract.facts.date.datemarks import datelike
from builder.normalize.datewords import WEEKDAYS

_SHORT = 4
"""Letters below which the day of the week may as well be a name: Sun, Thu, Sen."""
_UNSPACED = "\u3005\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
"""Letters of names that have no spaces: Han, kana, Hangul."""
_DAYS = sorted(
    {
        re.escape(word).replace("_", r"[\s\u200c]")
        for row in WEEKDAYS.values()
        for word in row.split()
        if len(word) >= _SHORT or re.match(rf"[{_UNSPACED}]", word)
    }
)
_BORDER = r"[\s,،、，(（|/·•–—-]{1,4}"
_WEEKDAY = re.compile(
    rf"{_BORDER}(?:(?:on|am|le|el|ngày|يوم) )?ב?(?:{'|'.join(_DAYS)})(?:ที่)?[\s,.،，)）]*(?:den|the|ngày)?\s*\Z",
    re.IGNORECASE,
)
_LAST = (
    "last|latest|zuletzt|letzte|dernière|dernier|última|último|ultim[ao]|laatste?|ostatni[ao]?|naposledy|poslední|"
    "senast|sist|sidst|terakhir|τελευταία|последн(?:ее|яя|ий)|останн[єяій]|востаннє|آخرین|آخر|最[后後終]|최종|শেষ|अंतिम"
)
_LABEL = re.compile(rf"{_BORDER}(?:(?:{_LAST}) ?|son (?=güncel|değiş|düzen))?(?:{EITHER.pattern})")
"""For text in lower case; Son is a name elsewhere."""
_NAME_END = re.compile(rf"\S \S|[{_UNSPACED}]\Z")


def without_date(byline: str) -> str:
    """A byline up to the label of its date, or to the day of the week; all of it where no full name stands before them.

    >>> without_date("Jörg Überle Donnerstag, 24. Februar 2022"), without_date("Ali Demir Giriş Tarihi 24.02.2022")
    ('Jörg Überle', 'Ali Demir')
    >>> without_date("Plácido Domingo, 24.02.2022"), without_date("Ann Lee, 24 February 2022")
    ('Plácido Domingo, 24.02.2022', 'Ann Lee, 24 February 2022')
    """
    date = datelike(byline)
    if date is None:
        return byline
    label = _LABEL.search(lowered(byline), 0, date.start())
    end = label.start() if label and _NAME_END.search(byline[: label.start()]) else date.start()
    weekday = _WEEKDAY.search(byline, 0, end)
    if weekday and _NAME_END.search(byline[: weekday.start()]):
        end = weekday.start()
    return byline if end == date.start() else byline[:end]
