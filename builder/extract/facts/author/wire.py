"""News agencies: whose story it is, where it was filed from, and whether it is a feed's, unedited."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.extract.candidates import Candidate
from builder.extract.facts.extent import OF_MANY, extent
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.texts import visible_ends

_AGENCIES = """
    AA, ADN Kronos, Adnkronos, AFP, Agence France-Presse, Agence France Presse, Agencia EFE, Agerpres,
    Agência Brasil, AGI, AKI, AKIpress, Anadolu, Anadolu Agency, Anadolu Ajansı, ANI, ANP, ANSA, Antara, AP, APA,
    askanews, Associated Press, ATS, Azertag, Belga, Bernama, BNS, BTA, Canadian Press, CTK, DHA, dpa, DPA, dpa-AFX,
    EFE, epd, Estadão Conteúdo, Europa Press, Folhapress, HINA, IANS, Interfax, INTERFAX.RU, IRNA, ISNA, İHA,
    Italpress, Jiji, Jiji Press, Keystone-ATS, Keystone-SDA, KNA, KUNA, Kyodo, LaPresse, LETA, Lusa, MAP, MENA, MTI,
    NTB, PA, PA Media, PAP, Petra, Press Association, Press Trust of India, PTI, Reuters, RIA Novosti, Ritzau,
    ritzau, sda, SPA, Sputnik, STT, TASS, Telam, The Associated Press, The Canadian Press, Thomson Reuters, TT,
    TTXVN, Ukrinform, UNI, UNIAN, UPI, VNA, WAM, Xinhua, Yonhap, Télam, ČTK, ΑΠΕ-ΜΠΕ, БЕЛТА, Интерфакс, РИА Новости,
    ТАСС, Укринформ, Укрінформ, УНИАН, УНІАН, أ ش أ, أ ف ب, بترا, د ب أ, رويترز, فرانس برس, قنا, واس, وام, רויטרס,
    الأناضول, سانا, كونا, وفا, ایرنا, ایسنا, اے ایف پی, अप, आईएएनएस, एएनआई, पीटीआई, भाषा, রয়টার্স, এএফপি, বাসস,
    পিটিআই, பிடிஐ, รอยเตอร์, ロイター, 中央社, 中新社, 共同, 共同通信, 共同通信社, 新华社, 新華社, 時事, 時事通信,
    時事通信社, 聯合ニュース, 中新网, 연합뉴스, 뉴스1, 뉴시스
