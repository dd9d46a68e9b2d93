"""harborledger.example: an American paper with Open Graph and microdata; some stories behind a paywall."""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Sequence

from sample.layouts.parts import advert, consent, esc, menu, page, share, teasers
from sample.story import Story

HOST = "https://harborledger.example"
MENU = ("Home", "Town", "Waterfront", "Schools", "Business", "Arts", "Sports", "Opinion", "Tides", "Obituaries", "Classifieds",
        "Jobs", "Podcasts", "Newsletters", "Archive")  # fmt: skip
LEGAL = ("About the Ledger", "Contact", "Staff", "Advertise", "Corrections", "Privacy", "Terms", "Delivery help")


def render(story: Story, others: Sequence[Story], variant: str = "normal") -> str:
    """Draw the page of a story; there is one layout."""
    assert variant == "normal"
    paragraphs = [f"<p>{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(2, advert(2, "Advertisement"))
    free = "False" if story.paywalled else "True"
    summary = f'<p class="dek" itemprop="description">{esc(story.subtitle)}</p>' if story.subtitle else ""
    tags = ", ".join(f'<a rel="tag" href="/tag/{t.lower().replace(" ", "-")}/">{esc(t)}</a>' for t in story.tags)
    body = "\n".join((
        consent("en"), f'<header class="masthead"><a href="/">The Harbor Ledger</a></header>{menu(MENU)}', "<main>",
        '<article itemscope itemtype="https://schema.org/NewsArticle">',
        f'<meta itemprop="isAccessibleForFree" content="{free}"><p class="section" itemprop="articleSection">{esc(story.section or "")}</p>',
        f'<h1 itemprop="headline">{esc(story.title)}</h1>', summary, f'<p class="byline">By {_byline(story)}</p>', _times(story),
        f'<p class="length">{minutes(story)} min read</p>', share("Share"),
        f'<figure><img itemprop="image" src="{HOST}/media/{story.id}.jpg" alt="{esc(story.caption)}"><figcaption>{esc(story.caption)} '
        f'<span class="credit">Photo by {esc(story.credit)}</span></figcaption></figure>',
        '<div class="body" itemprop="articleBody">', *paragraphs, "</div>", _wall() if story.paywalled else "",
        f'<p class="tags">Filed under: {tags}</p></article>', teasers(others, "More from The Harbor Ledger"), "</main>",
        f'<footer>{menu(LEGAL, kind="legal")}<p>&copy; 2022 The Harbor Ledger, 9 Front Street, Pelham</p></footer>',
    ))  # fmt: skip
    return page(_head(story), body, "en-US", "utf-8")


def minutes(story: Story) -> int:
    """Count the minutes that the paper thinks reading takes."""
    return max(1, round(len(story.text.split()) / 60))


def _head(story: Story) -> str:
    properties = {
        "og:type": "article", "og:title": story.title, "og:url": HOST + story.path, "og:site_name": "The Harbor Ledger",
        "og:image": f"{HOST}/media/{story.id}.jpg", "og:locale": "en_US", "og:description": story.subtitle,
        "article:published_time": story.published.isoformat(), "article:section": story.section or "",
        "article:modified_time": story.updated.isoformat() if story.updated else "",
    }  # fmt: skip
    lines = [f'<meta property="{key}" content="{esc(value)}">' for key, value in properties.items() if value]
    lines += [f'<meta property="article:tag" content="{esc(tag)}">' for tag in story.tags]
    title = f"<title>{esc(story.title)} - The Harbor Ledger</title>"
    return "\n".join((title, *lines, f'<link rel="canonical" href="{HOST}{story.path}">'))


def _byline(story: Story) -> str:
    names = [
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><a href="/staff/{n}/" itemprop="url">'
        f'<span itemprop="name">{esc(name)}</span></a></span>'
        for n, name in enumerate(story.authors, 1)
    ]
    return " and ".join(names)


def _times(story: Story) -> str:
    def element(name: str, label: str, moment: object) -> str:
        return f'{label} <time itemprop="{name}" datetime="{moment.isoformat()}">{moment:%B %d, %Y at %I:%M %p}</time>'  # type: ignore[attr-defined]

    published = element("datePublished", "Posted", story.published)
    updated = " | " + element("dateModified", "Updated", story.updated) if story.updated else ""
    return f'<p class="times">{published}{updated}</p>'


def _wall() -> str:
    return (
        '<div class="wall" role="dialog"><h3>You have read your three free stories</h3><p>Subscribe for a dollar a week '
        'and read on. Print readers already have access.</p><form action="/subscribe"><button>Subscribe</button></form></div>'
    )
