import time
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html
from metapages import article, page

from builder.extract.facts.datemarks import datelike, day_key, same_day
from builder.extract.facts.headline import headlines
from builder.extract.facts.published import date_candidates, offered, published


def found(source: str, **more: Any) -> tuple[str, str] | None:
    return next(((candidate.values[0], candidate.origin) for candidate in published(page(source, **more))), None)


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


TOLD = {
    "en": "The harbour wall fell on 1 May 1945 and was rebuilt by the people of the town.",
    "de": "Die Hafenmauer stürzte am 1. Mai 1945 ein und wurde von den Bürgern wieder errichtet.",
    "fr": "Le mur du port est tombé le 1 mai 1945 et les habitants ont dû le reconstruire.",
    "ru": "Стена гавани рухнула 1 мая 1945 года, и жители города построили её заново.",
    "amid": "The council meets on <b>12 March 2023</b> in the town hall to decide about the wall.",
    "of people": "<i>Member since: 5 Jan 2015</i>",
}


@pytest.mark.parametrize("line", TOLD.values(), ids=TOLD)
def test_a_day_that_the_story_tells_of_is_not_that_of_the_page(line: str) -> None:
    assert found(article(top=f"<p>{line}</p>")) is None
    value = found(article(top=f"<p>{line}</p><p>Published: 24 February 2022</p>"))
    assert value is not None
    assert "24 February 2022" in value[0]


JOINED = {
    "a weekday": "<dl><dt>Ann</dt><dd><strong>Joined:</strong> Fri Mar 01, 2019 9:12 am</dd></dl>",
    "a weekday, de": "<div>Registriert: Fr 1. März 2019</div>",
    "a term": "<dl><dt>Join Date</dt><dd>1 March 2019</dd></dl>",
    "a term of a date": '<dl><dt>Joined</dt><dd class="date">Fri Mar 01, 2019 9:12 am</dd></dl>',
    "a term of a time": '<p>Joined <time datetime="2019-03-01T09:12:00Z">1 March 2019</time></p>',
    "ru": "<p>Зарегистрирован: 01 март 2019, 09:12</p>",
}
JOINED |= {
    f"a label, {label}": f"<dl><dd><strong>{label}</strong> 2019-03-01 09:12</dd></dl>"
    for label in (
        "Iscritto il:", "Lid geworden op: vr", "Lid sinds", "Rejestracja:", "Dołączył:", "Registrován:", "Blev medlem:",
        "Gick med", "Medlem siden:", "Liittynyt:", "Csatlakozott:", "Εγγραφή:", "ΕΓΓΡΑΦΗ:", "KAYIT:", "Katılım:",
        "Üyelik tarihi:", "З нами з:", "Зареєстрований:", "Bergabung:", "Ngày tham gia: Thứ năm,", "ลงทะเบียนเมื่อ:",
        "สมัครเมื่อ:", "शामिल हुए:", "যোগদান:", "இணைந்தது:", "اشترك في:", "تاريخ التسجيل:", "تاریخ عضویت:", "הצטרף:",
        "注册时间：", "註冊時間:", "加入日期：", "登録日時:", "가입일:", "Última visita:", "最后登录：",
        "Letzter Besuch:", "Membro desde", "Miembro desde:", "Registrado em:",
    )
}  # fmt: skip


@pytest.mark.parametrize("member", JOINED.values(), ids=JOINED)
def test_a_day_of_a_member_is_not_that_of_the_message(member: str) -> None:
    parsed = page(article(top=f"<div>{member}</div><p>Posted: Sun Feb 24, 2022 10:00 am</p>"))
    assert not any("2019" in item.text for item in date_candidates(parsed))
    assert "24, 2022" in next(published(parsed)).values[0]


@pytest.mark.parametrize(
    "line", ["Bonn, 24.02.2022 - The ferry has come back.", "Published on 24.02.2022 by the desk."]
)
def test_a_sentence_may_say_when_it_was_published(line: str) -> None:
    value = found(article(top=f"<p>{line}</p>"))
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
    value = found(source.replace("<h1", f"<{heading}").replace("</h1>", f"</{heading}>"))
    assert value is not None
    assert datelike(value[0]) is not None
    assert value[0] in " ".join(html.fromstring(f"<p>{line}</p>").itertext())


def test_the_lines_behind_any_headline_are_set_apart() -> None:
    source = article(top="<div><span>24.02.2022</span><span>03:37</span></div>")
    for tag in ("h1", "h2"):
        first = headlines(page(source.replace("<h1", f"<{tag}").replace("</h1>", f"</{tag}>")))[0]
        assert first.lines[0] == "24.02.2022 03:37"


