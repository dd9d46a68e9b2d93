"""What is wrong with a config beyond its shape: names of fields that do not exist, options that contradict each other.

The checks read the plain data of the files, not the models, so that they find what they can in a file that has other
mistakes as well. What has the wrong shape they pass over: the models have refused it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from builder.catalogue import CATALOGUE_TYPES
from builder.config.fieldcheck import check_constraints, check_ids, is_less
from builder.config.problems import KeyPath, Problem, nearest, problem, quoted, suggest
from builder.config.rules import FOLDERS, STRUCTURED, UNORDERED, Names, check_rule, value_problem
from builder.config.values import EXPORT_NEEDS, UNITS, FieldType
from builder.fieldtypes import types_that
from builder.normalize.zones import zone_names
from builder.records import REJECT_CODES

_ORDERED = ("string", *types_that(lambda known: known.takes_bounds))
_TABLES, _INDEXED = ("jsonl", "parquet"), ("folder", "zip", "tar")
INPUT_KEYS = {
    "html": _TABLES,
    "url": (*_TABLES, *_INDEXED),
    "fetched_at": (*_TABLES, *_INDEXED),
    "http_status": (*_TABLES, *_INDEXED),
    "content_type": (*_TABLES, *_INDEXED),
    "index": _INDEXED,
    "pages": _INDEXED,
    "verify_digests": ("warc",),
}
"""Key of an input -> the formats that it is for; the others are for all."""


def check_job(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with a job file."""
    names = names_of(data)
    yield from _check_fields(data, names)
    yield from check_ids(list(_fields(data)))
    yield from _check_rules(("rules",), data.get("rules"), names)
    yield from _check_inputs(data.get("inputs"))
    yield from _check_select(data.get("select"), names)
    yield from _check_partitions(data.get("partition_by"), names)
    duplicates, thresholds = _mapping(data.get("duplicates")), _mapping(data.get("thresholds"))
    for path, entries in ((("sort_by",), data.get("sort_by")), (("duplicates", "by"), duplicates.get("by"))):
        for number, name in _texts(entries):
            yield from _check_name((*path, number), name, names)
            kind = names.dataset.get(name)
            if path == ("sort_by",) and kind in UNORDERED:
                yield problem((*path, number), f"a {kind} has no order; sort by another field")
    for code in _mapping(thresholds.get("max_reject_rate")):
        if code not in ("total", *REJECT_CODES):
            hint = suggest(code, ("total", *REJECT_CODES)) or "; write total, or a reject code"
            yield problem(("thresholds", "max_reject_rate", code), f"unknown reject code {quoted(code)}{hint}")
    for name in _mapping(thresholds.get("min_fill")):
        yield from _check_name(("thresholds", "min_fill", name), name, names)
    yield from _check_bloom(data, names)
    yield from _check_exports(data)
    if duplicates.get("keep") == "longest" and "text" not in names.dataset:
        yield problem(("duplicates", "keep"), "longest needs the field text in the dataset; add it to fields")


