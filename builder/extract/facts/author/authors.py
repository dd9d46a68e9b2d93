"""Who wrote a page: the bylines that it shows and states, scored against the chance that it has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache

from builder.extract.candidates import Candidate, source_of
from builder.extract.facts.author.bylines import Byline, marked_bylines
from builder.extract.facts.author.fullnames import UNSPACED, full_words
from builder.extract.facts.author.names import looks_like_role
from builder.extract.facts.author.spoken import spoken_bylines
from builder.extract.facts.bounds import below
from builder.extract.facts.scan import FAR, NEAR, Scan, scan
from builder.extract.facts.storyfeatures import NO_STORY, story_features
from builder.extract.facts.title.sitename import fold, is_site_name, site_words
from builder.extract.facts.typed import typed
from builder.extract.facts.weights import AUTHOR_WEIGHTS, Choice, ranked
from builder.extract.page import ParsedPage

_TEAM = re.compile(
    r"\b(?:team|staff|editors?|editorial|redaktion|rédaction|redacción|redazione|news|desk|group|inc|ltd|"
    r"llc|gmbh|company|agency|institute|foundation|university|association|magazine|press|media|blog|dpa|"
    r"afp|reuters|ap|support|guide|official|contributors?|admin|services?|solutions?|health|center|centre|"
    r"council|online|verlag|zeitung)\b",
    re.IGNORECASE,
)
_STATED = frozenset({"ld:typed", "ld:people"})
_NO_FULL_NAME = frozenset({"words:1", "words:4+", "long", "lower:all", "digits"})
"""What is no person's full name: such an author is believed only where JSON-LD says that it is a person."""
_NOBODY = frozenset({"site", "team", "role"})
_FOR = re.compile(r"(?<=\S) (?:for|of|at|from) (?:the )?(?=\S)", re.IGNORECASE)
_OUTLET = re.compile(r"(?:[网網社报報部팀]|新[闻聞]|日刊|[财財][经經]|中心|[综綜]合|뉴스|일보|신문|방송|기자)$")
"""So end papers and offices whose names are written like those of people."""
_DISTANCES = ((-NEAR, "before:h1"), (NEAR, "close:h1"), (FAR, "after:h1"))
"""Blocks behind the headline, and the feature of where a byline stands that is no further."""


def authors(page: ParsedPage) -> Iterator[Candidate]:
    """The names of those who wrote the page, the most likely byline first; nothing where it rather names nobody."""
    found = author_candidates(page)
    choice = typed(author_choice(page, found), page.article.types)
    for number in offered(choice, AUTHOR_WEIGHTS)[:4]:
        yield Candidate(list(found[number].names), found[number].origin)


def author_choice(page: ParsedPage, found: Sequence[Byline]) -> Choice:
    """What a page offers for its authors, whatever its type."""
    return Choice(
        [item.features for item in found],
        [" ".join(item.names) for item in found],
        none_features(page, found),
        sources=[source_of(item.origin) for item in found],
    )


def offered(choice: Choice, weights: Mapping[str, float]) -> list[int]:
    """Which candidates are worth offering, the best first.

    Each stands for itself: a name that a page repeats in one wrong place is often repeated in the next.
    """
    trusted = choice.none.isdisjoint(NO_STORY)

    def is_trusted(features: Set[str]) -> bool:
        if not trusted or not features.isdisjoint(_NOBODY):
            return False
        return not features.isdisjoint(_STATED) or ("ld:text" in features and features.isdisjoint(_NO_FULL_NAME))

    return ranked(choice._replace(values=range(len(choice.values))), weights, is_trusted)


def author_candidates(page: ParsedPage) -> list[Byline]:
    """All bylines of a page with the features for each, in a fixed order; none without a name."""
    seen = scan(page)
    found = [item for item in (*marked_bylines(page, seen), *spoken_bylines(seen)) if item.names]
    if story_features(page).isdisjoint({"path:forum", "ld:forum"}):  # elsewhere who comments is no author
        found = [item for item in found if "in:comment" not in item.features]
    site, host = site_words(page)
    for item in found:
        item.names = _without_site(item.names, site, host)
    _compare(found, page, seen)
    return found


def _without_site(names: tuple[str, ...], site: set[str], host: str) -> tuple[str, ...]:
    """Names without that of the site: "Ann Lee for Harbor Post", "Ann Lee" and behind her "Harbor Post"."""
    if len(names) > 1 and " " in names[-1] and is_site_name(fold(names[-1]), site, host):
        names = names[:-1]
    for_site = ((name, _FOR.search(name)) for name in names)
    return tuple(
        name[: match.start()] if match and is_site_name(fold(name[match.end() :]), site, host) else name
        for name, match in for_site
    )


def _compare(found: list[Byline], page: ParsedPage, seen: Scan) -> None:
    """Features from the names themselves, the order on the page, and from other places that give the same names."""
    site, host = site_words(page)
    heading = next((seen.place(h) for h in seen.headings if h.tag == "h1"), 0)
    sources: dict[frozenset[str], set[str]] = {}
    every: dict[str, set[str]] = {}
    names = [frozenset(map(fold, item.names)) for item in found]
    for item, folded in zip(found, names, strict=True):
        source = source_of(item.origin)
        sources.setdefault(folded, set()).add(source)
        for name in folded:
            every.setdefault(name, set()).add(source)
    for item, folded in zip(found, names, strict=True):
        features = item.features
        count = len(sources[folded])
        features.add(below(count, ((2, "agree:1"), (3, "agree:2")), "agree:3+"))
        if count == 1 and any(folded < other for other in sources):
            features.add("part")
        if any(other < folded for other in sources):
            features.add("more")
        if len(item.names) > 1 and all(len(every[name]) > 1 for name in folded):
            features.add("each")
        features.add(below(len(item.names), ((2, "names:1"), (3, "names:2")), "names:3+"))
        if any(is_site_name(name, site, host) for name in folded):
            features.add("site")
        features |= _features_of(item.names)
        if item.order and heading:
            features.add(below(item.order - heading, _DISTANCES, "far:h1"))


@lru_cache(maxsize=1024)
def _features_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_name_features(names))


def _name_features(names: Sequence[str]) -> Iterator[str]:
    first = names[0].split(",")[0]
    words = full_words(first)
    if first.count(" ") > 2:
        yield "long"
    most = 3 if any(word[0].islower() for word in words) else 4  # María José García López, but no phrase
    yield below(_count(words), ((2, "words:1"), (3, "words:2"), (most + 1, "words:3")), "words:4+")
    if any(_TEAM.search(name) for name in names):
        yield "team"
    if any(looks_like_role(name) for name in names):
        yield "role"
    letters = [word[0] for word in words if word[0].isalpha()]
    if letters and any(char.islower() for char in letters):
        yield "lower:all" if all(char.islower() for char in letters) else "lower:some"
    if first.isupper() and len(first) > 4:
        yield "upper"
    if any(char.isdigit() for char in first):
        yield "digits"


def _count(words: Sequence[str]) -> int:
    """How many names the words of a name are, as it is written in letters that have spaces between them."""
    if len(words) != 1:
        return len(words)
    parts = words[0].split("・")
    if len(parts) > 1:
        return len(parts)
    return 2 if UNSPACED.fullmatch(words[0]) and _OUTLET.search(words[0]) is None else 1


def none_features(page: ParsedPage, found: Sequence[Byline]) -> set[str]:
    """Features that a page names no author."""
    features = {"none", *(f"none:{feature}" for feature in story_features(page))}
    kinds = {source_of(item.origin) for item in found}
    features |= {f"none:has:{kind}" for kind in kinds}
    return features
