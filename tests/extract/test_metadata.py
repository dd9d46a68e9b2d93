import json

import pytest
from metapages import article, page

from builder.extract.metadata import AUTO

LD = '<script type="application/ld+json">{}</script>'
CRUMBS = LD.format(
    '{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","name":"Harbor Post"},{"@type":"ListItem","name":"Town"},'  # noqa: E501
    '{"@type":"ListItem","name":"Ferry crew returns with lost parcel"}]}'
)
MICRODATA_CRUMBS = (
    '<ol itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement"><a href="/">Front</a></li>'
    '<li itemprop="itemListElement"><a href="/town"><b itemprop="name">Town</b></a></li></ol>'
)
MICRODATA_IMAGE = '<div itemscope itemtype="https://schema.org/{}"><p itemprop="image" itemscope><a href="/x">x</a><img src="{}"></p></div>'  # noqa: E501
FIGURE = '<figure><img src="/a.jpg"><figcaption>The ferry at noon. <span class="credit">Photo: Cy Ng</span></figcaption></figure>'  # noqa: E501
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
}


@pytest.mark.parametrize(("field", "html", "value", "origin"), CASES.values(), ids=CASES)
def test_small_fields_and_where_they_come_from(field: str, html: str, value: str, origin: str) -> None:
    found = next(AUTO[field](page(html)))
    assert (found.values[0], found.origin) == (value, origin)


@pytest.mark.parametrize(
    ("stated", "tags"),
    [
        ('<a itemprop="keywords" href="/tag/a">Lost parcels</a>', ["Lost parcels"]),
        ('<p itemprop="keywords">Tags: <a>Lost parcels</a><a>Ferry</a> <a></a></p>', ["Lost parcels", "Ferry"]),
        ('<ul itemprop="keywords"><li>Lost parcels</li><li>Ferry</li></ul>', ["Lost parcels", "Ferry"]),
        ('<meta itemprop="keywords" content="Lost parcels, Ferry">', ["Lost parcels", "Ferry"]),
        ('<p itemprop="keywords">Lost parcels, Ferry</p>', ["Lost parcels", "Ferry"]),
    ],
    ids=["a link", "links", "list", "content", "text"],
)
def test_keywords_in_microdata_are_words_each_of_its_own(stated: str, tags: list[str]) -> None:
    found = next(AUTO["tags"](page(article(top=stated))))
    assert (found.values, found.origin) == (tags, "microdata:keywords")


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        (LD.format('{"@type":"Article","keywords":["Lund, Sweden","ferry"]}'), ["Lund, Sweden", "ferry"]),
        (LD.format('{"@type":"Article","keywords":"Lund, Sweden; ferry"}'), ["Lund", "Sweden", "ferry"]),
        (LD.format('{"@type":"Article","keywords":["Lund, Sweden, ferry"]}'), ["Lund", "Sweden", "ferry"]),
        (LD.format('{"@type":"Article","keywords":"海堤；港口、市议会，船"}'), ["海堤", "港口", "市议会", "船"]),
        (
            '<meta property="article:tag" content="Lund, Sweden"><meta property="article:tag" content="ferry">',
            ["Lund, Sweden", "ferry"],
        ),
        (LD.format('{"@type":"Article","keywords":["a,b,c,d,e","ferry"]}'), ["a", "b", "c", "d", "e", "ferry"]),
        ('<meta property="article:tag" content="Lund, Sweden">', ["Lund", "Sweden"]),
        (
            '<meta name="keywords" content="Lund, Sweden"><meta name="keywords" content="Lund, ferry">',
            ["Lund", "Sweden", "ferry"],
        ),
    ],
)
def test_tags_are_cut_at_commas_unless_they_are_listed_one_by_one(head: str, tags: list[str]) -> None:
    assert next(AUTO["tags"](page(article(head)))).values == tags


@pytest.mark.parametrize(
    "left",
    [
        "#",
        "#top",
        "/",
        "//",
        "https://",
        "http:",
        "null",
        "NULL",
        "undefined",
        "{{ image }}",
        "{% image %}",
        "${image}",
        "https://s0.wp.example/i/blank.jpg",
        "/img/Placeholder.png?v=2",
        "spacer.gif",
        "/1x1.gif",
        "/img/loading.svg",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    ],
)
def test_what_a_template_leaves_is_no_image(left: str) -> None:
    meta = f'<meta property="og:image" content="{left}">'
    stated = LD.format(json.dumps({"@type": "Article", "image": left}))
    assert list(AUTO["image_url"](page(article(meta + stated, MICRODATA_IMAGE.format("Article", left))))) == []
    (found,) = AUTO["image_url"](page(article(meta + '<meta name="twitter:image" content="/null.jpg">')))
    assert (found.values, found.origin) == (["/null.jpg"], "meta:twitter:image")
    (found,) = AUTO["image_url"](page(article(meta + '<meta property="og:image" content="/blank-page.jpg">')))
    assert (found.values, found.origin) == (["/blank-page.jpg"], "meta:og:image")


