"""One page, explained: for every field what was looked at, what won, and the raw text behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from builder.compiled import compile_job
from builder.config.models import LoadedConfig
from builder.dumps import READERS
from builder.errors import ConfigError
from builder.pipeline import Filtered, Row, filtered_response, read_record
from builder.plan import Plan, make_plan
from builder.reading import Tried
from builder.records import Dump, Locator, Page, Record, Reject, Split
from builder.storage.path import store_path
from builder.storage.place import exists, is_dir, is_file

_PLACE = re.compile(r"([0-9]+)(?:#(.+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explained:
    """A page, what becomes of it, and every candidate that was looked at on the way."""

    page: Page
    outcome: str
    """row, or `filtered: rule`, or `rejected: code: message`."""
    record: Record
    tried: tuple[Tried, ...]


def explain(loaded: LoadedConfig, wanted: str, url: str | None = None) -> Explained | Reject:
    """Explain one page: an HTML file, a URL as captured in the inputs, or a locator.

    A locator is `input@offset`; `input@offset#record_id` where many pages stand at one offset, as in a folder.

    Raises:
        ConfigError: no such page.
    """
    page = find_page(loaded, wanted, url)
    if isinstance(page, Reject):
        return page
    job = compile_job(loaded)
    tried: list[Tried] = []
    read = read_record(page, job, tried)
    outcome = filtered_response(page, job) or read
    if isinstance(outcome, Row):
        return Explained(page, "row", outcome.record, tuple(tried))
    if isinstance(outcome, Filtered):
        return Explained(page, f"filtered: {outcome.rule}", {}, tuple(tried))
    return Explained(page, f"rejected: {outcome.code}: {outcome.message}", {}, tuple(tried))


def find_page(loaded: LoadedConfig, wanted: str, url: str | None = None) -> Page | Reject:
    """Read a page from a file or from the inputs.

    Raises:
        ConfigError: no such page.
    """
    store = store_path(wanted)
    path = Path(wanted) if store is None or store.root.startswith("http") else store
    if is_file(path) or (isinstance(path, Path) and exists(path) and not is_dir(path)):  # a pipe: `<(curl URL)`
        body = path.read_bytes()
        return Page(url or f"file:{path.name}", body, Locator(path.name, 0, len(body)))
    plan = make_plan(loaded)
    named = {dump.name: wanted.removeprefix(f"{dump.name}@") for dump in plan.dumps}
    places = {name: _PLACE.fullmatch(rest) for name, rest in named.items() if rest != wanted}
    found = [_at(plan, name, int(place[1]), place[2]) for name, place in places.items() if place is not None]
    if not found:
        found = [(item for split in plan.splits for item in _pages(split) if item.url == wanted)]
    page = next(chain(*found), None)
    if page is None:
        raise ConfigError(f"{wanted}: neither a file, nor a URL captured in the inputs, nor a locator `input@offset`")
    return page


def _at(plan: Plan, name: str, offset: int, record_id: str | None) -> Iterator[Page | Reject]:
    for split in plan.splits:
        if split.dump.name != name:
            continue
        for item in _pages(_near(split, split.dump, offset)):
            if item.source.offset == offset and record_id in (None, item.source.record_id):
                yield item


def _near(split: Split, dump: Dump, offset: int) -> Split:
    """A WARC is entered at the record itself; other splits are read through."""
    if dump.format == "warc" and split.start <= offset < split.end:
        return replace(split, start=offset, end=offset + 1, exact=True)
    return split


def _pages(split: Split) -> Iterator[Page | Reject]:
    return (item for item in READERS[split.dump.format].read(split) if isinstance(item, Page | Reject))


def as_data(explained: Explained | Reject) -> dict[str, Any]:
    """An explanation as JSON takes it; values that JSON has no form for as text."""
    if isinstance(explained, Reject):
        return {
            "url": explained.url,
            "source": asdict(explained.source),
            "outcome": f"rejected: {explained.code}: {explained.message}",
            "record": {},
            "candidates": [],
        }
    return {
        "url": explained.page.url,
        "source": asdict(explained.page.source),
        "outcome": explained.outcome,
        "record": {name: _jsonable(value) for name, value in explained.record.items()},
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
        f"{page.source.input}@{page.source.offset}, {page.source.length} bytes, captured {page.fetched_at}",
        explained.outcome,
        "",
    ]
    names = list(dict.fromkeys([*explained.record, *(tried.field for tried in explained.tried)]))
    for name in names:
        lines.append(f"{name}: {_short(explained.record.get(name))}")
        for tried in explained.tried:
            if tried.field == name:
                mark = "+" if tried.outcome == "won" else "-"
                fate = "" if tried.outcome == "won" else f"  ({tried.outcome})"
                lines.append(f"    {mark} {tried.origin}: {_short(' | '.join(tried.values))}{fate}")
    return "\n".join(lines)


def _short(value: Any, limit: int = 160) -> str:
    text = "null" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
