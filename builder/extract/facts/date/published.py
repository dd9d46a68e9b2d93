"""When a page was published: every date that it shows, scored by its place, against the chance of none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from builder.extract.candidates import Candidate, source_of
from builder.extract.facts.bounds import below
from builder.extract.facts.date.belied import without_belied
from builder.extract.facts.date.clocks import CALLED_PUBLISHED, STATED, most_exact
from builder.extract.facts.date.datemarks import day_key, same_day
from builder.extract.facts.date.dateplaces import date_places
from builder.extract.facts.date.linedates import DateCandidate, without_updates, written
from builder.extract.facts.scan import NEAR
from builder.extract.facts.storyfeatures import NO_STORY, story_features
from builder.extract.facts.title.headline import headlines
from builder.extract.facts.typed import typed
from builder.extract.facts.weights import DATE_WEIGHTS, Choice, ranked
from builder.extract.page import ParsedPage

_STRONG = frozenset({"ld:published", "micro:published", "meta:article"})


def published(page: ParsedPage) -> Iterator[Candidate]:
    """When the story was first published, the most likely first; nothing where the page rather has no date.

    A time of day is preferred to a bare day where both are of the same day.
    """
    found = date_candidates(page)
    kept = [found[number] for number in offered(typed(date_choice(page, found), page.article.types), DATE_WEIGHTS)]
    for item in [*most_exact(kept), *kept][:6]:
        yield Candidate([item.text], item.origin)


def date_choice(page: ParsedPage, found: Sequence[DateCandidate]) -> Choice:
    """What a page offers for the date, whatever its type."""
    return Choice(
        [item.features for item in found],
        [item.day for item in found],
        none_features(page, found),
        sources=[source_of(item.origin) for item in found],
    )


def offered(choice: Choice, weights: Mapping[str, float]) -> list[int]:
    """Which candidates are worth offering, the best first."""
    trusted = choice.none.isdisjoint(NO_STORY)
    return ranked(choice, weights, lambda features: trusted and not features.isdisjoint(STATED))


def date_candidates(page: ParsedPage) -> list[DateCandidate]:
    """All dates that the page may have been published on, with the features for each, in a fixed order."""
    heading = next((heading.place for heading in headlines(page)), 0)
    found = without_belied(without_updates(date_places(page)), heading, page.page.fetched_at)
    _compare(found, heading)
    return found


def _compare(found: list[DateCandidate], heading: float) -> None:
    """Features from order in the page and from other places that say the same day."""
    days: dict[str, set[str]] = {}
    keys = [day_key(item.text) for item in found]
    known = list(dict.fromkeys(key for key in keys if key))
    keys = [
        key or next((day for day in known if same_day(day, item.text)), None)
        for key, item in zip(keys, found, strict=True)
    ]
    for item, key in zip(found, keys, strict=True):
        item.day = key or written(item.text)
        if key:
            days.setdefault(key, set()).add(source_of(item.origin))
    placed = sorted(item.order for item in found if item.order > heading)
    for item, key in zip(found, keys, strict=True):
        if key and len(days[key]) > 1:
            item.features.add("agree:3+" if len(days[key]) > 2 else "agree:2")
            if "url" in days[key] and "url" not in item.features:
                item.features.add("agree:url")
        if item.order and heading:
            item.features.add(below(item.order - heading, ((-NEAR, "before:h1"), (NEAR, "close:h1")), "after:h1"))
        if item.order and placed and item.order == placed[0]:
            item.features.add("next:h1")
    stated = {key for item, key in zip(found, keys, strict=True) if not item.features.isdisjoint(CALLED_PUBLISHED)}
    for item, key in zip(found, keys, strict=True):
        if "label:updated" in item.features and stated - {key}:
            item.features.add("updated:beside")
    strong = any(item.features & _STRONG for item in found)
    for item in found:
        if strong and not item.features & _STRONG:
            item.features.add("weaker")


def none_features(page: ParsedPage, found: Sequence[DateCandidate]) -> set[str]:
    """Features that a page has no date at all."""
    features = {f"none:{feature}" for feature in story_features(page)}
    features.add("none")
    strong = any(item.features & _STRONG for item in found)
    days = {
        key
        for item in found
        if item.features & {"class", "time", "loose"} and (key := day_key(item.text) or item.text[-24:])
    }
    features.add(
        "none:strong"
        if strong
        else "none:days:" + ("0" if not days else "1" if len(days) == 1 else "2-3" if len(days) < 4 else "4+")
    )
    if any("label:published" in item.features for item in found):
        features.add("none:label")
    if any("agree:3+" in item.features for item in found):
        features.add("none:agree")
    return features
