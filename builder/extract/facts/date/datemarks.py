"""What looks like a date in a line of text, and what the words before it say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from builder.extract.facts.date.datelabels import EITHER, OF_PEOPLE, PUBLISHED, UPDATED, lowered
from builder.normalize.dates import DateError, ZoneSource, parse_date
from builder.normalize.datewords import MONTHS

_MONTHLY = r"(?:[^\W\d_][^\s\d,.:]{2,11}\.?|[\u0900-\u0dff]{2}\.?)"
"""Vowel signs of Indic scripts are no word characters; May has two letters in many of them."""
_NAME = rf"(?:{_MONTHLY}|مه|آب|ماي|(?:كانون|تشرين) \w{{5,6}}|[Tt]háng \w{{1,5}}(?: [Mm]ột| [Hh]ai)?)"
_MONTHS = rf"{_NAME}(?: ?/ ?{_NAME}|(?<=/) {_NAME}| \({_NAME}\))?"  # February in Egypt/ in Syria
_CENTURY = "(?:19|20|١٩|٢٠|۱۹|۲۰|१९|२०|১৯|২০|๑๙|๒๐|１９|２０)"
_YEAR = rf"{_CENTURY}\d\d"
_THAI = r"(?:(?:มี|เม|มิ|[มกพสตธ])\.[คพย]\.?|[ก-๎]{4,8}(?:คม|ยน|พันธ์)) ?(?:[พค]\.ศ\. ?)?"
_MARK = "[\u061c\u200e\u200f]?"
"""Of the direction, as browsers set them around the signs of a date in Arabic and Hebrew."""
_DOT, _SLASH, _HYPHEN = (rf"{_MARK}[{signs}]{_MARK}" for signs in (".．", "/／", "-‐‑－"))
_SIGN = rf" ?{_MARK}[-‐‑－/／.．年년月월]{_MARK} ?"
_YEAR_FIRST = "|".join(
    name
    for language in ("en", "ne", "ml")
    for name in f"{MONTHS[language].title()} {MONTHS[language].upper()}".replace(",", " ").split()
)
"""Months of languages that write 2022 February 24; of any word there would be one in: in 2022 about 24 of them."""
_MONTH_BEFORE = r"(?:[^\W\d_][^\s\d,.:]{2,11}+\.?|[\u0900-\u0dff]{2}\.?)"
_SPANISH = (
    r"(?<=nero|rero|arzo|bril|mayo|unio|ulio|osto|mbre|ubre)|(?<=\b(?:ene|feb|mar|abr|jun|jul|ago|sep|oct|nov|dic))"
)
"""How months end, for there are laws as well: Decreto 24 de 2022."""
_ERA = r"(?:令和|平成|昭和)\s?(?:元|\d{1,2})\s?年?"
_ERA_DAY = r"(?:\s?\d{1,2}\s?月\s?|[./．／]\d{1,2}[./．／])\d{1,2}"
_BESIDE_ERA = rf"{_YEAR}\s?年?[(（]{_ERA}[)）]\s?年?|{_ERA}(?:[(（]{_YEAR}年?[)）]\s?年?)?"
_BEGINS = "(?:(?<!.)|(?<=[:|•] )|(?<=day )|(?<=day, )|(?<=वार )|(?<=वार, ))"
"""A line, or behind a label or the day of the week."""
_DATELIKE = re.compile(
    r"(?=[\d令平昭])(?<![\d.+])(?<!\d[:hH])(?:"  # no minutes and no offset: 15:37 Updated: 2022
    rf"\d{{1,2}}{_DOT} ?\d{{1,2}}{_DOT} ?{_CENTURY}?\d\d(?![\d%])"
    rf"|\d{{1,2}}{_SLASH}\d{{1,2}}{_SLASH}(?:{_CENTURY}|25|๒๕)?\d\d(?!\d)|\d{{1,2}}{_HYPHEN}\d{{1,2}}{_HYPHEN}{_YEAR}(?!\d)"
    rf"|{_YEAR}(?:{_SIGN}\d{{1,2}}{_SIGN}\d{{1,2}}|–\d\d–\d\d|[ -](?:{_YEAR_FIRST})[ -]\d{{1,2}})(?!\d)"
    rf"|(?:{_BESIDE_ERA}){_ERA_DAY}(?!\d)日?"
    rf"|\d{{1,2}}(?:(?:st|nd|rd|th|er|[.º°»]|-го)?[ -]|\.)(?:of |de |d[’']|من )?{_MONTHLY},?[ -]"
    rf"(?:(?:del? |عام )?{_YEAR}|['’]\d\d)(?!\d)"
    rf"|\d{{1,2}} {_MONTHS}(?: ?[,،] ?| )(?:năm )?{_YEAR}|\d{{1,2}} ?{_THAI}(?:{_YEAR}|[2๒][5๕]\d\d)(?!\d)"
    rf"|\d{{1,2}}[./][^\W\d_]{{3,10}}\.?[./]{_YEAR}(?!\d)"
    rf"|{_YEAR}(?:\. g(?:ada|\.)| жылғы|\s?ж\.) \d{{1,2}}\.? {_MONTHLY}"
    rf"|{_YEAR}(?:\.| [mթ]\.) {_MONTHLY} \d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}, {_MONTHLY} {_YEAR}(?=,? \d\d?:\d\d)|(?=\d\d?, ){_BEGINS}\d{{1,2}}, {_MONTHLY},? {_YEAR}(?!\d))"
    rf"|(?<!\w)(?:{_MONTH_BEFORE}(?:(?:,? (?:the )?|(?<=\.))\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:(?: ?[,،] ?| ){_YEAR}|, ['’]\d\d)|(?:{_SPANISH}) \d{{1,2}} del? {_YEAR})"
    rf"|[A-Z][a-z]{{2,8}}-\d{{1,2}}-{_YEAR})(?!\d)"
    rf"|(?<!\w)[A-Z][a-z]{{2}} \d{{1,2}} \d\d:\d\d(?::\d\d)?(?: [A-Z]{{2,5}})? {_YEAR}(?!\d)"
)
DIGITS = re.compile(r"\d[\d年]")
_PERHAPS_PUBLISHED = re.compile(r"\bam\b|\bvom\b|stand|datum|date")
_PERHAPS_UPDATED = re.compile(r"changed|letzte|last|edited|bearbeitet")
_UNRELATED = re.compile(
    r"©|copyright|\(c\)|all rights|until|expires|gültig|born|geboren|founded|seit|since|joined|member|"
    r"registr|deadline|event|termin|beginn|start|version|release",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)")
_PERHAPS_INSTANT = re.compile(r":\d\d\D{0,3}(?:[A-Za-z]|[+-]\d)|\d{4}(?:\d\d)?(?:[Zz]$|[+-]\d\d)|^\d{10}(?:\d{3})?$")
_NUMERIC_DAY = re.compile(r"(?<![\d.])([0-3]?\d)\. ?([01]?\d)\. ?((?:19|20)\d\d|\d\d(?![\d.]))")
_WESTERN = {ord(zero) + value: str(value) for zero in "٠۰०০๐０" for value in range(10)}
_BESIDE = 40
"""Characters before and behind a date in which its time of day stands."""
_BEFORE = r"(?<![^\s|])[^\s\d|]{1,14}\s"
_CLOCK_BEFORE = re.compile(
    rf"(?:{_BEFORE}?)?(?<![\d:.+])\d{{1,2}}(?:\s?[:：.hH時时点點시]\s?\d\d){{0,2}}(?!\d)"
    r"((?:\D|(?<=[ (A-Z][+-])\d\d?:?\d\d|(?<=[+-])\d\d?){0,30})\Z"
)
"""With the word before it, which may say which half of the day, and what stands between it and the date: of numbers
only the offset of a zone."""
_WORD_BEFORE = re.compile(rf"{_BEFORE}\Z")
_BORDERS = " \n|•·–—/(,;:-"
_NO_MORE = re.compile(r"[|•·–—/\n(][^\d|•·–—/\n(]*\Z")
"""The last part of what stands before a label: of that, where it says no time."""
_SAID = re.compile(rf"(?:{EITHER.pattern}|{_PERHAPS_UPDATED.pattern}).{{0,40}}$", re.DOTALL)
_SHORTENED = re.compile(r"\d\W{0,3}(?:[ap]\.\s?m|hr?s?|uhr|uur|r|г|น)\.\Z", re.IGNORECASE)
_SENTENCE = 25
"""Characters beside a date from which on a line with a full stop is a sentence."""
_FULL_STOPS = frozenset(".!?…。！？।؟۔")
_PARTS, _WORDS = re.compile(r"[|•·–—\n\d]|\s-\s"), re.compile(r"[^\W\d_]{4,}")
"""Borders within a line; what has no word in lower case tells nothing."""
_DATELINE, _DASH = 40, re.compile(r"[\s)]*[-–—:|]")
_LABEL = 30
_CLOCK = re.compile(
    r"(?<!\d)\d{1,2}(?:[:：]\s?\d\d|\s?[時时点點시]|\s?h\s?(?:\d\d)?\b|(?:\.\d\d)?\s?(?:[ap]\.?\s?m\b|uhr|uur))",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def datelike(text: str) -> re.Match[str] | None:
    """The first thing in a short text that looks like a date with its year."""
    if not DIGITS.search(text):
        return None
    return _DATELIKE.search(text)


def dates_in(line: str, most: int = 3) -> list[re.Match[str]]:
    """All that looks like a date in a short line, the first `most` of it."""
    first = datelike(line)
    return [first, *islice(_DATELIKE.finditer(line, first.end()), most - 1)] if first else []


def window(text: str, match: re.Match[str], start: int = 0) -> str:
    """A date with the word before it and the time of day on either side, no part of a word, to be read as one value.

    Nothing before `start`, and nothing of the next date or of the label before that.

    >>> line = "ANI | Updated: 18:30 IST, 24-02-2022 | Created: 03:37 IST, 23-02-2022"
    >>> [window(line, match) for match in dates_in(line)]
    ['Updated: 18:30 IST, 24-02-2022', 'Created: 03:37 IST, 23-02-2022']
    """
    first = max(start, match.start() - _BESIDE)
    lead = _CLOCK_BEFORE.search(text, first, match.start())
    if lead is None or EITHER.search(lowered(lead[1])):
        lead = _WORD_BEFORE.search(text, first, match.start())
    end = match.end() + _BESIDE
    if following := _DATELIKE.search(text, match.end(), end + _BESIDE):
        end = min(end, following.start())
    while end < len(text) and f"_{text[end - 1 : end + 1]}".isidentifier():  # letters, digits and vowel signs
        end -= 1
    if label := EITHER.search(lowered(text[match.end() : end])):
        end = match.end() + len(_NO_MORE.sub("", text[match.end() : match.end() + label.start()]))
    cut = text[lead.start() if lead else match.start() : end]
    return cut.rstrip(_BORDERS if "(" in cut else _BORDERS + ")")


def is_told(line: str, match: re.Match[str]) -> bool:
    """Whether a sentence tells of a date, which then is one of its story rather than that of the page.

    Not where it says that this is when it was published, not where a report is dated: "Bonn, 24.02.2022 - The ...", and
    not where the full stop is that of a clock or a year: "Reuters | Feb. 24, 2022 at 3:37 p.m.".

    >>> [is_told(line, datelike(line)) for line in ("The old harbour wall fell on 1 May 1945.", "Out 1 May 2022.")]
    [True, False]
    """
    rest, said = len(line) - (match.end() - match.start()), line.rstrip('"”»)')
    if rest < _SENTENCE or said[-1:] not in _FULL_STOPS:
        return False
    before = line[: match.start()]
    if _SHORTENED.search(said) and not any(word.islower() for word in _WORDS.findall(_PARTS.split(before)[-1])):
        return False
    return not (_SAID.search(lowered(before)) or (len(before) < _DATELINE and _DASH.match(line, match.end())))


def is_of_people(line: str, match: re.Match[str], label: str = "") -> bool:
    """Whether a date is that of somebody's birth, joining or last visit, by the line or by the label before it.

    >>> lines = ("Joined: Fri Mar 01, 2019 9:12 am", "Posted: Fri Mar 01, 2019 9:12 am")
    >>> [is_of_people(line, datelike(line)) for line in lines]
    [True, False]
    """
    before = f"{label} {line[: match.start()]}" if len(label) < _LABEL else line[: match.start()]
    return is_label_of_people(before)


def is_label_of_people(before: str) -> bool:
    """Whether the words before a date call it that of somebody's birth, joining or last visit."""
    return OF_PEOPLE.search(lowered(before[-_BESIDE:])) is not None