UPDATED_FIRST = {
    "one line": '<p class="dates">Updated: 25 February 2022 | Published: 24 February 2022</p>',
    "two lines": "<p>Last updated: 25 February 2022</p><p>Published: 24 February 2022</p>",
    "times": (
        '<p>Updated <time datetime="2022-02-25T10:00Z">25 Feb</time>, first published '
        '<time datetime="2022-02-24T10:00Z">24 Feb</time></p>'
    ),
    "de": '<p class="date">Aktualisiert: 25.02.2022, veröffentlicht: 24.02.2022</p>',
    "fr": '<p class="date">Mis à jour le 25 février 2022, publié le 24 février 2022</p>',
    "it": "<p>Ultimo aggiornamento: 25.02.2022 | Pubblicato: 24.02.2022</p>",
    "nl": "<p>Laatst bijgewerkt: 25 februari 2022 | Gepubliceerd: 24 februari 2022</p>",
    "pl": "<p>Aktualizacja: 25.02.2022 | Data publikacji: 24.02.2022</p>",
    "tr": "<p>Son Güncelleme: 25.02.2022 | Giriş Tarihi: 24.02.2022</p>",
    "id": "<p>Diperbarui: 25 Februari 2022 | Diterbitkan: 24 Februari 2022</p>",
    "ko": "<p>수정 2022.02.25 | 입력 2022.02.24</p>",
    "de, nouns": "<p>Letzte Änderung: 25.02.2022<br>Veröffentlichung: 24.02.2022</p>",
    "ru, nouns": "<p>Обновлено: 25.02.2022<br>Дата публикации: 24.02.2022</p>",
    "tr, nouns": "<p>Güncelleme: 25.02.2022<br>Yayın Tarihi: 24.02.2022</p>",
    "ja, nouns": "<p>更新日: 2022年2月25日<br>配信: 2022年2月24日</p>",
    "hi, nouns": "<p>संशोधित: 25 फरवरी 2022<br>प्रकाशन: 24 फरवरी 2022</p>",
    "ar, with vowels": "<p>آخر تعديل: 25 فبراير 2022<br>نُشر في: 24 فبراير 2022</p>",
    "fr, on line": "<p>Corrigé le 25 février 2022<br>Mis en ligne le 24 février 2022</p>",
    "no word": "<p>Updated 25 February 2022 | 24 February 2022</p>",
    "no known word": "<p>Updated 25 February 2022 | Filed: 24 February 2022</p>",
    "times, no word": (
        '<p>Updated <time datetime="2022-02-25T10:00Z">25 Feb</time> | <time datetime="2022-02-24T10:00Z">24 Feb</time>'
    ),
}


@pytest.mark.parametrize("top", UPDATED_FIRST.values(), ids=UPDATED_FIRST)
def test_what_is_called_published_goes_before_what_is_called_updated(top: str) -> None:
    value = found(article(top=top))
    assert value is not None
    assert "24" in value[0]
    assert "25" not in value[0]


@pytest.mark.parametrize("headline", ["h1", "div"])
def test_so_it_does_below_a_masthead_with_the_day_of_the_visit(headline: str) -> None:
    line = "<div>ANI | Washington DC | Updated: 25-02-2022 08:12 IST | Created: 24-02-2022 03:37 IST</div>"
    html = article(top=line).replace('<h1 class="entry-title">', f"<{headline}>").replace("</h1>", f"</{headline}>")
    parsed = page(html.replace("<nav>", "<div>2022-03-03</div><nav>"))
    found_here = date_candidates(parsed)
    stated = [item for item in found_here if "label:stated" in item.features]
    assert {item.text for item in stated} == {"Created: 24-02-2022 03:37 IST"}
    assert not any(item.features & {"label:updated", "near:next", "loose:later"} for item in found_here)
    assert next(published(parsed)).values == ["Created: 24-02-2022 03:37 IST"]


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
    value = found(html.replace("<nav>", "<div>Thursday, March 3, 2022</div><nav>"))
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
    assert found(article(top=top)) == (value, "text")


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
    value = found(article(top=f"<p><time {attribute}>{text}</time></p>"))
    assert value is not None
    assert value[0] in attribute


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
    value = found(article(head if stated else "", top=top.format(stamp)))
    assert value is not None
    assert value[0] == ("2022-02-24T09:14:00+01:00" if stated or "T09:14" in top else stamp)


@pytest.mark.parametrize("shown", ["24 February 2022", "3 hours ago"])
def test_a_time_gives_its_clock_to_the_day_that_it_stands_beside(shown: str) -> None:
    top = f'<p>24 February 2022</p><p><time datetime="2022-02-24T09:14:00+01:00">{shown}</time></p>'
    assert found(article(top=top)) == ("2022-02-24T09:14:00+01:00", "time")


def test_a_stated_midnight_is_no_clock() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T00:00:00Z"}</script>'
    value = found(article(head, top='<p class="date">24 February 2022, 09:14</p>'))
    assert value is not None
    assert value[0] == "24 February 2022, 09:14"


def test_a_time_stated_for_the_page_goes_before_that_of_an_item_in_it() -> None:
    head = '<script type="application/ld+json">{"@type":"DiscussionForumPosting","datePublished":"2022-02-24T06:15:00Z"}</script>'  # noqa: E501
    item = '<p><time itemprop="datePublished" datetime="2022-02-24T09:14:00Z">24 Feb 2022</time></p>'
    assert found(article(head, top=item)) == ("2022-02-24T06:15:00Z", "jsonld:datePublished")


