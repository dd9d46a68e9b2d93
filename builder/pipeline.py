"""READ FIRST: how a page becomes a record.

    page ── filtered by status and type ── parse ── choose the site's profile ── for every field: its rules in order,
    the first that yields a valid value wins ── derive what follows from it ── check ── select ── record

What goes wrong on the way is a Reject with a stage and a code; what the config does not want is Filtered.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from builder.compiled import CompiledProfile, CompiledRule, Job, candidates
from builder.errors import PageError
from builder.extract.article import article_blocks
from builder.extract.blocks import text_lines
from builder.extract.metadata import AUTO, Candidate
from builder.extract.page import ParsedPage, parse_page
from builder.extract.profile import profile_for
from builder.normalize.dates import Moment
from builder.normalize.text import clean_line, word_count
from builder.normalize.urls import UrlError, canonical_url, host_of, site_of
from builder.records import Page, Record, Reject
from builder.schema import FIELD_TYPES, Context, Field

HTML_TYPES = ("text/html", "application/xhtml", "text/plain", "application/octet-stream", "unknown")
"""Content types under which HTML is sent; the bytes decide. Any other is no page."""


class Filtered(NamedTuple):
    """A page that the config leaves out, and the rule that did."""

    rule: str


class Row(NamedTuple):
    """A record that is wanted, when its page was captured, and the flaws that it has all the same."""

    record: Record
    fetched_at: datetime | None
    flags: tuple[str, ...]


class Tried(NamedTuple):
    """A candidate that was looked at for a field: for `preview` and provenance."""

    field: str
    origin: str
    values: tuple[str, ...]
    outcome: str
    """won, or why not."""


class Found(NamedTuple):
    """The winner of a field: its value as read, the raw string behind it, and where it stood."""

    value: Any
    raw: str | None = None
    origin: str | None = None


class Reading:
    """One page on its way: a class because fields are read when first asked for, by the output or by another field."""

    def __init__(self, page: ParsedPage, job: Job, profile: CompiledProfile | None) -> None:
        self.page = page
        self.job = job
        self.profile = profile
        self.found: dict[str, Found] = {}
        self.unreadable: dict[str, str] = {}
        self.tried: list[Tried] = []

    def get(self, name: str, type_name: str) -> Found:
        """The winner for a field, from its rules; the empty Found where no rule yields a valid value."""
        if name not in self.found:
            self.found[name] = _first_valid(self, name, type_name)
        return self.found[name]


def build_record(page: Page, job: Job) -> Row | Reject | Filtered:
    """What becomes of a page. Only memory that cannot be had is raised, for it says nothing of the page."""
    reason = filtered_response(page, job)
    if reason is not None:
        return reason
    stage = "decode"
    try:
        parsed = parse_page(page, job.limits)
        stage = "extract"
        reading = read_fields(parsed, job)
        stage = "check"
        record = {field.name: checked(reading, field) for field in job.fields}
        return select(record, job) or Row(record, page.fetched_at, flaws(reading))
    except PageError as error:
        return Reject(page.source, "parse" if error.code in PARSE_CODES else stage, error.code, error.message, page.url)
    except MemoryError:
        raise
    except Exception as error:  # the border: a bug on one page costs that page, and says where
        where = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__}: {error} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"
        return Reject(page.source, stage, "extract_failed", message[:500], page.url)


PARSE_CODES = frozenset({"too_deep", "too_many_attributes", "parse_failed"})


def filtered_response(page: Page, job: Job) -> Filtered | None:
    """Responses that are no pages: errors and redirects (unless `select.http_status` is given), images, scripts."""
    status = page.http_status
    if status is not None and not 200 <= status < 300 and "http_status" not in job.config.select:
        return Filtered("http_status")
    declared = page.headers.get("content-type", "").split(";")[0].strip().lower()
    if declared and "/" in declared and not declared.startswith(HTML_TYPES):
        return Filtered("content_type")
    return None


def read_fields(parsed: ParsedPage, job: Job) -> Reading:
    """Every field of the job looked up on one page."""
    page = parsed.page
    captured = page.fetched_at.astimezone(UTC).date() if page.fetched_at else None
    profile = profile_for(job.sites, host_of(page.url), captured) if job.sites else None
    reading = Reading(parsed, job, profile)
    for field in job.fields:
        if field.name in DERIVED and not rules_for(reading, field.name):
            reading.found[field.name] = Found(DERIVED[field.name](reading), origin="derived")
        else:
            reading.get(field.name, field.type)
    return reading


def rules_for(reading: Reading, name: str) -> Sequence[CompiledRule]:
    """The rules of a field: the profile's, else the job's; empty means the generic extractor."""
    if reading.profile is not None and name in reading.profile.rules:
        return reading.profile.rules[name]
    return reading.job.rules.get(name, ())


def _offers(reading: Reading, name: str) -> Iterator[tuple[Candidate, str | None]]:
    """Candidates in order, each with the date format of its rule."""
    rules = rules_for(reading, name)
    if not rules:
        for candidate in AUTO.get(name, _nothing)(reading.page):
            yield candidate, None
    for rule in rules:
        for candidate in candidates(rule, reading.page):
            yield candidate, rule.date_format


def _nothing(_page: ParsedPage) -> Iterator[Candidate]:
    return iter(())


def _first_valid(reading: Reading, name: str, type_name: str) -> Found:
    read = FIELD_TYPES[type_name].read
    context = _context(reading)
    for candidate, date_format in _offers(reading, name):
        outcome = "empty"
        try:
            value = read(candidate.values, context._replace(date_format=date_format))
        except ValueError as error:
            value, outcome = None, str(error)
            reading.unreadable.setdefault(name, f"{candidate.origin}: {error}")
        if value is not None and name == "url":
            value, outcome = _own_url(value, reading)
        reading.tried.append(
            Tried(name, candidate.origin, tuple(candidate.values), "won" if value is not None else outcome)
        )
        if value is not None:
            reading.unreadable.pop(name, None)
            return Found(value, candidate.values[0], candidate.origin)
    return Found(None)


def _own_url(value: str, reading: Reading) -> tuple[str | None, str]:
    """A canonical URL counts where it stays on the site and does not send every page to the front page."""
    captured = reading.page.page.url
    if site_of(host_of(value)) != site_of(host_of(captured)) and host_of(captured):
        return None, "another site's URL"
    if value.split("/", 3)[3:] in ([], [""]) and captured.split("/", 3)[3:] not in ([], [""]):
        return None, "the front page's URL"
    return value, "won"


def _context(reading: Reading) -> Context:
    profile = reading.profile
    declared = reading.page.root.get("lang") or next(iter(reading.page.meta.get("og:locale", [])), None)
    return Context(
        base_url=reading.page.base_url,
        zone=profile.zone if profile else None,
        language=(profile.language if profile else None) or (declared.replace("_", "-") if declared else None),
    )


# ------------------------------------------------------------ what follows from the page and from other fields


def _published(reading: Reading) -> Moment | None:
    moment: Moment | None = reading.get("published_at", "timestamp").value
    return moment


def _source(reading: Reading) -> Record:
    source = reading.page.page.source
    return {"input": source.input, "offset": source.offset, "length": source.length, "record_id": source.record_id}


def _links(reading: Reading) -> list[dict[str, str | None]] | None:
    """Links of the article's blocks in reading order, each target once."""
    elements = dict.fromkeys(block.element for block in article_blocks(reading.page.blocks))
    links: dict[str, str | None] = {}
    for element in elements:
        for anchor in element.iter("a"):
            try:
                target = canonical_url(anchor.get("href") or "", reading.page.base_url)
            except UrlError:
                continue
            links.setdefault(target, clean_line(" ".join(text_lines(anchor))) or None)
    return [{"url": target, "text": text} for target, text in links.items()] or None


