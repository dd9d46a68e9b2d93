"""diario-sol.example: a Colombian paper with a full JSON-LD object; UTF-8."""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Sequence

from sample.layouts.parts import advert, consent, esc, jsonld, menu, meta, page, share, teasers
from sample.story import Story

HOST = "https://www.diario-sol.example"
MENU = ("Portada", "Ciudad", "Región", "Economía", "Cultura", "Ciencia", "Deportes", "Opinión", "Caricatura", "Clasificados",
        "Horóscopo", "Fotos", "Videos", "Suscríbase")  # fmt: skip
LEGAL = ("Quiénes somos", "Contacto", "Política de datos", "Términos", "Tarifas", "Defensor del lector")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def render(story: Story, others: Sequence[Story], variant: str = "normal") -> str:
    """Draw the page of a story; there is one layout."""
    assert variant == "normal"
    paragraphs = [f"<p>{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(
        1,
        f'{advert(2, "Publicidad")}\n<p class="ver"><a href="{others[0].path}">Le puede interesar: {esc(others[0].title)}</a></p>',
    )
    body = "\n".join((
        consent("es"), f'<header class="cabezote"><a href="/">Diario Sol</a></header>{menu(MENU)}', "<main><article>",
        f'<p class="seccion"><a href="/s">{esc(story.section or "")}</a></p><h1>{esc(story.title)}</h1><h2>{esc(story.subtitle)}</h2>',
        f'<p class="firma">Por <a rel="author" href="/a">{esc(" y ".join(story.authors))}</a></p>',
        f'<p class="fecha">{_words(story)}</p>', share("Compartir"),
        f'<figure><img src="{HOST}/fotos/{story.id}.jpg" alt="{esc(story.caption)}"><figcaption>{esc(story.caption)} '
        f"Foto: {esc(story.credit)}</figcaption></figure>",
        '<div class="cuerpo">', *paragraphs, "</div></article>", teasers(others, "Lo más leído"), "</main>",
        f'<footer>{menu(LEGAL, kind="legal")}<p>© 2022 Diario Sol S.A. Prohibida su reproducción total o parcial.</p></footer>',
    ))  # fmt: skip
    return page(_head(story), body, "es", "utf-8")


def _words(story: Story) -> str:
    when = story.published
    half = "a. m." if when.hour < 12 else "p. m."
    return f"{when.day} de {MONTHS[when.month - 1]} de {when.year}, {when.hour % 12 or 12}:{when:%M} {half}"


def _head(story: Story) -> str:
    article = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "description": story.subtitle,
        "datePublished": story.published.isoformat(), "dateModified": (story.updated or story.published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors], "articleSection": story.section,
        "image": {"@type": "ImageObject", "url": f"{HOST}/fotos/{story.id}.jpg", "caption": story.caption},
        "inLanguage": "es-CO", "keywords": ", ".join(story.tags), "isAccessibleForFree": True,
        "publisher": {"@type": "NewsMediaOrganization", "name": "Diario Sol", "url": HOST},
        "mainEntityOfPage": HOST + story.path,
    }  # fmt: skip
    social = meta(
        description=story.subtitle, og__title=story.title, og__locale="es_CO", og__image=f"{HOST}/fotos/{story.id}.jpg"
    )
    title = f"<title>{esc(story.title)} | Diario Sol</title>"
    return f'{title}\n{social}\n<link rel="canonical" href="{HOST}{story.path}">\n{jsonld(article)}'
