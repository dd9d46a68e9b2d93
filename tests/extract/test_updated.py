import pytest
from metapages import article, page

from builder.extract.article import Article
from builder.extract.metadata import AUTO

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
        ("", f"<div>{'<p>Category</p>' * 20}<p>This page was last edited on {DAY}</p></div>", "listing", DAY),
        (
            "",
            f"<div>{'<p>Category</p>' * 20}<p>Diese Seite wurde am {DAY} bearbeitet</p></div>",
            "article",
            f"{DAY} bearbeitet",
        ),
    ],
    ids=["above", "label", "below", "footer", "word behind"],
)
def test_a_line_without_marks_says_update(top: str, bottom: str, page_type: str, value: str) -> None:
    html = article(top=top).replace("</article>", f"</article>{bottom}")
    assert updated(html, page_type) == (value, "text")


LINES = {
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