def _check_bloom(data: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    """Which fields can have a Bloom filter: those with values of their own inside the files."""
    in_path = [entry for entry in _list(data.get("partition_by")) if isinstance(entry, str)]
    for number, name in _texts(_mapping(data.get("write")).get("bloom")):
        path: KeyPath = ("write", "bloom", number)
        yield from _check_name(path, name, names)
        kind = names.dataset.get(name)
        if name in in_path:
            yield problem(path, f"{name} is a folder, which is found by its name")
        elif kind in (*UNORDERED, "boolean"):
            yield problem(path, f"a {kind} has no Bloom filter; it is for values to look up")


def _check_exports(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What an export needs."""
    about = _mapping(data.get("about"))
    for number, kind in _texts(data.get("exports")):
        lacks = [f"about.{key}" for key in EXPORT_NEEDS.get(kind, ()) if about.get(key) is None]
        lacks += ["description"] if kind in EXPORT_NEEDS and not data.get("description") else []
        if lacks:
            yield problem(("exports", number), f"{kind} needs {', '.join(lacks)}; add them to the config")


def names_of(data: Mapping[str, Any]) -> Names:
    """Return the fields that a job and its profiles may speak of."""
    known: dict[str, str | None] = dict(CATALOGUE_TYPES)
    dataset: dict[str, str | None] = {}
    for _, name, settings in _fields(data):
        kind = settings.get("type")
        known.setdefault(name, kind if kind in get_args(FieldType) else None)
        dataset |= dict.fromkeys([name, *(alias for _, alias in _texts(settings.get("aliases")))], known[name])
        if isinstance(told := settings.get("origin_as"), str):
            dataset[told] = "string"
    # Without fields the dataset is the catalogue. Of fields that are not readable nobody knows what they lack.
    given = _list(data.get("fields"))
    return Names(known, dataset if given and len(given) == len(list(_fields(data))) else known)


def check_site(data: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    """Yield what is wrong with a site file by itself."""
    profiles = _list(data.get("profiles"))
    called: set[str] = set()
    before: dt.date | None = None
    for number, profile in _entries(profiles):
        path: KeyPath = ("profiles", number)
        yield from _check_rules((*path, "fields"), profile.get("fields"), names)
        zone = profile.get("timezone")
        if isinstance(zone, str) and zone not in zone_names():
            yield problem((*path, "timezone"), f"unknown time zone {quoted(zone)}{suggest_zone(zone)}")
        name = profile.get("name")
        if isinstance(name, str):
            if name in called:
                yield problem((*path, "name"), f"two profiles called {quoted(name)}")
            called.add(name)
        until = profile.get("valid_until")
        if until is None and number < len(profiles) - 1:
            message = "only the last profile may lack valid_until; the ones after it would never be used"
            yield Problem((*path, "valid_until"), path, message)
        if not isinstance(until, dt.date) or isinstance(until, dt.datetime):
            continue
        if before and until <= before:
            yield problem((*path, "valid_until"), f"must be later than {before}, the one of the profile before it")
        before = until


def check_domains(files: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, Problem]]:
    """Yield, with the file, the domains claimed by more than one of `files`: name and data of each, sorted by name."""
    claimed: dict[str, str] = {}
    for file, data in files:
        for number, domain in _texts(data.get("domains")):
            first = claimed.setdefault(domain.lower(), file)
            if first != file:
                yield file, problem(("domains", number), f"{quoted(domain)} is claimed by {first} as well")


def suggest_zone(zone: str) -> str:
    """Return the zone that was meant, as `suggest`; upper and lower case do not count."""
    zones = {name.lower(): name for name in zone_names()}
    if zone.lower() in zones:
        return f"; did you mean {quoted(zones[zone.lower()])}?"
    near = {name.rpartition("/")[2]: name for name in sorted(zones)}
    city = nearest(zone.rpartition("/")[2].replace(" ", "_"), near)
    return f"; did you mean {quoted(zones[near[city]])}?" if city else "; write one like Asia/Kolkata"


def _check_fields(data: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name, settings in _fields(data):
        if name in seen:
            yield problem(path, f"{quoted(name)} stands among the fields twice")
        seen.add(name)
        if name in CATALOGUE_TYPES:
            if settings.get("type") is not None:
                kind = CATALOGUE_TYPES[name]
                yield problem((*path, "type"), f"{name} is in the catalogue, as {kind}; leave the type out")
        elif "type" not in settings:
            hint = suggest(name, CATALOGUE_TYPES)
            needs = f"{' A' if hint else '; a'} new field needs a type: `- {name}: {{type: string}}`"
            yield problem(path, f"{quoted(name)} is not in the catalogue{hint}{needs}")
        if "rules" in settings and name in _mapping(data.get("rules")):
            yield problem((*path, "rules"), f"{name} has rules under the key rules as well; keep one of them")
        yield from _check_rule_list((*path, "rules"), settings.get("rules"), name, names)
        yield from check_constraints(path, settings, name, names.known.get(name))


def _check_rules(path: KeyPath, rules: object, names: Names) -> Iterator[Problem]:
    for name, entries in _mapping(rules).items():
        if name not in names.known:
            hint = suggest(name, names.known) or "; it is neither in the catalogue nor among the job's fields"
            yield problem((*path, name), f"unknown field {quoted(name)}{hint}")
        yield from _check_rule_list((*path, name), entries, name, names)


def _check_rule_list(path: KeyPath, rules: object, name: str, names: Names) -> Iterator[Problem]:
    if rules is not None and names.known.get(name) in STRUCTURED:
        yield problem(path, f"{name} follows from the page and takes no rules")
    if isinstance(rules, dict):
        yield from check_rule(path, rules, name, names)
    for number, rule in _entries(rules):
        yield from check_rule((*path, number), rule, name, names)


def _check_inputs(inputs: object) -> Iterator[Problem]:
    for number, entry in _entries(inputs):
        kind = entry.get("format")
        for key, kinds in INPUT_KEYS.items():
            if key in entry and isinstance(kind, str) and kind not in kinds:
                yield problem(("inputs", number, key), f"only for {', '.join(kinds)}; the format here is {kind}")


def _check_select(select: object, names: Names) -> Iterator[Problem]:
    for name, condition in _mapping(select).items():
        path: KeyPath = ("select", name)
        yield from _check_name(path, name, names)
        kind, bounds = names.dataset.get(name), _mapping(condition)
        wrong = False
        for key in ("min", "max"):
            if key in bounds and kind is not None and kind not in _ORDERED:
                hint = "required" if kind in STRUCTURED else "one_of or required"
                yield problem((*path, key), f"a {kind} has no order; use {hint}")
            elif bounds.get(key) is not None:
                message = value_problem(bounds[key], kind)
                wrong = wrong or message is not None
                yield from [problem((*path, key), message)] if message else []
        if "one_of" in bounds and kind in STRUCTURED:
            yield problem((*path, "one_of"), f"nothing in a config is a {kind}; use required")
        for number, value in enumerate(_list(bounds.get("one_of"))):
            message = value_problem(value, kind)
            yield from [problem((*path, "one_of", number), message)] if message else []
        if not wrong and is_less(bounds.get("max"), bounds.get("min")):
            yield problem((*path, "max"), f"{bounds['max']} is less than min, {bounds['min']}")


def _check_partitions(partitions: object, names: Names) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(_list(partitions)):
        path: KeyPath = ("partition_by", number)
        column: Any
        field: Any
        if isinstance(entry, str):
            unit, field, column = "value", entry, entry
        else:
            parts = [(key, part) for key, part in _mapping(entry).items() if key != "as"]
            if len(parts) != 1 or parts[0][0] not in (*UNITS, "value"):
                continue
            ((unit, field),) = parts
            column = _mapping(entry).get("as", unit)
            path = (*path, unit)
        if not isinstance(field, str) or not isinstance(column, str):
            continue
        yield from _check_name(path, field, names)
        kind, allowed = names.dataset.get(field), FOLDERS[unit]
        if kind is not None and kind not in allowed:
            hint = "; write {month: " + field + "}" if kind == "timestamp" else ""
            yield problem(path, f"{field} is a {kind}; this takes {', '.join(allowed)}{hint}")
        if column in seen:
            yield problem(path, f"two levels of folders called {quoted(column)}")
        elif column.startswith("_"):
            other = f"write {{{unit}: {field}, as: {column.lstrip('_') or 'name'}}}"
            yield problem(path, f"readers pass over folders that begin with _, as {column}=... would; {other}")
        elif isinstance(entry, dict) and column in names.dataset:
            yield problem(path, f"the partition column {quoted(column)} would clash with the field of that name")
        seen.add(column)


def _check_name(path: KeyPath, name: str, names: Names) -> Iterator[Problem]:
    if name in names.dataset:
        return
    if name in names.known:
        yield problem(path, f"{quoted(name)} is not among the fields of this dataset; add it to fields")
    else:
        hint = suggest(name, names.dataset) or "; it is not among the fields"
        yield problem(path, f"unknown field {quoted(name)}{hint}")


def _fields(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, Mapping[str, Any]]]:
    """Yield place, name and settings of each field that the job names."""
    for number, entry in enumerate(_list(data.get("fields"))):
        if isinstance(entry, str):
            yield ("fields", number), entry, {}
        elif isinstance(entry, dict) and len(entry) == 1:
            ((name, settings),) = entry.items()
            yield ("fields", number, name), name, _mapping(settings)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _entries(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((number, entry) for number, entry in enumerate(_list(value)) if isinstance(entry, dict))


def _texts(value: object) -> Iterator[tuple[int, str]]:
    return ((number, entry) for number, entry in enumerate(_list(value)) if isinstance(entry, str))
