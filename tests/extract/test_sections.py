"""Sections and tags: which steps of a breadcrumb are no section, and where a list of tags is cut."""

from __future__ import annotations

import json
import unicodedata
from typing import Literal, TypeAlias

import pytest
from metapages import LD, URL, article, page

from builder.extract.metadata import AUTO


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
        ('<meta property="article:tag" content="Lund, Sweden,">' * 2, ["Lund", "Sweden"]),
        ('<meta property="article:tag" content="Lund,"><meta property="article:tag" content=",">', ["Lund"]),
        (LD.format('{"@type":"Article","keywords":["Lund; ","海堤、"]}'), ["Lund", "海堤"]),
        (
            '<meta name="keywords" content="Lund, Sweden"><meta name="keywords" content="Lund, ferry">',
            ["Lund", "Sweden", "ferry"],
        ),
    ],
)
def test_tags_are_cut_at_commas_unless_they_are_listed_one_by_one(head: str, tags: list[str]) -> None:
    assert next(AUTO["tags"](page(article(head)))).values == tags


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


Form: TypeAlias = Literal["NFC", "NFD"]
TITLE = "Ferry crew returns with lost parcel"
OWN_STEPS = {
    "another name, where the page is": ("Lost parcel", URL),
    "another name, the same with a slash": ("Lost parcel", f"{URL}/"),
    "another name, relative": ("Lost parcel", "/news/ferry-crew-returns-with-lost-parcel#top"),
    "another name, the only one without a URL": ("Lost parcel", None),
    "cut off": ("Ferry crew returns wi...", "/node/77"),
    "cut off behind a word": ("Ferry crew returns \u2026", "/node/77"),
    "in quotation marks": (f"\u00ab{TITLE}\u00bb", "/node/77"),
    "with the site's name": (f"{TITLE} | Harbor Post", "/node/77"),
    "with a word before it": (f"News: {TITLE}", "/node/77"),
}


@pytest.mark.parametrize("form", ["{}", '{"@id":{}}', '{"url":{}}'], ids=["a text", "@id", "url"])
@pytest.mark.parametrize(("name", "url"), OWN_STEPS.values(), ids=OWN_STEPS)
def test_the_step_of_the_page_itself_is_no_section_whatever_it_is_called(name: str, url: str | None, form: str) -> None:
    steps = [("Home", "/"), ("Town", "/town/"), (name, url)]
    listed = [
        {
            "@type": "ListItem",
            "name": step,
            **({"item": json.loads(form.replace("{}", json.dumps(href)))} if href else {}),
        }
        for step, href in steps
    ]
    stated = {"@type": "BreadcrumbList", "itemListElement": listed}
    assert next(AUTO["section"](page(article(LD.format(json.dumps(stated)))))).values == ["Town"]


@pytest.mark.parametrize("shape", ["item", "bare"])
def test_what_a_title_begins_with_is_a_section_all_the_same(shape: str) -> None:
    steps = [{"name": "Home", "item": "/"}, {"name": "Ferry", "item": "/ferry/"}]
    listed = steps if shape == "item" else [{"name": step["name"]} for step in steps]
    html = article(
        LD.format(json.dumps({"@type": "BreadcrumbList", "itemListElement": listed})), title="Ferry: it is back"
    )
    assert next(AUTO["section"](page(html))).values == ["Ferry"]


@pytest.mark.parametrize("is_stated", [True, False])
@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")], ids="-".join)
def test_the_title_in_another_normal_form_is_no_section(forms: tuple[Form, Form], is_stated: bool) -> None:
    title, step = (unicodedata.normalize(form, "F\u00e4hrleute bringen Paket zur\u00fcck") for form in forms)
    stated = {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"name": "Town"}, {"name": step}]}
    links = f'<p class="breadcrumb"><a href="/">Home</a> <a href="/town">Town</a> <a href="/77">{step}</a></p>'
    html = article(LD.format(json.dumps(stated)), title=title) if is_stated else article(top=links, title=title)
    assert next(AUTO["section"](page(html))).values == ["Town"]