@pytest.mark.parametrize("name", ["data-src", "data-original", "data-lazy-src"])
@pytest.mark.parametrize("shown", ["/grey.gif", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", ""])
def test_an_image_in_microdata_that_a_script_will_show_is_that_image(name: str, shown: str) -> None:
    lazy = f'<div itemprop="image"><img src="{shown}" {name}="/a.jpg"></div>'
    assert next(AUTO["image_url"](page(article(top=lazy)))).values == ["/a.jpg"]


@pytest.mark.parametrize(
    ("top", "image"),
    [
        ('<figure><img src="/a.jpg"><figcaption>The ferry</figcaption></figure>', "/a.jpg"),
        ('<figure><img src="/grey.gif" data-src="/a.jpg"><figcaption>The ferry</figcaption></figure>', "/a.jpg"),
        ('<div><amp-img src="/a.jpg"></amp-img></div><p class="caption">The ferry</p>', "/a.jpg"),
        ('<figure><img src="/blank.gif"><figcaption>The ferry</figcaption></figure>', None),
        ('<figure><img src="/a.jpg"></figure>', None),
    ],
    ids=["figure", "a script's", "beside", "blank", "no caption"],
)
def test_the_picture_that_has_the_caption_is_the_image_where_none_is_stated(top: str, image: str | None) -> None:
    found = next(AUTO["image_url"](page(article(top=top))), None)
    assert (found and found.values[0], found and found.origin) == (image, image and "figure")
    stated = article('<meta property="og:image" content="/b.jpg">', top=top)
    assert next(AUTO["image_url"](page(stated))).values == ["/b.jpg"]


@pytest.mark.parametrize(
    ("domain", "steps", "section"),
    [
        ("newsweekly.example", ["Home", "News"], "News"),
        ("sportbilder.example", ["Startseite", "Sport"], "Sport"),
        ("businessday.example", ["Home", "Economy", "Business"], "Business"),
        ("sport.example", ["Home", "Economy", "Sports Law"], "Sports Law"),
        ("news-weekly.example", ["Home", "Town", "News Weekly"], "Town"),
        ("newsweekly.example", ["News Weekly", "Town"], "Town"),
        ("newsweekly.example", ["Newsweekly Online", "Town"], "Town"),
    ],
)
@pytest.mark.parametrize("is_stated", [True, False])
def test_only_the_first_step_is_the_site_where_it_says_but_a_part_of_its_name(
    domain: str, steps: list[str], section: str, is_stated: bool
) -> None:
    title = "Ferry crew returns with lost parcel"
    stated = {"@type": "BreadcrumbList", "itemListElement": [{"name": name} for name in [*steps, title]]}
    links = "".join(f'<a href="/{number or ""}">{name}</a> › ' for number, name in enumerate(steps))
    html = article(LD.format(json.dumps(stated))) if is_stated else article(top=f'<p class="breadcrumb">{links}</p>')
    found = next(AUTO["section"](page(html.replace("Harbor Post", "The Post"), f"https://www.{domain}/town/ferry")))
    assert (found.values, found.origin) == ([section], "jsonld:BreadcrumbList" if is_stated else "breadcrumb")


@pytest.mark.parametrize(
    "top",
    [
        LD.format('{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},{"name":"Ferry crew returns"}]}'),
        '<nav class="breadcrumb"><a href="/x/">Home</a> <a href="/harbor">Harbor Post</a></nav>',
        '<nav class="breadcrumb"><a href="/x">‹ Back</a></nav>',
        '<nav class="breadcrumb"><a href="ferry-crew-returns-with-lost-parcel">Ferry crew</a></nav>',
        f'<div class="breadcrumbs-on">{"<a href=/x>Town</a>" * 9}</div>',
    ],
    ids=["home in JSON-LD", "home and site", "back", "the page", "a menu"],
)
def test_home_the_page_and_menus_are_no_section(top: str) -> None:
    html = article(top=top).replace("Ferry crew returns with lost parcel", "Ferry crew returns")
    assert list(AUTO["section"](page(html))) == []


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
