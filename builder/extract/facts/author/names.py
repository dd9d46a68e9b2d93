"""Bylines as pages write them -> names: without "by", roles, dates and interface words; cut where one name ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from builder.extract.facts.author.bywords import ARABIC_AND, BY, KOREAN_JOB, KOREAN_NAME
from builder.extract.facts.author.dateless import without_date
from builder.extract.facts.author.fullnames import PARTICLE, is_full
from builder.extract.facts.author.offices import is_nobody, without_agency

_END = re.compile(
    r"\s*(?:[|•·‧●–—»›/\n→]|\s-\s|\s@|\(|\[|(?<!\w)\d|发布|公開|(?<=\s)报道|(?:来源|來源)(?=\s?[:：])|,?\s*\b(?:updated|published|posted|last|"
    r"publié|publicado|pubblicato|veröffentlicht|aktualisiert|gepubliceerd|bijgewerkt|опубликовано|обновлено|"
    r"opublikowano|diterbitkan|प्रकाशित|"
    r"is an?\b|has been|"
    r"writes|has written|"
    r"fotos?|bilder|bild|(?<=\s)interview:|follow|share|view|see|read|more|email|contact|about|says|said|for the|"
    r"reviewed|medically|edit(?:ed|ing|or\s?:)|fact|photographs?|photos?|with additional|special to|contributing|"
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
_SPLIT = re.compile(
    r"\s*(?:[;&•、،]|\s(?:and|AND|und|UND|et|ET|y|și|şi|og|och|oraz|és|και|и|و|اور|और|এবং|மற்றும்|และ|và)\s(?:by\s)?|\s+with\s+|\s[+]\s)\s*"
)
_CAPITAL_LETTERS = "[A-ZÀ-ÖØ-ÞА-Я]{2}"
_JOINED = re.compile(
    r"\s(?:e|ed|en|i|a|ve|ja|dan|і|й|та|ও|एवं|तथा|व|sowie|u\.|avec|con|com|junto a)\s(?:(?:di|da|por|par|von)\s)?|"
    rf"\sו-?(?=[א-ת])|(?<={_CAPITAL_LETTERS})\s[EYИ]\s(?={_CAPITAL_LETTERS})|{ARABIC_AND}"
)
"""Words for "and" that also stand within names: they part full names alone."""
_PLACE = re.compile(r" in [^\W\d_a-z][\w-]+(?: [^\W\d_a-z][\w-]+)?(?=$|[,;&]| (?:and|und)\b)")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of the direction of writing: the same author has them here and not there."""
_ADDRESS = re.compile(r"[(<]?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>]?")
_TITLE_BEHIND = re.compile(rf"\s?(?:{KOREAN_JOB}|記者|记者)(?:\]$|(?=$|\s?[,，、]))")
_FILED = re.compile(
    r"^[〔【（(\[]?(?:[^\W\d]{2,8}[报報社网網]\s?|本[报報])?[记記]者\s?[:：]?\s?(?P<han>[\u3400-\u9fff]{2,4}(?:、[\u3400-\u9fff]{2,4})*)"
    r"(?:\s?[／/]\s?\w{2,8}(?:报道|報導|報道)|\s?报道)?[〕】）)\]]?$|"
    r"^(?:[(\[]?[가-힣]{2,8}=(?:\w{2,8}[)\]\s])?\s?|\[?[가-힣]{2,6}(?:일보|신문|뉴스|방송)\s)"
    rf"(?=[가-힣]{{2,4}}\s?{KOREAN_JOB})"
)
"""For whom and from where who is named reports, in Chinese and Korean."""
_HANGUL_LIST = re.compile(
    rf"(?<=[가-힣])·(?=[가-힣])|(?<=\A[가-힣]{{2}}[가-힣])(?<![부팀실국단]) (?={KOREAN_NAME}\s?{KOREAN_JOB})"
)
_FAMILY = (
    "[王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖蕭萧田董袁潘蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈"
    "姚卢盧姜崔钟鍾谭譚陆陸汪范石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔汤湯]"
)
_HAN_NAME = rf"{_FAMILY}[\u3400-\u9fff]{{1,2}}"
_HAN_LIST = re.compile(rf"(?=.*[\u3400-\u9fff]{{3}}){_HAN_NAME}(?:(?:(?P<space> )|[和与與及，；、]){_HAN_NAME})+")
"""Of Chinese names; in Japanese a space parts those of one person."""
_HAN_AND = re.compile(rf"[ 和与與及，；](?={_HAN_NAME}(?:[ 和与與及，；、]|$))")
_JAPANESE_LIST = re.compile(r"[\u3005\u3400-\u9fff]{3,5}(?:[と・／，、][\u3005\u3400-\u9fff]{3,5})+")
_CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]{0,2}\. ?){1,4}[A-Z]?|Ph\.? ?D|[DM]Phil|(?:Ed|Psy|Sc|Th)D|D(?:Sc|rPH|DS|MD|VM|PM|PT|NP|C|O)|"
    r"[ANO]D|(?:Aud|Pharm|V?M)D|JD|LL[BM]|[BM](?:A|S|Sc|Ed|SN)|MBA|MFA|MP[AHP]|MHA|MSW|MDiv|Ed[MS]|Esq|[JS]r|I{1,3}|IV|"
    r"R[ND]N?|LPN|(?:F?NP|PA)(?:-[A-Z]{1,2})?|A[PR]?RN|CRNA|CNM|LDN?|CDE|CDCES|CSCS|CSSD|CPT|CN[SM]|LI?CSW|LMFT|LMHC|"
    r"LC?PC|[OP]T|OTR|SLP|FACS|FAA[DP]|FAC[CP]|FACEP|FACOG|[FM]RC[PS]|FRS|DACVD|IBCLC|CFA|CPA|CFP®?|CISSP|PMP|PE|AIA|"
    r"[KQ]C|[CMO]BE|SJ|OP|OSB"
)
_BY_OTHERS = re.compile(r" (?:by|von|par|por|da|door|av|af) ")
_JOBS = frozenset(["reporter", "correspondent", "contributor", "columnist", "writer", "journalist"])
_RANKS = frozenset(
    [
        "senior", "staff", "chief", "special", "guest", "contributing", "political", "business", "sports", "sport",
        "news", "science", "health", "education", "technology", "foreign", "national", "city", "crime", "arts",
        "features", "opinion", "managing", "deputy", "associate",
    ]
)  # fmt: skip
_ROLE_BEFORE = re.compile(
    rf"(?:(?:our|own|the|{'|'.join(sorted(_RANKS))}) )+(?:{'|'.join(sorted(_JOBS))})s? "
    r"(?=(?-i:[^\W\d_a-z])\S* (?-i:[^\W\d_a-z]))",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:daily|times|post|news|mail|herald|tribune|express|press|star|sun|mirror|globe|journal|gazette|telegraph|"
    r"online|web|team|bureau|insider|the|of|for|our)\b",
    re.IGNORECASE,
)
"""In the name of what a "Daily Mail Reporter" reports for."""
_CAPITALS = re.compile(r"[A-Z]{2,5}")
_NOT_NAME = re.compile(
    r"https?:|www\.|@|[<>{}\[\]=#%*?!\\|]|\.(?:com|org|net|de|io)\b|\s\d|(?<![a-z\d])\d{5}", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|writer|correspondent|journalist|contributor|columnist|director|manager|founder|"
    r"ceo|cto|cmo|specialist|analyst|senior|chief|producer|author|redakteur(?:in)?|redaktion|expert|"
    r"consultant|korrespondent(?:in)?|corresponsal|corrispondente|correspondante?|journaliste|periodista|giornalista|"
    r"envoyée? spéciale?|enviad[oa] especial|inviat[oa]|"
    r"engineer|marketer|strategist|professor|officer|head of|president|advis[eo]r|owner|coach|developer|"
    r"intern|fellow|desk|member|moderator|administrator|photographer|freelance\w*|follow|share|subscribe|"
    r"comments?|minutes?|min read|read|"
    r"profile|posts?|view|bio|more|guest|user|anonymous|login|sign|home|menu|search|contact|about|privacy|"
    r"terms|news|category|tags?|topics?|copyright)\b",
    re.IGNORECASE,
)
_BAD = frozenset(
    map(
        str.casefold,
        [
            "admin", "administrator", "user", "guest", "author", "authors", "by", "anonymous", "unknown", "webmaster",
            "editor", "none", "null", "n/a", "na", "root", "default", "follow", "share", "home", "reply", "quote",
            "report", "written", "posted", "text", "texte", "fotos", "foto", "photo", "bild", "video", "name", "via",
            "Gast", "Benutzer", "Anonym", "Administrateur", "Invité", "Anonyme", "Utilisateur", "Administrador",
            "Invitado", "Anónimo", "Usuario", "Convidado", "Anônimo", "Usuário", "Amministratore", "Ospite",
            "Anonimo", "Utente", "Beheerder", "Anoniem", "Gebruiker", "Gość", "Anonim", "Użytkownik", "Administrátor",
            "Uživatel", "Administratör", "Gäst", "Διαχειριστής", "Επισκέπτης", "Ανώνυμος", "Yönetici", "Misafir",
            "Администратор", "Админ", "Гость", "Аноним", "Пользователь", "Адміністратор", "Адмін", "Гість", "Анонім",
            "Tamu", "Quản trị viên", "Ẩn danh", "ผู้ดูแลระบบ", "ผู้เยี่ยมชม", "एडमिन", "अतिथि", "অ্যাডমিন", "مدير الموقع",
            "زائر", "مجهول", "المدير", "مدیر سایت", "مهمان", "ناشناس", "אורח", "מנהל", "אנונימי", "管理员", "游客",
            "匿名", "佚名", "本站", "管理員", "訪客", "管理人", "管理者", "ゲスト", "名無し", "名無しさん", "관리자",
            "손님", "익명", "운영자", "خبرنگار", "روزنامه‌نگار", "نویسنده", "مراسل", "مراسلة", "صحفي", "صحفية", "محرر",
            "محررة", "संवाददाता", "रिपोर्टर", "पत्रकार", "প্রতিবেদক", "সাংবাদিক", "עיתונאי", "עיתונאית",
        ],
    )
)  # fmt: skip
"""What stands in the place of a name by default, and jobs in letters without capitals."""
PLACES = re.compile(
    r"न(?:ई|यी) दिल्ली|"
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
_LABEL = re.compile(r"(?P<what>[^\s:：]{1,24}(?: [^\s:：]{1,24}){0,2}) ?[:：] ?(?P<who>[^:：]+)")
_DOES_ELSE = re.compile(
    r"\b(?:[fp]h?oto|фото|bild|ima?ge[nm]?s?\b|görsel|zdjęci|fényk|ảnh|video|відео|видео|[ck]amera|gra[fp]h?i[ckq]|"
    r"illustra|иллюстра|ілюстра|редакт|edit(?:[oöe]r|ing|ed\b)|edi[cç]|lektor|tradu|transl|übersetz|vertal|перевод|"
    r"перевел|переклад|çevir|tłumacz|terjemah|biên tập|dịch|stand\b|[ck]ategor|rubri|рубрик|"
    r"tags?\b|topic|thema|tema\b|se[ck][ct]i|filed|posted|conta[ck]t|kontakt|location|source)|摄|攝|影|写真|图|圖|编|編|校|审|審|監|译|譯|訳|사진|편집|번역|"
    r"ภาพ|ছবি|সম্পাদ|অনুবাদ|संपाद|अनुवाद|फोटो|تصوير|صور|عکس|ترجم|צילו|תמונ|תרגו|עריכ",
    re.IGNORECASE,
)
"""What calls somebody who has not written the text, or no person at all."""
_FULL = re.compile(r"[^\W\d_a-z][\w.'’-]+(?: [^\W\d_]?[\w.'’-]+){1,3}")


@lru_cache(maxsize=4096)
def names_in(byline: str) -> tuple[str, ...]:
    """The names in a byline in order, each once; credentials stay with the name that they follow.

    >>> names_in("By Ann Lee, MD and Bo Ruiz, Staff Writer | Feb. 24, 2022")
    ('Ann Lee, MD', 'Bo Ruiz')

    A name ends with its line, unless the line says that others follow.
    """
    names: list[str] = []
    for part in _parts(_bare(byline)):
        pieces = [
            piece.strip(" .:-–\"'()“”,*") if len(piece) > 4 else piece.strip(" :-–()") for piece in part.split(",")
        ]
        for number, piece in enumerate(pieces):
            if number and names and _is_credential(piece, names[-1]):
                names[-1] += f", {piece}"
                continue
            person = _without_role(BY.sub("", piece, count=1).strip())
            if label := _LABEL.fullmatch(person):
                if names or _DOES_ELSE.search(label["what"]):
                    return tuple(dict.fromkeys(names))
                person = _without_label(label)
            if names and _is_aside(person, names[0]):
                if _BY_OTHERS.search(person):
                    return tuple(dict.fromkeys(names))
                break
            if is_name(person) and not (number and _is_remark(person, names)):
                names.append(person)
            elif number or (person and is_nobody(person)):
                break
    return tuple(dict.fromkeys(names))


def _bare(byline: str) -> str:
    """The names of a byline as it lists them, without what stands before and behind the list."""
    raw = _DIRECTION.sub("", byline[:400])
    text = " ".join(raw.split())
    if "\n" in byline:
        lines = filter(None, (" ".join(line.split()) for line in raw.split("\n")))
        text = _GOES_ON.sub(" ", "\n".join(lines))
    if text.startswith(("http:", "https:", "//", "www.")):
        return ""
    if _GLUED_BY.match(text):
        text = text[2:]
    text = _FILED.sub(r"\g<han>", text)
    labelled = text
    for _ in range(2):
        text = BY.sub("", text, count=1)
    is_said = text != labelled
    text = without_date(_HANGUL_LIST.sub(", ", text))
    text = _PLACE.sub("", _END.sub("", _ADDRESS.sub("", text)).strip())
    if (listed := _HAN_LIST.fullmatch(text)) and (is_said or not listed["space"]):
        return _HAN_AND.sub("、", text)
    if is_said and _JAPANESE_LIST.fullmatch(text):
        return re.sub("[と・／，]", "、", text)
    return without_agency(_TITLE_BEHIND.sub("", text))


def _is_credential(piece: str, name: str) -> bool:
    """Whether a piece is listed or has points, or is in capitals behind another: else these are CNN, USA."""
    if _CREDENTIAL.fullmatch(piece):
        return True
    return _CAPITALS.fullmatch(piece) is not None and name.split(" ")[-1].isupper() and not name.isupper()


def _is_remark(piece: str, names: Sequence[str]) -> bool:
    """Whether what follows a name and a comma is a role, an agency or a place: one word behind a name of two."""
    if _ROLE.search(piece) or PLACES.fullmatch(piece):
        return True
    if not names or " " in piece:
        return False
    return " " in names[-1] or (_CAPITALS.fullmatch(piece) is not None and not names[-1].isupper())


def _is_aside(piece: str, first: str) -> bool:
    """Whether what follows the names says how or by whom else: "and agencies", "photographs by Bo Ruiz"."""
    return " by " in piece or (piece[:1].islower() and not first[0].islower() and PARTICLE.match(piece) is None)


def _without_role(piece: str) -> str:
    """A name without the job that stands before or behind it, no comma between: "Our Correspondent Ann Lee".

    Newspapers have such names, too: a "Daily Mail Reporter" is nobody.
    """
    words = _ROLE_BEFORE.sub("", piece, count=1).split(" ")
    if words[-1].casefold() in _JOBS or (len(words) > 3 and words[-1] == "Editor" and words[-2].casefold() in _RANKS):
        count = len(words) - 1
        while count and words[count - 1].casefold() in _RANKS:
            count -= 1
        if 1 < count < 5 and not _PAPER.search(rest := " ".join(words[:count])) and _FULL.fullmatch(rest):
            return rest
    return " ".join(words)


def _without_label(label: re.Match[str]) -> str:
    """The full name behind what its owner has done for the text: "Reportagem: Ana Lima"; else all, as it is written."""
    what, who = label["what"], label["who"]
    is_title = what[0].isupper() and is_full(what)  # "Harbor Post: Ann Lee" as well as "Ann Lee: Good Ferries"
    return who if is_full(who) and not is_title and not PLACES.fullmatch(who) else label[0]


def _parts(text: str) -> Iterator[str]:
    for part in _SPLIT.split(text):
        cut = _JOINED.split(part)
        yield from cut if len(cut) > 1 and all(is_full(name) for piece in cut for name in piece.split(", ")) else [part]


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
