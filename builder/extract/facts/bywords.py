"""Words for "by" before the names of a byline, in the languages of news."""

from __future__ import annotations

import re

BY = re.compile(
    r"^\W*(?:(?:(?:written|posted|report(?:ed|ing)|compiled|published|created|submitted|started|asked|authored|words|"
    r"story|article|post|photos?|opinion|analysis|commentary|essay|interview|review|(?:guest )?column)\s+)?by|"
    r"von|par|por|di|da|door|av|af|przez|text(?:\s*(?:von|by|:))|"
    r"texte?\s*:|(?:the )?authors?(?:\(s\)|/s)?\s*[:|]|author\b(?! of)|autor(?:in|en|es|a)?\b\s*:?|"
    r"auteure?s?\b\s*:?|redaktion\s*:|redakteur(?:in)?\s*:?|reporter\s*:?|автор(?:ы)?\s*:?|текст\s*:?|"
    r"作者\s*[:：]?|记者\s*[:：]?|文\s*[:：／/]|著者\s*[:：]?|執筆(?:者)?\s*[:：]?|"
    r"بقلم\s*:?|الكاتب\s*:?|कاتب\s*:?|लेखक\s*:?|द्वारा\s*:?|posted|beitrag von|geschrieben von|"
    r"verfasst von|ein (?:artikel|beitrag|kommentar|gastbeitrag) von|publié par|écrit par|rédigé par|"
    r"publicado por|escrito por|scritto da|pubblicato da|a cura di|od|yazar\s*:|penulis\s*:|írta\s*:|teksti\s*:|"
    r"oleh\s*:|pewarta\s*:|haber\s*:|yazan\s*:|oprac\.|كتبت?\s*:|"  # Oleh is a name as well
    r"tekst\s*:|autorzy\s*:|napsala?\s*:|מאת\s*:?|نویسنده\s*:?)(?=[\s:：]|$|(?<=[:：]))[\s:：|]*",
    re.IGNORECASE,
)
"""All that stands before the first name."""
SPOKEN = re.compile(
    r"^\W{0,3}(?:(?:written|posted|words|report(?:ed|ing)|compiled|published|story|submitted|asked|started|article|"
    r"opinion|analysis|commentary|essay|interview|review|(?:guest )?column)\s+by|by|von|"
    r"par|por|di|da|door|av|af|text(?:\s+von|:)|(?:artikel|beitrag|blogbeitrag|verfasst|geschrieben) von|"
    r"écrit par|escrito por|scritto da|autor(?:in|en|innen)?:?|authors?:?|auteur\s*:?|автор:?|作者[:：]?|文[:：]|"
    r"(?:oleh|pewarta|penulis|reporter|haber|yazar|yazan|كتبت?) ?:|oprac\.|记者|بقلم:?|लेखक:?|द्वारा)"
    r"(?:[\s:：]|$|(?<=[:：]))",
    re.IGNORECASE,
)
"""The beginning of a line that says by whom."""
