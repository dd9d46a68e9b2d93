"""Words for "by" before the names of a byline, in the languages of news."""

from __future__ import annotations

import re
from collections.abc import Iterable

from builder.extract.facts.alternatives import by_first_letter


def _beginning(words: Iterable[str]) -> str:
    """A pattern of what begins with any of some words in any case: those of one letter together, tried as one."""
    return "|".join(f"[{first}{first.upper()}](?i:{ends})" for first, ends in by_first_letter(words))


_SIGNS = "[:：／/｜|・＝=]"
_WRITTEN = (
    "written", "posted", "words", "reported", "reporting", "compiled", "published", "story", "submitted", "asked",
    "started", "article", "opinion", "analysis", "commentary", "essay", "interview", "review", "column", "guest column",
)  # fmt: skip
_BY = (
    *(rf"{word}\s+by" for word in (*_WRITTEN, "created", "authored", "post", "photos?")), "by", "von", "par", "por",
    "di", "da", "door", "av", "af", "przez", "od", r"text\s*(?:von|by|:)", r"texte?\s*:", r"textos?\s*:",
    r"tekst\s*:?", r"tekstit?\s*:?", r"the authors?(?:\(s\)|/s)?\s*[:|]", r"authors?(?:\(s\)|/s)?\s*[:|]",
    r"author\b(?! of)", r"autor(?:in|en|es|a|e|i|ka|ky)?\b\s*:?", r"autoři\s*:", r"autorzy\s*:", r"auteure?s?\b\s*:?",
    r"redaktion\s*:", r"redakteur(?:in)?\s*:?", r"reporter\s*:?", "posted", "beitrag von", "geschrieben von",
    "verfasst von", "eine? (?:artikel|beitrag|kommentar|gastbeitrag|bericht|analyse|reportage|kolumne|rezension) von",
    "gastbeitrag von", "kommentar von", "bericht von", "analyse von", "reportage von", "kolumne von", "rezension von",
    "publié par", "écrit par", "rédigé par", "article rédigé par", "propos recueillis par", "publicado por",
    "escrito por", "entrevista (?:de|por)", "texto (?:de|por)", "reporta(?:je|gem) (?:de|por)", "scritto da",
    "pubblicato da", "articolo di", "intervista di", "test[io] di", "servizio di", "a cura di", r"redacción\s*:",
    "geschreven door", "skrevet a[fv]", "skriven av", "publi(?:sert|cerad) a[fv]", "scris de", "publicat de",
    r"de\s*:", r"redactor\s*:", r"yazar\s*:", r"muhabir\s*:", r"haber\s*:", r"yazan\s*:", "ditulis oleh", r"oleh\s*:",
    r"penulis\s*:?", r"jurnalis\s*:?", r"wartawan\s*:?", r"pewarta\s*:", r"írta\s*:", r"szerzők?\s*:",
    r"toimittaja\s*:", r"kirjoittaja\s*:", r"napsal[ai]?\s*:?", r"napisał[ai]?\s*:?", r"rozmawia(?:ł[ai]?)?\s*:?",
    r"oprac\.", r"opracowanie\s*:", r"tác giả\s*:?", r"phóng viên\s*:?", r"bài(?: và ảnh)?\s*:",
    r"автор(?:ы|и|ка)?(?: (?:материала|статьи|текста))?\s*:?", r"текст\s*:?", r"кор+еспондент(?:ка)?\s*:?",
    r"журнал[иі]ст(?:ка)?\s*:?", "беседовал[аи]?", r"подготовил[аи]?\s*:?", r"материал подготовил[аи]?\s*:?",
    r"підготува(?:в|ла|ли)\s*:?", r"розмовля(?:в|ла|ли)\s*:?", r"συντάκτ(?:ης|ρια)\s*:", "γράφ(?:ει|ουν) (?:ο|η|οι)",
    "του", "της", "των", "από(?: τ(?:ον?|ην?))?", r"作者\s*[:：]?", r"本[报報][记記]者", r"记者\s*[:：]?",
    r"記者\s*[:：]?", rf"取材・文\s*{_SIGNS}", rf"文\s*{_SIGNS}", rf"採訪撰文\s*{_SIGNS}?", rf"撰文\s*{_SIGNS}?",
    r"著者\s*[:：]?", r"執筆者?\s*[:：]?", r"聞き手\s*[:：・]", "編集委員", "論説委員", r"취재\s*:?",
    r"글(?:·사진)?\s*:?", "기자명?", r"입력(?=\s[가-힣])", r"작성자\s*:?", r"글쓴이\s*:?", r"بقلم\s*:?",
    r"به قلم\s*:?", r"كاتب\s*:", r"الكاتب\s*:?", r"كتبت?\s*:?", r"إعداد\s*:", r"تحریر\s*:", r"خبرنگار\s*:",
    r"نویسنده\s*:?", r"نوشته\s*:?", "از", r"מאת\s*:?", r"लेखक\s*:?", r"द्वारा\s*:?", r"লেখক\s*:", r"লেখা\s*:",
    r"লিখেছেন\s*:?", r"எழுதியவர்\s*:?", r"โดย\s*:?", r"เขียนโดย\s*:?", r"รายงานโดย\s*:?", r"เรื่อง\s*:?", r"ผู้เขียน\s*:?",
)  # fmt: skip
BY = re.compile(rf"^\W*(?:{_beginning(_BY)})(?=[\s:：]|$|(?<={_SIGNS}))[\s:：|]*")
"""All that stands before the first name. Oleh and Theo are names as well."""
_BEFORE_COLON = (
    "oleh", "pewarta", "penulis", "jurnalis", "reporter", "haber", "muhabir", "yazar", "yazan", "autor[ei]", "autoři",
    "szerzők?", "írta", "toimittaja", "kirjoittaja", "teksti?", "texte", "textos?", "opracowanie", "текст", "автор[иы]",
    "журнал[иі]ст(?:ка)?", "корр?еспондент(?:ка)?", "redactor", "redacción", "tác giả", "συντάκτ(?:ης|ρια)", "লেখক",
    "লেখা", "تحریر", "خبرنگار", "نویسنده", "كتبت?", "كاتب", "الكاتب", "إعداد", "โดย",
)  # fmt: skip
_SAID = (
    *(f"{word} by" for word in _WRITTEN), *(f"{word} ?:" for word in _BEFORE_COLON), "by", "von", "par", "por", "di",
    "da", "door", "av", "af", r"text\s+von", "text:", "artikel von", "beitrag von", "blogbeitrag von",
    "eine? (?:artikel|beitrag|kommentar|gastbeitrag|bericht|reportage|kolumne) von", "kommentar von",
    "gastbeitrag von", "reportage von", "kolumne von", "propos recueillis par", "article rédigé par", "articolo di",
    "ditulis oleh", "skriven av", "материал подготовил[аи]?:?", "подготовил[аи]?:?", "підготува(?:в|ла|ли):?",
    "розмовля(?:в|ла|ли):?", "به قلم", "লিখেছেন:?", "எழுதியவர்:?", "รายงานโดย ?:?", "phóng viên ?:", "bài ?:",
    "wartawan ?:", "작성자 ?:", "글쓴이 ?:", "聞き手[:：・]", "verfasst von", "geschrieben von", "écrit par",
    "rédigé par", "escrito por", "scritto da", "a cura di", "autor(?:in|en|innen|ka)?:?", "authors?:?",
    r"auteur\s*:?", "автор(?:ка)?:?", "napsal[ai]?:?", "napisał[ai]?:?", "rozmawiał[ai]?:?", "беседовал[аи]?:?",
    "γράφ(?:ει|ουν) (?:ο|η|οι)", "geschreven door", "skrevet a[fv]", "scris de", r"oprac\.", "بقلم:?", "लेखक:?",
    "द्वारा", "מאת ?:?", "เขียนโดย ?:?", "ผู้เขียน ?:?", r"โดย(?= \S+ \S+\Z)", "作者[:：]?", "记者[:：]?", "記者[:：]?",
    "本报记者", "著者[:：]", "筆者[:：]", "執筆者?[:：]", r"撰文(?:\s?[:：／/｜|])?", r"采写\s?[:：]",
    r"文\s?[:：／/｜|・＝=]", "取材・文[:：／/＝=]", "ライター[:：]", "글 ?:", "글·사진", "취재 ?:", "기자명",
)  # fmt: skip
_HAN = "[\u3400-\u9fff]{2,4}"
KOREAN_JOB = r"(?:(?:선임|수습|인턴|객원)\s?)?(?:기자|특파원|논설위원)"
"""It stands behind a name."""
KOREAN_NAME = (
    "(?:[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진나지엄원천방공현함변염여추도소석설마길연위표명기반"
    "왕금옥육인맹제모탁국어은편용][가-힣]{2}|(?:남궁|황보|제갈|선우|독고)[가-힣]{1,2})"
)
"""A family and a person. Other words stand before 기자 as well: who takes the photographs, all of them."""
_ARABIC_NAMES = (
    "محمد|محمود|أحمد|احمد|حامد|خالد|علي|حسن|حسين|عمر|عمرو|عثمان|إبراهيم|ابراهيم|إسماعيل|يوسف|موسى|عيسى|مصطفى|مصطفي|سعيد|سعد|سامي|سامر|سمير|"
    "كريم|كمال|جمال|جابر|طارق|رامي|رشيد|زياد|زينب|فاطمة|مريم|ليلى|سارة|نور|نورا|هدى|هند|منى|مها|رنا|ريم|دينا|سلمى|عائشة|خديجة|"
    "أسماء|إيمان|ايمان|شيماء|بلال|باسم|فادي|فؤاد|فيصل|ماهر|ماجد|مروان|نبيل|نادر|هاني|هشام|ياسر|ياسين|جورج|إلياس|عادل|عماد|عبد"
)
ARABIC_AND = rf"\sو(?=(?:{_ARABIC_NAMES})\s|و)"
"""The letter for "and" before a name that is one of a person: many others begin with that letter themselves."""

SPOKEN = re.compile(
    rf"^\W{{0,3}}(?:(?:{_beginning(_SAID)})(?:[\s:：]|$|(?<={_SIGNS}))|"
    rf"記者\s?{_HAN}(?:、{_HAN})*\s?[／/]\s?\w{{2,6}}(?:報導|报道)\W?\Z|"
    rf"(?=[가-힣])(?:[가-힣]{{2,8}}(?:=[가-힣]{{2,8}})?[)\]]?\s)?{KOREAN_NAME}(?:·{KOREAN_NAME})*\s?"
    rf"{KOREAN_JOB}(?:\s\S{{3,40}}@\S{{3,40}})?\W?\Z)"
)
"""The beginning of a line that says by whom: in Chinese and Korean, all of one."""
