"""Words for "by" before the names of a byline, in the languages of news."""

from __future__ import annotations

import re

BY = re.compile(
    r"^\W*(?:(?:(?:written|posted|report(?:ed|ing)|compiled|published|created|submitted|started|asked|authored|words|"
    r"story|article|post|photos?|opinion|analysis|commentary|essay|interview|review|(?:guest )?column)\s+)?by|"
    r"von|par|por|di|da|door|av|af|przez|text(?:\s*(?:von|by|:))|"
    r"texte?\s*:|(?:the )?authors?(?:\(s\)|/s)?\s*[:|]|author\b(?! of)|autor(?:in|en|es|a|e|i|ka|ky)?\b\s*:?|"
    r"autoři\s*:|auteure?s?\b\s*:?|redaktion\s*:|redakteur(?:in)?\s*:?|reporter\s*:?|"
    r"автор(?:ы|и|ка)?(?: (?:материала|статьи|текста))?\s*:?|"
    r"текст\s*:?|корреспондент\s*:?|кореспондент(?:ка)?\s*:?|журналист(?:ка)?\s*:?|журналіст(?:ка)?\s*:?|"
    r"беседовал[аи]?|"
    r"作者\s*[:：]?|[记記]者\s*[:：]?|(?:取材・)?文\s*[:：／/｜・＝=]|撰文\s*[:：]?|著者\s*[:：]?|執筆(?:者)?\s*[:：]?|"
    r"취재\s*:|글(?:·사진)?\s*:?|기자명?|"
    r"بقلم\s*:?|الكاتب\s*:?|كاتب\s*:|إعداد\s*:|تحریر\s*:|خبرنگار\s*:|লেখক\s*:|লেখা\s*:|"
    r"लेखक\s*:?|द्वारा\s*:?|posted|beitrag von|geschrieben von|"
    r"verfasst von|ein (?:artikel|beitrag|kommentar|gastbeitrag) von|publié par|écrit par|rédigé par|"
    r"publicado por|escrito por|scritto da|pubblicato da|a cura di|od|yazar\s*:|muhabir\s*:|"
    r"penulis\s*:|jurnalis\s*:|írta\s*:|szerzők?\s*:|tekstit?\s*:?|toimittaja\s*:|kirjoittaja\s*:|textos?\s*:|"
    r"redacción\s*:|geschreven door|(?:skrevet|publisert) a[fv]|(?:scris|publicat) de|de\s*:|redactor\s*:|"
    r"συντάκτ(?:ης|ρια)\s*:|γράφ(?:ει|ουν) (?:ο|η|οι)|tác giả\s*:|(?:เขียน)?โดย\s*:?|ผู้เขียน\s*:?|"
    r"oleh\s*:|pewarta\s*:|haber\s*:|yazan\s*:|oprac\.|كتبت?\s*:|"  # Oleh is a name as well
    r"tekst\s*:|autorzy\s*:|napsal[ai]?\s*:?|napisał[ai]?\s*:?|rozmawiał[ai]?\s*:?|opracowanie\s*:|מאת\s*:?|نویسنده\s*:?)(?=[\s:：]|$|(?<=[:：／/｜・＝=]))[\s:：|]*",
    re.IGNORECASE,
)
"""All that stands before the first name."""
SPOKEN = re.compile(
    r"^\W{0,3}(?:(?:written|posted|words|report(?:ed|ing)|compiled|published|story|submitted|asked|started|article|"
    r"opinion|analysis|commentary|essay|interview|review|(?:guest )?column)\s+by|by|von|"
    r"par|por|di|da|door|av|af|text(?:\s+von|:)|(?:artikel|beitrag|blogbeitrag|verfasst|geschrieben) von|"
    r"écrit par|escrito por|scritto da|autor(?:in|en|innen|ka)?:?|authors?:?|auteur\s*:?|автор(?:ка)?:?|"
    r"作者[:：]?|文[:：]|(?:oleh|pewarta|penulis|reporter|haber|muhabir|yazar|yazan|autor[ei]|autoři|napsala?|szerzők?|írta|"
    r"toimittaja|kirjoittaja|teksti|tekst|текст|автор[иы]|redactor|tác giả|συντάκτ(?:ης|ρια)|ผู้เขียน|লেখক|تحریر|خبرنگار|"
    r"كتبت?) ?:|(?:geschreven door|skrevet a[fv]|scris de)|oprac\.|记者|بقلم:?|लेखक:?|द्वारा)"
    r"(?:[\s:：]|$|(?<=[:：]))",
    re.IGNORECASE,
)
"""The beginning of a line that says by whom."""