"""
_LISTED = [" ".join(name.split()) for name in _AGENCIES.split(",")]
_NAMES = sorted({*_LISTED, *(name.upper() for name in _LISTED if len(name) > 3)}, key=lambda name: (-len(name), name))
AGENCIES = frozenset(_NAMES)
"""As they sign, in their own case or in capitals: "ap" and "map" are words."""
SURE_AGENCIES = AGENCIES - {
    "AA",
    "Antara",
    "Jiji",
    "JIJI",
    "Lusa",
    "LUSA",
    "MAP",
    "PA",
    "Petra",
    "PETRA",
    "SPA",
    "UNI",
    "سانا",
    "كونا",
    "وفا",
}
"""But for those that are names or degrees of people, too."""
_NAME = rf"(?:{'|'.join(map(re.escape, _NAMES))})"
_SIGNED = rf"{_NAME}(?:(?: ?[/,&] ?|-){_NAME})*"
_SURE_NAME = rf"(?:{'|'.join(re.escape(name) for name in _NAMES if name in SURE_AGENCIES)})"
_IN_BRACKETS = rf"[(/] ?(?P<agency>{_SIGNED})(?:/[a-z]{{2,4}})? ?[)/]"  # of a region: "dpa/lby"

_CAPITAL = r"[^\W\d_a-z]"
_WORD = rf"{_CAPITAL}[^\s\d,.:;!?/()–—-]*"
_WORDS = rf"{_WORD}(?:[ /-]{_WORD}){{0,2}}"
_DAY = r"(?:[^()\n/]{0,24}\d[^()\n/]{0,12}?|\d{1,2}/\d{1,2})"
_MONTH = r"[^\W\d_]{3,9}"
_SHORT_DAY = rf"(?:{_MONTH}\.? \d{{1,2}}|\d{{1,2}}\.? {_MONTH}\.?)(?:,? \d{{4}})?"
_PLACE = (
    rf"(?!{_SHORT_DAY}\s*(?:\(|/(?!\d)))"
    r"[^\W\d_](?:[^()\d\n|•·【】.:;!?]|(?<!\w{6})\.){1,60}?(?: ?\[[^\]\n]{2,30}\])?"  # "St. Louis, Mo."
)
_LEADS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<place>{_PLACE})(?:(?:[,.] ?|(?: في)?\s(?=\d)){_DAY})?\s*{_IN_BRACKETS}\s*[-–—:.।=]",
        rf"(?P<place>{_PLACE})(?:[,.] ?|(?: في)?\s(?=\d)){_DAY}\s*{_IN_BRACKETS}\s+[\"'“‘«]?(?=\d|{_CAPITAL})",
        rf"\((?P<agency>{_SIGNED})\)\s*[-–—]\s*(?P<place>{_PLACE})(?:,[^()\n]{{0,12}}\d[^()\n]{{0,12}}?)?\s*[-–—]\s",
        rf"\((?P<agency>{_SIGNED})\)\s*(?P<place>{_WORDS})\s[-–—]\s",
        rf"(?:{_SHORT_DAY}\s*)?\((?P<agency>{_SIGNED})\)\s*[-–—]+\s",
        rf"\((?P<agency>{_SURE_NAME})\)\s+[\"'“‘«]?(?={_CAPITAL})",
        rf"(?P<place>{_WORDS})[,.] ?{_DAY}\s*[-–—,.]\s*(?P<agency>{_SIGNED})(?:, {_WORD} {_WORD})?"
        r"\s*(?:[-–—:]|\.(?=\s))",
        rf"(?P<place>{_WORD})(?:,\s*|\s+[-–—]\s*|-\s+)(?P<agency>{_SIGNED})\s*[-–—:]\s",
        rf"(?P<place>[A-ZÇĞİÖŞÜ]{{4,}}(?:[ /-][A-ZÇĞİÖŞÜ]{{3,}}){{0,2}}) \((?P<agency>{_SIGNED})\) (?={_CAPITAL})",
        rf"【(?P<place>[^\n】＝=\d]{{1,12}}?)(?<![A-Za-z])(?P<agency>{_NAME})(?:[＝=][^\n】]{{1,12}})?】",
        rf"【(?:(?:\d{{1,2}}月)?\d{{1,2}}日\s?)?(?P<agency>{_SURE_NAME})(?:[＝=][^\n】]{{1,12}})?】",
        rf"[［\[](?P<place>[^\s\]］\d]{{1,12}})\s+(?:\d{{1,2}}日\s+)?(?P<agency>{_NAME})[］\]]",
        r"[据據]?(?P<agency>新华社|新華社|中新社|中新网|中央社)(?P<place>\w{2,10}?)?\d{1,2}月\d{1,2}日",
        r"[（(【](?P<agency>中央社)(?:記者\w+?|(?P<place>\w{2,5}?))\d{1,2}日\w{0,6}電",  # who and where are not parted
        rf"[（(［\[](?P<place>[가-힣]{{2,8}})=(?P<agency>{_NAME})[)）］\]]",
    )
)
"""How reports begin: "KYIV, Ukraine, Feb 24 (Reuters) -", "(ANSA) - ROMA, 24 FEB -", "МОСКВА, 24 февраля. /ТАСС/.";
behind a day also without a dash; without a place; without brackets, where a day or a single word stands before."""
_HEAD_LINE = re.compile(rf"(?P<agency>{_SIGNED})\s*[|•·]\s*(?P<place>{_PLACE})\s*[|•·][^\d\n]{{0,30}}\d")
"""A line over the story: "ANI | Washington DC | Updated: 24-02-2022"."""
SOURCE_WORDS = (
    "source|quelle|fuente|fonte|bron|källa|kilde|źródło|zdroj|lähde|πηγή|sursa|forrás|nguồn|kaynak|sumber|источник|"
    "джерело|(?:资料|資料)?(?:来源|來源)|出典|출처|المصدر|منبع|स्रोत|সূত্র|ที่มา"
)
"""What stands before whoever a story is from, and a colon."""
_SOURCE = rf"(?i:(?:{SOURCE_WORDS}|inputs?|इनपुट)s?\s*[:：]\s*)"
_WITH = (
    r"(?i:(?:(?:with|avec|mit|con|com|theo)\s+)?"
    r"(?:(?:agency\s+)?(?:inputs?|informaci[oó]n|informações|informations?|material)\s+(?:from|de|da|von)\s+)?)"
)
_SIGN_OFF = re.compile(rf"[(（\[](?:{_SOURCE}|{_WITH}|©\s?)(?P<agency>{_SIGNED})(?i:\s+inputs?)?[)）\]]\.?\s*$")
"""At the end, in brackets: "(ANI)", "(With inputs from PTI)"."""
_SOURCE_LINE = re.compile(rf"\W*{_SOURCE}(?P<agency>{_SIGNED})\W*$")
_LAST_LINE = re.compile(
    rf"(?:^|[.!?।…][\"'”’»)]*\s+)(?:{_SOURCE}|[-–—/]*\s*(?:(?:(?i:riproduzione riservata)\s+)?"
    rf"(?:©|\([cC]\)|(?i:copyright\b))[\s©]*(?:(?i:copyright\b)\s*)?(?:\d{{4}},?\s+)?)?{_WITH})"
    rf"(?P<agency>{_SURE_NAME}(?: ?[/,&] ?{_SURE_NAME})*)"
    r"(?:(?:\s[A-Z]{2,4}){1,4}|\s[a-z]{2,4}(?:/[a-z]{2,4})*|-infocom\b.*|[.,]? (?i:all rights)\b.*)?\W*$"
)
"""A line or sentence of its own at the end: "Source: Reuters", "--IANS ab/cd", "© 2022 AFP", "PTI ABC XYZ"."""
_OWNER = re.compile(rf"저작권자\s?(?:\([cC]\)|[ⓒ©])\s?(?P<agency>{_NAME})")
_PARTS, _BRACKETS, _LONGEST_LEAD, _NO_BRACKETS = re.compile("[|•·]"), re.compile(r"[(（/【［\[社网]"), 120, 60
"""What no line over a story and no first words with an agency are without: most are seen to have none."""
_LAST_WORDS = frozenset(name.replace("-", " ").split()[-1] for name in AGENCIES)
_BETWEEN_WORDS = "/|,.:：;&•·–—-()[]{}“”\"'"
_FEED = re.compile(
    r"syndicated (?:(?:news ?)?feed|story)|agency[ -]feed|agencies[ -]feed|wire (?:agency )?feed|news ?feed from|"
    r"dpa-newskanal|newskanal der|सिंडिकेट|न्यूज़? ?फीड",
    re.IGNORECASE,
)
_UNTOUCHED = re.compile(
    r"not been (?:edited|modified|created)|auto-?(?:matically )?(?:generated|published)|unedited|reworked|"
    r"published from|without (?:any )?(?:modification|edit|change)|sourced from|automated|"
    r"direkt aus|automatisch|nicht bearbeitet|unverändert|सीधे|ऑटो",
    re.IGNORECASE,
)
_SERVICE = re.compile(rf"(?i:(?:news|agency) service|servicio de agencia)|(?<!\w){_SURE_NAME}(?!\w)")
_AS_IT_CAME = re.compile(
    r"not been (?:edited|modified)|auto-?(?:matically )?(?:generated|published)|unedited|"
    r"without (?:any )?(?:modification|edit|change)|automatisch (?:\w+ ){0,4}(?:übernommen|veröffentlicht|erstellt)|"
    r"nicht (?:\w+ )?bearbeitet|publiée? automatiquement|sans modification|publicad[oa] automáticamente|sin modificaci",
    re.IGNORECASE,
)
"""Of the two pairs the second asks for more: a story may quote an agency and tell of what is automated."""
_HINTS = ("feed", "syndicat", "newskanal", "सिंडिकेट", "फीड", "auto", "edit", "modif", "bearbeitet")
"""One of them stands in every note: most blocks are seen to be none."""
_LONGEST_NOTE, _NEAR = 400, 12
"""Characters of a note, and blocks behind a story among which it stands."""
_ABOVE, _FIRST, _LAST = 15, 4, 2
"""Blocks over a story that may be about it; those among which it begins, below a picture and its caption; its end."""


def names_agency(text: str) -> bool:
    """Whether a text may name an agency between spaces and marks: most are seen to name none.

    >>> names_agency("By Ann Lee | AP"), names_agency("Apples and pears")
    (True, False)
    """
    for mark in _BETWEEN_WORDS:
        if mark in text:
            text = text.replace(mark, " ")
    return not _LAST_WORDS.isdisjoint(text.split())


def datelines(page: ParsedPage) -> Iterator[Candidate]:
    """The place that a story was filed from, where an agency is named beside it."""
    for match in signed(page):
        if place := match.groupdict().get("place"):
            yield Candidate([place.strip(" ,-–—")], "text")


def syndicated(page: ParsedPage) -> Iterator[Candidate]:
    """True where a note says that the story is as the feed of an agency brought it; nothing elsewhere."""
    story, blocks = extent(page), page.layout.blocks
    for block in blocks[max(0, story.last - _LAST) : story.last + _NEAR]:
        if len(block.text) < _LONGEST_NOTE and _is_note(block.text):
            yield Candidate(["true"], "note")
            return


def _is_note(text: str) -> bool:
    folded = text.lower()
    if not any(hint in folded for hint in _HINTS):
        return False
    return any(came.search(text) and feed.search(text) for came, feed in ((_UNTOUCHED, _FEED), (_AS_IT_CAME, _SERVICE)))


def _may_feature(text: str) -> bool:
    """Whether the end of a story may name an agency; what calls itself its copyright goes on with terms."""
    return text.startswith(("©", "(c)", "(C)", "Copyright", "COPYRIGHT")) or names_agency(text[-_NO_BRACKETS:])


@once_a_page
def signed(page: ParsedPage) -> list[re.Match[str]]:
    """Where an agency signs, the surest first."""
    if page.article.page_type in OF_MANY or not page.article.blocks:
        return []
    story, blocks, own = extent(page), page.layout.blocks, page.article.blocks
    firsts, lasts = ([visible_ends(block.text) for block in some] for some in (own[:_FIRST], own[-_LAST:]))
    above = blocks[max(0, int(story.top) - 1, story.first - _ABOVE) : story.first + _FIRST]
    lines = (visible_ends(line) for block in above if _PARTS.search(block.text) for line in block.text.split("\n"))
    begins = [text for text in firsts if _BRACKETS.search(text, 0, _LONGEST_LEAD) or names_agency(text[:_NO_BRACKETS])]
    last, behind = blocks[story.last - 1], blocks[story.last : story.last + _LAST]
    below = [visible_ends(block.text) for block in behind]
    goes_on = behind and behind[0].element.getparent() is last.element.getparent()
    featuring = lasts + (below[:1] if goes_on else [])
    ends = [text[-_LONGEST_NOTE:] for text in lasts + below]
    found = [
        *map(_HEAD_LINE.match, lines),
        *(lead.match(text) for text in begins for lead in _LEADS),
        *map(_SIGN_OFF.search, ends),
        *map(_SOURCE_LINE.match, ends),
        *map(_OWNER.search, ends),
        *(_LAST_LINE.search(text[-_LONGEST_NOTE:]) for text in featuring if _may_feature(text)),
    ]
    return [match for match in found if match is not None]
