"""Bylines as pages write them -> names: without "by", roles, dates and interface words; cut where one name ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from builder.extract.facts.bywords import BY
from builder.extract.facts.offices import SURE_AGENCIES, is_nobody, without_agency

_END = re.compile(
    r"\s*(?:[|•·‧●–—»›/\n→]|\s-\s|\s@|\(|\[|(?<!\w)\d|发布|公開|,?\s*\b(?:updated|published|posted|last|"
    r"publié|publicado|pubblicato|veröffentlicht|aktualisiert|gepubliceerd|bijgewerkt|опубликовано|обновлено|"
    r"opublikowano|diterbitkan|प्रकाशित|"
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


PLACES = re.compile(
    r"new (?:delhi|york|york city|orleans|jersey|mexico|zealand|south wales)|washington,? d\.?c|hong kong|los angeles|"
    r"las vegas|palo alto|silicon valley|wall street|capitol hill|white house|downing street|"
    r"san (?:francisco|diego|jos[eé]|antonio|juan|salvador)|santo domingo|santa fe|santiago de chile|"
    r"(?:mexico|panama|kuwait|vatican|quezon|kansas|salt lake|oklahoma|ho chi minh) city|ciudad de m[eé]xico|"
    r"rio de janeiro|s[aã]o paulo|belo horizonte|porto alegre|buenos aires|la (?:paz|habana|plata|rochelle)|"
    r"(?:st\.?|saint) (?:petersburg|louis|paul|john’s)|cape town|port (?:louis|moresby)|tel aviv|abu dhabi|"
    r"addis ababa|dar es salaam|kuala lumpur|phnom penh|jakarta \w+|den haag|the hague|frankfurt am main|le havre|"
    r"reggio (?:calabria|emilia)|now[yae] (?:jork|sącz|sól|delhi)|zielona góra|нижний (?:новгород|тагил)|"
    r"великий новгород|middle east|west bank|gaza strip|sri lanka|saudi arabia|south africa|(?:north|south) korea|"
    r"costa rica|puerto rico|el salvador|burkina faso|sierra leone|united (?:states|kingdom|nations|arab emirates)",
    re.IGNORECASE,
)
"""Where stories are filed from, of those that are written like names of people."""


@lru_cache(maxsize=4096)
def names_in(byline: str) -> tuple[str, ...]:
    """The names in a byline in order, each once; credentials stay with the name that they follow.

    >>> names_in("By Ann Lee, MD and Bo Ruiz, Staff Writer | Feb. 24, 2022")
    ('Ann Lee, MD', 'Bo Ruiz')

    A name ends with its line, unless the line says that others follow.
    """
    text = " ".join(byline[:400].split())
    if "\n" in byline:
        lines = filter(None, (" ".join(line.split()) for line in byline[:400].split("\n")))
        text = _GOES_ON.sub(" ", "\n".join(lines))
    if text.startswith(("http:", "https:", "//", "www.")):
        return ()
    if _GLUED_BY.match(text):
        text = text[2:]
    for _ in range(2):
        text = BY.sub("", text, count=1)
    text = _PLACE.sub("", _END.sub("", _ADDRESS.sub("", text)).strip())
    text = without_agency(_TITLE_BEHIND.sub("", text))
    names: list[str] = []
    for part in _parts(text):
        pieces = [
            piece.strip(" .:-–\"'()“”,*") if len(piece) > 4 else piece.strip(" :-–()") for piece in part.split(",")
        ]
        for number, piece in enumerate(pieces):
            if number and names and _CREDENTIAL.fullmatch(piece) and piece not in SURE_AGENCIES:
                names[-1] += f", {piece}"
            elif is_name(piece := BY.sub("", piece, count=1).strip()) and not (number and _is_remark(piece, names)):
                names.append(piece)
            elif number == 0 and not piece:
                continue
            elif number or is_nobody(piece):
                break
    return tuple(dict.fromkeys(names))


def _is_remark(piece: str, names: Sequence[str]) -> bool:
    """Whether what follows a name and a comma is a role, an agency or a place: one word behind a name of two."""
    if _ROLE.search(piece) or PLACES.fullmatch(piece):
        return True
    return bool(names) and " " in names[-1] and " " not in piece


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
    return text.casefold() not in _BAD and _NOT_NAME.search(text) is None and not is_nobody(text)


def looks_like_role(text: str) -> bool:
    """Whether the words of a text are those of a job, an interface or an office rather than of a person."""
    return _ROLE.search(text) is not None
