"""The report of a dataset: one HTML page that says where every page went and what the rows hold.

Equal datasets give equal bytes: no time, no host, not even the folder is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.records import REJECT_CODES
from builder.rejects import Lost
from builder.report.facts import Facts
from builder.report.html import Html, bar, element, joined, page, percent, size, stacked, table, text
from builder.report.summary import load_lines
from builder.write.document import Column, InputEntry
from builder.write.layout import UNKNOWN

_MOST_VALUES = 60
_MOST_INPUTS = 200
_MOST_NAMES = 5
_WORDS = ("string", "text", "url")
"""Types whose bounds may be broken over lines."""


def as_page(facts: Facts) -> bytes:
    """The page, in UTF-8."""
    about = facts.document.dataset
    sections = [_head(facts), _books(facts), _rejects(facts), *_distributions(facts), _fields(facts), *_flaws(facts),
                _inputs(facts), _made_of(facts)]  # fmt: skip
    return page(about.title or about.name, *sections)


def _section(title: str, *inner: Html) -> Html:
    return element("section", element("h2", text(title)), *inner)


def _paragraph(words: str) -> Html:
    return element("p", text(words, 4000))


def _head(facts: Facts) -> Html:
    document = facts.document
    about, counts = document.dataset, document.counts
    figures = [
        (f"{counts.rows:,}", "rows"),
        (f"{facts.files:,}", "file" if facts.files == 1 else "files"),
        (size(facts.bytes), "Parquet"),
        (f"{len(document.schema.fields):,}", "fields"),
        (about.version, "schema version"),
    ]
    tiles = [element("div", element("b", text(value)), element("span", text(label))) for value, label in figures]
    notes = []
    if document.build.limited_to is not None:
        notes.append(f"A trial: of every input only the first {document.build.limited_to:,} pages were taken.")
    if not document.build.deterministic:
        why = "A page was given up for its time or memory, or rejects were read again"
        notes.append(f"{why}: another build may differ.")
    return element(
        "header",
        element("h1", text(about.title or about.name)),
        *([_paragraph(about.description)] if about.description else []),
        element("div", *tiles, class_="tiles"),
        *(element("p", text(note), class_="note") for note in notes),
    )


def _books(facts: Facts) -> Html:
    counts = facts.document.counts
    ended = [
        ("rows", counts.rows, "rows"),
        ("rejected", sum(counts.rejected.values()), "rejected: could not become a row"),
        ("filtered", sum(counts.filtered.values()), "filtered: good, and left out by the config"),
        ("duplicates", counts.duplicates, "duplicates of other rows"),
    ]
    rows = [
        [joined([_swatch(kind), text(label)]), text(f"{count:,}"), text(percent(count, counts.read))]
        for kind, count, label in ended
    ]
    rows.append([element("b", text("pages read")), element("b", text(f"{counts.read:,}")), text("")])
    inner = [stacked([(kind, count) for kind, count, _ in ended], counts.read), table(["", "pages", ""], rows, (1, 2))]
    if counts.filtered:
        inner += [element("h3", text("Filtered, by rule")), _ranking(counts.filtered, "filtered", "pages")]
    return _section("Where every page went", *inner)


def _swatch(kind: str) -> Html:
    return element("svg", element("rect", class_=kind, width="8", height="8"), class_="swatch", viewBox="0 0 8 8")


def _ranking(
    counts: Mapping[str, int], kind: str, unit: str, *, whole: int | None = None, is_ranked: bool = True
) -> Html:
    """Names with their counts, bars and shares of a whole (or of their sum), the largest first or as they come."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0])) if is_ranked else list(counts.items())
    largest, total = max(counts.values(), default=0), sum(counts.values()) if whole is None else whole
    shown, rest = ranked[:_MOST_VALUES], ranked[_MOST_VALUES:]
    rows = [
        [text(name), bar(count, largest, kind), text(f"{count:,}"), text(percent(count, total))]
        for name, count in shown
    ]
    if rest:
        left = sum(count for _, count in rest)
        rows.append([text(f"and {len(rest):,} more"), text(""), text(f"{left:,}"), text(percent(left, total))])
    return table(["", "", unit, ""], rows, (2, 3))


def _rejects(facts: Facts) -> Html:
    found = facts.rejects
    if not found.codes:
        return _section("Rejects", _paragraph("None: every page that was read could be."))
    total = facts.document.counts.read
    head = _paragraph(f"{found.count:,} of {total:,} pages read, {percent(found.count, total)}.")
    return _section("Rejects", head, *(_lost(lost, found.count) for lost in found.codes))


def _lost(lost: Lost, total: int) -> Html:
    meaning = REJECT_CODES.get(lost.code, "unknown to this version")
    title = [
        element("code", text(lost.code)),
        bar(lost.count, total, "rejected"),
        element("span", text(f"{lost.count:,}"), class_="number"),
        element("span", text(meaning)),
    ]
    sites = {site or "no site known": count for site, count in lost.sites.items()}
    facts = [
        ("Inputs", _names(lost.inputs)),
        ("Sites", _names(sites)),
        ("Such as", element("code", text(lost.example.locator))),
        *([("URL", element("code", text(lost.example.url)))] if lost.example.url else []),
        ("Message", text(lost.example.message)),
    ]
    return element("details", element("summary", *title), _list(facts), open="")


def _names(counts: Mapping[str, int]) -> Html:
    """The first of some names with their counts, in one line."""
    shown = [f"{name} ({count:,})" for name, count in list(counts.items())[:_MOST_NAMES]]
    more = [f"and {len(counts) - _MOST_NAMES:,} more"] if len(counts) > _MOST_NAMES else []
    return joined([text(name) for name in [*shown, *more]], ", ")


