"""One page, explained: for every field what was looked at, what won, and the raw text behind it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from builder.compiled import Job, compile_job
from builder.config.models import LoadedConfig
from builder.dumps import pages_of
from builder.dumps.discover import expand
from builder.dumps.pages import read_body, shown_name
from builder.dumps.values import rejected
from builder.errors import ConfigError, PageError
from builder.gathering import rank
from builder.normalize.urls import without_userinfo
from builder.pipeline import Filtered, Row, build_record, filtered_response, read_record
from builder.plan.inputs import Plan, make_plan
from builder.reading import Tried
from builder.records import Locator, Page, Record, Reject, Split, locator_text
from builder.storage.path import StorePath, store_path
from builder.storage.place import Place, exists, is_dir, is_file, place_of

_SHOWN = 10
_PLACE = re.compile(r"([0-9]+)(?:#(.+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explained:
    """A page, what becomes of it, and every candidate that was looked at on the way."""

    page: Page
    outcome: str
    """row, or `filtered: rule`, or `rejected: code: message`."""
    record: Record
    tried: tuple[Tried, ...]
    others: tuple[Locator, ...] = ()
    """Further captures of the same URL."""
    violations: tuple[str, ...] = ()
    """Constraints that a row breaks and may break."""


def explain(loaded: LoadedConfig, wanted: str, url: str | None = None) -> Explained | Reject:
    """Explain one page: an HTML file, a URL as captured in the inputs, or a locator.

    A locator is `input@offset`; `input@offset#record_id` where many pages stand at one offset, as in a folder. A file
    of a folder that is an input is what the folder's index says, unless `url` is given. Of several captures of a URL it
    is the one that `duplicates` keeps of their rows, else the first.

    Raises:
        ConfigError: no such page.
        DumpError: an input that it is looked for in cannot be read.
        OSError: the disk or the store of the inputs failed.

    """
    job = compile_job(loaded)
    page, others = _kept(find_pages(loaded, wanted, url), job)
    if page is None:
        raise ConfigError(f"{wanted}: neither a file, nor a URL captured in the inputs, nor a locator `input@offset`")
    if isinstance(page, Reject):
        return page
    tried: list[Tried] = []
    read = read_record(page, job, tried)
    outcome = filtered_response(page, job) or read
    if isinstance(outcome, Row):
        return Explained(page, "row", outcome.record, tuple(tried), others, outcome.violations)
    if isinstance(outcome, Filtered):
        return Explained(page, f"filtered: {outcome.rule}", {}, tuple(tried), others)
    return Explained(page, f"rejected: {outcome.code}: {outcome.message}", {}, tuple(tried), others)


def _kept(captures: Iterator[Page | Reject], job: Job) -> tuple[Page | Reject | None, tuple[Locator, ...]]:
    """Of some captures the one that is kept where their rows are duplicates, and where the others stand."""
    kept: Page | Reject | None = None
    best: tuple[bool, int] | None = None
    places: list[Locator] = []
    for capture in captures:
        places.append(capture.source)
        outcome = build_record(capture, job) if isinstance(capture, Page) and job.config.duplicates else None
        order = (True, rank(outcome, job)) if isinstance(outcome, Row) else (False, 0)
        if best is None or order > best:
            kept, best = capture, order
    return kept, tuple(place for place in places if kept is not None and place != kept.source)


def find_pages(loaded: LoadedConfig, wanted: str, url: str | None = None) -> Iterator[Page | Reject]:
    """Read a page from a file or from the inputs: all captures of a URL, in their order.

    Raises:
        ConfigError: a file of an input that is none of its pages.
    """
    store = store_path(wanted)
    path = Path(wanted) if store is None or store.is_web else store
    if is_file(path) or (isinstance(path, Path) and exists(path) and not is_dir(path)):  # a pipe: `<(curl URL)`
        yield (_of_input(loaded, path) if url is None else None) or _of_file(path, url, loaded.job.limits.page_bytes)
        return
    plan = make_plan(loaded)
    named = {dump.name: wanted.removeprefix(f"{dump.name}@") for dump in plan.dumps}
    places = {name: _PLACE.fullmatch(rest) for name, rest in named.items() if rest != wanted}
    found = [_at(plan, name, int(place[1]), place[2]) for name, place in places.items() if place is not None]
    if found:
        yield from islice(chain(*found), 1)
    else:
        captured = without_userinfo(wanted)
        yield from (item for split in plan.splits for item in pages_of(split) if item.url == captured)


def _of_file(path: Place, url: str | None, page_bytes: int) -> Page | Reject:
    """A file by itself, inflated as those of a folder are."""
    try:
        with path.open("rb") as file:
            body = read_body(file, page_bytes)
    except PageError as error:
        return rejected(Locator(path.name, 0, 0), error, url)
    return Page(url or f"file:{path.name}", body, Locator(path.name, 0, len(body)))


def _of_input(loaded: LoadedConfig, path: Place) -> Page | Reject | None:
    """A file as the folder gives it that is an input and holds it; None where none does.

    Raises:
        ConfigError: the folder takes it for no page.
    """
    if not any(_name_in(folder, path) for folder in _folders(loaded, path)):
        return None
    for split in make_plan(loaded).splits:
        name = _name_in(place_of(split.dump.path), path) if split.files else None
        if name in split.files:
            record_id = shown_name(os.fsencode(name))
            for item in pages_of(replace(split, files=(name,))):
                if item.source.record_id == record_id:
                    return item
    raise ConfigError(f"{path}: lies in an input, but is none of its `pages`; to read it alone give --url")


def _folders(loaded: LoadedConfig, path: Place) -> Iterator[Place]:
    """The inputs that may be folders with the file in it: of a store nothing is asked where the file is on the disk."""
    base = loaded.path.parent
    for spec in loaded.job.inputs:
        if isinstance(place_of(spec.path, base), StorePath) is isinstance(path, StorePath):
            yield from (match.path for match in expand(base, spec.path))


def _name_in(folder: Place, path: Place) -> str | None:
    """What a file is called in a folder, None where it lies elsewhere. Links are not followed."""
    place = path.parent.resolve() / path.name
    folder = folder.resolve()
    return place.relative_to(folder).as_posix() if folder in place.parents else None  # type: ignore[arg-type]


def _at(plan: Plan, name: str, offset: int, record_id: str | None) -> Iterator[Page | Reject]:
    for split in plan.splits:
        if split.dump.name != name:
            continue
        for item in pages_of(_near(split, offset)):
            if item.source.offset == offset and record_id in (None, item.source.record_id):
                yield item


def _near(split: Split, offset: int) -> Split:
    """A WARC is entered at the record itself; other splits are read through."""
    if split.dump.format == "warc" and split.start <= offset < split.end:
        return replace(split, start=offset, end=offset + 1, exact=True)
    return split


def as_data(explained: Explained | Reject) -> dict[str, Any]:
    """An explanation as JSON takes it; values that JSON has no form for as text."""
    if isinstance(explained, Reject):
        return {
            "url": explained.url,
            "source": asdict(explained.source),
            "outcome": f"rejected: {explained.code}: {explained.message}",
            "others": [],
            "record": {},
            "violations": [],
            "candidates": [],
        }
    return {
        "url": explained.page.url,
        "source": asdict(explained.page.source),
        "others": [asdict(place) for place in explained.others],
        "outcome": explained.outcome,
        "record": {name: _jsonable(value) for name, value in explained.record.items()},
        "violations": list(explained.violations),
        "candidates": [
            {"field": tried.field, "origin": tried.origin, "values": list(tried.values), "outcome": tried.outcome}
            for tried in explained.tried
        ],
    }


def _jsonable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def as_text(explained: Explained) -> str:
    """An explanation for people: a block a field, the value first, then every candidate with its fate."""
    page = explained.page
    lines = [
        page.url,
        f"{locator_text(page.source)}, {page.source.length} bytes, captured {page.fetched_at}",
        *_as_lines(explained.others),
        explained.outcome,
        "",
    ]
    names = list(dict.fromkeys([*explained.record, *(tried.field for tried in explained.tried)]))
    for name in names:
        lines.append(_value_line(name, explained))
        lines += (_candidate_line(tried) for tried in explained.tried if tried.field == name)
    return "\n".join(lines)


def _value_line(name: str, explained: Explained) -> str:
    """A field and its value in the row; nothing of one that there is no row of, or that only others ask for."""
    if name not in explained.record:
        return f"{name}:"
    broken = ", ".join(rule for rule in explained.violations if rule.rpartition(".")[0] == name)
    return f"{name}: {_short(explained.record[name])}{broken and f'  (breaks {broken})'}"


def _candidate_line(tried: Tried) -> str:
    said = f": {_short(' | '.join(tried.values))}" if tried.values else ""
    return f"    + {tried.origin}{said}" if tried.outcome == "won" else f"    - {tried.origin}{said}  ({tried.outcome})"


def _as_lines(others: Sequence[Locator]) -> list[str]:
    if not others:
        return []
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    places = ", ".join(map(locator_text, others[:_SHOWN]))
    return [f"one of {len(others) + 1} captures of this URL; the others: {places}{more}"]


def _short(value: Any, limit: int = 160) -> str:
    text = "null" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
