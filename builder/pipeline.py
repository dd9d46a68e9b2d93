"""READ FIRST: how a page becomes a record.

    page ── filtered by status and type ── parse ── choose the site's profile ── for every field: its rules in order,
    the first that yields a valid value wins ── derive what follows from it ── check ── select ── record

What goes wrong on the way is a Reject with a stage and a code; what the config does not want is Filtered.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from builder.compiled import Job
from builder.constraints import hold
from builder.derived import DERIVED, derived
from builder.dumps.contentrange import lacks_head
from builder.dumps.mediatypes import may_be_page
from builder.errors import PageError
from builder.extract.page import ParsedPage, parse_page
from builder.extract.profile import profile_for
from builder.normalize.urls import host_of
from builder.reading import Reading, Tried, rules_for
from builder.records import Page, Record, Reject, Stage
from builder.schema import FIELD_TYPES, Field

_PROJECT = Path(__file__).parent
PARSE_CODES = frozenset({"too_deep", "too_many_attributes", "too_many_nodes", "parse_failed"})


class Filtered(NamedTuple):
    """A page that the config leaves out, and the rule that did."""

    rule: str


class Row(NamedTuple):
    """A record that is wanted, when its page was captured, and the flaws that it has all the same."""

    record: Record
    fetched_at: datetime | None
    flags: tuple[str, ...]
    violations: tuple[str, ...]
    """Rules that it breaks and may break, as they are counted."""


def build_record(page: Page, job: Job) -> Row | Reject | Filtered:
    """What becomes of a page. Only memory that cannot be had is raised, for it says nothing of the page."""
    return filtered_response(page, job) or read_record(page, job, [])


def read_record(page: Page, job: Job, tried: list[Tried]) -> Row | Reject | Filtered:
    """What becomes of a response that is a page; what was looked at on the way, as far as it came, goes to `tried`."""
    stage: Stage = "decode"
    try:
        parsed = parse_page(page, job.limits)
        stage = "extract"
        reading = read_fields(parsed, job, tried)
        stage = "check"
        record = {field.name: checked(reading, field) for field in job.fields if field.is_read}
        broken = hold(record, job.checks, page.fetched_at)
        record |= {field.name: followed(reading, record, field) for field in job.fields if not field.is_read}
        return select(record, job) or Row(record, page.fetched_at, flaws(reading, broken), broken)
    except PageError as error:
        stage = "parse" if error.code in PARSE_CODES else stage
        return Reject(page.source, stage, error.code, error.message, page.url, error.rule)
    except MemoryError:
        raise
    except Exception as error:  # the border: a bug on one page costs that page, and says where
        message = f"{type(error).__name__}: {error} ({_line_of(error)})"
        return Reject(page.source, stage, "extract_failed", message[:500], page.url)


def _line_of(error: Exception) -> str:
    """The last line of this project that an error came by, whatever library raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [frame for frame in frames if Path(frame.filename).is_relative_to(_PROJECT)][-1]
    return f"{Path(where.filename).name}:{where.lineno}"


def filtered_response(page: Page, job: Job) -> Filtered | None:
    """Responses that are no pages: errors, redirects, ranges amid a page, images, plain text.

    Those of the first three are pages where `select.http_status` is given.
    """
    status = page.http_status
    is_page = status is None or (200 <= status < 300 and not lacks_head(status, page.headers))
    if not is_page and "http_status" not in job.config.select:
        return Filtered("http_status")
    return None if may_be_page(page.headers.get("content-type", ""), page.body) else Filtered("content_type")


def read_fields(parsed: ParsedPage, job: Job, tried: list[Tried]) -> Reading:
    """Every field of the job looked up on one page."""
    page = parsed.page
    captured = page.fetched_at.astimezone(UTC).date() if page.fetched_at else None
    profile = profile_for(job.sites, host_of(page.url), captured) if job.sites else None
    reading = Reading(parsed, job, profile, derived, tried)
    for field in job.fields:
        if not field.is_read:
            continue
        if field.name in DERIVED and not rules_for(reading, field.name):
            found = reading.found[field.name] = DERIVED[field.name].found(reading)
            if found.value is not None:
                tried.append(Tried(field.name, str(found.origin), (), "won"))
        else:
            reading.get(field.name, field.type)
    return reading


def flaws(reading: Reading, broken: Sequence[str]) -> tuple[str, ...]:
    """What is counted of a row that is published all the same.

    A page that is cut or mangled, unreadable fields, constraints that are broken.
    """
    decoded = reading.page.decoded
    of_page = {
        "mojibake": decoded.is_mojibake,
        "replacement_characters": decoded.replaced,
        "truncated": reading.page.page.truncated,
    }
    found = (name for name, value in of_page.items() if value)
    unreadable = (f"unreadable:{name}" for name in sorted(reading.unreadable))
    return (*found, *unreadable, *(f"constraint:{rule}" for rule in broken))


def checked(reading: Reading, field: Field) -> Any:
    """The value of a field as Arrow takes it.

    Raises:
        PageError: a required field has no value (missing_field), or one that cannot be read (unreadable_field).

    """
    value = reading.found[field.name].value
    plain = None if value is None else FIELD_TYPES[field.type].plain(value)
    if plain is None and field.required:
        if field.name in reading.unreadable:
            problem = f"{field.name}: {reading.unreadable[field.name]}"
            raise PageError("unreadable_field", problem, f"{field.name}.required")
        raise PageError("missing_field", f"{field.name}: the page does not say", f"{field.name}.required")
    return plain


def followed(reading: Reading, record: Record, field: Field) -> Any:
    """What an alias or an origin says of the checked field that it belongs to."""
    if field.alias_of is not None:
        return record[field.alias_of]
    of = str(field.origin_of)
    return None if record[of] is None else reading.found[of].origin


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
        values = value if isinstance(value, list) else [value]
        if wanted.one_of is not None and not any(entry in wanted.one_of for entry in values):
            return Filtered(f"{name}.one_of")
    return None


def _comparable(value: Any, bound: Any) -> Any:
    """A timestamp as its UTC day where the bound is a day."""
    if isinstance(value, datetime) and isinstance(bound, date) and not isinstance(bound, datetime):
        return value.date()
    return value
