"""devdiscourse.com: the order of a real page (menu, headline, summary, date line, figure, countries, body, note, lists).

The markup is invented, so it comes in variants: `normal`, `renamed` (every class and id is another), `bare` (no class, no
id, no metadata), `soup` (bare, and every element is a div) and `inline` (bare, with the countries in one line).
"""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sample.layouts.parts import SCRIPT, STYLE, advert, consent, esc, jsonld, menu, meta, page, share, teasers
from sample.story import Story

MENU = ("Home", "Development News", "Economy & Business", "Energy & Extractives", "Health", "Law & Governance", "Science",
        "Social & Gender", "Technology", "Transport", "Urban Development", "Blogs", "Interviews", "Events", "Live Discourse")  # fmt: skip
EDITIONS = (
    "Global",
    "Africa",
    "East Asia",
    "Europe",
    "Latin America",
    "Middle East",
    "North America",
    "Pacific",
    "South Asia",
)
TRENDING = (
    ("Health round-up: clinics on wheels reach the last two valleys; why a vaccine fridge runs on ice", "Global"),
    ("Science round-up: a beetle that counts its steps; glass sponges mapped off the southern shelf", "Global"),
    ("FEATURE-Seamstresses learn to code, and teach the bank a thing or two about loans", "Global"),
    ("Students find a comet on a photograph that hung in their canteen", "Portugal"),
)
NOTE = "(This story has not been edited by Devdiscourse staff and is auto-generated from a syndicated feed.)"


def render(story: Story, others: Sequence[Story], variant: str = "normal") -> str:
    """Draw the page of a story in one of the variants."""
    html = page(_head(story), "\n".join((_top(story), _article(story), _lists(others), _bottom())), "en", "utf-8")
    return VARIANTS[variant](html)


def untitled(story: Story, others: Sequence[Story]) -> str:
    """Draw a page that lost its headline everywhere: in the head, above the text and beside the picture."""
    html = render(story, others, "bare")
    html = re.sub(r"<title>.*?</title>", "<title></title>", html)
    return re.sub(r"<h1>.*?</h1>", "", html).replace(f'alt="{esc(story.title)}"', 'alt=""')


def front(others: Sequence[Story], heading: str) -> str:
    """Draw a section front: a list of stories with short times, no article."""
    items = "\n".join(
        f'<div class="item"><h4><a href="{s.path}">{esc(s.title)}</a></h4><span>{s.published:%d-%m-%Y %H:%M} IST</span></div>'
        for s in others
    )
    head = f"<title>{heading} News | Devdiscourse</title>"
    body = f'{consent("en")}\n{menu(MENU)}\n<h1 class="front">{heading} News</h1>\n{items}\n{_bottom()}'
    return page(head, body, "en", "utf-8")


def plain(heading: str, paragraphs: Sequence[str]) -> str:
    """Draw a page about the site itself, or an error page."""
    text = "\n".join(f"<p>{esc(p)}</p>" for p in paragraphs)
    body = f'{consent("en")}\n{menu(MENU)}\n<h1>{esc(heading)}</h1>\n<div class="text">{text}</div>\n{_bottom()}'
    return page(f"<title>{esc(heading)} | Devdiscourse</title>", body, "en", "utf-8")


def stamp(moment: datetime) -> str:
    """Write a time as the site prints it, such as 24-02-2022 03:37 IST."""
    return f"{moment:%d-%m-%Y %H:%M} IST"


def _head(story: Story) -> str:
    url = f"https://www.devdiscourse.com{story.path}"
    crumbs = {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://www.devdiscourse.com/"}
        ],
    }
    social = meta(
        description=story.subtitle,
        keywords=", ".join(story.tags),
        og__type="article",
        og__title=story.title,
        og__url=url,
        og__image=f"https://www.devdiscourse.com/img/{story.id}.jpg",
        og__site_name="Devdiscourse",
    )
    title = f"<title>{esc(story.title)} | {(story.section or '').title()}</title>"
    return f'{title}\n{social}\n<link rel="canonical" href="{url}">\n{jsonld(crumbs)}'


def _top(story: Story) -> str:
    return "\n".join((
        consent("en"),
        '<header class="top" id="top"><a href="/"><img src="/img/logo.svg" alt="Devdiscourse" width="180" height="40"></a>',
        f'<span class="today"><img src="/img/calendar.svg" alt="date" width="16" height="16"> {story.published:%Y-%m-%d}</span>',
        '<a href="#menu">Left Menu</a></header>',
        menu(MENU),
        advert(1, "ADVERTISEMENT"),
    ))  # fmt: skip


