import pytest
from metapages import article, page

from builder.extract.article import Article
from builder.extract.metadata import AUTO
from builder.normalize.dates import parse_date

TIMES = ['<time datetime="2022-02-24T10:00Z">24 Feb</time>', '<time datetime="2022-02-25T10:00Z">25 Feb</time>']
DAY = "25 February 2022"


def updated(html: str, page_type: str = "article") -> tuple[str, str] | None:
    parsed = page(html)
    parsed.__dict__["article"] = Article(
        [block for block in parsed.layout.blocks if len(block.text) > 150], page_type, {}
    )
    found = next(AUTO["updated_at"](parsed), None)
    return None if found is None else (found.values[0], found.origin)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (f"Published {TIMES[0]} Updated {TIMES[1]}", "2022-02-25T10:00Z"),
        (f"Updated {TIMES[1]}, first published {TIMES[0]}", "2022-02-25T10:00Z"),
        (f"<span>Published</span> {TIMES[0]} <span>Updated</span> <span>{TIMES[1]}</span>", "2022-02-25T10:00Z"),
        (f"Posted {TIMES[0]}; updates {TIMES[1].replace('datetime', 'title')}", "25 Feb"),
        (f"Published {TIMES[0]}, {TIMES[1]}", None),
    ],
    ids=["second", "first", "labels", "no attribute", "none"],
)
def test_a_time_is_an_update_by_the_words_before_it(line: str, value: str | None) -> None:
    assert updated(article(top=f"<p>{line}</p>")) == (value and (value, "time"))


@pytest.mark.parametrize(
    "line",
    [
        "24 February 2022 10:30, edited {}",
        "24 lutego 2022, aktualizacja: {}",
        "Gepubliceerd: 24 februari 2022, gewijzigd: {}",
        "Bijgewerkt: {}",
        "Oppdatert {}",
        "Letzte Änderung: {}",
        "Stand: {}",
        "Veröffentlicht: 24.02.2022 15:37 Uhr | Stand: {}",
        "<span>24.02.2022 15:37 Uhr</span><span>Stand: {}</span>",
        "Datenstand: {}",
        "Mis a jour: {}",
        "Última alteração: {}",
        "Última edição: {}",
        "Agg.: {}",
        "Актуально на {}",
        "修订日期：{}",
        "改定日：{}",
        "حُدّث: {}",
        "अंतिम बार अपडेट: {}",
        "अद्यतित: {}",
        "नवीनीकृत: {}",
        "Überarbeitet: {}",
        "Revised: {}",
        "Corrected: {}",
        "Màj : {}",
        "Corrigé le {}",
        "Act. {}",
        "Alterado: {}",
        "Исправлено: {}",
        "修正日: {}",
        "آخر تعديل: {}",
        "संशोधित: {}",
        "Aangepast: {}",
        "Zmieniono: {}",
        "Ostatnia zmiana: {}",
        "Ανανέωση: {}",
        "Τελευταία τροποποίηση {}",
        "Změněno: {}",
        "Senast ändrad {}",
        "Змінено: {}",
        "Terakhir diubah {}",
        "编辑于 {}",
        "修改时间：{}",
        "به روز شده: {}",
    ],
)
def test_a_line_of_dates_says_update_in_many_languages(line: str) -> None:
    found = updated(article(top=f'<p class="date">{line.format(DAY)}</p>'))
    assert found is not None
    assert found[0].startswith(DAY)


@pytest.mark.parametrize(
    ("top", "bottom", "page_type", "value"),
    [
        (f"<p>24 February 2022</p><p>Last modified on {DAY}</p>", "", "article", f"on {DAY}"),
        (f"<p><b>Updated:</b> {DAY}</p>", "", "article", DAY),
        ("", f"<p>Zuletzt aktualisiert am {DAY}</p>", "article", f"am {DAY}"),
        ("", f"<div>{'<p>Category</p>' * 20}<p>This page was last edited on {DAY}</p></div>", "listing", f"on {DAY}"),
        (
            "",
            f"<div>{'<p>Category</p>' * 20}<p>Diese Seite wurde am {DAY} bearbeitet</p></div>",
            "article",
            f"am {DAY}",
        ),
    ],
    ids=["above", "label", "below", "footer", "word behind"],
)
def test_a_line_without_marks_says_update(top: str, bottom: str, page_type: str, value: str) -> None:
    html = article(top=top).replace("</article>", f"</article>{bottom}")
    assert updated(html, page_type) == (value, "text")


