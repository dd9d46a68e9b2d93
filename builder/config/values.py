"""The values of a config: what one entry may be and how it is written, as types for `models`, `rulespec`, `settings`.

Each check takes what the YAML gave and returns what the model keeps, or refuses it with a message that says what to
write instead. Strings stay strings and numbers numbers: a value of the wrong YAML type is never converted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NoReturn, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PlainValidator, Strict
from pydantic_core import PydanticCustomError

from builder.records import Action
from builder.storage.urls import url_problem

Scalar: TypeAlias = str | int | float | bool | dt.date | dt.datetime
FieldType = Literal[
    "string", "text", "integer", "number", "boolean", "date", "timestamp", "url", "language", "list<string>"
]

SOURCES = ("css", "xpath", "line", "jsonld", "meta", "microdata", "header", "capture", "url", "auto", "const")
"""Where a rule may take its values from: a rule has exactly one of these keys."""
EXPORT_NEEDS = {"croissant": ("license", "url", "creator", "date_published")}
"""Export -> keys of `about` that it needs, besides a description."""
UNIT_TYPES = {"year": "integer", "month": "string", "day": "date"}
"""Unit of a date -> the type of a partition column that is one."""
UNITS = tuple(UNIT_TYPES)
LARGEST_ID = 2**31 - 201
"""Of a column; Iceberg keeps the numbers above for itself."""
SIZE_UNITS = {"": 1, "B": 1} | {
    prefix + suffix: base**power
    for suffix, base in (("B", 1000), ("iB", 1024))
    for power, prefix in enumerate("KMGT", start=1)
}
# Lax for the sequence alone: YAML gives lists, the models keep tuples. What stands in it is strict.
Many = Strict(False)
Text = Annotated[str, Field(min_length=1)]
Rate = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(gt=0, lt=2**31)]
Length = Annotated[int, Field(ge=0, lt=2**31)]


def derived_id(name: str) -> int:
    """The id of a column whose config gives none: of its first name alone, so that no other column matters.

    >>> derived_id("title")
    101744730
    """
    digest = hashlib.sha256(name.encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % 2**30


def refuse(message: str) -> NoReturn:
    """Raise the error of a validator; `message` says what is wrong and what to write."""
    raise PydanticCustomError("config", "{message}", {"message": message})


def parse_size(value: object) -> int:
    """Bytes of a size as written: a whole number, or a number with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.

    >>> parse_size("16MiB"), parse_size("1.5 GB"), parse_size(1000)
    (16777216, 1500000000, 1000)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    else:
        found = (
            re.fullmatch(r"([0-9]{1,15})(?:\.([0-9]{1,3}))? ?([kKMGT]?i?B|)", value) if isinstance(value, str) else None
        )
        unit = SIZE_UNITS.get(found[3].replace("k", "K")) if found else None
        if found is None or unit is None:
            refuse("not a size; write a whole number of bytes, or 16MiB, 2GB")
        decimals = found[2] or ""
        size, rest = divmod(int(found[1] + decimals) * unit, 10 ** len(decimals))
        if rest:
            refuse("not a whole number of bytes")
    if not 0 < size < 2**60:
        refuse("a size must be more than 0 and less than 2**60 bytes")
    return size


def source_problem(keys: Mapping[str, object]) -> str | None:
    """Say what is wrong with the sources among a rule's keys; None when there is exactly one.

    >>> source_problem({"css": "h1", "xpath": "//h1"})
    'a rule has one source, this one has css and xpath; make it two rules'
    """
    given = [source for source in SOURCES if keys.get(source) is not None]
    if len(given) == 1:
        return None
    if given:
        return f"a rule has one source, this one has {' and '.join(given)}; make it two rules"
    return f"a rule needs a source: one of {', '.join(SOURCES)}"


def _scalar(value: object) -> object:
    if not isinstance(value, get_args(Scalar)):
        refuse("give one value here, not a list, a mapping or nothing")
    if isinstance(value, float) and not math.isfinite(value):
        refuse("not a finite number")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        refuse("a whole number of more than 64 bits")
    return value


def _path(value: str) -> str:
    """Paths are kept as written; refused is what a shell would have replaced, and what no file system should hold."""
    if not value.strip():
        refuse("an empty path")
    if not value.isprintable():
        refuse("a path with a control character")
    if (problem := url_problem(value)) is not None:
        refuse(problem)
    if value.startswith("~") or "${" in value:
        refuse("~ and ${...} are not replaced; write the path out, relative to this file, or give it with --set")
    return value