def line_features(kind: str, line: str, match: re.Match[str]) -> Iterator[str]:
    """Whether a line is hardly more than its date."""
    rest = len(line) - (match.end() - match.start())
    yield f"{kind}:bare" if rest < 4 else f"{kind}:label" if rest < 30 else f"{kind}:phrase"


def label_features(text: str, match: re.Match[str], start: int = 0) -> Iterator[str]:
    """What the words before a date, from `start` on, call it."""
    yield from called(text[max(start, match.start() - 40) : match.start()])


def is_label(line: str) -> bool:
    """Whether a line says no more than what a date is that stands on the next.

    >>> [is_label(line) for line in ("Last updated:", "Updated 24 Feb", "Share")]
    [True, False, False]
    """
    return len(line) < _LABEL and not DIGITS.search(line) and EITHER.search(lowered(line)) is not None


def called(before: str) -> Iterator[str]:
    """What the words that stand before a date call it."""
    said = lowered(before)
    if UPDATED.search(said) or _PERHAPS_UPDATED.search(said):
        yield "label:updated"
    elif PUBLISHED.search(said):
        yield "label:published"
        yield "label:stated"
    elif _PERHAPS_PUBLISHED.search(said):
        yield "label:published"
    if _UNRELATED.search(before):
        yield "label:unrelated"