def _article(story: Story) -> str:
    assert story.updated is not None
    who = story.agency or story.author
    times = f"Updated: {stamp(story.updated)} | Created: {stamp(story.published)}"
    body = [f"<p>{_linked(p, story.tags)}</p>" for p in story.paragraphs]
    body.insert(2, advert(2, "ADVERTISEMENT"))
    note = f'<p class="note"><i>{NOTE}</i></p>' if story.agency else ""
    countries = "".join(f'<li><a href="/news-source/{esc(c)}">{esc(c)}</a></li>' for c in story.countries)
    return "\n".join((
        '<main class="content"><article class="story" id="story">',
        f'<h1 class="headline">{esc(story.title)}</h1>',
        f'<h2 class="summary">{esc(story.subtitle)}</h2>',
        f'<div class="dateline"><span>{esc(who or "")}</span> | <span>{esc(story.dateline or "")}</span> | {times}</div>',
        share("Share this story"),
        f'<figure class="lead"><img src="/img/{story.id}.jpg" alt="{esc(story.title)}" width="800" height="450">',
        f"<figcaption>{esc(story.caption)} Image Credit: {esc(story.credit)}</figcaption></figure>",
        f'<ul class="country"><li>Country:</li>{countries}</ul>',
        '<div class="text">', *body, note, "</div></article>",
    ))  # fmt: skip


def _linked(paragraph: str, tags: Sequence[str]) -> str:
    html = esc(paragraph)
    for number, tag in enumerate(tags):
        html = html.replace(esc(tag), f'<a href="/tag/{number}">{esc(tag)}</a>', 1)
    return html


def _lists(others: Sequence[Story]) -> str:
    trending = "\n".join(
        f'<div class="trend"><span>{n}</span> <h4>{esc(title)}</h4><h4 class="short">{esc(title[:72])}...</h4> <span>{place}</span></div>'
        for n, (title, place) in enumerate(TRENDING, 1)
    )
    return "\n".join((
        f'<section class="trending"><h3>TRENDING</h3>\n{trending}</section>',
        '<section class="shots"><h3>DevShots</h3></section>',
        teasers(others, "Latest News", "latest"),
        '<section class="opinion"><h3>OPINION / BLOG / INTERVIEW</h3>',
        '<p><a href="/article/opinion/1">Who pays for the bin that nobody empties?</a></p>',
        '<p><a href="/article/opinion/2">The audit that audited itself, and what came of it</a></p></section></main>',
    ))  # fmt: skip


def _bottom() -> str:
    return "\n".join((
        '<footer class="bottom"><div class="connect"><h3>Connect us on</h3>LinkedIn Quora Youtube RSS</div>',
        '<div class="forms"><a href="/feedback">Give Feedback</a> <a href="/subscribe">Subscribe to our Newsletter</a></div>',
        "<h3>SECTORS</h3>", menu(MENU, kind="sectors"), "<h3>EDITIONS</h3>", menu(EDITIONS, kind="editions"),
        "<h3>OTHER LINKS</h3>", menu(("About us", "Add event", "Advertise", "Jobs"), kind="links"),
        "<h3>OTHER PRODUCTS</h3>", menu(("VisionRI", "Dev News Network"), kind="products"),
        '<h3>CONNECT</h3><div class="address">Devdiscourse<br>Email: info@devdiscourse.com<br>',
        "Phone: +91-000-5550100, +91-0005550101, 14, 15</div>",
        "<div>VisionRI | Disclaimer | Terms of use | Privacy Policy</div><div>&copy; Copyright 2022</div></footer>",
    ))  # fmt: skip


def _renamed(html: str) -> str:
    def other(found: re.Match[str]) -> str:
        names = [f"x{hashlib.sha256(name.encode()).hexdigest()[:6]}" for name in found[2].split()]
        return f' {found[1]}="{" ".join(names)}"'

    return re.sub(r' (class|id)="([^"]*)"', other, html.replace(STYLE, ""))


def _bare(html: str) -> str:
    html = re.sub(
        r' (?:class|id|data-[a-z]+|role|aria-[a-z]+)="[^"]*"', "", html.replace(STYLE, "").replace(SCRIPT, "")
    )
    html = re.sub(r'<script type="application/ld\+json">.*?</script>\n?', "", html, flags=re.DOTALL)
    return re.sub(r'<meta (?:property|name)="[^"]*" content="[^"]*">\n?|<link [^>]*>\n?', "", html)


def _soup(html: str) -> str:
    blocks = "h1|h2|h3|h4|p|ul|li|figure|figcaption|article|main|section|aside|header|footer|nav"
    return re.sub(rf"<(/?)(?:{blocks})>", r"<\1div>", _bare(html))


def _inline(html: str) -> str:
    def line(found: re.Match[str]) -> str:
        return "<div>" + re.sub(r"<li>(.*?)</li>", r"• \1 ", found[1]).strip() + "</div>"

    return re.sub(r"<ul>(<li>Country:.*?)</ul>", line, _bare(html))


VARIANTS: Mapping[str, Callable[[str], str]] = {
    "normal": str,
    "renamed": _renamed,
    "bare": _bare,
    "soup": _soup,
    "inline": _inline,
}
