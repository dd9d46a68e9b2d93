"""What a page says about itself for machines: JSON-LD, `<meta>` (Open Graph among them) and microdata."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from html.entities import html5
from typing import Any, TypeAlias
from unicodedata import normalize
from urllib.parse import urljoin

from lxml import etree

from builder.extract.blocks import text_lines
from builder.extract.pagejson import read_json
from builder.records import figure

JsonObject: TypeAlias = dict[str, Any]

_OBJECT_LIMIT = 2000
_ARTICLE_TYPES = (
    "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle",
    "ReviewNewsArticle", "SatiricalArticle", "AdvertiserContentArticle", "LiveBlogPosting", "Article", "BlogPosting",
    "TechArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "Report",
    "SocialMediaPosting", "DiscussionForumPosting", "Recipe", "Review", "VideoObject", "Product", "Event",
    "HowTo", "PodcastEpisode", "Book", "Course", "Question", "CreativeWork",
    "WebPage", "MedicalWebPage", "AboutPage", "ItemPage", "CollectionPage", "QAPage", "FAQPage", "ProfilePage",
)  # fmt: skip
RANKS = {name: rank for rank, name in enumerate(_ARTICLE_TYPES)}
"""Types of what a whole page may be about, the most telling first."""
_STORY_TYPES = frozenset(_ARTICLE_TYPES[: _ARTICLE_TYPES.index("Article")]) | {"BlogPosting"}
"""Types that are given to one story alone; forums and lists call themselves `Article` as well."""
_THINGS = frozenset(["Review", "VideoObject", "Event", "Book", "Course", "Question"])
"""Types of what many a page shows, sells or answers beside what it is about; shops call a product as they like."""
_LONGEST_TITLE = 1000
_WORD = re.compile(r"\w+")
_URL_PROPERTIES = ("content", "datetime", "href", "src", "value")
_DEEPEST = 8
"""Lists and objects within each other: nothing of use is nested deeper, and a page may nest them thousands deep."""
_ENTITY = re.compile(r"&(?:#(?:\d{1,7}|[xX][\da-fA-F]{1,6});|([a-zA-Z][a-zA-Z\d]{1,30};))")


def jsonld_objects(scripts: Iterable[etree._Element]) -> list[JsonObject]:
    """All objects of those scripts that are JSON-LD; `@graph` and lists flattened, references by `@id` followed."""
    objects: list[JsonObject] = []
    for script in scripts:
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        data = read_json(script.text or "")
        objects.extend(_flatten(data))
        if len(objects) > _OBJECT_LIMIT:
            break
    named = {item["@id"]: item for item in objects if isinstance(item.get("@id"), str) and len(item) > 1}
    return [{key: _resolve(value, named) for key, value in item.items()} for item in objects]


def _flatten(data: Any, depth: int = 0) -> Iterator[JsonObject]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _flatten(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flatten(data.get(key), depth + 1)


def _resolve(value: Any, named: dict[str, JsonObject], depth: int = 0) -> Any:
    """A reference `{"@id": x}` as the object that bears this id, one level deep; some say its name or type, too."""
    if isinstance(value, list):
        return [_resolve(item, named, depth + 1) for item in value[:500]] if depth < _DEEPEST else []
    if isinstance(value, dict) and len(value) <= 3 and "@id" in value:
        target = named.get(value["@id"]) if isinstance(value["@id"], str) else None
        return {**target, **value} if target is not None else value
    return value


def types_of(item: JsonObject) -> list[str]:
    """The schema.org types of an object without their prefix."""
    stated = item.get("@type")
    listed = stated if isinstance(stated, list) else [stated]
    return [name.rsplit("/", 1)[-1].removeprefix("schema:") for name in listed if isinstance(name, str)]


def is_of_story(item: JsonObject) -> bool:
    """Whether an object is a news story or a blog post."""
    return not _STORY_TYPES.isdisjoint(types_of(item))


def main_object(objects: Sequence[JsonObject], *urls: str, titles: Callable[[], Sequence[str]] = tuple) -> JsonObject:
    """The object that describes the page: the most article-like type; among equals one that says a URL of the page.

    Where a story says one, those that say only others tell of other pages, whatever their type. Of those that say
    others, and of things that say none, an object with another name than all of `titles` is something else: many
    stories say the address of their site, or an old one, but few pages have no word of their headline.
    """
    ranked = [
        (min(ranks), _is_of(item, *urls), position)
        for position, item in enumerate(objects)
        if (ranks := [RANKS[name] for name in types_of(item) if name in RANKS])
    ]
    if any(is_own and rank < RANKS["WebPage"] for rank, is_own, _ in ranked):
        ranked = [found for found in ranked if found[1] is not False]
    for rank, is_own, position in sorted(ranked, key=lambda found: (found[0], not found[1], found[2])):
        is_certain = is_own or (is_own is None and _ARTICLE_TYPES[rank] not in _THINGS)
        if is_certain or _is_titled(objects[position], titles()):
            return objects[position]
    return {}


def _is_titled(item: JsonObject, titles: Sequence[str]) -> bool:
    """Whether one of the titles says the name of an object, or most of its words; of no name or title nothing is known.

    >>> [_is_titled({"name": "Ferry is back"}, [text]) for text in ("Live: ferry is back!", "The ferry", "Zoo")]
    [True, False, False]
    """
    name = _words(next(iter(lookup(item, "headline") or lookup(item, "name")), ""))
    return not name or not titles or any(_says(_words(title), name) for title in titles)


def _says(title: tuple[str, ...], name: tuple[str, ...]) -> bool:
    whole, part = " ".join(title), " ".join(name)
    if part in whole or (whole in part and 2 * len(whole) > len(part)):
        return True
    words = set(name)
    return 2 * len(words.intersection(title)) > len(words)


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normalize("NFC", text[:_LONGEST_TITLE]).casefold()))


def is_one_of_many(item: JsonObject, objects: Sequence[JsonObject], *urls: str) -> bool:
    """Whether an object and another of its type say URLs, and none of the page: they are the stories of a list."""
    alike = (other for other in objects if types_of(other) == types_of(item) and _is_of(other, *urls) is False)
    return _is_of(item, *urls) is False and sum(1 for _ in alike) > 1


def _is_of(item: JsonObject, *urls: str) -> bool | None:
    """Whether an object says a URL of the page; None where it says none, or none of the page is known."""
    named = (_bare(url, *urls[:1]) for key in ("url", "@id", "mainEntityOfPage") for url in _urls(item.get(key)))
    said, own = set(named) - {""}, {_bare(url, *urls[:1]) for url in urls} - {""}
    return not said.isdisjoint(own) if said and own else None


def _urls(value: Any) -> list[str]:
    found = value.get("@id") or value.get("url") if isinstance(value, dict) else value
    return [found] if isinstance(found, str) and found and not found.startswith("#") else []


def _bare(url: str, base: str = "") -> str:
    """An absolute URL without what does not tell pages apart; empty for what is none."""
    try:
        whole = urljoin(base, url.strip())
    except ValueError:
        return ""
    return whole.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def lookup(item: Any, path: str) -> list[str]:
    """The strings at a dotted path; lists are walked through, a last object gives its `name`, `@value`, `url` or `@id`.

    >>> lookup({"author": [{"name": "Ann Lee"}, "Bo Li"]}, "author.name")
    ['Ann Lee', 'Bo Li']
    """
    level = [item]
    for step in path.split("."):
        found: list[Any] = []
        for node in level:
            for value in node if isinstance(node, list) else [node]:
                if isinstance(value, dict):
                    found.append(value.get(step))
                elif isinstance(value, str) and step in ("name", "url"):
                    found.append(value)
        level = found
    return [text for value in level for text in _strings(value) if text]


def unescaped(text: str) -> str:
    """What a text for machines says where it was escaped once too often; what no `;` ends may belong to an address.

    >>> unescaped("Sean&#8217;s wall &amp; AT&T"), unescaped("/i.jpg?w=5&copy=2&amp;sect=3")
    ('Sean’s wall & AT&T', '/i.jpg?w=5&copy=2&sect=3')
    """
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    # Of a name that it does not know Python takes the beginning: of `&region;` the `&reg`.
    return entity[0] if entity[1] and entity[1] not in html5 else html.unescape(entity[0])


def _strings(value: Any, depth: int = 0) -> list[str]:
    if depth > _DEEPEST:
        return []
    if isinstance(value, str):
        return [unescaped(unescaped(value)).strip()]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, int | float):
        return [figure(value)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item, depth + 1)]
    if isinstance(value, dict):
        return next((_strings(value[key], depth + 1) for key in ("name", "@value", "url", "@id") if value.get(key)), [])
    return []


def meta_values(metas: Iterable[etree._Element]) -> dict[str, list[str]]:
    """Contents of `<meta>` by name, property, http-equiv and itemprop in lower case, in order of the page."""
    values: dict[str, list[str]] = {}
    for element in metas:
        content = unescaped(element.get("content") or "").strip()
        if not content:
            continue
        given = [element.get(key) for key in ("name", "property", "http-equiv", "itemprop")]
        for name in sorted({name.strip().lower() for name in given if name} - {""}):
            values.setdefault(name, []).append(content)
    return values


def item_scope(element: etree._Element) -> etree._Element | None:
    """The microdata item around an element: what a property of it belongs to."""
    return next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)


def microdata_values(root: etree._Element) -> dict[str, list[str]]:
    """Values by itemprop: the machine-readable attribute where there is one, the text otherwise, one value a block."""
    values: dict[str, list[str]] = {}
    for element in root.iterfind(".//*[@itemprop]"):
        stated = next(filter(None, map(element.get, _URL_PROPERTIES)), None)
        found = text_lines(element) if stated is None else list(filter(None, [stated.strip()]))
        if found:
            for name in (element.get("itemprop") or "").split():
                values.setdefault(name, []).extend(found)
    return values
