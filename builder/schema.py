"""Fields: what a value is. Name, type, how raw strings become such a value, and the Arrow schema of all.

The schema comes from the config alone, never from what the pages hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pyarrow as pa

from builder.catalogue import CATALOGUE
from builder.config.models import FieldSpec, JobConfig
from builder.config.values import derived_id
from builder.constraints import KINDS
from builder.fieldtypes import TYPES, as_stated
from builder.normalize.dateorder import Orders
from builder.normalize.dates import Moment, parse_date
from builder.normalize.language import parse_language
from builder.normalize.numbers import parse_boolean, parse_integer, parse_number
from builder.normalize.text import clean_line, clean_text
from builder.normalize.urls import canonical_url
from builder.records import Action, Figure

LINK = pa.struct([pa.field("url", pa.string(), nullable=False), pa.field("text", pa.string())])
SOURCE = pa.struct(
    [
        pa.field("input", pa.string(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
        pa.field("length", pa.int64(), nullable=False),
        pa.field("record_id", pa.string()),
    ]
)


class Context(NamedTuple):
    """What reading a value may depend on besides the value: all of it from the page, its profile and the rule."""

    base_url: str = ""
    zone: str | None = None
    """IANA zone of the profile."""
    language: str | None = None
    """As declared, with region."""
    orders: Orders | None = None
    """What the other dates of the page say of the order of day and month."""
    date_format: str | None = None
    """Of the rule: a strptime format."""
    decimal: str | None = None
    """Of the rule, or known of the value: the mark before the fraction of a number, `.` or `,`."""


Reader = Callable[[Sequence[str], Context], Any]


class FieldType(NamedTuple):
    """A kind of value: its Arrow type, and how the raw strings of one place of a page are read.

    `read` gives None where the strings say nothing, and raises ValueError where they say something unreadable. `plain`
    turns what was read into what Arrow stores.
    """

    arrow: pa.DataType
    read: Reader
    plain: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the dataset."""

    name: str
    type: str
    description: str
    required: bool
    id: int
    """What readers know the column by, whatever it is called."""
    deprecated: str | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    """Key of constraints.KINDS -> its argument as the config has it."""
    on_violation: Action = "reject"
    alias_of: str | None = None
    """The field that this is another name of: its values are that field's."""
    origin_of: str | None = None
    """The field of whose values this says where they stood."""

    @property
    def is_read(self) -> bool:
        """Whether its values are looked for on the page: those of aliases and origins follow from other fields."""
        return self.alias_of is None and self.origin_of is None

    @property
    def arrow(self) -> pa.Field:
        """The Arrow field. Constraints are the builder's business: a required field is simply not nullable."""
        return pa.field(self.name, FIELD_TYPES[self.type].arrow, nullable=not self.required)


def first_valid(parse: Callable[[str, Context], Any]) -> Reader:
    """A reader that takes the first of several strings that can be read; ValueError where none of them can."""

    def read(values: Sequence[str], context: Context) -> Any:
        problem: ValueError | None = None
        for value in values:
            cleaned = clean_line(value)
            if not cleaned:
                continue
            try:
                return parse(cleaned, context._replace(decimal=".") if isinstance(value, Figure) else context)
            except ValueError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return None

    return read


def _moment(value: str, context: Context) -> Moment:
    return parse_date(
        value, zone=context.zone, format=context.date_format, language=context.language, orders=context.orders
    )


def _list(values: Sequence[str], _context: Context) -> list[str] | None:
    return list(dict.fromkeys(filter(None, map(clean_line, values)))) or None


def _text(values: Sequence[str], _context: Context) -> str | None:
    return clean_text(values) or None


def _derived(_values: Sequence[str], _context: Context) -> Any:
    raise ValueError("this field is derived from the page and takes no rules")