WIKI = {
    "es": "Esta página se editó por última vez el 25 feb 2022 a las 16:12.",
    "pt": "Esta página foi editada pela última vez às 16:12 de 25 de fevereiro de 2022.",
    "cs": "Stránka byla naposledy editována 25. 2. 2022 v 16:12.",
    "sv": "Sidan redigerades senast den 25 februari 2022 kl. 16.12.",
    "da": "Denne side blev senest ændret den 25. februar 2022 kl. 16:12.",
    "uk": "Цю сторінку востаннє відредаговано о 16:12, 25 лютого 2022.",
    "tr": "Bu sayfa en son 16.12, 25 Şubat 2022 tarihinde değiştirilmiştir.",
    "pt, h": "Esta página foi editada pela última vez às 16h12min de 25 de fevereiro de 2022.",
    "id": "Halaman ini terakhir diubah pada 25 Februari 2022, pukul 16.12.",
    "vi": "Trang này được sửa đổi lần cuối vào ngày 25 tháng 2 năm 2022 lúc 16:12.",
    "zh": "本页面最后修订于2022年2月25日 (星期五) 16:12。",
    "zh-TW": "本頁面最後修訂於 2022年2月25日 (星期五) 16:12。",
    "ko": "이 문서는 2022년 2월 25일 (금) 16:12에 마지막으로 편집되었습니다.",
    "fa": "این صفحه آخرین‌بار در ‏۲۵ فوریهٔ ۲۰۲۲ ساعت ‏۱۶:۱۲ ویرایش شده است.",
    "he": "דף זה נערך לאחרונה ב־25 בפברואר 2022, בשעה 16:12.",
    "hi": "इस पृष्ठ का पिछला बदलाव 25 फ़रवरी 2022 को 16:12 बजे हुआ था।",
    "bn": "এ পৃষ্ঠায় শেষ পরিবর্তন হয়েছিল ২৫ ফেব্রুয়ারি ২০২২, ১৬:১২।",
    "ta": "இப்பக்கத்தைக் கடைசியாக 25 பெப்ரவரி 2022, 16:12 மணிக்குத் திருத்தினோம்.",
    "el": "Η σελίδα αυτή τροποποιήθηκε τελευταία φορά στις 16:12, 25 Φεβρουαρίου 2022.",
}


@pytest.mark.parametrize(("language", "line"), WIKI.items(), ids=WIKI)
def test_the_foot_of_a_wiki_says_when_its_page_was_changed(language: str, line: str) -> None:
    foot = f"<div>{'<p>Category</p>' * 20}<p>{line}</p></div>"
    found = updated(article().replace("</article>", f"</article>{foot}"), "documentation")
    assert found is not None
    moment = parse_date(found[0], language=language[:2])
    assert f"{moment.at:%d %H:%M}" == "25 16:12"


