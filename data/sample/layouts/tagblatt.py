"""tagblatt-nord.example: a German daily whose layout changed on 1 July 2022.

`old`: windows-1252, the time in words below the headline, JSON-LD without a zone. `new`: UTF-8, JSON-LD graph with offsets.
"""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Sequence

from sample.layouts.parts import advert, consent, esc, jsonld, menu, meta, page, share, teasers
from sample.story import Story

HOST = "https://www.tagblatt-nord.example"
MENU = ("Startseite", "Lokales", "Kreis", "Norden", "Wirtschaft", "Sport", "Kultur", "Familie", "Trauer", "Stellen", "Immobilien",
        "Leserbriefe", "E-Paper", "Abo", "Veranstaltungen")  # fmt: skip
LEGAL = ("Impressum", "Datenschutz", "AGB", "Mediadaten", "Kontakt", "Kündigen", "Barrierefreiheit")


def render(story: Story, others: Sequence[Story], variant: str = "old") -> str:
    """Draw the page of a story in the layout that was in use: `old` or `new`."""
    return _old(story, others) if variant == "old" else _new(story, others)


def front(others: Sequence[Story], heading: str) -> str:
    """Draw a section front of the new layout."""
    items = "\n".join(
        f'<article class="anriss"><h2><a href="{s.path}">{esc(s.title)}</a></h2><p>{esc(s.subtitle)}</p></article>'
        for s in others
    )
    body = f"{consent('de')}\n{menu(MENU)}\n<h1>{heading}</h1>\n{items}\n{menu(LEGAL, kind='recht')}"
    return page(f"<title>{heading} - Tagblatt Nord</title>", body, "de", "utf-8")


def _old(story: Story, others: Sequence[Story]) -> str:
    graph = _graph(
        story, f"{story.published:%Y-%m-%dT%H:%M:%S}", None, [{"@type": "Organization", "name": "Tagblatt Nord"}]
    )
    head = f"<title>{esc(story.kicker)}: {esc(story.title)} | Tagblatt Nord</title>\n{meta(description=story.subtitle)}\n{graph}"
    times = f"{story.published:%d.%m.%Y, %H:%M} Uhr"
    if story.updated:
        times += f" (Aktualisiert: {story.updated:%d.%m.%Y, %H:%M} Uhr)"
    paragraphs = [f"<p>{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(
        1,
        f'{advert(2, "Anzeige")}\n<p class="lesetipp">Lesen Sie auch: <a href="{others[0].path}">{esc(others[0].title)}</a></p>',
    )
    body = "\n".join((
        consent("de"), f'<div id="kopf"><a href="/">Tagblatt Nord</a> {story.published:%d.%m.%Y}</div>', menu(MENU),
        '<table class="seite" width="980"><tr><td class="inhalt">',
        f'<h1><span class="dachzeile">{esc(story.kicker)}</span> <span class="schlagzeile">{esc(story.title)}</span></h1>',
        f'<p class="vorspann">{esc(story.subtitle)}</p>',
        f'<div class="autor">Von {esc(" und ".join(story.authors))}</div><div class="stand">{times}</div>', share("Teilen"),
        f'<div class="bild"><img src="/bilder/{story.id}.jpg" alt=""><span class="bildtext">{esc(story.caption)}</span> '
        f'<span class="fotograf">Foto: {esc(story.credit)}</span></div>',
        '<div class="artikeltext">', *paragraphs, "</div>",
        f'<div class="schlagworte">{" ".join(f"<a href=/thema/{n}>{esc(t)}</a>" for n, t in enumerate(story.tags))}</div></td>',
        f'<td class="rand">{advert(3, "Anzeige")}{teasers(others, "Meistgelesen")}</td></tr></table>', _bottom(),
    ))  # fmt: skip
    return page(head, body, "de", None)


def _new(story: Story, others: Sequence[Story]) -> str:
    people = [{"@type": "Person", "name": name} for name in story.authors]
    updated = story.updated.isoformat() if story.updated else None
    social = meta(
        description=story.subtitle,
        og__title=f"{story.kicker}: {story.title}",
        og__image=f"{HOST}/bilder/{story.id}.jpg",
    )
    head = "\n".join((
        f"<title>{esc(story.title)} - Tagblatt Nord</title>", social, f'<link rel="canonical" href="{HOST}{story.path}">',
        _graph(story, story.published.isoformat(), updated, people),
    ))  # fmt: skip
    paragraphs = [f"<p>{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(
        2,
        f'<aside class="newsletter"><p>Unser Newsletter kommt jeden Morgen um sechs.</p></aside>{advert(2, "Anzeige")}',
    )
    body = "\n".join((
        consent("de"), f'<header class="kopf"><a href="/">Tagblatt Nord</a></header>{menu(MENU)}', "<main><article>",
        f'<p class="kicker">{esc(story.kicker)}</p><h1 class="titel">{esc(story.title)}</h1><p class="teaser">{esc(story.subtitle)}</p>',
        f'<p class="zeit">Veröffentlicht am {story.published:%d.%m.%Y} um {story.published:%H:%M} Uhr</p>', share("Teilen"),
        f'<figure><img src="/bilder/{story.id}.jpg" alt=""><figcaption>{esc(story.caption)} <small>© {esc(story.credit)}</small>'
        "</figcaption></figure>",
        '<div class="fliesstext">', *paragraphs, "</div></article>", teasers(others, "Mehr zum Thema"), "</main>", _bottom(),
    ))  # fmt: skip
    return page(head, body, "de", "utf-8")


def _graph(story: Story, published: str, updated: str | None, people: list[dict[str, str]]) -> str:
    article: dict[str, object] = {
        "@type": "NewsArticle", "@id": f"{HOST}{story.path}#artikel", "headline": story.title, "datePublished": published,
        "author": people, "articleSection": story.section, "keywords": list(story.tags),
        "isPartOf": {"@id": f"{HOST}/#zeitung"},
    }  # fmt: skip
    if updated:
        article["dateModified"] = updated
    site = {"@type": "WebSite", "@id": f"{HOST}/#zeitung", "name": "Tagblatt Nord", "inLanguage": "de"}
    return jsonld({"@context": "https://schema.org", "@graph": [site, article]})


def _bottom() -> str:
    return f'<footer class="fuss">{menu(LEGAL, kind="recht")}<p>© 2022 Verlag Tagblatt Nord, Hafenstraße 4, Oldersiel</p></footer>'
