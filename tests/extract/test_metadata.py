"""Small fields: where each of them comes from, and that nothing is offered where the page does not say."""

from __future__ import annotations

import pytest
from metapages import LD, MICRODATA_IMAGE, URL, article, page

from builder.extract.metadata import AUTO

CRUMBS = LD.format(
    '{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","name":"Harbor Post"},{"@type":"ListItem","name":"Town"},'  # noqa: E501
    '{"@type":"ListItem","name":"Ferry crew returns with lost parcel"}]}'
)
MICRODATA_CRUMBS = (
    '<ol itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement"><a href="/">Front</a></li>'
    '<li itemprop="itemListElement"><a href="/town"><b itemprop="name">Town</b></a></li></ol>'
)
FIGURE = '<figure><img src="/a.jpg"><figcaption>The ferry at noon. <span class="credit">Photo: Cy Ng</span></figcaption></figure>'  # noqa: E501
BESIDE = (
    '<div class="pic"><img src="/a.jpg"></div>'
    '<p class="wide wp-caption-text">The ferry at noon. <span class="credit">Photo: Cy Ng</span></p>'
)
STATED = '{"@type": "NewsArticle", "%s": {"@type": "Person", "name": "Ann Lee"}}'
CASES = {
    "section from shown crumbs": (
        "section",
        article(top='<p class="Breadcrumbs"><a href="/">Front</a> <a href="/news/">/ Town</a> Ferry crew</p>'),
        "Town",
        "breadcrumb",
    ),
    "section from crumbs by their id": (
        "section",
        article(top='<div id="breadcrumb"><div><a href="/">Front</a> <a href="/town">Town</a></div></div>'),
        "Town",
        "breadcrumb",
    ),
    "section from crumbs in microdata": (
        "section",
        article(top=MICRODATA_CRUMBS),
        "Town",
        "microdata:BreadcrumbList",
    ),
    "tags of links": (
        "tags",
        article(
            top='<aside><a rel="tag" href="/x">Weather</a></aside><a rel="category tag" href="/t">Town</a>'
            '<a rel="tag" href="/f">Ferry</a>'
        ),
        "Ferry",
        "rel:tag",
    ),
    "section of a link in microdata": (
        "section",
        article(top='<a itemprop="articleSection" href="/town">Town</a>'),
        "Town",
        "microdata:articleSection",
    ),
    "language of a link in microdata": (
        "language",
        article(top='<a itemprop="inLanguage" href="/de/">de</a>').replace(' lang="en"', ""),
        "de",
        "microdata:inLanguage",
    ),
    "tags escaped twice": (
        "tags",
        article('<meta name="keywords" content="crew &amp;amp; parcel, ferry&amp;#8217;s">'),
        "crew & parcel",
        "meta:keywords",
    ),
    "description escaped twice": (
        "description",
        article('<meta name="description" content="A parcel&amp;#8217;s way &amp;amp; end">'),
        "A parcel’s way & end",
        "meta:description",
    ),
    "description with an ampersand": (
        "description",
        article('<meta name="description" content="AT&amp;T &amp;copy; &amp;uuml; &lt;">'),
        "AT&T © ü <",
        "meta:description",
    ),
    "description with tags": (
        "description",
        article(LD.format('{"@type":"Article","description":"<p>A <b>lost</b> parcel</p><p>1 < 2 &amp; more<br>"}')),
        "A lost parcel 1 < 2 & more",
        "jsonld:description",
    ),
    "description that is cut in its tags": (
        "description",
        article('<meta name="description" content="&lt;p class=&quot;a&quot;&gt;A &lt;i&gt;lost parcel">'),
        "A lost parcel",
        "meta:description",
    ),
    "description of a tag": (
        "description",
        article('<meta name="description" content="Use <p> where a<b and c>d">'),
        "Use <p> where a<b and c>d",
        "meta:description",
    ),
    "description that is nothing but tags": (
        "description",
        article(
            LD.format('{"@type":"Article","description":"<p></p>"}') + '<meta name="description" content="A parcel">'
        ),
        "A parcel",
        "meta:description",
    ),
    "canonical that a template has left": (
        "url",
        article('<link rel="canonical" href="{{canonical}}"><meta property="og:url" content="${url}">'),
        "https://harborpost.example/news/ferry-crew-returns-with-lost-parcel",
        "capture:page_url",
    ),
    "tags of links that search engines shall not follow": (
        "tags",
        article(top='<a rel="nofollow tag" href="/f">Ferry</a>'),
        "Ferry",
        "rel:tag",
    ),
    "language by Dublin Core": (
        "language",
        article('<meta name="DCTERMS.language" content="de">').replace(' lang="en"', ""),
        "de",
        "meta:dcterms.language",
    ),
    "image as a link": ("image_url", article('<link rel="image_src" href="/a.jpg">'), "/a.jpg", "link:image_src"),
    "image in microdata": (
        "image_url",
        article(top=MICRODATA_IMAGE.format("Person", "/face.jpg") + MICRODATA_IMAGE.format("NewsArticle", "/a.jpg")),
        "/a.jpg",
        "microdata:image",
    ),
    "image content in JSON-LD": (
        "image_url",
        article(LD.format('{"@type":"Article","image":{"@type":"ImageObject","contentUrl":"/a.jpg"}}')),
        "/a.jpg",
        "jsonld:image.contentUrl",
    ),
    "language of the body": (
        "language",
        article().replace(' lang="en"', "").replace("<body", '<body lang="de"'),
        "de",
        "body:lang",
    ),
    "language of the article": (
        "language",
        article().replace(' lang="en"', "").replace("<article", '<article lang="de"'),
        "de",
        "article:lang",
    ),
    "section from meta": (
        "section",
        article('<meta property="article:section" content="Town">'),
        "Town",
        "meta:article:section",
    ),
    "section from breadcrumbs": ("section", article(CRUMBS), "Town", "jsonld:BreadcrumbList"),
    "tags": ("tags", article('<meta name="keywords" content="ferry, parcel,ferry">'), "ferry", "meta:keywords"),
    "language": ("language", article(lang="pt-BR"), "pt-BR", "html:lang"),
    "updated from JSON-LD": (
        "updated_at",
        article(LD.format('{"@type":"Article","dateModified":"2022-03-01"}')),
        "2022-03-01",
        "jsonld:dateModified",
    ),
    "updated from a visible line": (
        "updated_at",
        article(top='<p class="date">Aktualisiert: 01.03.2022</p>'),
        "01.03.2022",
        "text",
    ),
    "paywall in JSON-LD": (
        "is_paywalled",
        article(LD.format('{"@type":"Article","isAccessibleForFree":false}')),
        "true",
        "jsonld:isAccessibleForFree",
    ),
    "paywall in microdata": (
        "is_paywalled",
        article(top='<meta itemprop="isAccessibleForFree" content="False">'),
        "true",
        "microdata:isAccessibleForFree",
    ),
    **{
        f"paywall in microdata, as {name}": (
            "is_paywalled",
            article(top=f'<meta {name}="isAccessibleForFree" content="False">'),
            "true",
            "microdata:isAccessibleForFree",
        )
        for name in ("itemProp", "ITEMPROP")
    },
    "free in microdata": (
        "is_paywalled",
        article(top='<meta itemprop="isAccessibleForFree" content="https://schema.org/True">'),
        "false",
        "microdata:isAccessibleForFree",
    ),
    "image": ("image_url", article('<meta property="og:image" content="/a.jpg">'), "/a.jpg", "meta:og:image"),
    "caption without credit": ("image_caption", article(top=FIGURE), "The ferry at noon.", "figcaption"),
    "credit": ("image_credit", article(top=FIGURE), "Cy Ng", "figcaption"),
    "caption of a class": ("image_caption", article(top=BESIDE), "The ferry at noon.", "caption:.wp-caption-text"),
    "credit in it": ("image_credit", article(top=BESIDE), "Cy Ng", "caption:.wp-caption-text"),
    "byline by a class": (
        "authors",
        article(top='<p class="grid post-date pageAuthor">Ann Lee</p>'),
        "Ann Lee",
        "byline:.pageAuthor",
    ),
    "day by a class": (
        "published_at",
        article(top='<p class="grid postDate" title="3 May 2022">Day</p>'),
        "3 May 2022",
        "class:postDate",
    ),
    "author": ("authors", article(LD.format(STATED % "author")), "Ann Lee", "jsonld:author.name"),
    "creator": ("authors", article(LD.format(STATED % "creator")), "Ann Lee", "jsonld:creator.name"),
    "agency as author": (
        "agency",
        article(LD.format('{"@type": "NewsArticle", "author": {"name": "Reuters"}}')),
        "Reuters",
        "jsonld:author.name",
    ),
    "description": (
        "description",
        article('<meta name="description" content="A parcel.">'),
        "A parcel.",
        "meta:description",
    ),
    "subtitle": (
        "subtitle",
        article(LD.format('{"@type":"Article","alternativeHeadline":"At last"}')),
        "At last",
        "jsonld:alternativeHeadline",
    ),
    "canonical": ("url", article('<link rel="canonical" href="/x">'), "/x", "link:canonical"),
    "canonical among words": ("url", article('<link rel=" Canonical\tnofollow" href="/x">'), "/x", "link:canonical"),
    "another word": ("url", article('<link rel="canonical-amp" href="/x">'), URL, "capture:page_url"),
}


@pytest.mark.parametrize(("field", "html", "value", "origin"), CASES.values(), ids=CASES)
def test_small_fields_and_where_they_come_from(field: str, html: str, value: str, origin: str) -> None:
    found = next(AUTO[field](page(html)))
    assert (found.values[0], found.origin) == (value, origin)


@pytest.mark.parametrize(
    "field",
    [
        "subtitle",
        "agency",
        "dateline",
        "updated_at",
        "section",
        "tags",
        "description",
        "image_url",
        "image_caption",
        "image_credit",
        "is_paywalled",
    ],
)
def test_nothing_is_offered_where_the_page_does_not_say(field: str) -> None:
    assert list(AUTO[field](page(article()))) == []


@pytest.mark.parametrize("field", sorted(set(AUTO) - {"text"}))
def test_an_empty_page_breaks_nothing(field: str) -> None:
    for candidate in AUTO[field](page("<p>.</p>", url="file:a.html")):
        assert all(candidate.values)
        assert candidate.origin
