"""Two schemas compared: every change is one row of `rules.CHANGES`, and all of them together owe a version step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any, NamedTuple

from builder.contract.bounds import direction, held
from builder.contract.findings import Finding, Severity
from builder.contract.rules import CHANGES, CHECKS, MODES, STEPS, Mode, Step, judge
from builder.contract.terms import Term, Terms
from builder.contract.types import is_widened, same_kind

_LAYOUT_KEYS = {
    "SCHEMA_KEY_WIDENED": "duplicates",
    "SCHEMA_KEY_NARROWED": "duplicates",
    "SCHEMA_KEY_CHANGED": "duplicates",
    "LAYOUT_SORT_EXTENDED": "sort_by",
    "LAYOUT_SORT_SHORTENED": "sort_by",
    "LAYOUT_SORT_CHANGED": "sort_by",
    "LAYOUT_PARTITIONS_CHANGED": "partition_by",
    "LAYOUT_ENCODING_CHANGED": "partition_by",
}


def compare(old: Terms, new: Terms, mode: Mode = "full") -> list[Finding]:
    """What has changed from `old` to `new`, and whether the version of the schema says so.

    A breaking change is an error, unless the version has taken its major step: then readers are told, and it is a
    warning. Terms that one side does not state are not compared.

    Raises:
        ValueError: there is no such mode.

    """
    if mode not in MODES:
        raise ValueError(f"mode {mode!r}: there is {', '.join(MODES)}")
    found = list(_changes(old, new))
    steps = [judge(CHANGES[finding.rule], mode).step for finding in found]
    owed = max(steps, key=STEPS.index, default=None)
    announced = owed == "major" and _taken(old.version, new.version) == "major"
    judged = []
    for finding in found:
        verdict = judge(CHANGES[finding.rule], mode)
        severity = "warning" if announced and verdict.severity == "error" else verdict.severity
        hint = "" if severity == "note" or announced else CHANGES[finding.rule].hint
        judged.append(replace(finding, severity=severity, change=verdict.change, hint=hint))
    return [*judged, *_version(old, new, owed)]


def _changes(old: Terms, new: Terms) -> Iterator[Finding]:
    """Every change; severity and class are decided by the caller."""
    pairs = _pairs(old, new)
    folders = _folders(new, old)
    for before, after in pairs:
        if after is None and before.name in folders:
            continue  # readers add it from the path
        if after is None:
            gone = "SCHEMA_DEPRECATED_FIELD_DROPPED" if before.deprecated else "SCHEMA_FIELD_DROPPED"
            yield _finding(gone, new, before.name, before.arrow_type or before.type, None)
        else:
            yield from _field(before, after, new)
    if not old.is_open:
        yield from _arrangement(pairs, old, new)
    yield from _keys(pairs, old, new)
    yield from _layout(old, new)


def _folders(terms: Terms, other: Terms) -> set[str]:
    """The partition columns of terms; of files those of the other side, which may have been folders as well."""
    levels = other.partition_by if terms.of_files else terms.partition_by
    return {level.name for level in levels or ()}


def _arrangement(pairs: list[tuple[Term, Term | None]], old: Terms, new: Terms) -> Iterator[Finding]:
    """Fields that are new, and the order of the others."""
    kept = {after.name for _, after in pairs if after is not None}
    folders = _folders(old, new)
    for added in new.fields:
        if added.name not in kept | folders:
            rule = "SCHEMA_REQUIRED_FIELD_ADDED" if added.nullable is False else "SCHEMA_FIELD_ADDED"
            yield _finding(rule, new, added.name, None, added.arrow_type or added.type)
    order = [after.name for _, after in pairs if after is not None]
    now = [term.name for term in new.fields if term.name in kept]
    if order != now:
        yield _finding("SCHEMA_FIELD_ORDER_CHANGED", new, None, ", ".join(order), ", ".join(now))


def _pairs(old: Terms, new: Terms) -> list[tuple[Term, Term | None]]:
    """Every old field and what it is now: the field of its id, else of its name."""
    by_id = {term.id: term for term in new.fields if term.id is not None}
    by_name = {term.name: term for term in new.fields}
    moved = {by_id[term.id].name for term in old.fields if term.id is not None and term.id in by_id}
    pairs: list[tuple[Term, Term | None]] = []
    for term in old.fields:
        found = by_id.get(term.id) if term.id is not None else None
        if found is None and term.name not in moved:
            found = by_name.get(term.name)
        pairs.append((term, found))
    return pairs


def _field(old: Term, new: Term, terms: Terms) -> Iterator[Finding]:
    name = new.name
    if old.name != new.name:
        yield _finding("SCHEMA_FIELD_RENAMED", terms, name, old.name, new.name)
    elif old.id is not None and new.id is not None and old.id != new.id:
        yield _finding("SCHEMA_FIELD_REPLACED", terms, name, f"id {old.id}", f"id {new.id}")
    yield from _type(old, new, terms)
    if old.nullable is False and new.nullable:
        yield _finding("SCHEMA_FIELD_NOW_NULLABLE", terms, name, "required", "nullable")
    if old.nullable and new.nullable is False:
        rule = "SCHEMA_FILLED_FIELD_NOW_REQUIRED" if old.missing == 0 else "SCHEMA_FIELD_NOW_REQUIRED"
        yield _finding(rule, terms, name, "nullable", "required")
    if old.constraints is not None and new.constraints is not None:
        unsaid = old.unsaid | new.unsaid
        types = (old.type, new.type)
        before, after = (held(constraints, unsaid, types) for constraints in (old.constraints, new.constraints))
        yield from _constraints(name, before, after, terms)
    if new.deprecated and not old.deprecated and "deprecated" not in old.unsaid:
        yield _finding("SCHEMA_FIELD_DEPRECATED", terms, name, None, new.deprecated)
    if None not in (old.description, new.description) and old.description != new.description:
        yield _finding("SCHEMA_DESCRIPTION_CHANGED", terms, name, old.description, new.description)


def _type(old: Term, new: Term, terms: Terms) -> Iterator[Finding]:
    before, after = old.arrow_type, new.arrow_type
    if before is None or after is None:
        said, other = (old.type, new.type) if before is None else (new.type, old.type)
        if not same_kind(said, other, after or before):
            yield _finding("SCHEMA_TYPE_CHANGED", terms, new.name, before or old.type, after or new.type)
    elif before != after:
        rule = "SCHEMA_TYPE_CHANGED"
        if is_widened(before, after):
            rule = "SCHEMA_TYPE_WIDENED"
        elif is_widened(after, before):
            rule = "SCHEMA_TYPE_NARROWED"
        yield _finding(rule, terms, new.name, before, after)
    elif None not in (old.type, new.type) and old.type != new.type:
        yield _finding("SCHEMA_KIND_CHANGED", terms, new.name, old.type, new.type)


def _constraints(name: str, old: Mapping[str, Any], new: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before == after or key == "unique":  # a key, like others
            continue
        if key == "one_of" and isinstance(before, list | tuple) and isinstance(after, list | tuple):
            for rule, values in (
                ("SCHEMA_VALUE_ADDED", [value for value in after if value not in before]),
                ("SCHEMA_VALUE_REMOVED", [value for value in before if value not in after]),
            ):
                if values:
                    yield _finding(rule, terms, name, _shown(key, before), _shown(key, after))
        elif other := direction(key, before, after):
            yield _finding(other, terms, name, _shown(key, before), _shown(key, after))


def _shown(key: str, value: Any) -> str | None:
    return None if value is None else f"{key}: {value}"


def _layout(old: Terms, new: Terms) -> Iterator[Finding]:
    if old.sort_by is not None and new.sort_by is not None and old.sort_by != new.sort_by:
        shown = [", ".join(order) or "nothing" for order in (old.sort_by, new.sort_by)]
        yield _finding(_sort_rule(old.sort_by, new.sort_by), new, None, *shown)
    if old.partition_by is None or new.partition_by is None:
        return
    levels = [[astuple(level)[:4] for level in terms] for terms in (old.partition_by, new.partition_by)]
    shown = [", ".join(f"{level.name} ({level.unit} of {level.field})" for level in terms) or "nothing"
             for terms in (old.partition_by, new.partition_by)]  # fmt: skip
    if levels[0] != levels[1]:
        yield _finding("LAYOUT_PARTITIONS_CHANGED", new, None, *shown)
    elif old.partition_by != new.partition_by:
        written = [", ".join(f"{level.encoding}, missing: {level.missing}" for level in terms)
                   for terms in (old.partition_by, new.partition_by)]  # fmt: skip
        yield _finding("LAYOUT_ENCODING_CHANGED", new, None, *written)


def _keys(pairs: list[tuple[Term, Term | None]], old: Terms, new: Terms) -> Iterator[Finding]:
    """What has become of the promises that no two rows are equal in some fields: by `duplicates`, and by `unique`."""
    promised = _Promised(_promises(old), _promises(new))
    if old.primary_key is not None and new.primary_key is not None:
        rule = _key_rule(frozenset(old.primary_key), frozenset(new.primary_key), promised)
        if rule:
            shown = [", ".join(key) or "nothing" for key in (old.primary_key, new.primary_key)]
            yield _finding(rule, new, None, *shown)
    for before, after in pairs:
        if after is None or None in (before.constraints, after.constraints) or "unique" in before.unsaid | after.unsaid:
            continue
        was, now = _unique(before), _unique(after)
        rule = _key_rule(was, now, promised) if len(was) != len(now) else None
        if rule:
            yield _finding(rule, new, after.name, *("unique: True" if key else None for key in (was, now)))


class _Promised(NamedTuple):
    """All sets of fields by which rows are unique."""

    before: Sequence[frozenset[str]]
    after: Sequence[frozenset[str]]


def _promises(terms: Terms) -> list[frozenset[str]]:
    return [key for key in (frozenset(terms.primary_key or ()), *map(_unique, terms.fields)) if key]


def _unique(term: Term) -> frozenset[str]:
    """The field itself, where no other row has its value; else nothing."""
    return frozenset({term.name} if held(term.constraints or {}, frozenset(), ()).get("unique") else ())


def _key_rule(before: frozenset[str], after: frozenset[str], promised: _Promised) -> str | None:
    """What has become of a key, or of none. Rows that are unique by some fields are so by these and others."""
    lost = bool(before) and not any(key <= before for key in promised.after)
    gained = bool(after) and not any(key <= after for key in promised.before)
    if lost and gained:
        return "SCHEMA_KEY_CHANGED"
    return "SCHEMA_KEY_WIDENED" if lost else "SCHEMA_KEY_NARROWED" if gained else None


def _sort_rule(before: Sequence[str], after: Sequence[str]) -> str:
    """What has become of an order: rows that are sorted by some fields are so by the first of them."""
    if before == after[: len(before)]:
        return "LAYOUT_SORT_EXTENDED"
    return "LAYOUT_SORT_SHORTENED" if after == before[: len(after)] else "LAYOUT_SORT_CHANGED"


def _finding(rule: str, terms: Terms, field: str | None, old: str | None, new: str | None) -> Finding:
    lines = terms.lines
    line = None
    if lines is not None:
        key = _LAYOUT_KEYS.get(rule, "fields")
        line = (lines.fields.get(field) if field else None) or lines.keys.get(key) or 1
    return Finding(
        rule=rule, severity="note", message=CHANGES[rule].meaning, field=field, old=old, new=new,
        file=lines.file if lines else None, line=line,
    )  # fmt: skip


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _taken(old: str | None, new: str | None) -> Step | None:
    """The step from one version to the other; None where there is none."""
    if old is None or new is None or _numbers(new) <= _numbers(old):
        return None
    before, after = _numbers(old), _numbers(new)
    return "major" if after[0] > before[0] else "minor" if after[1] > before[1] else "patch"


def _version(old: Terms, new: Terms, owed: Step | None) -> Iterator[Finding]:
    if old.version is None or new.version is None:
        return
    if _numbers(new.version) < _numbers(old.version):
        yield _version_finding("SCHEMA_VERSION_BACK", old, new, old.version, "error")
    elif owed is not None:
        taken = _taken(old.version, new.version)
        if taken is None or STEPS.index(taken) < STEPS.index(owed):
            severity: Severity = "warning" if owed == "patch" else "error"
            yield _version_finding("SCHEMA_VERSION_STEP", old, new, _next(old.version, owed), severity)


def _next(version: str, step: Step) -> str:
    major, minor, patch = _numbers(version)
    if step == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == "minor" else f"{major}.{minor}.{patch + 1}"


def _version_finding(rule: str, old: Terms, new: Terms, wanted: str, severity: Severity) -> Finding:
    lines = new.lines
    return Finding(
        rule=rule, severity=severity, message=CHECKS[rule].meaning, field=None, old=old.version, new=new.version,
        hint=f"set `version: {wanted}` in the config",
        file=lines.file if lines else None, line=(lines.keys.get("version") or 1) if lines else None,
    )  # fmt: skip