LINES = {
    "word behind, ja": (
        "<p>2022年2月24日 15:37 (2022年2月25日 16:12更新)</p>",
        "2022年2月25日 16:12",
    ),
    "word behind, zh": (
        "<p>發稿時間：2022/2/24 15:37（2022/2/25 16:12 更新）</p>",
        "2022/2/25 16:12",
    ),
    "word behind, alone": ("<p>2022.02.25 16:12 更新</p>", "2022.02.25 16:12"),
    "word of the next": (
        "<p>投稿日：2022.02.24 15:37 更新日：2022.02.25 16:12</p>",
        "2022.02.25 16:12",
    ),
    "word of the next, bare": ("<p>2022-02-24 15:37 更新 2022-02-25 16:12</p>", "2022-02-25 16:12"),
    "word of none": ("<p>2022年2月24日 15:37 更新情報</p>", None),
    "places": ("<p>PTI | New Delhi | Updated: 25-02-2022 08:12 IST</p>", "25-02-2022 08:12 IST"),
    "both": (
        "<p>Published: 24 Feb 2022, 3:37 AM IST | Last Updated: 25 Feb 2022, 8:12 AM IST</p>",
        "25 Feb 2022, 8:12 AM IST",
    ),
    "no border": (
        "<p>24. Februar 2022, 3:37 Uhr Zuletzt aktualisiert am 25. Februar 2022, 8:12 Uhr</p>",
        "am 25. Februar 2022, 8:12 Uhr",
    ),
    "brackets": ("<p>03:37 24.02.2022 (обновлено: 08:12 25.02.2022)</p>", "08:12 25.02.2022"),
    "clock before": ("<p>UPDATED: 08:12, 25 February 2022</p>", "08:12, 25 February 2022"),
    "clock before, in a class": (
        '<p class="post-date">Updated 3:37 AM ET, Fri February 25, 2022</p>',
        "3:37 AM ET, Fri February 25, 2022",
    ),
    "a line of many": (
        f"<div>Ferry<br>ANI | Updated: 25-02-2022 08:12 IST<br>{'The crew is back. ' * 20}</div>",
        "25-02-2022 08:12 IST",
    ),
    "terms": (
        "<dl><dt>Published</dt><dd>24 Feb 2022</dd><dt>Updated</dt><dd>25 Feb 2022, 8:12</dd></dl>",
        "25 Feb 2022, 8:12",
    ),
    "rows": ("<table><tr><td>Last updated:</td><td>25 Feb 2022</td></tr></table>", "25 Feb 2022"),
    "behind the lead": (f"<p>{'The crew is back. ' * 10}</p><div>By the desk</div><p>Updated: {DAY}</p>", DAY),
    "no row": ("<div>Updates</div><div>Published: 25 Feb 2022</div>", None),
    "a story": ("<p>24.02.2022 - The plan of the city was modified on 25.02.2022</p>", None),
}


@pytest.mark.parametrize(("top", "value"), LINES.values(), ids=LINES)
def test_a_line_of_several_things_says_update(top: str, value: str | None) -> None:
    assert updated(article(top=top)) == (value and (value, "text"))


@pytest.mark.parametrize(
    ("top", "bottom", "page_type"),
    [
        (f"<aside>Updated {TIMES[1]}</aside>", "", "article"),
        ("", f'<ul class="related"><li>A ferry sank<p class="date">Updated {DAY}</p></ul>', "article"),
        ("", f'<ul class="related"><li>A ferry sank<p>Updated {DAY}</p></ul>', "article"),
        ("", f"<div>{'<p>A ferry</p>' * 20}<p>Updated {DAY}</p></div>", "article"),
        ("", f"<p>Updated {DAY}</p>", "listing"),
        ("", f'<p class="date">edited {DAY}</p>', "forum"),
        (f'<p class="date">Edited by Ann Lee, {DAY}</p>', "", "article"),
        (f'<p class="date">Updates daily. Published {DAY}</p>', "", "article"),
        (f"<p>The plan of the city was modified on {DAY}</p>", "", "article"),
        ("", f"<p>The rules for this page of {DAY} go on here</p>", "article"),
    ],
    ids=["aside", "related", "its line", "far", "listing", "message", "editor", "published", "story", "no change"],
)
def test_the_date_of_something_else_is_no_update(top: str, bottom: str, page_type: str) -> None:
    assert updated(article(top=top).replace("</article>", f"</article>{bottom}"), page_type) is None


def test_a_time_deep_in_elements_of_a_line_is_read() -> None:
    line = f"Updated {'<b>' * 1500}{TIMES[1]}{'</b>' * 1500}"
    assert updated(article(top=f"<p>{line}</p>")) == ("2022-02-25T10:00Z", "time")
