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
    ],
)
def test_a_line_of_dates_says_update_in_many_languages(line: str) -> None:
    found = updated(article(top=f'<p class="date">{line.format(DAY)}</p>'))
    assert found is not None
    assert found[0].startswith(DAY)


@pytest.mark.parametrize(
    ("top", "bottom", "page_type"),
    [
        (f"<p>24 February 2022</p><p>Last modified on {DAY}</p>", "", "article"),
        (f"<p><b>Updated:</b> {DAY}</p>", "", "article"),
        ("", f"<p>Zuletzt aktualisiert am {DAY}</p>", "article"),
        ("", f"<div>{'<p>Category</p>' * 20}<p>This page was last edited on {DAY}</p></div>", "listing"),
        ("", f"<div>{'<p>Category</p>' * 20}<p>Diese Seite wurde am {DAY} bearbeitet</p></div>", "article"),
    ],
    ids=["above", "label", "below", "footer", "word behind"],
)
def test_a_line_without_marks_says_update(top: str, bottom: str, page_type: str) -> None:
    html = article(top=top).replace("</article>", f"</article>{bottom}")
    assert updated(html, page_type) == (f"{DAY}{' bearbeitet' if 'Diese' in bottom else ''}", "text")


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
