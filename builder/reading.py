"""One field on one page: its rules in order, and the first that yields a valid value wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeAlias

from builder.compiled import CompiledProfile, CompiledRule, Job, candidates
from builder.extract.candidates import Candidate
from builder.extract.facts.date.dayorder import day_first
from builder.extract.metadata import AUTO
from builder.extract.page import ParsedPage
from builder.normalize.dateorder import primary_language
from builder.normalize.urls import UrlError, canonical_url, host_of, site_of
from builder.schema import FIELD_TYPES, Context, FieldType

Derive: TypeAlias = Callable[[Any, str], Iterator[Candidate]]
"""(the reading, a field) -> what follows from the page or from other fields of the reading."""
_BY_LANGUAGE = frozenset({"date", "timestamp"})
"""Types that are read by the language of the page; the others do not make it look for one."""


class Tried(NamedTuple):
    """A candidate that was looked at for a field: for `preview` and provenance."""

    field: str
    origin: str
    values: tuple[str, ...]
    """None where the value follows from the page or from another field."""
    outcome: str
    """won, or why not."""


class Found(NamedTuple):
    """The winner of a field: its value as read, the raw string behind it, and where it stood."""

    value: Any
    raw: str | None = None
    origin: str | None = None


class Reading:
    """One page on its way: a class because fields are read when first asked for, by the output or by another field."""

    def __init__(
        self, page: ParsedPage, job: Job, profile: CompiledProfile | None, derive: Derive, tried: list[Tried]
    ) -> None:
        self.page = page
        self.derive = derive
        self.job = job
        self.profile = profile
        self.found: dict[str, Found] = {}
        self.unreadable: dict[str, str] = {}
        self.tried = tried

    @cached_property
    def language(self) -> str | None:
        """The tag that dates are read by: the profile's, else the first readable one that the page declares."""
        if self.profile is not None and self.profile.language:
            return self.profile.language
        declared = (value.partition(",")[0].strip() for found in AUTO["language"](self.page) for value in found.values)
        return next(filter(primary_language, declared), None)

    def get(self, name: str, type_name: str) -> Found:
        """The winner for a field, from its rules; the empty Found where no rule yields a valid value."""
        if name not in self.found:
            self.found[name] = Found(None)  # for who asks on the way: two fields that follow from each other
            self.found[name] = _first_valid(self, name, type_name)
        return self.found[name]


def rules_for(reading: Reading, name: str) -> Sequence[CompiledRule]:
    """The rules of a field: the profile's, else the job's; empty means the generic extractor."""
    if reading.profile is not None and name in reading.profile.rules:
        return reading.profile.rules[name]
    return reading.job.rules.get(name, ())


def _offers(reading: Reading, name: str, type_name: str) -> Iterator[tuple[Iterator[Candidate], Context]]:
    """The candidates of each rule in order, or those of the generic extractor, and what their values are read by."""
    context = _context(reading, type_name)
    rules = rules_for(reading, name)
    if not rules:
        yield AUTO.get(name, _nothing)(reading.page), context
    for rule in rules:
        of_rule = context._replace(date_format=rule.date_format, decimal=rule.decimal)
        found = rule.source(reading.page) if rule.derived is None else reading.derive(reading, rule.derived)
        yield candidates(rule, found), of_rule


def _nothing(_page: ParsedPage) -> Iterator[Candidate]:
    return iter(())


def _first_valid(reading: Reading, name: str, type_name: str) -> Found:
    """What the first rule with a valid value finds; a day alone is a timestamp only where no other rule knows more."""
    type_ = FIELD_TYPES[type_name]
    day: tuple[int, Found] | None = None
    for offered, context in _offers(reading, name, type_name):
        found = _winner(reading, name, type_, offered, context)
        if found is None:
            continue
        if type_.plain(found.value) is not None:
            reading.unreadable.pop(name, None)
            return found
        day = day or (len(reading.tried) - 1, found)
        reading.tried[-1] = reading.tried[-1]._replace(outcome="only a day")
    if day is None:
        return Found(None)
    place, found = day
    reading.tried[place] = reading.tried[place]._replace(outcome="won")
    reading.unreadable.pop(name, None)
    return found


def _winner(
    reading: Reading, name: str, type_: FieldType, offered: Iterator[Candidate], context: Context
) -> Found | None:
    """The first of the candidates that can be read; None where none of them can."""
    for candidate in offered:
        outcome = "empty"
        try:
            value = type_.read(candidate.values, context)
        except ValueError as error:
            value, outcome = None, str(error)
            reading.unreadable.setdefault(name, f"{candidate.origin}: {error}")
        if value is not None and name == "url":
            value, outcome = _own_url(value, reading)
        reading.tried.append(
            Tried(name, candidate.origin, tuple(candidate.values), "won" if value is not None else outcome)
        )
        if value is not None:
            return Found(value, _raw(type_, candidate.values, context), candidate.origin)
    return None


def _raw(type_: FieldType, values: Sequence[str], context: Context) -> str:
    """Of some strings, of which one can be read, the first that is: the value is that one's."""
    for value in values[:-1]:
        with suppress(ValueError):
            if type_.read([value], context) is not None:
                return value
    return values[-1]


def _own_url(value: str, reading: Reading) -> tuple[str | None, str]:
    """A canonical URL counts where it stays on the site and does not send every page to the front page."""
    captured = reading.page.page.url
    if site_of(host_of(value)) != site_of(host_of(captured)) and host_of(captured):
        return None, "another site's URL"
    if _is_root(value) and not _is_front_page(captured):
        return None, "the front page's URL"
    return value, "won"


def _is_front_page(url: str) -> bool:
    """Whether a URL is that of a whole site, without regard to what tracks the reader."""
    with suppress(UrlError):  # `file:` and a name, and what else nobody can visit, is told by how it is written
        url = canonical_url(url)
    return _is_root(url)


def _is_root(url: str) -> bool:
    """Whether nothing follows the host."""
    return url.split("/", 3)[3:] in ([], [""])


def _context(reading: Reading, type_name: str) -> Context:
    return Context(
        base_url=reading.page.base_url,
        zone=reading.profile.zone if reading.profile else None,
        language=reading.language if type_name in _BY_LANGUAGE else None,
        orders=partial(day_first, reading.page),
    )