def one_or_many(value: object) -> object:
    """Let a single rule or pattern stand for a list of one."""
    return (value,) if isinstance(value, dict | str | BaseModel) else value


def path_or_input(value: object) -> object:
    """Let the bare path of an input stand for `{path: ...}`."""
    return {"path": value} if isinstance(value, str) else value


def rate_or_rates(value: object) -> object:
    """Let a single rate stand for `{total: ...}`, and null for no rate."""
    return value if isinstance(value, dict) else {} if value is None else {"total": value}


def _field(value: object) -> object:
    """`url` or `{url: {required: true}}` -> the keys of a FieldSpec."""
    if isinstance(value, BaseModel):
        return value
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict) or len(value) != 1:
        refuse("a field is a name, or a mapping of one name to its settings: `- title: {required: true}`")
    ((name, settings),) = value.items()
    if settings is None:
        refuse(f"no settings given; write `- {name}`, or `- {name}: {{required: true}}`")
    if not isinstance(settings, dict):
        refuse(f"the settings of a field are a mapping: `- {name}: {{required: true}}`")
    if "name" in settings:
        refuse('unknown key "name"; the name of a field stands before its settings')
    return {**settings, "name": name}


def _partition(value: object) -> object:
    """`site`, `{month: published_date}` or `{value: site, as: paper}` -> the keys of a PartitionBy."""
    if isinstance(value, BaseModel):
        return value
    if isinstance(value, str):
        return {"name": value, "field": value, "unit": "value"}
    if isinstance(value, dict):
        parts = {key: part for key, part in value.items() if key != "as"}
        ((unit, field),) = parts.items() if len(parts) == 1 else [("", None)]
        if isinstance(field, str) and (unit in UNITS or (unit == "value" and "as" in value)):
            return {"name": value.get("as", unit), "field": field, "unit": unit}
    refuse("partition by a field name, or by {year: field}, {month: field}, {day: field} or {value: field, as: name}")


def _null_word(value: object) -> object:
    """YAML reads the bare word null as nothing; here it is the name of an action."""
    return "null" if value is None else value


def _domain(value: str) -> str:
    host = value.lower()
    if not host.isascii():
        refuse("write the domain in its ASCII form (xn--...)")
    label = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
    if len(host) > 253 or not re.fullmatch(rf"{label}(\.{label})*", host):
        refuse("not a domain; write `example.com`, without scheme, path, port or *")
    return host


def _auto(value: object) -> object:
    if value is True or isinstance(value, str):
        return value
    refuse("write `auto: true`, or `auto: <field>` for the generic value of another field")


def _name(value: str) -> str:
    if not re.fullmatch(r"(?!__)[a-z_][a-z0-9_]{0,62}", value):
        refuse("not a field name; write at most 63 of a-z, 0-9 and _, beginning with a letter or one _")
    return value


def _unique(value: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted(name for name, times in Counter(value).items() if times > 1)
    if twice:
        refuse(f"{', '.join(twice)} stands here more than once")
    return value


def _version(value: str) -> str:
    if not re.fullmatch(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}", value):
        refuse("not a version; write three numbers like 1.4.0")
    return value


Name = Annotated[str, AfterValidator(_name)]
Names = Annotated[tuple[Name, ...], Many, Field(min_length=1), AfterValidator(_unique)]
PathText = Annotated[str, AfterValidator(_path)]
Bytes = Annotated[int, BeforeValidator(parse_size, json_schema_input_type=int | str)]
Rates = Annotated[Mapping[str, Rate], BeforeValidator(rate_or_rates, json_schema_input_type=Rate | dict[str, Rate])]
Value = Annotated[Scalar, PlainValidator(_scalar, json_schema_input_type=str | int | float | bool)]
Patterns = Annotated[tuple[Text, ...], Many, BeforeValidator(one_or_many, json_schema_input_type=str | tuple[str, ...])]
Auto = Annotated[Literal[True] | str, PlainValidator(_auto, json_schema_input_type=Literal[True] | str)]
Domain = Annotated[str, AfterValidator(_domain)]
Version = Annotated[str, AfterValidator(_version)]
NullWord = BeforeValidator(_null_word, json_schema_input_type=Action | None)
AsField = BeforeValidator(_field, json_schema_input_type=str | dict[str, dict[str, Any]])
AsPartition = BeforeValidator(
    _partition, json_schema_input_type=str | dict[Literal["year", "month", "day", "value", "as"], str]
)
Unique = AfterValidator(_unique)
