"""A config made ready for work: fields resolved, selectors and patterns compiled, profiles by domain.

Built in every process from the plain config, for nothing compiled crosses a process.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from builder.config.models import JobConfig, LoadedConfig, Profile
from builder.config.rulespec import Rule
from builder.constraints import Check, make_check
from builder.extract.candidates import Candidate
from builder.extract.metadata import AUTO
from builder.extract.page import ParseLimits
from builder.extract.profile import DatedProfile
from builder.extract.selectors import SOURCES, Source, first_group
from builder.patterns import compile_pattern
from builder.receipts import PageBudget
from builder.records import Figure, figure
from builder.schema import Field, arrow_schema, resolve_fields

EXTRACT_SECTIONS = ("rules", "fields", "select", "partition_by", "sort_by", "duplicates", "limits")
"""What of a config decides what a split yields."""
BUDGET_LIMITS = ("page_seconds", "worker_memory")
"""The `limits` that `page_budget` is made of."""
_SAYS_NO = r"^(?:false|0\.0)$"
"""What an XPath gives that found nothing, and for which no `value` is to be given."""


class CompiledRule(NamedTuple):
    """A source, and what is done with the strings that it gives."""

    source: Source
    pattern: Any
    split: str | None
    drop: tuple[Any, ...]
    until: Any
    value: str | None
    date_format: str | None
    decimal: str | None
    derived: str | None
    """For `auto`: the field to take the value of, where it follows from the page or from other fields."""


class CompiledProfile(NamedTuple):
    """What a site file says between two dates."""

    name: str
    zone: str | None
    language: str | None
    rules: Mapping[str, tuple[CompiledRule, ...]]


@dataclass(frozen=True)
class Job:
    """All that turns a page into a row."""

    config: JobConfig
    fields: tuple[Field, ...]
    schema: pa.Schema
    checks: tuple[Check, ...]
    """The constraints of the fields that have any."""
    unique: tuple[str, ...]
    """Fields of which no two rows may have the same value."""
    sites: Mapping[str, Sequence[DatedProfile[CompiledProfile]]]
    rules: Mapping[str, tuple[CompiledRule, ...]]
    """The rules of the job itself, for what a profile does not name."""
    limits: ParseLimits
    fingerprint: str
    """SHA-256 of the config: what the manifest and the rejects call it."""


@dataclass(frozen=True, slots=True)
class PackedConfig:
    """A config as it crosses processes: made once for all tasks, and read once in every process."""

    digest: str
    """SHA-256 of the bytes."""
    data: bytes
    """Of `pickle` and `zlib`."""


def pack(loaded: LoadedConfig) -> PackedConfig:
    """Serialise a config once, for all tasks to carry."""
    data = zlib.compress(pickle.dumps(loaded), 1)  # rules repeat themselves: a tenth is left
    return PackedConfig(hashlib.sha256(data).hexdigest(), data)


_COMPILED: dict[str, Job] = {}  # of this process, one at a time: compiling takes longer than a page


def compiled(config: PackedConfig) -> Job:
    """The compiled job of this process, built once a config."""
    if config.digest not in _COMPILED:
        _COMPILED.clear()
        _COMPILED[config.digest] = compile_job(pickle.loads(zlib.decompress(config.data)))  # noqa: S301 - of `pack`
    return _COMPILED[config.digest]


def compile_job(loaded: LoadedConfig) -> Job:
    """Build everything that `loaded` describes. It has been checked: nothing here fails for a user's mistake."""
    config = loaded.job
    fields = resolve_fields(config)
    own_fields = [field for field in fields if field.is_read]
    own = dict(config.rules)
    for spec in config.fields or ():
        if spec.rules is not None:
            own[spec.name] = spec.rules
    sites: dict[str, list[DatedProfile[CompiledProfile]]] = {}
    for site in loaded.sites:
        dated = [DatedProfile(profile.valid_until, _compile_profile(profile)) for profile in site.profiles]
        for domain in site.domains:
            sites[domain] = dated
    return Job(
        config=config,
        fields=fields,
        schema=arrow_schema(fields),
        checks=tuple(check for check in map(_check, own_fields) if check.rules),
        unique=tuple(field.name for field in own_fields if "unique" in field.constraints),
        sites=sites,
        rules=_compile_rules(own),
        limits=ParseLimits(config.limits.attributes, config.limits.depth, config.limits.nodes),
        fingerprint=_fingerprint(loaded),
    )