DERIVED: Mapping[str, Callable[[Reading], Any]] = {
    "page_url": lambda reading: reading.page.page.url,
    "site": lambda reading: site_of(host_of(reading.page.page.url)),
    "published_date": _published,
    "published_raw": lambda reading: clean_line(reading.get("published_at", "timestamp").raw or "") or None,
    "timezone_source": lambda reading: _published(reading) and _zone_source(_published(reading)),
    "word_count": lambda reading: _count(reading.get("text", "text").value),
    "links": _links,
    "fetched_at": lambda reading: _captured(reading.page.page.fetched_at),
    "http_status": lambda reading: reading.page.page.http_status,
    "source": _source,
    "profile": lambda reading: reading.profile.name if reading.profile else None,
    "content_sha256": lambda reading: hashlib.sha256(reading.page.page.body).hexdigest(),
}
"""Fields that follow from the page or from other fields, unless rules are given for them."""


def _zone_source(moment: Moment | None) -> str | None:
    return str(moment.zone_source) if moment and moment.zone_source else None


def _captured(at: datetime | None) -> Moment | None:
    return None if at is None else Moment(at, at.date(), None)


def _count(text: str | None) -> int | None:
    return None if text is None else word_count(text)


# ------------------------------------------------------------ check and select


def flaws(reading: Reading) -> tuple[str, ...]:
    """What is counted of a row that is published all the same: bytes its charset does not know, unreadable fields."""
    replaced = ("replacement_characters",) if reading.page.decoded.replaced else ()
    return (*replaced, *(f"unreadable:{name}" for name in sorted(reading.unreadable)))


def checked(reading: Reading, field: Field) -> Any:
    """The value of a field as Arrow takes it.

    Raises:
        PageError: a required field has no value (missing_field), or one that cannot be read (unreadable_field).

    """
    value = reading.found[field.name].value
    plain = None if value is None else FIELD_TYPES[field.type].plain(value)
    if plain is None and field.required:
        if field.name in reading.unreadable:
            raise PageError("unreadable_field", f"{field.name}: {reading.unreadable[field.name]}")
        raise PageError("missing_field", f"{field.name}: the page does not say")
    return plain


def select(record: Record, job: Job) -> Filtered | None:
    """The first condition of the config that a record does not meet; None where it meets all."""
    for name, wanted in job.config.select.items():
        value = record[name]
        if value is None:
            if wanted.required or wanted.min is not None or wanted.max is not None or wanted.one_of is not None:
                return Filtered(f"{name}.missing")
            continue
        if wanted.min is not None and _comparable(value, wanted.min) < wanted.min:
            return Filtered(f"{name}.min")
        if wanted.max is not None and _comparable(value, wanted.max) > wanted.max:
            return Filtered(f"{name}.max")
        if wanted.one_of is not None and value not in wanted.one_of:
            return Filtered(f"{name}.one_of")
    return None


def _comparable(value: Any, bound: Any) -> Any:
    """A timestamp as its UTC day where the bound is a day."""
    if isinstance(value, datetime) and isinstance(bound, date) and not isinstance(bound, datetime):
        return value.date()
    return value
