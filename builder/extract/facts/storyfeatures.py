"""What speaks for a page being a story with an author and a date, or for none: features of a whole page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from builder.extract.facts.bounds import below
from builder.extract.facts.scan import scan
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.structured import types_of

NO_STORY = frozenset({"none:path:home", "none:path:shop", "none:ld:shop", "none:og:product", "none:body:page"})
"""Features of a page that is none, whatever it states of an author or a date. No type is among them: it is a guess."""
_STORY_TYPES = frozenset(
    [
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "Article",
        "BlogPosting",
        "LiveBlogPosting",
        "TechArticle",
        "ScholarlyArticle",
        "Report",
        "SocialMediaPosting",
        "Recipe",
        "MedicalWebPage",
        "HowTo",
    ]
)
_SHOP_TYPES = frozenset(
    [
        "Product",
        "ProductGroup",
        "Offer",
        "AggregateOffer",
        "ItemList",
        "CollectionPage",
        "Store",
        "LocalBusiness",
        "Service",
        "SoftwareApplication",
    ]
)
_SHOP_PATH = re.compile(
    r"/(?:products?|p|dp|ip|shop|store|collections?|c|category|categories|kategorie|catalog\w*|tags?|"
    r"topics?|search|services?|solutions?|pricing|about|contact|docs?|documentation|reference|api|guide|"
    r"wiki)(?:/|$)"
)
_STORY_PATH = re.compile(
    r"/(?:blog|news|article|articles|story|stories|post|posts|artikel|nachrichten|actualites|noticias|"
    r"opinion|magazine?|press|insights?|politik|kultur|wirtschaft|sport)(?:/|$)"
)
_STORY_BODY = re.compile(r"(?<![a-z])(?:post(?!-type|[a-z])|article|story|node-type-(?:blog|news|article))")
_PAGE_BODY = re.compile(
    r"(?<![a-z])(?:home(?![a-z])|archive|category|page-template|page-id|product(?!ion|iv)|collection)"
)
"""Words in the class of a body. What names both is a story: `single-post category-news`."""
_FORUM_PATH = re.compile(
    r"/(?:forums?|threads?|t|topic|showthread\w*|viewtopic\w*|questions|comments|r|discussions?|community)(?:/|\.|\?|$)"
)


@once_a_page
def story_features(page: ParsedPage) -> frozenset[str]:
    """The features of a page."""
    return frozenset(_features(page))


def _features(page: ParsedPage) -> Iterator[str]:
    kind = next(iter(page.meta.get("og:type", ())), "").lower()
    yield "og:" + (kind if kind in ("article", "website", "product", "blog") else "other" if kind else "none")
    types = {name for item in page.jsonld for name in types_of(item)}
    if types & _STORY_TYPES:
        yield "ld:story"
    if types & _SHOP_TYPES:
        yield "ld:shop"
    if types & {"DiscussionForumPosting", "QAPage", "Question"}:
        yield "ld:forum"
    if not types:
        yield "ld:none"
    if "article:published_time" in page.meta:
        yield "meta:published"
    path = unquote(page.url_parts.path.lower()).rstrip("/")
    yield from _path_features(path, page.page.url.startswith("file:"))
    seen = scan(page)
    yield below(len(seen.times), ((1, "times:0"), (2, "times:1"), (5, "times:2-4")), "times:5+")
    yield below(len(seen.authors), ((1, "bylines:0"), (6, "bylines:1-5")), "bylines:6+")
    if "articleBody" in seen.itemprops:
        yield "micro:body"
    if page.declaring["article"]:
        yield "tag:article"
    element = page.root.find("body")
    body = (element.get("class") or "").lower() if element is not None else ""
    if _STORY_BODY.search(body):
        yield "body:post"
    elif _PAGE_BODY.search(body):
        yield "body:page"


def _path_features(path: str, unknown: bool) -> Iterator[str]:
    if not path:
        yield "path:none" if unknown else "path:home"
        return
    last = path.rsplit("/", 1)[-1]
    words = len(re.findall(r"[^\W\d_]{2,}", last))
    yield below(words, ((3, "slug:1-2"), (5, "slug:3-4")), "slug:5+")
    if re.search(r"/(?:19|20)\d\d/[01]?\d/|/(?:19|20)\d{6}|(?:19|20)\d\d-[01]\d-[0-3]\d", path + "/"):
        yield "path:date"
    if re.search(r"\d{5,}", last):
        yield "path:number"
    if last.endswith((".html", ".htm")):
        yield "path:html"
    if _STORY_PATH.search(path):
        yield "path:story"
    if _SHOP_PATH.search(path):
        yield "path:shop"
    if _FORUM_PATH.search(path):
        yield "path:forum"
    if path.count("/") == 1:
        yield "path:flat"