def _check(field: Field) -> Check:
    return make_check(field.name, field.required, field.on_violation, field.constraints)


def _compile_profile(profile: Profile) -> CompiledProfile:
    return CompiledProfile(profile.name, profile.timezone, profile.language, _compile_rules(profile.fields))


def _compile_rules(rules: Mapping[str, Sequence[Rule]]) -> dict[str, tuple[CompiledRule, ...]]:
    return {field: tuple(compile_rule(rule, field) for rule in listed) for field, listed in rules.items()}


def compile_rule(rule: Rule, field: str) -> CompiledRule:
    """A rule of the config as functions. `auto: true` means the generic extractor's value for the same field."""
    argument = field if rule.source == "auto" and rule.argument is True else rule.argument
    derived = str(argument) if rule.source == "auto" and argument not in AUTO else None
    is_answer = rule.source == "xpath" and rule.value is not None
    return CompiledRule(
        source=SOURCES[rule.source](_as_text(argument), rule.attr),
        pattern=compile_pattern(rule.pattern) if rule.pattern else None,
        split=rule.split,
        drop=tuple(map(compile_pattern, [*rule.drop, *([_SAYS_NO] if is_answer else [])])),
        until=compile_pattern(rule.until) if rule.until else None,
        value=None if rule.value is None else _as_text(rule.value),
        date_format=rule.date,
        decimal=rule.decimal,
        derived=derived,
    )


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return figure(value) if isinstance(value, int | float) else str(value)


def candidates(rule: CompiledRule, found_there: Iterable[Candidate]) -> Iterator[Candidate]:
    """What the options of a rule make of what its source finds; candidates without any value left are not given."""
    for found in found_there:
        values = _apply(rule, found.values)
        if values:
            yield Candidate(values, found.origin)


def _apply(rule: CompiledRule, values: list[str]) -> list[str]:
    if rule.until is not None:
        stop = next((at for at, value in enumerate(values) if rule.until.search(value)), len(values))
        values = values[:stop]
    if rule.drop:
        values = [value for value in values if not any(pattern.search(value) for pattern in rule.drop)]
    if rule.pattern is not None:
        values = [group for value in values if (group := _cut(rule.pattern, value))]
    if rule.split:
        values = [part for value in values for part in value.split(rule.split)]
    if rule.value is not None:
        values = [rule.value for _ in values]
    return values


def _cut(pattern: Any, value: str) -> str:
    """What a pattern finds in a value; of a number it is a number still."""
    found = first_group(pattern, value)
    return Figure(found) if isinstance(value, Figure) else found


def _fingerprint(loaded: LoadedConfig) -> str:
    """All of a config but where it reads and writes."""
    config = [loaded.job.model_dump(mode="json", exclude={"output", "inputs"}), extract_digest(loaded)]
    return hashlib.sha256(json.dumps(config, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def page_budget(job: JobConfig) -> PageBudget:
    """What a page may take before it is given up."""
    return job.limits.page_seconds, job.limits.worker_memory


def extract_digest(loaded: LoadedConfig) -> str:
    """SHA-256 of all of a config that decides what a split yields: not its name, output, thresholds or inputs.

    Nor what only the manifest says of a field, nor the `page_budget`: a receipt says that itself.
    """
    job = loaded.job.model_dump(mode="json", include=set(EXTRACT_SECTIONS))
    for field in job["fields"] or ():
        for name in ("id", "renamed_from", "deprecated", "description"):
            del field[name]
    for name in BUDGET_LIMITS:
        del job["limits"][name]
    sites = [site.model_dump(mode="json") for site in loaded.sites]
    return hashlib.sha256(json.dumps([job, sites], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