def day_key(text: str) -> str | None:
    """The day in a string in forms that need no knowledge of languages, to see whether two places agree."""
    if not text.isascii():
        text = text.translate(_WESTERN)
    if match := _ISO_DAY.search(text):
        return "-".join(match.groups())
    if match := _NUMERIC_DAY.search(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return f"{year}-{int(match[2]):02d}-{int(match[1]):02d}"
    return None


def has_clock(text: str) -> bool:
    """Whether a date has a time of day beside it.

    >>> [has_clock(text) for text in ("24.02.2022", "24.02.2022, 13.37 Uhr", "24 février 2022 à 13h37", "Feb 24, 1 PM")]
    [False, True, True, True]
    """
    return _CLOCK.search(text) is not None


def read_day(text: str) -> str | None:
    """The day in a string in any form and language, as ISO 8601 writes it; nothing where it is not certain.

    >>> read_day("Updated 24 février 2022, 6h30"), read_day("04/03/2022")
    ('2022-02-24', None)
    """
    try:
        return day_key(text) or parse_date(text).day.isoformat()
    except DateError:
        return None


@lru_cache(maxsize=8192)
def instant_day(text: str) -> str | None:
    """The day of a date in any form that states its clock and the zone of that; nothing for any other text.

    >>> [instant_day(f"Thu, 24 Feb 2022 03:37:00{zone}") for zone in (" +0530", " GMT", "")]
    ['2022-02-24', '2022-02-24', None]
    """
    if _PERHAPS_INSTANT.search(text) is None:  # reading a date costs ten times as much
        return None
    try:
        moment = parse_date(text)
    except DateError:
        return None
    is_known = moment.at is not None and moment.zone_source in (ZoneSource.OFFSET, ZoneSource.NAME)
    return moment.day.isoformat() if is_known else None


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
    date = datelike(written[:200])
    said = date.group() if date else written[:200]
    numbers = {int(number) for number in re.findall(r"\d{1,4}", said)}
    if len(numbers) == 3 and date and ":" not in said:  # the month is one of them
        return numbers == set(map(int, key.split("-")))
    return {int(key[:4]), int(key[8:])} <= numbers
