"""Lines of the story that say by whom it is, and those that only look so."""

from __future__ import annotations

import pytest
from metapages import article, page

from builder.extract.facts.author.authors import author_candidates

SAID = {
    "fr": ("Rédigé par Chloé Dubois", "Chloé Dubois"),
    "fr, text": ("Texte : Chloé Dubois", "Chloé Dubois"),
    "fr, interview": ("Propos recueillis par Chloé Dubois", "Chloé Dubois"),
    "de, report": ("Ein Bericht von Jörg Überle", "Jörg Überle"),
    "it, article": ("Articolo di Paola Serra", "Paola Serra"),
    "sv": ("Skriven av Åsa Lind", "Åsa Lind"),
    "uk": ("Підготувала Олена Мороз", "Олена Мороз"),
    "ta": ("எழுதியவர்: மீரா ஜோசி", "மீரா ஜோசி"),
    "es": ("Texto: Inés Peña", "Inés Peña"),
    "it": ("a cura di Paola Serra", "Paola Serra"),
    "pl": ("Opracowanie: Anna Nowak", "Anna Nowak"),
    "cs": ("Napsala Jana Dubová", "Jana Dubová"),
    "el": ("Γράφει η Άννα Λέκκα", "Άννα Λέκκα"),
    "ru": ("Беседовала Анна Волкова", "Анна Волкова"),
    "ru, journalist": ("Журналист: Анна Волкова", "Анна Волкова"),
    "id": ("Jurnalis: Dewi Lestari", "Dewi Lestari"),
    "th": ("โดย มานี ใจงาม", "มานี ใจงาม"),
    "th, wrote": ("เขียนโดย มานี ใจงาม", "มานี ใจงาม"),
    "bn": ("লেখা: মীরা সেন", "মীরা সেন"),
    "ar": ("إعداد: ليلى حداد", "ليلى حداد"),
    "fa": ("نویسنده : مریم احمدی", "مریم احمدی"),
    "he": ("מאת: דנה לוי", "דנה לוי"),
    "zh": ("作者：王小明", "王小明"),
    "zh, slash": ("文/王小明", "王小明"),
    "zh, bar": ("撰文｜王小明", "王小明"),
    "zh, Taiwan": ("〔記者王小明／高雄報導〕", "王小明"),
    "ja": ("取材・文＝森あかり", "森あかり"),
    "ja, wrote": ("執筆：森あかり", "森あかり"),
    "ko": ("김하늘 기자", "김하늘"),
    "ko, address": ("김하늘기자 haneul@harbor.example", "김하늘"),
    "ko, a paper": ("항구일보 김하늘 선임기자", "김하늘"),
    "ko, an agency": ("(부산=연합뉴스) 남궁민 특파원", "남궁민"),
    "ko, text": ("글·사진 김하늘", "김하늘"),
}


@pytest.mark.parametrize(("line", "name"), SAID.values(), ids=SAID)
def test_a_line_at_the_end_says_by_whom_in_many_languages(line: str, name: str) -> None:
    html = article().replace("</article>", f"<p>{line}</p></article>")
    assert [item.names for item in author_candidates(page(html)) if "told" in item.features] == [(name,)]


NOTHING_SAID = [
    "사진 기자", "취재기자", "전체 기자", "대학생 기자", "기자", "记者 调查", "記者会", "記者会見", "作者 热门",
    "글 목록", "글쓰기: 목록", "โดย รถไฟ สาย ใหม่", "Napsal jsem knihu o lodích",
]  # fmt: skip


@pytest.mark.parametrize("line", NOTHING_SAID)
def test_a_line_that_says_nobody(line: str) -> None:
    html = article().replace("</article>", f"<p>{line}</p></article>")
    assert [item.names for item in author_candidates(page(html)) if "told" in item.features] == []