FIELD_TYPES: Mapping[str, FieldType] = {
    "string": FieldType(pa.string(), first_valid(lambda value, _context: value)),
    "text": FieldType(pa.string(), _text),
    "integer": FieldType(pa.int64(), first_valid(lambda value, context: parse_integer(value, context.decimal))),
    "number": FieldType(pa.float64(), first_valid(lambda value, context: parse_number(value, context.decimal))),
    "boolean": FieldType(pa.bool_(), first_valid(lambda value, _context: parse_boolean(value))),
    "date": FieldType(pa.date32(), first_valid(_moment), lambda moment: moment.day),
    "timestamp": FieldType(pa.timestamp("us", tz="UTC"), first_valid(_moment), lambda moment: moment.at),
    "url": FieldType(pa.string(), first_valid(lambda value, context: canonical_url(value, context.base_url))),
    "language": FieldType(pa.string(), first_valid(lambda value, _context: parse_language(value))),
    "list<string>": FieldType(pa.list_(pa.field("item", pa.string(), nullable=False)), _list),
    "list<link>": FieldType(pa.list_(pa.field("item", LINK, nullable=False)), _derived),
    "source": FieldType(SOURCE, _derived),
}
"""Type -> Arrow type and reader. To add one: see fieldtypes.TYPES. The last two are of the catalogue alone."""


def resolve_fields(job: JobConfig) -> tuple[Field, ...]:
    """The columns of a job in the order of its config; the whole catalogue where it names none."""
    if job.fields is None:
        return tuple(
            Field(name, item.type, item.description, item.required, derived_id(name))
            for name, item in CATALOGUE.items()
        )
    fields = []
    for spec in job.fields:
        known = CATALOGUE.get(spec.name)
        made = Field(
            spec.name,
            spec.type or (known.type if known else "string"),
            spec.description if spec.description is not None else (known.description if known else ""),
            spec.required if spec.required is not None else bool(known and known.required),
            spec.id or derived_id(spec.renamed_from or spec.name),
            spec.deprecated,
            constraints_of(spec),
            spec.on_violation,
        )
        fields += [made, *(_alias(made, name) for name in spec.aliases)]
        if spec.origin_as is not None:
            words = f"Where the value of {spec.name} stood: the kind of place, a colon, its name"
            fields.append(
                Field(spec.origin_as, "string", words, False, derived_id(spec.origin_as), origin_of=spec.name)
            )
    return tuple(fields)


def long_fields(fields: Sequence[Field]) -> tuple[str, ...]:
    """The fields of long text."""
    return tuple(field.name for field in fields if TYPES[field.type].is_long)


def heavy_fields(fields: Sequence[Field]) -> tuple[str, ...]:
    """The fields of long text, and those of the catalogue that are heavy."""
    heavy = {name for name, known in CATALOGUE.items() if known.heavy}
    return tuple(field.name for field in fields if field.name in heavy or TYPES[field.type].is_long)


def _alias(field: Field, name: str) -> Field:
    """The same column under its old name, with the id and the words that it had there."""
    known = CATALOGUE.get(name)
    description = known.description if known else field.description
    return replace(field, name=name, description=description, id=derived_id(name), deprecated=f"use {field.name}",
                   alias_of=field.name)  # fmt: skip


def constraints_of(spec: FieldSpec) -> dict[str, Any]:
    """The constraints that a field of the config states, in the order of KINDS."""
    stated = {name: getattr(spec, name) for name in KINDS}
    return {name: value for name, value in stated.items() if value is not None and value is not False}


def stated(field: Field) -> dict[str, Any]:
    """The constraints of a field as JSON has them, and what becomes of a page that breaks one; {} without any."""
    if not field.constraints:
        return {}
    return {name: _jsonable(value) for name, value in field.constraints.items()} | {"on_violation": field.on_violation}


def _jsonable(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    return as_stated(value)


def numbered(field: pa.Field, number: int) -> pa.Field:
    """The field with its id in the metadata that Parquet takes it from; parts of lists and structs get ids as well."""
    kind = field.type
    if pa.types.is_list(kind):
        kind = pa.list_(_part(kind.value_field, number))
    elif pa.types.is_struct(kind):
        kind = pa.struct([_part(part, number) for part in kind])
    return pa.field(field.name, kind, field.nullable, {"PARQUET:field_id": str(number)})


def _part(field: pa.Field, number: int) -> pa.Field:
    return numbered(field, derived_id(f"{number}.{field.name}"))


def arrow_schema(fields: Sequence[Field]) -> pa.Schema:
    """The Arrow schema of rows, partition columns included, without metadata."""
    return pa.schema([field.arrow for field in fields])


def fingerprint(fields: Sequence[Field], partition_by: Sequence[tuple[str, str]]) -> str:
    """SHA-256 over names, types, nullability and partitioning, not over words: equal means equal to a reader."""
    columns = [[field.name, str(field.arrow.type), field.arrow.nullable] for field in fields]
    canonical = json.dumps([columns, [list(level) for level in partition_by]], separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
