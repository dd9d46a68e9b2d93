"""Agencies, the places that they file from, and the notes of stories that nobody edited."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pytest
from metapages import page

from builder.extract.metadata import AUTO

STORY = (
    "The crew of the ferry found the parcel under a bench on Monday, and brought it back to the woman who lost it.",
    "She had asked for it at the counter every morning since, said the clerk, and had never once raised her voice.",
    "The parcel held eleven letters of her sister, tied with a string, and a photograph of the pier before the storm.",
)
NOTE = "(This story has not been edited by Harbor Post staff and is auto-generated from a syndicated feed.)"


def said(field: str, *, lead: str = "", above: str = "", below: Sequence[str] = (), head: str = "") -> str | None:
    """What the generic extractor offers first for a field of a story that begins so, under and over such lines."""
    first, *others = STORY
    body = "".join(f"<p>{escape(text)}</p>" for text in (f"{lead} {first}".strip(), *others, *below))
    title = "Ferry crew returns with lost parcel"
    html = f"<head><title>{title}</title>{head}</head><body><h1>{title}</h1>{above}<article>{body}</article></body>"
    found = next(AUTO[field](page(f"<html>{html}</html>")), None)
    return found.values[0] if found else None


LEADS = {
    "English": ("NEW YORK, Feb 24 (Reuters) -", "Reuters", "NEW YORK"),
    "dash": ("KYIV, Ukraine (AP) —", "AP", "KYIV, Ukraine"),
    "abbreviated": ("ST. JOSEPH, Mich. (AP) —", "AP", "ST. JOSEPH, Mich."),
    "Indian": ("New Delhi [India], February 24 (ANI):", "ANI", "New Delhi [India]"),
    "two": ("Mumbai, Feb 24 (PTI/AP) -", "PTI/AP", "Mumbai"),
    "German": ("Frankfurt/Main (dpa) -", "dpa", "Frankfurt/Main"),
    "French": ("Paris, 24 fév 2022 (AFP) -", "AFP", "Paris"),
    "Spanish": ("Madrid, 24 feb (EFE).-", "EFE", "Madrid"),
    "Italian": ("(ANSA) - ROMA, 24 FEB -", "ANSA", "ROMA"),
    "Russian": ("МОСКВА, 24 февраля. /ТАСС/.", "ТАСС", "МОСКВА"),
    "Hindi": ("नयी दिल्ली, 24 फरवरी (भाषा) -", "भाषा", "नयी दिल्ली"),
    "Japanese": ("【ワシントン共同】", "共同", "ワシントン"),
    "Japanese, two": ("【AFP＝時事】", "AFP", None),
    "Japanese, a day": ("【2月24日 AFP】", "AFP", None),
    "Japanese, a heading": ("【MAP】", None, None),
    "Turkish, no dash": ("İSTANBUL (AA)", "AA", "İSTANBUL"),
    "Persian": ("تهران- ایرنا-", "ایرنا", "تهران"),
    "Chinese": ("新华社华盛顿2月24日电", "新华社", "华盛顿"),
    "no dash behind a day": ("New Delhi, Feb 24 (PTI)", "PTI", "New Delhi"),
    "Hindi, no dash": ("नई दिल्ली, 24 फरवरी (भाषा)", "भाषा", "नई दिल्ली"),
    "Hindi, danda": ("नयी दिल्ली (भाषा)।", "भाषा", "नयी दिल्ली"),
    "a day alone": ("Feb. 24 (UPI) --", "UPI", None),
    "a day alone, no point": ("Feb 24 (Reuters) -", "Reuters", None),
    "nothing else": ("(Reuters) -", "Reuters", None),
    "of a region": ("Berlin (dpa/lby) -", "dpa", "Berlin"),
    "German, before the place": ("(dpa) Berlin -", "dpa", "Berlin"),
    "in capitals": ("MADRID, 24 Feb. (EUROPA PRESS) -", "EUROPA PRESS", "MADRID"),
    "no brackets": ("МОСКВА, 24 фев — РИА Новости.", "РИА Новости", "МОСКВА"),
    "no brackets, a site": ("Москва. 24 февраля. INTERFAX.RU -", "INTERFAX.RU", "Москва"),
    "no brackets, no day": ("Tehran, IRNA -", "IRNA", "Tehran"),
    "Turkish": ("İSTANBUL (İHA) -", "İHA", "İSTANBUL"),
    "Arabic": ("دبي 24 فبراير (رويترز) -", "رويترز", "دبي"),
    "Arabic, no brackets": ("القاهرة - أ ش أ:", "أ ش أ", "القاهرة"),
    "Korean in Japanese": ("【ソウル聯合ニュース】", "聯合ニュース", "ソウル"),
    "Japanese, square": ("［東京　２４日　ロイター］", "ロイター", "東京"),
    "Korean": ("(부산=연합뉴스) 김하늘 기자 =", "연합뉴스", "부산"),
    "Korean, square": ("[부산=뉴시스]", "뉴시스", "부산"),
    "Taiwan": ("（中央社高雄24日電）", "中央社", "高雄"),
    "Taiwan, a reporter": ("（中央社記者王小明高雄24日電）", "中央社", None),
    "Chinese, of another paper": ("据新华社北京2月24日电", "新华社", "北京"),
    "Chinese, no place": ("中新网2月24日电", "中新网", None),
    "Norwegian, two": ("Oslo (NTB-Reuters):", "NTB-Reuters", "Oslo"),
    "nothing else, no dash": ("(Belga)", "Belga", None),
    "French, a numeric day": ("BRUXELLES 24/02 (BELGA) =", "BELGA", "BRUXELLES"),
    "Arabic, in": ("أبوظبي في 24 فبراير/ وام /", "وام", "أبوظبي"),
    "Arabic, in, a dash": ("الدوحة في 24 فبراير /قنا/ -", "قنا", "الدوحة"),
    "Arabic, dashes": ("الكويت - 24 - 2 (كونا) --", "كونا", "الكويت"),
    "Russian, a person": ("МОСКВА, 24 фев - РИА Новости, Анна Волкова.", "РИА Новости", "МОСКВА"),
    "Vietnamese": ("Hà Nội (TTXVN) -", "TTXVN", "Hà Nội"),
    "Bengali": ("ঢাকা, ২৪ ফেব্রুয়ারি, ২০২২ (বাসস) :", "বাসস", "ঢাকা"),
    "initials of a person at the start": ("(PA) She", None, None),
    "a person": ("Ann Lee, Reuters -", None, None),
    "brackets in a sentence": ("The mayor told the reporter (AP) Said", None, None),
    "no agency": ("Everyone (or nearly so) -", None, None),
    "initials of a text": ("The letters (AP) of the label -", None, None),
    "no place": ("", None, None),
}


@pytest.mark.parametrize(("lead", "agency", "place"), LEADS.values(), ids=LEADS)
def test_first_words(lead: str, agency: str | None, place: str | None) -> None:
    assert (said("agency", lead=lead), said("dateline", lead=lead)) == (agency, place)


@pytest.mark.parametrize("sign", list("\u200b\u200e\u2060\ufeff\u00ad"), ids=ascii)
@pytest.mark.parametrize("lead", ["{0}NEW YORK, Feb 24 (Reuters) -", "{0} NEW YORK (Reuters) —", "{0}(Reuters) -"])
def test_an_invisible_character_may_stand_before_the_first_words(lead: str, sign: str) -> None:
    assert said("agency", lead=lead.format(sign)) == "Reuters"
    assert said("dateline", lead=lead.format(sign)) == ("NEW YORK" if "YORK" in lead else None)


def test_an_invisible_character_may_stand_behind_the_last_words() -> None:
    assert said("agency", below=["Source: Reuters\u200b"]) == "Reuters"
    assert said("agency", below=["\ufeff(With inputs from ANI)\ufeff"]) == "ANI"


BYLINES = {
    "alone": ("Reuters", "Reuters"),
    "by": ("By The Associated Press", "The Associated Press"),
    "capitals": ("BY AFP", "AFP"),
    "its own case": ("EUROPA PRESS", "EUROPA PRESS"),
    "source": ("Source: PTI", "PTI"),
    "a source that is a name, too": ("Kaynak: AA", "AA"),
    "from": ("From Reuters", "Reuters"),
    "its staff": ("By Reuters Staff", "Reuters"),
    "its office": ("ANI News Agency", "ANI"),
    "reporting": ("Reporting by AP", "AP"),
    "copyright": ("© AFP", "AFP"),
    "a place": ("by AFP in Port Louis", "AFP"),
    "a place behind a bar": ("Reuters | Oldmouth", "Reuters"),
    "two": ("dpa/AFP", "dpa/AFP"),
    "behind a person": ("By Ann Lee, Reuters", "Reuters"),
    "behind a person and a bar": ("By Ann Lee | AP", "AP"),
    "and a person": ("By Ann Lee and AFP", "AFP"),
    "with": ("Par Chloé Dubois avec AFP", "AFP"),
    "a degree": ("By Ann Lee, PA", None),
    "a person": ("By Petra", None),
    "a picture": ("By Ann Lee Photo: AP", None),
    "another paper": ("By Ann Lee, CNN", None),
}


@pytest.mark.parametrize(("byline", "agency"), BYLINES.values(), ids=BYLINES)
@pytest.mark.parametrize(
    "above",
    [
        '<p class="byline">{}</p>',
        '<p><a rel="author" href="/x">{}</a></p>',
        '<p itemprop="author">{}</p>',
    ],
    ids=["class", "rel", "itemprop"],
)
def test_a_byline_names_an_agency(byline: str, agency: str | None, above: str) -> None:
    assert said("agency", above=above.format(byline)) == agency


UNMARKED = {
    "before the day": ("<p>Reuters</p><p>24 February 2022</p>", "Reuters"),
    "in the line of the day": ("<div>By AFP | 24 February 2022</div>", "AFP"),
    "behind a person": ("<div>By Ann Lee, AP</div><div>24 February 2022</div>", "AP"),
    "no day": ("<p>Reuters</p>", None),
    "behind the day": ("<p>24 February 2022</p><p>Reuters</p>", None),
    "of a picture": ("<figure><figcaption>AFP</figcaption></figure><p>24 February 2022</p>", None),
    "in a sentence": ("<p>Ferry found, says AP</p><p>24 February 2022</p>", None),
    "of a teaser": ('<aside><p class="author">Reuters</p></aside>', None),
    "of a comment": ('<div class="comments"><p class="author">Reuters</p></div>', None),
}


@pytest.mark.parametrize(("above", "agency"), UNMARKED.values(), ids=UNMARKED)
def test_an_agency_between_headline_and_day(above: str, agency: str | None) -> None:
    assert said("agency", above=above) == agency


LINES = {
    "updated": ("<p>ANI | Washington DC | Updated: 24-02-2022 03:37 IST</p>", "ANI", "Washington DC"),
    "spans": ("<p><span>PTI</span> | <span>New Delhi</span> | <span>24 Feb 2022</span></p>", "PTI", "New Delhi"),
    "no place": ("<p>PTI | July 9, 2020 | Updated: 10:15 IST</p>", "PTI", None),
    "a desk": ("<p>Harbor Desk | Oldmouth | Updated: 24-02-2022 03:37 IST</p>", None, None),
}


@pytest.mark.parametrize(("above", "agency", "place"), LINES.values(), ids=LINES)
def test_line_over_the_story(above: str, agency: str | None, place: str | None) -> None:
    assert (said("agency", above=above), said("dateline", above=above)) == (agency, place)


@pytest.mark.parametrize(
    ("end", "agency"),
    [
        ("The pier opens again in May, said the mayor. (ANI)", "ANI"),
        ("Il molo riapre in maggio, ha detto il sindaco. (ANSA).", "ANSA"),
        ("The pier opens again in May. (With inputs from PTI)", "PTI"),
        ("The pier opens again in May. (With PTI inputs)", "PTI"),
        ("The pier opens again in May. (Inputs from ANI)", "ANI"),
        ("El muelle abre en mayo. (Con información de EFE)", "EFE"),
        ("घाट मई में खुलेगा। (इनपुट: आईएएनएस)", "आईएएनएस"),
        ("The pier opens again in May. PTI ABC XYZ", "PTI"),
        ("The pier opens again in May. -IANS ab/cd", "IANS"),
        ("“It opens in May.” dpa", "dpa"),
        ("--IANS", "IANS"),
        ("- AFP", "AFP"),
        ("— Reuters", "Reuters"),
        ("/Xinhua", "Xinhua"),
        ("EFE", "EFE"),
        ("Avec AFP", "AFP"),
        ("© 2022 AFP", "AFP"),
        ("© dpa-infocom, dpa:220224-99-261245/3", "dpa"),
        ("Copyright 2022 The Associated Press. All rights reserved.", "The Associated Press"),
        ("Die Fähre legt im Mai ab. Quelle: dpa", "dpa"),
        ("The pier opens again in May, the mayor told AFP.", None),
        ("It was first seen by Reuters", None),
        ("PA", None),
        ("Source: Reuters", "Reuters"),
        ("来源：新华社", "新华社"),
        ("Lähde: STT", "STT"),
        ("Zdroj: ČTK", "ČTK"),
        ("Πηγή: ΑΠΕ-ΜΠΕ", "ΑΠΕ-ΜΠΕ"),
        ("Sursa: Agerpres", "Agerpres"),
        ("Forrás: MTI", "MTI"),
        ("Nguồn: TTXVN", "TTXVN"),
        ("Theo Reuters", "Reuters"),
        ("(Theo TTXVN)", "TTXVN"),
        ("ที่มา : Reuters", "Reuters"),
        ("সূত্র: বাসস", "বাসস"),
        ("منبع: ایسنا", "ایسنا"),
        ("출처: 연합뉴스", "연합뉴스"),
        ("資料來源：中央社", "中央社"),
        ("/ritzau/", "ritzau"),
        ("(©NTB)", "NTB"),
        ("Riproduzione riservata © Copyright ANSA", "ANSA"),
        ("[저작권자(c) 연합뉴스, 무단 전재-재배포 금지]", "연합뉴스"),
        ("ΑΠΕ-ΜΠΕ", "ΑΠΕ-ΜΠΕ"),
        ("Theo Reuter", None),
        ("Source: the mayor's office", None),
        ("The pier opens again in May (TBC)", None),
    ],
)
def test_end_of_the_story(end: str, agency: str | None) -> None:
    assert (said("agency", below=[end]), said("dateline", below=[end])) == (agency, None)


def test_a_page_of_many_stories_is_filed_from_nowhere() -> None:
    lead = "NEW YORK, Feb 24 (Reuters) -"
    parsed = page(f"<h1>Ferries</h1><p>{lead} {STORY[0]}</p><p>{STORY[1]}</p>")
    for page_type, agency in (("article", ["Reuters"]), ("listing", []), ("forum", [])):
        again = page(f"<h1>Ferries</h1><p>{lead} {STORY[0]}</p><p>{STORY[1]}</p>")
        again.__dict__["article"] = parsed.article._replace(page_type=page_type, blocks=again.layout.blocks[1:])
        assert [found.values[0] for found in AUTO["agency"](again)] == agency


def test_what_is_stated_goes_before() -> None:
    ld = '<script type="application/ld+json">{"@type":"NewsArticle",%s}</script>'
    assert (
        said("agency", head=ld % '"sourceOrganization":{"name":"Coast Wire"}', lead="OLDMOUTH (AP) —") == "Coast Wire"
    )
    assert said("agency", head=ld % '"author":{"name":"Reuters"}') == "Reuters"
    assert said("agency", head=ld % '"author":{"name":"Ann Lee"}') is None
    assert said("agency", head='<meta name="author" content="PTI">') == "PTI"
    assert said("agency", head='<meta name="author" content="AA">') == "AA"
    assert said("agency", head='<meta name="author" content="Reuters Staff">') == "Reuters"
    assert said("agency", above='<p class="author">AFP</p>', below=["(With inputs from PTI)"]) == "AFP"
    assert said("dateline", head=ld % '"dateline":"London, UK"') == "London, UK"
    assert said("dateline", head=ld % '"dateline":"2022-02-24T03:37:00Z"', lead="OLDMOUTH (AP) —") == "OLDMOUTH"


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (NOTE, "true"),
        ("(Except for the headline, this story is unedited and published from a syndicated feed.)", "true"),
        ("This story has been published from a wire agency feed without modifications to the text.", "true"),
        ("Diese Meldung kommt direkt aus dem dpa-Newskanal.", "true"),
        ("(यह खबर सिंडिकेट फीड से ऑटो-जनरेट हुई है)", "true"),
        ("This report is auto-generated from PTI news service. Harbor Post holds no responsibility for it.", "true"),
        ("This is a syndicated story and has not been edited by our staff.", "true"),
        ("Dieser Artikel wurde automatisch von der dpa übernommen und nicht redaktionell bearbeitet.", "true"),
        ("Cet article est une dépêche AFP publiée automatiquement, sans modification.", "true"),
        ("Contenido publicado automáticamente a partir de un servicio de agencia, sin modificaciones.", "true"),
        ("Die Ampel schaltet automatisch ab, sagte der Bürgermeister der dpa.", None),
        ("The figures were published from London and sourced from AP.", None),
        ("Subscribe to our syndicated feed", None),
        ("This story has not been edited for length.", None),
    ],
)
def test_note_of_a_feed(note: str, expected: str | None) -> None:
    assert said("is_syndicated", below=[note]) == expected


def test_the_note_may_stand_behind_the_text() -> None:
    story = "".join(f"<p>{text}</p>" for text in STORY)
    parsed = page(f"<body><h1>Ferries</h1><article>{story}</article><footer><div>{NOTE}</div></footer></body>")
    blocks = [block for block in parsed.layout.blocks if block.text in STORY]
    parsed.__dict__["article"] = parsed.article._replace(blocks=blocks)
    assert [found.values for found in AUTO["is_syndicated"](parsed)] == [["true"]]


def test_a_page_that_takes_comments_has_an_agency() -> None:
    story = "".join(f"<p>{text}</p>" for text in STORY)
    parsed = page(f'<body class="comments-open"><h1>Ferries</h1><p class="byline">AFP</p>{story}</body>')
    assert [found.values for found in AUTO["agency"](parsed)][:1] == [["AFP"]]