def test_a_midnight_that_is_shown_is_a_clock() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-02-24T00:00:00+08:00"}</script>'  # noqa: E501
    value = found(article(head, top='<p class="date">February 24, 2022 - 12:00am</p>'))
    assert value == ("2022-02-24T00:00:00+08:00", "jsonld:datePublished")


LATEST = "".join(
    f'<li><a href="/{hour}">A mill</a> <time datetime="2022-02-{{0}}T{hour}:00:00+01:00">{hour}:00</time>'
    for hour in (11, 12, 13)
)
NOT_OF_THE_STORY = {
    "of that day": LATEST.format(24),
    "of a later one": LATEST.format(27),
    "classes": "".join(f'<li><a>A mill</a><span class="date">{day}.02.2022</span>' for day in (26, 25)),
}
EMBEDS = {
    "times": '<time datetime="2021-12-24T18:00:00+00:00">Dec 24, 2021</time>',
    "a line": "<p><a href='#'>Dec 24, 2021</a></p>",
}


@pytest.mark.parametrize("above", NOT_OF_THE_STORY.values(), ids=NOT_OF_THE_STORY)
def test_dates_of_stories_listed_above_the_headline_are_none_of_the_page(above: str) -> None:
    html = article(top="<div>By Ann Lee | 24 Feb 2022, 09:14</div>").replace("<main>", f"<ul>{above}</ul><main>")
    assert found(html) == ("24 Feb 2022, 09:14", "text")


@pytest.mark.parametrize("name", ["instagram-media", "twitter-tweet"])
@pytest.mark.parametrize("date", EMBEDS.values(), ids=EMBEDS)
def test_dates_of_embedded_messages_are_none_of_the_page(date: str, name: str) -> None:
    embed = f'<blockquote class="{name}"><div>A post shared by Ann {date}</div></blockquote>'
    assert found(article(top=f"<div>By Ann Lee | 24 Feb 2022, 09:14</div>{embed}")) == ("24 Feb 2022, 09:14", "text")
    marked = [item for item in date_candidates(page(article(top=embed))) if item.features & {"time", "class", "loose"}]
    assert marked == []


def stated_on(day: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{day}T09:14:00Z"}}</script>'


TODAY = {
    "a time": '<div class="top"><time datetime="2022-04-20">Wednesday 20 April 2022</time></div>',
    "a class": '<span class="current-date">20 April 2022</span>',
    "words": '<div class="header-date">Wednesday, April 20, 2022</div>',
    "numbers": '<div class="header-date">04/20/2022</div>',
}


@pytest.mark.parametrize("today", TODAY.values(), ids=TODAY)
def test_the_day_of_the_visit_is_not_that_of_publication(today: str) -> None:
    html = article(stated_on("2022-03-08"), top="<p>1 month ago</p>").replace("<main>", f"{today}<main>")
    value = found(html, fetched_at=datetime(2022, 4, 20, 10, tzinfo=UTC))
    assert value == ("2022-03-08T09:14:00Z", "jsonld:datePublished")
    marked = '<time class="entry-date published" datetime="2022-03-08T09:14:00Z">1 month ago</time>'
    html = article(top=f"<p>{marked}</p>").replace("<main>", f"{today}<main>")
    assert found(html, fetched_at=datetime(2022, 4, 19, 22, tzinfo=UTC)) == ("2022-03-08T09:14:00Z", "time")


@pytest.mark.parametrize("today", TODAY.values(), ids=TODAY)
def test_it_is_where_nothing_else_is_stated_or_the_same(today: str) -> None:
    for head in ("", stated_on("2022-04-20")):
        html = article(head).replace("<main>", f"{today}<main>")
        parsed = page(html, fetched_at=datetime(2022, 4, 20, 10, tzinfo=UTC))
        assert any(same_day("2022-04-20", item.text) for item in date_candidates(parsed) if item.order)


@pytest.mark.parametrize(("day", "stays"), [("2022-02-23", False), ("2022-02-24", True), ("2021-02-24", True)])
def test_an_update_is_left_out_where_publication_is_stated_within_a_week_before_it(day: str, stays: bool) -> None:
    parsed = page(article(stated_on(day), top='<p class="date">Updated: 24 February 2022, 12:14</p>'))
    assert any("label:updated" in item.features for item in date_candidates(parsed)) is stays


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
    value = found(article(head, top=f"<p>{written}</p>"))
    assert value is not None
    assert (value[0], value[1]) == (written, "text")


@pytest.mark.parametrize(
    "written",
    ["25 February 2022 13:37", "24/03/2022 13:37", "24 February 2022", "1 March 2022</p><p>24 March 2022 13:37"],
)
def test_the_time_of_another_day_is_not(written: str) -> None:
    head = '<meta property="article:published_time" content="2022-02-24">'
    assert found(article(head, top=f"<p>{written}</p>")) == ("2022-02-24", "meta:article:published_time")


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
    assert same_day("2022-02-24", "02/24/2022 10:00")
    assert not same_day("2022-02-24", "24/03/2022")


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
