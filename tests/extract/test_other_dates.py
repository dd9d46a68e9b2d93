"""Which of several dates is that of publication: none of the story, a member, an update, another story or the visit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from metapages import article, found_date, page

from builder.extract.facts.date.datemarks import same_day
from builder.extract.facts.date.published import date_candidates, offered, published
from builder.extract.facts.typed import typed
from builder.extract.facts.weights import Choice


def test_places_that_say_the_same_day_speak_together() -> None:
    days = ["2022-02-24", "2022-02-25", "2022-02-25"]
    weights = {"time": 1.2, "class": 1.0, "near": 0.9, "none": 1.1}
    choice = Choice([{"time"}, {"class"}, {"near"}], days, {"none"})
    assert offered(choice, weights) == [1, 2, 0]
    assert offered(choice._replace(values=[*days[:2], "2022-02-26"]), weights) == [0]


@pytest.mark.parametrize("page_type", ["article", "forum", "product", "listing"])
def test_what_is_stated_is_believed_whatever_the_type_seems_to_be(page_type: str) -> None:
    choice = Choice([{"meta:article"}, {"class"}], ["2022-02-24", "2022-02-25"], {"none"}, sources=["meta", "class"])
    types = {"article": 0.1, "forum": 0.1, "product": 0.1, page_type: 0.8}
    assert offered(typed(choice, types), {"none": 9.0}) == [0]


def test_features_of_the_type_weigh_like_others() -> None:
    choice = Choice([{"time"}, {"time"}], ["2022-02-24", "2022-02-25"], {"none"}, sources=["time", "jsonld"])
    weights = {"time": 1.0, "none:story:4": -3.0, "forum&jsonld": 0.5, "none": 2.0}
    assert offered(typed(choice, {"article": 0.2, "forum": 0.7}), weights) == [1, 0]
    assert offered(typed(choice, {}), weights) == []


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
    assert found_date(article(top=f"<p>{line}</p>")) is None
    value = found_date(article(top=f"<p>{line}</p><p>Published: 24 February 2022</p>"))
    assert value is not None
    assert "24 February 2022" in value[0]


JOINED = {
    "a weekday": "<dl><dt>Ann</dt><dd><strong>Joined:</strong> Fri Mar 01, 2019 9:12 am</dd></dl>",
    "a weekday, de": "<div>Registriert: Fr 1. März 2019</div>",
    "a term": "<dl><dt>Join Date</dt><dd>1 March 2019</dd></dl>",
    "a term of a date": '<dl><dt>Joined</dt><dd class="date">Fri Mar 01, 2019 9:12 am</dd></dl>',
    "a term of a time": '<p>Joined <time datetime="2019-03-01T09:12:00Z">1 March 2019</time></p>',
    "behind a style": (
        "<p><b>Member since</b><style>.x{color:red}</style><svg><path/></svg>"
        '<time datetime="2019-03-01T09:12:00Z">1 March 2019</time></p>'
    ),
    "behind an icon": '<p>Joined <svg><path/></svg><time datetime="2019-03-01T09:12:00Z">1 March 2019</time></p>',
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
    "de, state": "<p>Stand: 25.02.2022 10:30 Uhr | Veröffentlicht am 24.02.2022</p>",
    "de, state, no word": "<p>Stand: 25.02.2022 10:30 Uhr | 24.02.2022</p>",
    "de, lines": "<div>Stand: 25.02.2022 10:30 Uhr</div><div>Datum: 24.02.2022</div>",
    "fr, lines": "<p>Mis à jour le 25 février 2022<br>Le 24 février 2022</p>",
    "pt, lines": "<p>Última alteração: 25/02/2022<br>Data: 24/02/2022</p>",
    "it, short": "<p>Agg.: 25 febbraio 2022 | Inserito il 24 febbraio 2022</p>",
    "zh, lines": "<p>更新时间：2022-02-25<br>日期：2022-02-24</p>",
    "no word": "<p>Updated 25 February 2022 | 24 February 2022</p>",
    "no known word": "<p>Updated 25 February 2022 | Filed: 24 February 2022</p>",
    "times, no word": (
        '<p>Updated <time datetime="2022-02-25T10:00Z">25 Feb</time> | <time datetime="2022-02-24T10:00Z">24 Feb</time>'
    ),
}


@pytest.mark.parametrize("top", UPDATED_FIRST.values(), ids=UPDATED_FIRST)
def test_what_is_called_published_goes_before_what_is_called_updated(top: str) -> None:
    value = found_date(article(top=top))
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


def test_published_goes_before_modified() -> None:
    head = (
        '<meta property="article:modified_time" content="2022-03-01T10:00:00Z">'
        '<meta property="article:published_time" content="2022-02-24T10:00:00Z">'
    )
    assert found_date(article(head)) == ("2022-02-24T10:00:00Z", "meta:article:published_time")


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
    assert found_date(html) == ("24 Feb 2022, 09:14", "text")


@pytest.mark.parametrize("name", ["instagram-media", "twitter-tweet"])
@pytest.mark.parametrize("date", EMBEDS.values(), ids=EMBEDS)
def test_dates_of_embedded_messages_are_none_of_the_page(date: str, name: str) -> None:
    embed = f'<blockquote class="{name}"><div>A post shared by Ann {date}</div></blockquote>'
    assert found_date(article(top=f"<div>By Ann Lee | 24 Feb 2022, 09:14</div>{embed}")) == (
        "24 Feb 2022, 09:14",
        "text",
    )
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
    value = found_date(html, fetched_at=datetime(2022, 4, 20, 10, tzinfo=UTC))
    assert value == ("2022-03-08T09:14:00Z", "jsonld:datePublished")
    marked = '<time class="entry-date published" datetime="2022-03-08T09:14:00Z">1 month ago</time>'
    html = article(top=f"<p>{marked}</p>").replace("<main>", f"{today}<main>")
    assert found_date(html, fetched_at=datetime(2022, 4, 19, 22, tzinfo=UTC)) == ("2022-03-08T09:14:00Z", "time")


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
