"""Bylines as pages write them -> names: without "by", roles, dates and interface words; cut where one name ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_BY = re.compile(
    r"^\W*(?:(?:(?:written|posted|reported|published|created|submitted|started|asked|authored|words|story|"
    r"article|post|photos?)\s+)?by|von|par|por|di|da|door|av|af|przez|text(?:\s*(?:von|by|:))|"
    r"texte?\s*:|(?:the )?authors?(?:\(s\)|/s)?\s*[:|]|author\b(?! of)|autor(?:in|en|es|a)?\b\s*:?|"
    r"auteure?s?\b\s*:?|redaktion\s*:|redakteur(?:in)?\s*:?|reporter\s*:?|автор(?:ы)?\s*:?|текст\s*:?|"
    r"作者\s*[:：]?|记者\s*[:：]?|文\s*[:：／/]|著者\s*[:：]?|執筆(?:者)?\s*[:：]?|"
    r"بقلم\s*:?|الكاتب\s*:?|कاتب\s*:?|लेखक\s*:?|द्वारा\s*:?|posted|beitrag von|geschrieben von|"
    r"verfasst von|ein (?:artikel|beitrag|kommentar|gastbeitrag) von|publié par|écrit par|rédigé par|"
    r"publicado por|escrito por|scritto da|pubblicato da|a cura di|od|yazar\s*:|penulis\s*:|írta\s*:|teksti\s*:|"
    r"tekst\s*:|autorzy\s*:|napsala?\s*:|מאת\s*:?|نویسنده\s*:?)(?=[\s:：]|$|(?<=[:：]))[\s:：|]*",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    r"^\W{0,3}(?:(?:written|posted|words|reported|published|story|submitted|asked|started|article)\s+by|by|von|"
    r"par|por|di|da|door|av|af|text(?:\s+von|:)|(?:artikel|beitrag|blogbeitrag|verfasst|geschrieben) von|"
    r"écrit par|escrito por|scritto da|autor(?:in|en|innen)?:?|authors?:?|auteur\s*:?|автор:?|作者[:：]?|文[:：]|"
    r"بقلم:?|लेखक:?|द्वारा)(?:[\s:：]|$)",
    re.IGNORECASE,
)
"""The beginning of a line that says by whom."""
_END = re.compile(
    r"\s*(?:[|•·‧●–—»›/\n→]|\s-\s|\s@|\(|\[|(?<!\w)\d|,?\s*\b(?:updated|published|posted|last|"
    r"is an?\b|has been|"
    r"writes|has written|"
    r"fotos?|bilder|bild|interview:|follow|share|view|see|read|more|email|contact|about|says|said|for the|"
    r"reviewed|medically|edited|fact|photograph|photos?|with additional|special to|contributing|"
    r"staff writer|staff reporter|"
    r"(?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|jun[ei]?|jul[yi]?|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)(?=\.? ?\d)|"
    r"today|yesterday|gestern|heute)(?!\w)|\s(?:on|am|at|in|um|under|vom|le|el)$|\s"
    r"(?:on (?=\w+day|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|am (?=\d|montag|dienstag|mittwoch|"
    r"donnerstag|freitag|samstag|sonntag)|vom (?=\d)|le (?=\d)|el (?=\d))).*$",
    re.IGNORECASE | re.DOTALL,
)
_GOES_ON = re.compile(
    r"(?<=[,;&،、])\n|\n(?=[,;&،、])|(?<=\s(?:and|und))\n|\n(?=(?:and|und|et|y|og|och|и|و)\s)", re.IGNORECASE
)
"""The end of a line of a byline that is none of its list of names."""
_GLUED_BY = re.compile(r"[Bb]y(?=[A-Z][a-z]+ )")
_SPLIT = re.compile(r"\s*(?:[;&•、،]|\s(?:and|AND|und|UND|et|y|og|och|и|و|और)\s(?:by\s)?|\s+with\s+|\s[+]\s)\s*")
_JOINED = re.compile(r"\s(?:e|en|i|a|ve|ja)\s")
"""Words for "and" that also stand within names: they part full names alone."""
_PLACE = re.compile(r" in [^\W\d_a-z][\w-]+(?: [^\W\d_a-z][\w-]+)?(?=$|[,;&]| (?:and|und)\b)")
_ADDRESS = re.compile(r"[(<]?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>]?")
_TITLE_BEHIND = re.compile(r"\s?(?:기자|특파원|記者|记者)$")
_CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]?\.? ?){1,3}|(?:Ph\.?D|PhD|MD|M\.D|RN|CFA|CPA|CFP®?|RDN?|LDN?|MBA|MPH|MSc?|BSc?|Esq|"
    r"Jr|Sr|DDS|DVM|PharmD|PsyD|LCSW|CPT|NP|DO|MA|BA|JD|EdD|DNP|FACS|FAAD|DACVD|CDE|CDCES|MS|CSCS|PE)\.?"
)
_NOT_NAME = re.compile(
    r"https?:|www\.|@|[<>{}\[\]=#%*?!\\|]|\.(?:com|org|net|de|io)\b|\s\d|(?<![a-z\d])\d{5}", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|writer|correspondent|journalist|contributor|columnist|director|manager|founder|"
    r"ceo|cto|cmo|specialist|analyst|senior|chief|producer|author|redakteur(?:in)?|redaktion|expert|"
    r"consultant|"
    r"engineer|marketer|strategist|professor|officer|head of|president|advis[eo]r|owner|coach|developer|"
    r"intern|fellow|desk|member|moderator|administrator|photographer|freelance\w*|follow|share|subscribe|"
    r"comments?|minutes?|min read|read|"
    r"profile|posts?|view|bio|more|guest|user|anonymous|login|sign|home|menu|search|contact|about|privacy|"
    r"terms|news|category|tags?|topics?|copyright)\b",
    re.IGNORECASE,
)
_BAD = frozenset(
    [
        "admin",
        "administrator",
        "user",
        "guest",
        "author",
        "authors",
        "by",
        "anonymous",
        "unknown",
        "webmaster",
        "editor",
        "none",
        "null",
        "n/a",
        "na",
        "root",
        "default",
        "follow",
        "share",
        "home",
        "reply",
        "quote",
        "report",
        "written",
        "posted",
        "text",
        "texte",
        "fotos",
        "foto",
        "photo",
        "bild",
        "video",
        "name",
        "via",
    ]
)


_AGENCY = re.compile(
    r"(?:the )?associated press|reuters|agence france-presse|press trust of india|xinhua|anadolu(?: ajansı| agency)?|"
    r"(?:agencia )?efe|europa press|ansa|adnkronos|agência brasil|estadão conteúdo|folhapress|lusa|dpa|antara|yonhap|"
    r"interfax|ukrinform|тасс|риа новости|интерфакс|укринформ|رويترز|أ ف ب|وكالات|新华社|共同通信社?|時事通信社?|भाषा|"
    r"एजेंसी|agencies",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-ZА-Я]{2,5}")
_SOURCE = re.compile(r"(?:source|quelle|fuente|fonte|źródło|источник|来源)\s?[:：]\s?", re.IGNORECASE)


def is_agency(text: str) -> bool:
    """Whether a text says that an agency wrote the story: by its name, or by letters that stand for one.

    >>> is_agency("By Reuters"), is_agency("Source: PTI"), is_agency("Ann Lee")
    (True, True, False)
    """
    said = _SOURCE.sub("", _BY.sub("", text, count=1), count=1)
    return _AGENCY.fullmatch(said) is not None or _LETTERS.fullmatch(said) is not None


@lru_cache(maxsize=4096)
def names_in(byline: str) -> tuple[str, ...]:
    """The names in a byline in order, each once; credentials stay with the name that they follow.

    >>> names_in("By Ann Lee, MD and Bo Ruiz, Staff Writer | Feb. 24, 2022")
    ('Ann Lee, MD', 'Bo Ruiz')

    A name ends with its line, unless the line says that others follow.
    """
    text = _GOES_ON.sub(" ", "\n".join(filter(None, (" ".join(line.split()) for line in byline[:400].split("\n")))))
    if text.startswith(("http:", "https:", "//", "www.")):
        return ()
    if _GLUED_BY.match(text):
        text = text[2:]
    for _ in range(2):
        text = _BY.sub("", text, count=1)
    text = _PLACE.sub("", _END.sub("", _ADDRESS.sub("", text)).strip())
    text = _TITLE_BEHIND.sub("", text)
    names: list[str] = []
    for part in _parts(text):
        pieces = [
            piece.strip(" .:-–\"'()“”,*") if len(piece) > 4 else piece.strip(" :-–()") for piece in part.split(",")
        ]
        for number, piece in enumerate(pieces):
            if number and names and _CREDENTIAL.fullmatch(piece):
                names[-1] += f", {piece}"
            elif is_name(piece := _BY.sub("", piece, count=1).strip()) and not (number and _is_remark(piece, names)):
                names.append(piece)
            elif number == 0 and not piece:
                continue
            else:
                if number:
                    break
    return tuple(dict.fromkeys(names))


def _is_remark(piece: str, names: Sequence[str]) -> bool:
    """Whether what follows a name and a comma is a role, an agency or a place: one word behind a name of two."""
    return _ROLE.search(piece) is not None or (bool(names) and " " in names[-1] and " " not in piece)


def _parts(text: str) -> Iterator[str]:
    for part in _SPLIT.split(text):
        cut = _JOINED.split(part)
        yield from cut if len(cut) > 1 and all(_FULL.fullmatch(piece) for piece in cut) else [part]


_FULL = re.compile(r"[^\W\d_a-z][\w.'’-]+(?: [^\W\d_]?[\w.'’-]+){1,3}")


def is_name(text: str) -> bool:
    """Whether a text can be the name of a person or a pen name: short, no URL, no address, no sentence.

    >>> is_name("Ann Lee"), is_name("ann@example.org"), is_name("admin")
    (True, False, False)
    """
    if not 1 < len(text) < 60 or len(text.split()) > 6 or not any(char.isalpha() for char in text):
        return False
    return text.casefold() not in _BAD and _NOT_NAME.search(text) is None


def looks_like_role(text: str) -> bool:
    """Whether the words of a text are those of a job, an interface or an office rather than of a person."""
    return _ROLE.search(text) is not None
