"""The places of a page that may name its authors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from builder.extract.facts.author.bywords import KOREAN_JOB, SPOKEN
from builder.extract.facts.author.names import is_name, looks_like_role, names_in
from builder.extract.facts.bounds import below
from builder.extract.facts.scan import Scan, surroundings
from builder.extract.marks import telling_class
from builder.extract.page import ParsedPage
from builder.extract.roles import AUTHOR, COMMENT, DATE, OTHER, author_step
from builder.extract.structured import JsonObject, item_scope, lookup, types_of
from builder.extract.texts import lines_of

AUTHOR_META = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
    "citation_author", "og:author", "book:author", "article:author_name", "rbauthors", "cxenseparse:author",
    "dc.contributor", "authors", "article.author",
)  # fmt: skip
_ORGANISATIONS = frozenset({"Organization", "NewsMediaOrganization", "Corporation"})
_WHOLE = re.compile(
    rf"(?!(?:[Bb]y|BY|[记記]者) |.*(?:{KOREAN_JOB}|[记記]者)$)"
    r"[^\W\d_a-z][\w.'’-]*(?: (?:v[ao]n|de[rnl]?|d[aiu]|le|la|al|bin|[^\W\d_a-z][\w.'’-]*)){1,3}"
)
_CLASSES = (
    (re.compile("byline"), "class:byline"),
    (re.compile("name"), "class:name"),
    (re.compile("bio|box|about|avatar|image|desc|info"), "class:bio"),
)
"""What the class of an element says of the names in it, the first that is found."""


@dataclass(slots=True)
class Byline:
    """Names that one place gives, and what speaks for it."""

    names: tuple[str, ...]
    origin: str
    features: set[str] = field(default_factory=set)
    order: float = 0


def marked_bylines(page: ParsedPage, seen: Scan) -> Iterator[Byline]:
    """All bylines of a page that its markup shows, with the place of each, in a fixed order; some without a name."""
    yield from _structured(page, seen)
    yield from _metas(page)
    yield from _linked(seen)
    yield from _classed(seen)
    yield from _addressed(seen)


def _structured(page: ParsedPage, seen: Scan) -> Iterator[Byline]:
    main = page.article_object
    yield from _of_object(
        main, "ld", {"ld:thing"} if set(types_of(main)) & {"Product", "VideoObject", "Event", "Review"} else set()
    )
    for item in page.jsonld:
        if item is not main and item.get("author") and not set(types_of(item)) & {"Comment", "Review", "Answer"}:
            yield from _of_object(item, "ld:elsewhere", set())
            break
    elements = seen.itemprops.get("author", ())
    if elements:
        scope = _item_of(elements[0])
        together = [element for element in elements[:20] if _item_of(element) is scope]
        features = {"micro", "micro:first", "micro:all"} if len(together) > 1 else {"micro", "micro:first"}
        yield Byline(
            _join(_item_name(element) for element in together),
            "microdata:author",
            features | around(together[0]),
            seen.place(together[0]),
        )


def _item_of(element: etree._Element) -> etree._Element | None:
    """The item that a property belongs to: what holds it, where no element around says that it is one."""
    scope = item_scope(element)
    return element.getparent() if scope is None else scope


def _of_object(item: JsonObject, feature: str, more: set[str]) -> Iterator[Byline]:
    """The authors of one JSON-LD object: all, and where they differ the people among them."""
    key = "author" if item.get("author") else "creator"
    stated, origin = item.get(key), f"jsonld:{key}.name"
    entries: Sequence[Any] = stated if isinstance(stated, list) else [stated]
    people = [
        entry
        for entry in entries[:40]
        if not (isinstance(entry, dict) and _ORGANISATIONS & set(types_of(entry)) and "Person" not in types_of(entry))
    ]
    everyone = _stated(entries[:40])
    persons = _stated(people)
    if persons and persons != everyone:
        yield Byline(persons, origin, {feature, f"{feature}:people"} | more)
    if not persons:
        kind = "org"
    elif persons != everyone:
        kind = "mixed"
    else:
        kind = "typed" if any(isinstance(entry, dict) and entry.get("@type") for entry in entries) else "text"
    yield Byline(everyone, origin, {feature, f"{feature}:{kind}"} | more)


def _stated(entries: Sequence[Any]) -> tuple[str, ...]:
    """The names of authors in JSON-LD. That of a person is taken whole where it can be one: Par Berg, Ann By."""
    names: dict[str, None] = {}
    for entry in entries:
        is_person = isinstance(entry, dict) and "Person" in types_of(entry)
        for name in lookup({"a": entry}, "a.name"):
            whole = is_person and _WHOLE.fullmatch(name) and is_name(name) and not looks_like_role(name)
            names.update(dict.fromkeys((" ".join(name.split()),) if whole else names_in(name)))
    return tuple(names)


def _item_name(element: etree._Element) -> str:
    inner = next((e for e in element.iter() if e.get("itemprop") == "name" and e is not element), element)
    return inner.get("content") or lines_of(inner, 300) or inner.get("title") or ""


def _join(texts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for text in texts for name in names_in(text)))


def _metas(page: ParsedPage) -> Iterator[Byline]:
    for name in AUTHOR_META:
        if values := page.meta.get(name):
            yield Byline(
                _join(values[:40]),
                f"meta:{name}",
                {"meta", f"meta:{name}" if name in ("author", "article:author", "dc.creator") else "meta:other"},
            )
    for number in ("1", "2"):
        label = next(iter(page.meta.get(f"twitter:label{number}", ())), "").casefold()
        if label.startswith(
            ("written", "geschrieben", "verfasst", "écrit", "escrito", "scritto", "написано", "by", "author")
        ):
            yield Byline(
                _join(page.meta.get(f"twitter:data{number}", ())[:1]),
                f"meta:twitter:data{number}",
                {"meta", "meta:twitter"},
            )


def _linked(seen: Scan) -> Iterator[Byline]:
    links = seen.by_rel[:20]
    if not links:
        return
    yield Byline(
        names_in(lines_of(links[0], 200)),
        "rel:author",
        {"rel", "rel:first"} | around(links[0]),
        seen.place(links[0]),
    )
    parent = links[0].getparent()
    together = [link for link in links if link.getparent() is parent]
    if len(together) > 1:
        yield Byline(
            _join(lines_of(link, 200) for link in together),
            "rel:author",
            {"rel", "rel:all"} | around(links[0]),
            seen.place(links[0]),
        )


def _addressed(seen: Scan) -> Iterator[Byline]:
    """Links to where a site tells of its authors."""
    told: set[tuple[str, ...]] = set()
    for link in seen.profiles[:60]:
        names = names_in(lines_of(link, 100))
        if not names or names in told:
            continue
        step = author_step(link.get("href") or "")
        features = {"href", f"href:{step}", "href:later" if told else "href:first"}
        yield Byline(names, "href", features | around(link), seen.place(link))
        told.add(names)
        if len(told) == 5:
            return


def _classed(seen: Scan) -> Iterator[Byline]:
    taken = 0
    told: set[tuple[str, ...]] = set()
    elements = [
        element
        for element in seen.authors[:40]
        if element.tag not in ("ul", "section", "article", "img", "meta", "link", "header", "footer")
    ]
    for element in elements:
        text = seen.byline(element)
        if not text or len(text) > 250:
            continue
        names = (_from_links(element, text) or _beside_role(element) or names_in(text))[:8]
        if not names or names in told:
            continue
        told.add(names)
        words = (element.get("class") or "").lower()
        features = {"class", below(taken, ((1, "class:first"), (2, "class:second")), "class:later")}
        features.add(next((feature for pattern, feature in _CLASSES if pattern.search(words)), "class:author"))
        if SPOKEN.match(text):
            features.add("spoken")
        features.add(below(len(text), ((30, "class:short"), (80, "class:mid")), "class:long"))
        origin = f"byline:.{telling_class(element.get('class') or '', AUTHOR)}"
        yield Byline(names, origin, features | around(element), seen.place(element))
        taken += 1
        if taken == 8:
            return


def _from_links(element: etree._Element, text: str) -> tuple[str, ...]:
    """The names in the links of a byline where links hold all that matters in it."""
    links = [
        lines_of(link, 100)
        for link in element.iter("a")
        if "auth" in (link.get("href") or "")
        or "/by/" in (link.get("href") or "")
        or "/people/" in (link.get("href") or "")
        or "/profile" in (link.get("href") or "")
        or "author" in (link.get("rel") or "")
    ]
    names = _join(link for link in links[:10] if link and not looks_like_role(link))
    return names if names and len(text) < 250 else ()


def _beside_role(element: etree._Element) -> tuple[str, ...]:
    """The names in the first of several elements of a byline, where another says what their owner does."""
    children = [said for child in element if isinstance(child.tag, str) and (said := lines_of(child, 100))]
    if not 1 < len(children) < 5 or (element.text or "").strip() or looks_like_role(children[0]):
        return ()
    return names_in(children[0]) if any(map(looks_like_role, children[1:])) else ()


def around(element: etree._Element) -> set[str]:
    """Features of where a byline stands."""
    return surroundings(element, OTHER | DATE | COMMENT) - {"in:link"}
