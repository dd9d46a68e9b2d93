import time

import pytest
from metapages import article, page

from builder.extract.facts.title.sitename import fold, is_site_name
from builder.extract.facts.title.titles import titles

NAMES = {
    "en": "Ferry crew returns with lost parcel after ten months",
    "de": "Fährleute bringen verlorenes Paket nach zehn Monaten zurück",
    "fr": "L’équipage du bac rapporte le colis perdu depuis dix mois",
    "es": "La tripulación devuelve el paquete perdido tras diez meses",
    "pt": "Tripulação devolve a encomenda perdida há dez meses",
    "it": "L’equipaggio riporta il pacco smarrito da dieci mesi",
    "ru": "Экипаж парома вернул посылку, потерянную десять месяцев назад",
    "zh": "渡轮船员归还遗失十个月的包裹",
    "ja": "フェリーの乗組員が十か月ぶりに荷物を返す",
    "ar": "طاقم العبارة يعيد الطرد المفقود بعد عشرة أشهر",
    "hi": "नाव के दल ने दस महीने बाद खोया पार्सल लौटाया",
}


def best(html: str, **more: str) -> tuple[str, str]:
    found = next(titles(page(html, **more)))
    return found.values[0], found.origin


@pytest.mark.parametrize(("lang", "title"), NAMES.items(), ids=NAMES)
def test_the_headline_is_found_without_the_site_s_name(lang: str, title: str) -> None:
    assert best(article(title=title, lang=lang)) == (title, "h1")


@pytest.mark.parametrize(("lang", "title"), NAMES.items(), ids=NAMES)
def test_the_site_s_name_is_cut_off_where_there_is_no_heading(lang: str, title: str) -> None:
    html = f"<html lang={lang}><title>{title} | Harbor Post</title><meta property='og:site_name' content='Harbor Post'><p>Hello.</p>"  # noqa: E501
    assert best(html)[0] == title


LOGO = '<header><h1 class="logo"><a href="/">Harbor Post</a></h1></header>'
CASES = {
    "an empty title first": (
        "<head><title></title><title> </title><title>Ferry crew returns with lost parcel</title></head><p>Hello.</p>"
    ),
    "a title in the body behind that of an icon": (
        "<body><svg><g><title>Zebra logo</title></g></svg><p>Hello.</p>"
        "<title>Ferry crew returns with lost parcel</title>"
    ),
    "words for screen readers before it": (
        '<title>Ferry crew returns with lost parcel</title><h1><span class="sr-only">Article: </span>'
        "Ferry crew returns with lost parcel</h1>"
    ),
    "words for screen readers before it, and no other title": (
        '<h1><span class="sr-only">Article: </span>Ferry crew returns with lost parcel</h1>'
    ),
    "a heading that is the site's logo": (
        f"<title>Ferry crew returns with lost parcel | Harbor Post</title>{LOGO}<article><h2 class='entry-title'>Ferry crew returns "  # noqa: E501
        "with lost parcel</h2><p>Hello.</p></article>"
    ),
    "logo and headline both in h1": (
        f"<title>Ferry crew returns with lost parcel - Harbor Post</title>{LOGO}<main><h1>Ferry crew returns with lost parcel</h1></main>"  # noqa: E501
    ),
    "the site's name first": "<title>Harbor Post: Ferry crew returns with lost parcel</title><h1>Ferry crew returns with lost parcel</h1>",  # noqa: E501
    "a mark before the headline": "<title> » Ferry crew returns with lost parcel</title>",
    "JSON-LD and heading": (
        '<title>Parcel</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry crew returns with lost parcel"}'  # noqa: E501
        "</script><main><h1>Ferry crew returns with lost parcel</h1></main>"
    ),
    "JSON-LD alone": (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry crew returns with lost parcel"}</script><p>Hello.</p>'  # noqa: E501
    ),
}


@pytest.mark.parametrize("html", CASES.values(), ids=CASES)
def test_the_headline_wins_over_other_strings(html: str) -> None:
    assert best(html)[0] == "Ferry crew returns with lost parcel"


def test_a_colon_inside_the_headline_stays() -> None:
    assert (
        best(article(title="Ferries: the crew returns with a parcel"))[0] == "Ferries: the crew returns with a parcel"
    )


@pytest.mark.parametrize("heading", ["<h2>{}</h2>", "<div>{}</div>", ""])
@pytest.mark.parametrize(
    "title", ["{}丨荷湖网", "{}丨文化丨荷湖网", "{} 丨 荷湖网", "{}：荷湖网", "{}：蓮湖新聞デジタル", "{}"]
)
@pytest.mark.parametrize(
    "headline", ["荷湖老剧院关门十二年后重新开放", "深度丨荷湖老剧院关门十二年后重新开放", "市长王晓明：老剧院免费开放"]
)
def test_the_signs_of_chinese_sites_part_their_names_alone(headline: str, title: str, heading: str) -> None:
    html = f"<title>{title.format(headline)}</title>{heading.format(headline)}<p>{'老剧院的门口排起了长队。' * 20}</p>"
    assert best(html)[0] == headline


QUOTED = [
    "¿Por qué abre el mercado? «Nadie lo sabe»",
    "El alcalde: «Nadie lo sabe»",
    "«Aspettavamo», dice il sindaco",
    "« On attend » : Montrelle rouvre ses bains",
    "Brücke gebaut. »Wir warten«",
    "Трамвай вышел. «Мы ждали»",
    "فتح المسرح. «انتظرنا»",
]


@pytest.mark.parametrize("end", ["", " | Harbor Post", " - Harbor Post", " » Harbor Post", " « Harbor Post"])
@pytest.mark.parametrize("title", QUOTED)
def test_quotation_marks_part_no_headline(title: str, end: str) -> None:
    assert best(f"<title>{title}{end}</title><h1>{title}</h1><p>Words.</p>")[0] == title


@pytest.mark.parametrize(
    "html",
    [
        "<p>Nothing is called anything here.</p>",
        "<title> | </title><h1> </h1><p>x</p>",
        "<svg><g><title>Zebra logo</title></g></svg><p>Nothing is called anything here.</p>",
    ],
)
def test_no_title_where_the_page_has_none(html: str) -> None:
    assert list(titles(page(html))) == []


@pytest.mark.parametrize(
    ("text", "known"),
    [("harbor post", True), ("harborpost", True), ("harborpost.example", True), ("the ferry crew", False)],
)
def test_site_names(text: str, known: bool) -> None:
    assert is_site_name(text, {fold("Harbor Post")}, "harborpost.example") is known


@pytest.mark.parametrize(
    "html",
    [
        "<h1>One of many headings</h1>" * 10_000,
        f"<meta property='og:title' content='{'word ' * 20_000}'><title>{'a | ' * 25_000}</title><h1>{'b - ' * 25_000}</h1>",  # noqa: E501
    ],
    ids=["10,000 headings", "endless titles"],
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    parsed = page(html)
    start = time.process_time()
    list(titles(parsed))
    assert time.process_time() - start < 2


ESCAPED = {
    "escaped twice": "Sean&amp;#8217;s wall &amp;amp; the council",
    "with tags": "&lt;i&gt;Sean’s&lt;/i&gt; wall &amp;amp; the council",
}


@pytest.mark.parametrize("written", ESCAPED.values(), ids=ESCAPED)
def test_what_is_escaped_twice_is_read_as_it_was_meant(written: str) -> None:
    html = f'<title>{written} | Harbor Post</title><meta property="og:title" content="{written}"><p>Words.</p>'
    assert next(titles(page(html))).values == ["Sean’s wall & the council"]
