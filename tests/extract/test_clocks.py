"""The clock of a date of publication: stated, shown, or that of something else."""

from __future__ import annotations

import pytest
from metapages import article, found_date


def test_a_time_with_its_zone_is_preferred_to_the_bare_day() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T06:15:00+01:00"}</script>'  # noqa: E501
    value = found_date(article(head, top='<p class="date">24 février 2022</p>', lang="fr"))
    assert value == ("2022-02-24T06:15:00+01:00", "jsonld:datePublished")


OTHER_TIMES = {
    "behind the lead": "<p>{0}</p><p>The crew speaks at <time datetime='2022-02-24T18:00:00+01:00'>18:00</time>.</p>",
    "of a film": "<p>{0}</p><div class='video'><time datetime='2022-02-24T04:14:00+01:00'>04:14</time></div>",
    "its own too": (
        "<p><time datetime='2022-02-24T09:14:00+01:00'>{0}</time></p>"
        "<p><time datetime='2022-02-24T18:00:00+01:00'>18:00</time></p>"
    ),
}
STAMPS = {"an agreeing clock": "24 Feb 2022, 09:14", "a clock in the half day": "24 Feb 2022, 9.14 a.m."}


@pytest.mark.parametrize("stamp", STAMPS.values(), ids=STAMPS)
@pytest.mark.parametrize("top", OTHER_TIMES.values(), ids=OTHER_TIMES)
@pytest.mark.parametrize("stated", [False, True], ids=["", "stated"])
def test_the_clock_of_another_time_of_that_day_is_not_that_of_the_story(top: str, stamp: str, stated: bool) -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T09:14:00+01:00"}</script>'  # noqa: E501
    value = found_date(article(head if stated else "", top=top.format(stamp)))
    assert value is not None
    assert value[0] == ("2022-02-24T09:14:00+01:00" if stated or "T09:14" in top else stamp)


@pytest.mark.parametrize("shown", ["24 February 2022", "3 hours ago"])
def test_a_time_gives_its_clock_to_the_day_that_it_stands_beside(shown: str) -> None:
    top = f'<p>24 February 2022</p><p><time datetime="2022-02-24T09:14:00+01:00">{shown}</time></p>'
    assert found_date(article(top=top)) == ("2022-02-24T09:14:00+01:00", "time")


def test_a_stated_midnight_is_no_clock() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T00:00:00Z"}</script>'
    value = found_date(article(head, top='<p class="date">24 February 2022, 09:14</p>'))
    assert value is not None
    assert value[0] == "24 February 2022, 09:14"


def test_a_time_stated_for_the_page_goes_before_that_of_an_item_in_it() -> None:
    head = '<script type="application/ld+json">{"@type":"DiscussionForumPosting","datePublished":"2022-02-24T06:15:00Z"}</script>'  # noqa: E501
    item = '<p><time itemprop="datePublished" datetime="2022-02-24T09:14:00Z">24 Feb 2022</time></p>'
    assert found_date(article(head, top=item)) == ("2022-02-24T06:15:00Z", "jsonld:datePublished")


def test_a_midnight_that_is_shown_is_a_clock() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T00:00:00+08:00"}</script>'  # noqa: E501
    value = found_date(article(head, top='<p class="date">February 24, 2022 - 12:00am</p>'))
    assert value == ("2022-02-24T00:00:00+08:00", "jsonld:datePublished")


CLOCKS = [
    "24 February 2022 13:37", "February 24, 2022 at 1:37 PM", "Feb 24, 2022, 1.37 p.m. ET", "24/02/2022 13:37",
    "24-02-2022 13:37", "24.02.2022, 13.37 Uhr", "24/02/2022 à 13:37", "24 février 2022 à 13h37",
    "13:37, 24 февраля 2022", "2022年2月24日 13時37分",
]  # fmt: skip


@pytest.mark.parametrize("written", CLOCKS)
@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2022-02-24">',
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24"}</script>',
    ],
    ids=["meta", "JSON-LD"],
)
def test_a_time_that_the_page_shows_is_preferred_to_the_bare_day_that_it_states(head: str, written: str) -> None:
    value = found_date(article(head, top=f"<p>{written}</p>"))
    assert value is not None
    assert (value[0], value[1]) == (written, "text")


@pytest.mark.parametrize(
    "written",
    ["25 February 2022 13:37", "24/03/2022 13:37", "24 February 2022", "1 March 2022</p><p>24 March 2022 13:37"],
)
def test_the_time_of_another_day_is_not(written: str) -> None:
    head = '<meta property="article:published_time" content="2022-02-24">'
    assert found_date(article(head, top=f"<p>{written}</p>")) == ("2022-02-24", "meta:article:published_time")


INSTANTS = [
    "2022-02-24 13:37:00 UTC", "2022-02-24 13:37:00 GMT", "2022-02-24 08:37:00 EST", "2022-02-24t13:37:00z",
    "2022-02-24T13:37:00,000Z", "20220224T133700Z", "2022/02/24 13:37:00 +00:00", "Thu, 24 Feb 2022 13:37:00 +0000",
    "Thu, 24 Feb 2022 13:37:00 GMT", "Thu Feb 24 2022 13:37:00 GMT+0000 (Coordinated Universal Time)",
    "Thu Feb 24 13:37:00 UTC 2022", "February 24, 2022 13:37 UTC", "1645709820", "1645709820000",
]  # fmt: skip


@pytest.mark.parametrize("shown", ["24 February 2022", "February 24, 2022 8:37 am", "February 24, 2022 8:50 am"])
@pytest.mark.parametrize("stated", INSTANTS)
def test_a_stated_instant_in_any_form_goes_before_the_clock_or_the_day_that_the_page_shows(
    stated: str, shown: str
) -> None:
    head = f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{stated}"}}</script>'
    assert found_date(article(head, top=f"<p>{shown}</p>")) == (stated, "jsonld:datePublished")


@pytest.mark.parametrize("stated", [stated for stated in INSTANTS if not stated.isdigit()])
def test_the_instant_of_a_time_in_any_form_goes_before_the_clock_that_it_shows(stated: str) -> None:
    top = f'<p><time datetime="{stated}">February 24, 2022 8:37 am</time></p>'
    assert found_date(article(top=top)) == (stated, "time")


@pytest.mark.parametrize("stated", ["Thu, 24 Feb 2022 00:00:00 GMT", "20220224T000000Z"])
def test_a_stated_midnight_in_any_form_is_no_clock(stated: str) -> None:
    head = f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{stated}"}}</script>'
    value = found_date(article(head, top='<p class="date">24 February 2022, 09:14</p>'))
    assert value is not None
    assert value[0] == "24 February 2022, 09:14"


@pytest.mark.parametrize("stated", ["Wed, 23 Feb 2022 13:37:00 GMT", "2022-02-23 13:37:00 UTC", "24.02.2022 at noon"])
def test_an_instant_of_another_day_and_a_day_without_one_are_not_preferred(stated: str) -> None:
    head = f'<script type="application/ld+json">{{"@type":"WebPage","dateCreated":"{stated}"}}</script>'
    value = found_date(article(head, top='<p class="date">24 February 2022, 09:14</p>'))
    assert value is not None
    assert value[0] == "24 February 2022, 09:14"
