"""Words for "by" before the names of a byline, in the languages of news."""

from __future__ import annotations

import re
from collections.abc import Iterable

BY = re.compile(
    r"^\W*(?:(?:(?:written|posted|report(?:ed|ing)|compiled|published|created|submitted|started|asked|authored|words|"
    r"story|article|post|photos?|opinion|analysis|commentary|essay|interview|review|(?:guest )?column)\s+)?by|"
    r"von|par|por|di|da|door|av|af|przez|text(?:\s*(?:von|by|:))|"
    r"texte?\s*:|(?:the )?authors?(?:\(s\)|/s)?\s*[:|]|author\b(?! of)|autor(?:in|en|es|a|e|i|ka|ky)?\b\s*:?|"
    r"autoři\s*:|auteure?s?\b\s*:?|redaktion\s*:|redakteur(?:in)?\s*:?|reporter\s*:?|"
    r"автор(?:ы|и|ка)?(?: (?:материала|статьи|текста))?\s*:?|"
    r"текст\s*:?|корреспондент\s*:?|кореспондент(?:ка)?\s*:?|журналист(?:ка)?\s*:?|журналіст(?:ка)?\s*:?|"
    r"беседовал[аи]?|"
    r"作者\s*[:：]?|[记記]者\s*[:：]?|(?:取材・)?文\s*[:：／/｜|・＝=]|撰文\s*[:：／/｜|]?|著者\s*[:：]?|執筆(?:者)?\s*[:：]?|"
    r"취재\s*:|글(?:·사진)?\s*:?|기자명?|"
    r"بقلم\s*:?|الكاتب\s*:?|كاتب\s*:|إعداد\s*:|تحریر\s*:|خبرنگار\s*:|লেখক\s*:|লেখা\s*:|"
    r"लेखक\s*:?|द्वारा\s*:?|posted|beitrag von|geschrieben von|"
    r"verfasst von|ein (?:artikel|beitrag|kommentar|gastbeitrag) von|publié par|écrit par|rédigé par|"
    r"publicado por|escrito por|scritto da|pubblicato da|a cura di|od|yazar\s*:|muhabir\s*:|"
    r"penulis\s*:|jurnalis\s*:|írta\s*:|szerzők?\s*:|tekstit?\s*:?|toimittaja\s*:|kirjoittaja\s*:|textos?\s*:|"
    r"redacción\s*:|geschreven door|(?:skrevet|publisert) a[fv]|(?:scris|publicat) de|de\s*:|redactor\s*:|"
    r"συντάκτ(?:ης|ρια)\s*:|γράφ(?:ει|ουν) (?:ο|η|οι)|tác giả\s*:|(?:เขียน)?โดย\s*:?|ผู้เขียน\s*:?|"
    r"oleh\s*:|pewarta\s*:|haber\s*:|yazan\s*:|oprac\.|كتبت?\s*:|"  # Oleh is a name as well
    r"tekst\s*:|autorzy\s*:|napsal[ai]?\s*:?|napisał[ai]?\s*:?|rozmawiał[ai]?\s*:?|opracowanie\s*:|מאת\s*:?|نویسنده\s*:?)(?=[\s:：]|$|(?<=[:：／/｜|・＝=]))[\s:：|]*",
    re.IGNORECASE,
)
"""All that stands before the first name."""
_WRITTEN = (
    "written", "posted", "words", "reported", "reporting", "compiled", "published", "story", "submitted", "asked",
    "started", "article", "opinion", "analysis", "commentary", "essay", "interview", "review", "column", "guest column",
)  # fmt: skip
_BEFORE_COLON = (
    "oleh", "pewarta", "penulis", "jurnalis", "reporter", "haber", "muhabir", "yazar", "yazan", "autor[ei]", "autoři",
    "szerzők?", "írta", "toimittaja", "kirjoittaja", "teksti?", "texte", "textos?", "opracowanie", "текст", "автор[иы]",
    "журнал[иі]ст(?:ка)?", "корр?еспондент(?:ка)?", "redactor", "redacción", "tác giả", "συντάκτ(?:ης|ρια)", "লেখক",
    "লেখা", "تحریر", "خبرنگار", "نویسنده", "كتبت?", "كاتب", "الكاتب", "إعداد", "โดย",
)  # fmt: skip
_SAID = (
    *(f"{word} by" for word in _WRITTEN),
    *(f"{word} ?:" for word in _BEFORE_COLON),
    "by", "von", "par", "por", "di", "da", "door", "av", "af", r"text\s+von", "text:", "artikel von", "beitrag von",
    "blogbeitrag von", "verfasst von", "geschrieben von", "écrit par", "rédigé par", "escrito por", "scritto da",
    "a cura di", "autor(?:in|en|innen|ka)?:?", "authors?:?", r"auteur\s*:?", "автор(?:ка)?:?", "napsal[ai]?:?",
    "napisał[ai]?:?", "rozmawiał[ai]?:?", "беседовал[аи]?:?", "γράφ(?:ει|ουν) (?:ο|η|οι)", "geschreven door",
    "skrevet a[fv]", "scris de", r"oprac\.", "بقلم:?", "लेखक:?", "द्वारा", "מאת ?:?", "เขียนโดย ?:?", "ผู้เขียน ?:?",
    r"โดย(?= \S+ \S+\Z)", "作者[:：]?", "记者[:：]?", "記者[:：]?", "本报记者", "著者[:：]", "筆者[:：]",
    "執筆者?[:：]", r"撰文(?:\s?[:：／/｜|])?", r"采写\s?[:：]", r"文\s?[:：／/｜|・＝=]", "取材・文[:：／/＝=]", "ライター[:：]",
    "글 ?:", "글·사진", "취재 ?:", "기자명",
)  # fmt: skip
_HAN = "[\u3400-\u9fff]{2,4}"
KOREAN_JOB = r"(?:(?:선임|수습|인턴|객원)\s?)?(?:기자|특파원|논설위원)"
"""It stands behind a name."""
_KOREAN = (
    "(?:[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진나지엄원천방공현함변염여추도소석설마길연위표명기반"
    "왕금옥육인맹제모탁국어은편용][가-힣]{2}|(?:남궁|황보|제갈|선우|독고)[가-힣]{1,2})"
)
"""A family and a person. Other words stand before 기자 as well: who takes the photographs, all of them."""


def _beginning(words: Iterable[str]) -> str:
    """A pattern of what begins with any of some words in any case: those of one letter together, tried as one."""
    rest: dict[str, list[str]] = {}
    for word in words:
        rest.setdefault(word[0], []).append(word[1:])
    return "|".join(f"[{first}{first.upper()}](?i:{'|'.join(ends)})" for first, ends in rest.items())


SPOKEN = re.compile(
    rf"^\W{{0,3}}(?:(?:{_beginning(_SAID)})(?:[\s:：]|$|(?<=[:：／/｜|・＝=]))|"
    rf"記者\s?{_HAN}(?:、{_HAN})*\s?[／/]\s?\w{{2,6}}(?:報導|报道)\W?\Z|"
    rf"(?=[가-힣])(?:[가-힣]{{2,8}}(?:=[가-힣]{{2,8}})?[)\]]?\s)?{_KOREAN}(?:·{_KOREAN})*\s?"
    rf"{KOREAN_JOB}(?:\s\S{{3,40}}@\S{{3,40}})?\W?\Z)"
)
"""The beginning of a line that says by whom: in Chinese and Korean, all of one."""
