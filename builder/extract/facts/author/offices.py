"""Who stands in the place of an author and is none: agencies, offices, sources."""

from __future__ import annotations

import re

from builder.extract.facts.author.bywords import BY
from builder.extract.facts.author.wire import AGENCIES, SOURCE_WORDS, SURE_AGENCIES, names_agency

_SOURCE = re.compile(rf"(?:{SOURCE_WORDS})s?\s?[:：]\s?", re.IGNORECASE)
_UNNAMED = r"(?:news |wire )?agencies|agencias|وكالات|एजेंसी"
_LETTERS_OR_NONE = re.compile(rf"[A-ZА-Я]{{2,5}}|(?i:{_UNNAMED})")
_OFFICE = re.compile(
    rf"{_UNNAMED}|"
    r"(?:\S+ ){0,3}(?:desk|news service|डेस्क|ডেস্ক|ڈیسک)|(?:our|own|special|staff|[A-Z]{2,4}) (?:own )?correspondents?|"
    r"staff(?: reports?| writers?| reporters?)?|wire (?:reports?|services?)|"
    r"(?:with )?(?:agency )?inputs? from .*|(?:(?:la|da|de|di|el|onze|tim) )?"
    r"(?:redacci[oó]n|redação|redazione|rédaction|redactie|redakcja|redakce|redacția|redaksi|редакц(?:ия|ія))(?: .*)?|"
    r"haber merkezi|নিজস্ব (?:প্রতিবেদক|সংবাদদাতা)|온라인 ?뉴스팀|"
    r"편집부|编辑部|編輯部|(?:ニュース)?編集部|هيئة التحرير|فريق التحرير|تحریریه|"
    r"ডেস্ক রিপোর্ট|กองบรรณาธิการ|ban biên tập|செய்திப்பிரிவு|"
    r"(?:责任编辑|責任編輯|责编|編輯|编辑)\s?[:：].*",
    re.IGNORECASE,
)
"""Where nobody signs by name. A "Redaktion" does: it answers for the text."""
_FROM = re.compile(r"(?:from|theo |©|\(c\)) ?(?=\S)", re.IGNORECASE)
_OWN = re.compile(r" (?i:staff(?: reporters?| writers?)?|news(?: agency|room| desk)?|desk)$| in [^\W\d_a-z].*$")
_AND = re.compile(r" ?[/&] ?| (?:and|und|et|y|e) ")
_BETWEEN = re.compile(r"[|•·–—\n]|\s-\s|,\s")
_WITH = "with|avec|mit|con|com"
_BEHIND = [name for name in sorted(SURE_AGENCIES) if " " in name or name.isupper()] + ["Reuters", "dpa"]
_FOR_AGENCY = re.compile(
    rf"^(?P<who>\S+(?= (?:{_WITH}) )|\S+ \S.*?)(?<!:)[ ,/]+(?:(?:for|{_WITH}|and|et|und|y) )?(?:the )?"
    rf"(?P<agency>{'|'.join(map(re.escape, _BEHIND))})$"
)
_AGENCY_ENDS = frozenset(name.split()[-1] for name in SURE_AGENCIES)


def agency_alone(text: str) -> str | None:
    """The agency, or several, that a text names and nobody else.

    >>> agency_alone("By Reuters"), agency_alone("© AFP"), agency_alone("PTI News Agency"), agency_alone("Ann Lee, AP")
    ('Reuters', 'AFP', 'PTI', None)
    """
    if not names_agency(text):
        return None
    said = BY.sub("", text.strip(), count=1)
    bare = _SOURCE.sub("", said, count=1)
    names = SURE_AGENCIES if bare == said else AGENCIES
    bare = _OWN.sub("", _FROM.sub("", bare, count=1), count=1)
    return bare if bare and all(name in names for name in _AND.split(bare)) else None


def agency_in(byline: str) -> str | None:
    """The agency that a byline names, alone in a part of it or behind a person.

    >>> agency_in("Reuters | Oldmouth"), agency_in("By Ann Lee, Associated Press"), agency_in("By Ann Lee, PA")
    ('Reuters', 'Associated Press', None)
    """
    if not names_agency(byline):
        return None
    parts = [part.strip() for part in _BETWEEN.split(byline)]
    if found := next(filter(None, map(agency_alone, parts)), None):
        return found
    matches = (_FOR_AGENCY.match(part) for part in parts if part[part.rfind(" ") + 1 :] in _AGENCY_ENDS)
    return next((match["agency"] for match in matches if match), None)


def is_agency(text: str) -> bool:
    """Whether a text says that an agency wrote the story: by its name, or by letters that stand for one.

    >>> is_agency("By Reuters"), is_agency("Source: PTI"), is_agency("Ann Lee")
    (True, True, False)
    """
    said = _SOURCE.sub("", BY.sub("", text, count=1), count=1)
    return said in AGENCIES or agency_alone(said) is not None or _LETTERS_OR_NONE.fullmatch(said) is not None


def is_nobody(text: str) -> bool:
    """Whether what stands in the place of a name is an agency, an office or a source.

    >>> is_nobody("Associated Press"), is_nobody("Web Desk"), is_nobody("来源：新华社"), is_nobody("Ann Lee")
    (True, True, True, False)
    """
    return agency_alone(text) is not None or _SOURCE.match(text) is not None or _OFFICE.fullmatch(text) is not None


def without_agency(byline: str) -> str:
    """A byline without the agency that it ends with, where a name stands before it.

    >>> without_agency("Ann Lee for Reuters"), without_agency("Associated Press")
    ('Ann Lee', 'Associated Press')
    """
    if byline[byline.rfind(" ") + 1 :] in _AGENCY_ENDS and agency_alone(byline) is None:
        return _FOR_AGENCY.sub(r"\g<who>", byline)
    return byline