def _list(entries: Sequence[tuple[str, Html]]) -> Html:
    return element("dl", *(element("div", element("dt", text(name)), element("dd", value)) for name, value in entries))


def _distributions(facts: Facts) -> Iterator[Html]:
    """Rows by partition column, by month and by site, each told once."""
    document = facts.document
    units = {level.name: level for level in document.schema.partition_by}
    for name, counts in facts.levels.items():
        level = units[name]
        what = "a partition column" if name == level.field else f"a partition column: {level.unit} of {level.field}"
        ranked = level.unit == "value"
        shown = counts if ranked else _coarser(counts)
        yield _section(f"Rows by {name}", _paragraph(what), _ranking(shown, "rows", "rows", is_ranked=ranked))
    if facts.months:
        yield _section("Rows by month", _ranking(_coarser(facts.months), "rows", "rows", is_ranked=False))
    if document.counts.sites and "site" not in {level.field for level in units.values()}:
        yield _section("Rows by site", _ranking(document.counts.sites, "rows", "rows"))


def _coarser(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Days as months, and months as years, where there are too many to show."""
    for length in (7, 4):
        if len(counts) > _MOST_VALUES:
            grouped: Counter[str] = Counter()
            for value, count in counts.items():
                grouped[value if value == UNKNOWN else value[:length]] += count
            counts = grouped
    return counts


def _fields(facts: Facts) -> Html:
    rows = [_field(column, facts) for column in facts.document.schema.fields]
    return _section("Fields", table(["field", "type", "filled", "", "from", "to"], rows, (3,)))


def _field(column: Column, facts: Facts) -> list[Html]:
    total, filled = facts.document.counts.rows, facts.filled[column.name]
    notes = ["required"] if not column.nullable else []
    notes += [f"{name}: {value}" for name, value in sorted(column.constraints.items())]
    notes += [f"deprecated: {column.deprecated}"] if column.deprecated else []
    low, high = facts.bounds.get(column.name, (None, None))
    stored = [element("small", text(column.arrow_type, 60))] if column.arrow_type != column.type else []
    return [
        joined([element("b", text(column.name)), *_small(column.description), *_small("; ".join(notes), "held")]),
        joined([text(column.type), *stored]),
        bar(filled, total),
        text(percent(filled, total)),
        _bound(low, column.type),
        _bound(high, column.type),
    ]


def _small(words: str, kind: str = "said") -> list[Html]:
    return [element("small", text(words), class_=kind)] if words else []


def _bound(value: Any, kind: str) -> Html:
    if value is None:
        return text("")
    words = f"{value:,}" if isinstance(value, int | float) else str(value)
    cut = text(words, 40)
    return cut if kind in _WORDS else element("span", cut, class_="whole")


def _flaws(facts: Facts) -> Iterator[Html]:
    counts = facts.document.counts
    if counts.flags:
        words = _paragraph("Rows that were published with a flaw.")
        yield _section("Flags", words, _ranking(counts.flags, "duplicates", "rows", whole=counts.rows))
    if counts.violations:
        words = _paragraph("Pages that break a constraint, whatever became of them.")
        yield _section("Violations", words, _ranking(counts.violations, "rejected", "pages", whole=counts.read))


def _inputs(facts: Facts) -> Html:
    """Those with the most rejects first where there are too many to show all."""
    inputs = facts.document.inputs
    shown: Sequence[InputEntry] = inputs
    if len(inputs) > _MOST_INPUTS:
        ranked = sorted(inputs, key=lambda entry: (-sum(entry.rejected.values()), entry.name))
        shown = ranked[:_MOST_INPUTS]
    rows = [_input(entry) for entry in shown]
    head = ["input", "", "size", "read", "rows", "rejected", "filtered", "duplicates", "other records"]
    inner = [table(head, rows, range(2, len(head)))]
    if len(inputs) > len(shown):
        inner.append(_paragraph(f"and {len(inputs) - len(shown):,} more, with fewer rejects; _manifest.json has all."))
    return _section("Inputs", *inner)


def _input(entry: InputEntry) -> list[Html]:
    rejected, filtered = sum(entry.rejected.values()), sum(entry.filtered.values())
    parts = [("rows", entry.rows), ("rejected", rejected), ("filtered", filtered), ("duplicates", entry.duplicates)]
    numbers = [entry.read, entry.rows, rejected, filtered, entry.duplicates, sum(entry.skipped.values())]
    name = joined([text(entry.name), element("small", text(f"{entry.format}, sha256 {entry.sha256[:16]}"))])
    return [name, stacked(parts, entry.read), text(size(entry.bytes)), *(text(f"{number:,}") for number in numbers)]


def _made_of(facts: Facts) -> Html:
    document = facts.document
    about, schema = document.dataset, document.schema
    levels = [f"{level.name} ({level.unit} of {level.field})" for level in schema.partition_by]
    entries = [
        ("Name", about.name),
        ("License", about.license),
        ("Creator", about.creator),
        ("Home", about.url),
        ("Published", about.date_published),
        ("Partitioned by", ", ".join(levels)),
        ("Sorted by", ", ".join(schema.sort_by)),
        ("Unique by", ", ".join(schema.primary_key)),
        ("Schema", schema.fingerprint),
        ("Config", f"sha256:{document.build.config_sha256}"),
        ("Manifest", facts.digest and f"sha256:{facts.digest}"),
        ("Made by", ", ".join(f"{name} {version}" for name, version in sorted(document.build.tool.items()))),
    ]
    lines = [line.strip() for line in load_lines(Path(), [level.name for level in schema.partition_by])]
    return _section(
        "What it is",
        _list([(name, text(value)) for name, value in entries if value]),
        element("h3", text("Load it, in its folder")),
        element("pre", joined([text(line) for line in lines], "\n")),
    )
