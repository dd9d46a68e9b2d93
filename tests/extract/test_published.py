"""Where a date of publication is found, however it is written and wherever it stands."""

from __future__ import annotations

import time

import pytest
from lxml import html
from metapages import article, found_date, page

from builder.extract.facts.date.datemarks import datelike
from builder.extract.facts.date.published import date_candidates, published
from builder.extract.facts.title.headline import headlines

WRITTEN = {
    "en": "February 24, 2022",
    "en, day first": "24 February 2022",
    "de": "24. Februar 2022",
    "de, numbers": "24.02.2022",
    "fr": "24 février 2022",
    "es": "24 de febrero de 2022",
    "pt": "24 de fevereiro de 2022",
    "it": "24 febbraio 2022",
    "ru": "24 февраля 2022",
    "zh": "2022年2月24日",
    "ja": "2022年2月24日",
    "ar": "24 فبراير 2022",
    "hi": "24 फरवरी 2022",
    "iso": "2022-02-24",
    "hu": "2022. február 24.",
    "pt, short": "24.fev.2022",
    "ctime": "Thu Feb 24 10:30:00 EST 2022",
    "ar, its digits": "٢٤ فبراير ٢٠٢٢",
    "ar, two names": "24 فبراير/ شباط 2022",
    "hi, its digits": "२४ फरवरी २०२२",
    "bn, its digits": "২৪ ফেব্রুয়ারি ২০২২",
    "fa, its digits": "۲۴ فوریه ۲۰۲۲",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_date_below_the_headline_is_found(text: str) -> None:
    value = found_date(article(top=f'<p class="date">{text}</p>'))
    assert value is not None
    assert text in value[0]


STATED = {
    "JSON-LD": (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T06:15:00+01:00"}</script>',  # noqa: E501
        "jsonld:datePublished",
    ),
    "meta": (
        '<meta property="article:published_time" content="2022-02-24T06:15:00+01:00">',
        "meta:article:published_time",
    ),
}


@pytest.mark.parametrize(("head", "origin"), STATED.values(), ids=STATED)
def test_a_stated_date_is_found(head: str, origin: str) -> None:
    assert found_date(article(head)) == ("2022-02-24T06:15:00+01:00", origin)


@pytest.mark.parametrize(
    "line", ["Bonn, 24.02.2022 - The ferry has come back.", "Published on 24.02.2022 by the desk."]
)
def test_a_sentence_may_say_when_it_was_published(line: str) -> None:
    value = found_date(article(top=f"<p>{line}</p>"))
    assert value is not None
    assert "24.02.2022" in value[0]


SIBLINGS = {
    "a name before": "<span>By Ann Lee</span><span>24 February 2022</span>",
    "a clock behind": "<span>24.02.2022</span><span>03:37</span>",
    "a section and minutes": '<a href="/m">Markets</a><span>24.02.2022</span><span>3 min read</span>',
    "parts": "<span>24</span><span>Feb</span><span>2022</span>",
}


@pytest.mark.parametrize("heading", ["h1", "h2"])
@pytest.mark.parametrize("name", ["post-date", "flex"])
@pytest.mark.parametrize("line", SIBLINGS.values(), ids=SIBLINGS)
def test_a_date_ends_with_its_element(line: str, name: str, heading: str) -> None:
    source = article(top=f'<div class="{name}">{line}</div>')
    value = found_date(source.replace("<h1", f"<{heading}").replace("</h1>", f"</{heading}>"))
    assert value is not None
    assert datelike(value[0]) is not None
    assert value[0] in " ".join(html.fromstring(f"<p>{line}</p>").itertext())


def test_the_lines_behind_any_headline_are_set_apart() -> None:
    source = article(top="<div><span>24.02.2022</span><span>03:37</span></div>")
    for tag in ("h1", "h2"):
        first = headlines(page(source.replace("<h1", f"<{tag}").replace("</h1>", f"</{tag}>")))[0]
        assert first.lines[0] == "24.02.2022 03:37"


HEADLINES = {
    "h2": "<h2>{title}</h2><div>{line}</div>",
    "a heading, after a menu that says it too": "<div>{title}</div><h3>{title}</h3><div>{line}</div>",
    "no heading": '<div class="hl">{title}</div><div>{line}</div>',
    "a menu": "<ul><li>{title}</li><li>March 3, 2022</li></ul><div>{title}</div><div>{line}</div>",
    "an h1 that says most of it": "<h1>Ferry crew returns</h1><p>{line}</p><p>March 3, 2022</p><h2>{title}</h2>",
    "a line": '<div><span>{title}</span><br><span id="info">{line}</span></div>',
    "below a logo": "<h1><a href='/'>Harbor Post</a></h1><div>March 3, 2022</div><h2>{title}</h2><p>{line}</p>",
}


@pytest.mark.parametrize("top", HEADLINES.values(), ids=HEADLINES)
def test_the_headline_is_what_says_it(top: str) -> None:
    title, line = "Ferry crew returns with lost parcel", "24 February 2022"
    html = article(title=title)
    start, end = html.index("<h1"), html.index("</h1>") + len("</h1>")
    html = html[:start] + top.format(title=title, line=line) + html[end:]
    value = found_date(html.replace("<nav>", "<div>Thursday, March 3, 2022</div><nav>"))
    assert value is not None
    assert value[0] == line


APART = {
    "a label": ("<dl><dt>Updated</dt><dd>25 Feb 2022</dd><dt>Published</dt><dd>24 Feb 2022</dd></dl>", "24 Feb 2022"),
    "a label on its line": ("<p>Updated:<br>25 Feb 2022<br>Published:<br>24 Feb 2022</p>", "24 Feb 2022"),
    "a clock": ("<ul><li>24 Feb 2022</li><li>03:37</li></ul>", "24 Feb 2022 03:37"),
    "a clock in words": ("<div>24.02.2022</div><div>03.37 Uhr</div>", "24.02.2022 03.37 Uhr"),
    "no clock": ("<div>24 Feb 2022</div><div>3.50 Euro</div>", "24 Feb 2022"),
}


@pytest.mark.parametrize(("top", "value"), APART.values(), ids=APART)
def test_label_and_clock_may_stand_in_blocks_of_their_own(top: str, value: str) -> None:
    assert found_date(article(top=top)) == (value, "text")


TIMES = {
    "a date for machines of another form": ('datetime="Thu, 24 Feb 2022 10:30:00 GMT"', "2 hours ago"),
    "one in words": ('datetime="Feb 24, 2022"', "2 hours ago"),
    "a title": ('title="24 February 2022 10:30"', "2 hours ago"),
    "WordPress, published and updated at once": (
        'class="entry-date published updated" datetime="2022-02-24T10:30:00+00:00"', "24 February",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("attribute", "text"), TIMES.values(), ids=TIMES)
def test_a_time_says_its_day_in_any_way(attribute: str, text: str) -> None:
    value = found_date(article(top=f"<p><time {attribute}>{text}</time></p>"))
    assert value is not None
    assert value[0] in attribute


ABSTAIN = {
    "no date at all": (article(), "https://harborpost.example/news/ferry-crew-returns"),
    "a front page with stories": (
        "<title>Harbor Post</title><h1>Harbor Post</h1>"
        + "".join(
            f"<div class='card'><a>Story</a><time datetime='2022-02-{day}'></time></div>" for day in range(10, 20)
        ),
        "https://harborpost.example/",
    ),
    "a product": (
        '<title>Rope</title><meta property="og:type" content="product"><h1>Rope</h1><p>Strong.</p><footer>© 2022</footer>',  # noqa: E501
        "https://harborpost.example/products/rope",
    ),
}


@pytest.mark.parametrize(("html", "url"), ABSTAIN.values(), ids=ABSTAIN)
def test_no_date_where_the_page_rather_has_none(html: str, url: str) -> None:
    assert found_date(html, url=url) is None


def test_the_date_in_the_address_counts_where_nothing_else_does() -> None:
    assert found_date(article(), url="https://harborpost.example/2022/02/24/ferry-crew-returns-with-parcel/") == (
        "2022-02-24",
        "url",
    )


def test_a_short_line_that_is_hardly_more_than_a_date_is_found_anywhere() -> None:
    html = article().replace("</article>", "<p>Printed on 24 February 2022</p></article>").replace("© 2019 ", "")
    loose = [item.text for item in date_candidates(page(html)) if "loose" in item.features]
    assert loose == ["on 24 February 2022"]


@pytest.mark.parametrize(
    "html",
    [
        f'<meta name="date" content="{"2022-02-24 " * 9000}"><h1>x</h1>',
        '<p class="date">24.02.2022</p>' * 10_000,
        f'<h1>x</h1><p class="date">{"1 a " * 30_000}</p>',
        "<time>1</time>" * 10_000,
    ],
    ids=["long meta", "many dates", "nearly dates", "many times"],
)
def test_hostile_dates_take_bounded_time(html: str) -> None:
    parsed = page(html)
    start = time.process_time()
    list(published(parsed))
    assert time.process_time() - start < 2
