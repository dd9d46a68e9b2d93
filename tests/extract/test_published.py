import time

import pytest
from metapages import article, page

from builder.extract.facts.datemarks import datelike, day_key, same_day
from builder.extract.facts.published import date_candidates, offered, published


def found(html: str, **more: str) -> tuple[str, str] | None:
    return next(((candidate.values[0], candidate.origin) for candidate in published(page(html, **more))), None)


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
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_date_below_the_headline_is_found(text: str) -> None:
    value = found(article(top=f'<p class="date">{text}</p>'))
    assert value is not None
    assert text in value[0]


def test_places_that_say_the_same_day_speak_together() -> None:
    days = ["2022-02-24", "2022-02-25", "2022-02-25"]
    weights = {"time": 1.2, "class": 1.0, "near": 0.9, "none": 1.1}
    assert offered([{"time"}, {"class"}, {"near"}], days, {"none"}, weights) == [1, 2, 0]
    assert offered([{"time"}, {"class"}, {"near"}], [*days[:2], "2022-02-26"], {"none"}, weights) == [0]


@pytest.mark.parametrize("text", ["version 1.2.3", "call 555 1234", "in 2022", "room 12", "50 of 2000"])
def test_what_looks_like_no_date(text: str) -> None:
    assert datelike(text) is None


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
    assert found(article(head)) == ("2022-02-24T06:15:00+01:00", origin)


def test_published_goes_before_modified() -> None:
    head = (
        '<meta property="article:modified_time" content="2022-03-01T10:00:00Z">'
        '<meta property="article:published_time" content="2022-02-24T10:00:00Z">'
    )
    assert found(article(head)) == ("2022-02-24T10:00:00Z", "meta:article:published_time")


def test_a_time_with_its_zone_is_preferred_to_the_bare_day() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T06:15:00+01:00"}</script>'  # noqa: E501
    value = found(article(head, top='<p class="date">24 février 2022</p>', lang="fr"))
    assert value == ("2022-02-24T06:15:00+01:00", "jsonld:datePublished")


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
    assert found(html, url=url) is None


def test_the_date_in_the_address_counts_where_nothing_else_does() -> None:
    assert found(article(), url="https://harborpost.example/2022/02/24/ferry-crew-returns-with-parcel/") == (
        "2022-02-24",
        "url",
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-02-24T10:00Z", "2022-02-24"),
        ("am 4. 2. 2022", "2022-02-04"),
        ("04.02.22", "2022-02-04"),
        ("1.2.34.5", None),
        ("soon", None),
    ],
)
def test_day_key(text: str, day: str | None) -> None:
    assert day_key(text) == day


def test_days_are_compared_across_languages() -> None:
    assert same_day("2022-02-24T10:00:00Z", "24 फरवरी 2022")
    assert not same_day("2022-02-24T10:00:00Z", "25 फरवरी 2022")
    assert same_day("2022-02-24T10:00:00Z", "24.02.22")


def test_a_short_line_that_is_hardly_more_than_a_date_is_found_anywhere() -> None:
    html = article().replace("</article>", "<p>Printed on 24 February 2022</p></article>").replace("© 2019 ", "")
    loose = [item.text for item in date_candidates(page(html)) if "loose" in item.signs]
    assert loose == ["Printed on 24 February 2022"]


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
