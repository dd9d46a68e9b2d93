"""Who stands in the place of an author and is none: agencies, offices, sources."""

from __future__ import annotations

import re

from builder.extract.facts.bywords import BY
from builder.extract.facts.wire import AGENCIES, SOURCE_WORDS

SURE_AGENCIES = (AGENCIES - {"AA", "Antara", "Jiji", "Lusa", "MAP", "PA", "Petra", "SPA", "UNI"}) | {
    "Agence France Presse", "Agencia EFE", "Agencias", "Agencies", "Agência Brasil", "Anadolu Ajansı", "DHA",
    "Estadão Conteúdo", "Folhapress", "Press Association", "Press Trust of India", "İHA", "وكالات", "एजेंसी",
    "共同通信社", "時事通信社",
}  # fmt: skip
"""But for those that are names or degrees of people, too."""
_LETTERS = re.compile(r"[A-ZА-Я]{2,5}")
_SOURCE = re.compile(rf"(?:{SOURCE_WORDS})s?\s?[:：]\s?", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:\S+ ){0,3}(?:desk|news service|डेस्क)|(?:our|own|special|staff|[A-Z]{2,4}) (?:own )?correspondents?|"
    r"staff(?: reports?| writers?| reporters?)?|(?:news |wire )?agencies|wire (?:reports?|services?)|"
    r"(?:with )?(?:agency )?inputs? from .*|(?:reuters|ap|afp|pti) staff|(?:(?:la|da|de|di|el|onze) )?"
    r"(?:redacci[oó]n|redação|redazione|rédaction|redactie|redakcja|redaksi|редакция)(?: .*)?|"
    r"haber merkezi|编辑部|編集部|(?:责任编辑|責任編輯|责编|編輯|编辑)\s?[:：].*",
    re.IGNORECASE,
)
"""Where nobody signs by name. A "Redaktion" does: it answers for the text."""
_WITH = "with|avec|mit|con|com"
_FOR_AGENCY = re.compile(
    rf"^(?P<who>\S+(?= (?:{_WITH}) )|\S+ \S.*?)[ ,/]+(?:(?:for|{_WITH}|and|et|und|y) )?(?:the )?"
    rf"(?:{'|'.join(re.escape(name) for name in sorted(SURE_AGENCIES) if ' ' in name or name.isupper())}|Reuters|dpa)$"
)
_AGENCY_ENDS = frozenset(name.split()[-1] for name in SURE_AGENCIES)


def is_agency(text: str) -> bool:
    """Whether a text says that an agency wrote the story: by its name, or by letters that stand for one.

    >>> is_agency("By Reuters"), is_agency("Source: PTI"), is_agency("Ann Lee")
    (True, True, False)
    """
    said = _SOURCE.sub("", BY.sub("", text, count=1), count=1)
    return said in AGENCIES or said in SURE_AGENCIES or _LETTERS.fullmatch(said) is not None


def is_nobody(text: str) -> bool:
    """Whether what stands in the place of a name is an agency, an office or a source.

    >>> is_nobody("Associated Press"), is_nobody("Web Desk"), is_nobody("来源：新华社"), is_nobody("Ann Lee")
    (True, True, True, False)
    """
    return text in SURE_AGENCIES or _SOURCE.match(text) is not None or _OFFICE.fullmatch(text) is not None


def without_agency(byline: str) -> str:
    """A byline without the agency that it ends with, where a name stands before it.

    >>> without_agency("Ann Lee for Reuters"), without_agency("Associated Press")
    ('Ann Lee', 'Associated Press')
    """
    if byline[byline.rfind(" ") + 1 :] in _AGENCY_ENDS:
        return _FOR_AGENCY.sub(r"\g<who>", byline)
    return byline
