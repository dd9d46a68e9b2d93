"""Terms: what a dataset promises to its readers, whoever says it: a config, a manifest, a schema file, a contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from builder.compiled import Job
from builder.config.problems import described
from builder.config.values import UNIT_TYPES
from builder.constraints import KINDS
from builder.schema import stated
from builder.write.document import Column, PartitionColumn


@dataclass(frozen=True, slots=True)
class Term:
    """What is promised of one field. None: not said."""

    name: str
    id: int | None = None
    type: str | None = None
    """A kind of value: string, url, timestamp ..."""
    arrow_type: str | None = None
    nullable: bool | None = None
    description: str | None = None
    deprecated: str | None = None
    constraints: Mapping[str, Any] | None = None
    missing: int | None = None
    """Rows without a value, where rows are known."""
    unsaid: frozenset[str] = frozenset()
    """Constraints that the source has no word for, whether they hold or not, and `deprecated` where it has none."""


@dataclass(frozen=True, slots=True)
class ConfigLines:
    """Where a config says what."""

    file: str
    fields: Mapping[str, int] = field(default_factory=dict)
    """Field -> line."""
    keys: Mapping[str, int] = field(default_factory=dict)
    """Key of the config -> line."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised of a dataset. None: not said."""

    origin: str
    """What messages call it."""
    fields: tuple[Term, ...]
    version: Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,9}){2}$")] | None = None
    partition_by: tuple[PartitionColumn, ...] | None = None
    primary_key: tuple[str, ...] | None = None
    sort_by: tuple[str, ...] | None = None
    is_open: bool = False
    """Says what must be there; there may be other fields, in any order."""
    of_files: bool = False
    """Says what stands in files; of fields that are folders alone it cannot know."""
    lines: ConfigLines | None = None


def columns_of(job: Job) -> list[Column]:
    """The fields of a job, as a manifest states them."""
    return [
        Column(
            name=field.name,
            type=field.type,
            arrow_type=str(field.arrow.type),
            nullable=field.arrow.nullable,
            description=field.description,
            id=field.id,
            deprecated=field.deprecated,
            constraints=stated(field),
        )
        for field in job.fields
    ]


def levels_of(job: Job) -> list[PartitionColumn]:
    """The partition columns of a job, as a manifest states them."""
    types = {field.name: field.type for field in job.fields}
    return [
        PartitionColumn(level.name, UNIT_TYPES.get(level.unit, types[level.field]), level.field, level.unit)
        for level in job.config.partition_by
    ]


def key_of(job: Job) -> tuple[str, ...]:
    """The fields by which no two rows are equal; empty where duplicates are not looked for."""
    return job.config.duplicates.by if job.config.duplicates else ()


def terms_of_job(job: Job, origin: str, lines: ConfigLines | None = None) -> Terms:
    """What a config promises."""
    return Terms(
        origin=origin,
        fields=tuple(term_of(column) for column in columns_of(job)),
        version=job.config.version,
        partition_by=tuple(levels_of(job)),
        primary_key=key_of(job),
        sort_by=tuple(job.config.sort_by),
        lines=lines,
    )


def term_of(column: Column, missing: int | None = None) -> Term:
    """What a manifest promises of a field."""
    return Term(
        name=column.name,
        id=column.id,
        type=column.type,
        arrow_type=column.arrow_type,
        nullable=column.nullable,
        description=column.description,
        deprecated=column.deprecated,
        constraints=column.constraints,
        missing=missing,
    )


def as_data(terms: Terms) -> dict[str, Any]:
    """The terms as JSON has them: what `schema show --json` prints, and `--against` reads."""
    data = {key: value for key, value in asdict(terms).items() if key not in ("origin", "lines")}
    for key in ("is_open", "of_files"):
        if not data[key]:
            del data[key]
    for entry in data["fields"]:
        del entry["missing"]
        entry["unsaid"] = sorted(entry["unsaid"])
        if not entry["unsaid"]:
            del entry["unsaid"]
    return {"terms": 1, **data}


def terms_of_data(data: Mapping[str, Any], origin: str) -> Terms:
    """What `as_data` gave.

    Raises:
        ValueError: it is something else; where, and what is wrong.

    """
    if data["terms"] != 1:
        raise ValueError(f"terms: {data['terms']} is newer than this build-dataset knows; update build-dataset")
    try:
        terms = _TERMS.validate_json(json.dumps({**data, "origin": origin, "lines": None}), strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        raise ValueError(f"{'.'.join(map(str, found['loc']))}: {found['msg'][:1].lower()}{found['msg'][1:]}") from error
    for number, term in enumerate(terms.fields):
        for name, value in (term.constraints or {}).items():
            check_value(name, value, f"fields.{number}.constraints.{name}")
    return terms


_TERMS = TypeAdapter(Terms)


def expect(value: object, types: type | tuple[type, ...], wanted: str, where: str) -> None:
    """Refuse a value of somebody else's file that is none of the types; true and false are no numbers.

    Raises:
        ValueError: with the place of the value, what it is and what is wanted.

    """
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        raise ValueError(f"{where}: {described(value)} where {wanted} should be")


def check_value(constraint: str, value: object, where: str) -> None:
    """Refuse the value of a constraint that nothing can be compared with.

    Raises:
        ValueError: as `expect`.

    """
    if constraint == "on_violation":
        expect(value, str, "text", where)
    elif constraint in KINDS:
        expect(value, *KINDS[constraint].stated, where)
