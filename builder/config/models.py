"""The configuration as frozen models: what a job file and a site file may say, with defaults filled in.

The models decide the *shape* of a config: keys, YAML types, ranges. What needs more than one place at a time (does this
field exist, does this pattern compile) is decided in `check`; files, positions and messages are `load`.
Attribute names are the YAML keys. The models pickle, and `model_dump(mode="json")` is plain data to hash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from builder.config.settings import FROZEN, About, Limits, Thresholds, WriteOptions
from builder.config.values import (
    LARGEST_ID,
    SOURCES,
    AsField,
    AsPartition,
    Auto,
    Domain,
    FieldType,
    Length,
    Many,
    Name,
    Names,
    NullWord,
    PathText,
    Patterns,
    Scalar,
    Text,
    Unique,
    Value,
    Version,
    one_or_many,
    path_or_input,
    refuse,
    source_problem,
)
from builder.records import Action, DumpOptions
from builder.storage.place import Place

_OPTIONS = DumpOptions()


class Rule(BaseModel):
    """Where a value stands (exactly one of SOURCES), and what is done with what is found there."""

    model_config = FROZEN

    css: Text | None = None
    xpath: Text | None = None
    line: Text | None = None
    jsonld: Text | None = None
    meta: Text | None = None
    microdata: Text | None = None
    header: Text | None = None
    capture: Literal["fetched_at", "http_status", "page_url", "record_id", "input"] | None = None
    url: Text | None = None
    auto: Auto | None = None
    const: Value | None = None

    attr: Text | None = None
    pattern: Text | None = None
    date: Text | None = None
    decimal: Literal[".", ","] | None = None
    """The decimal mark of numbers, where a page writes them as others write thousands."""
    split: Text | None = None
    drop: Patterns = ()
    until: Text | None = None
    value: Value | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Rule:
        problem = source_problem(self.__dict__)
        if problem:
            refuse(problem)
        return self

    @property
    def source(self) -> str:
        """Which of SOURCES this rule takes its values from."""
        return next(source for source in SOURCES if getattr(self, source) is not None)

    @property
    def argument(self) -> Scalar:
        """What is given to the source: the selector, the path, the pattern, ..."""
        argument: Scalar = getattr(self, self.source)
        return argument


OneOrMany = BeforeValidator(one_or_many, json_schema_input_type=Rule | tuple[Rule, ...])
Rules = Annotated[tuple[Rule, ...], Many, Field(min_length=1), OneOrMany]


class InputSpec(BaseModel):
    """One entry of `inputs`: which files, and how to read them."""

    model_config = FROZEN

    path: PathText
    """A file, folder or URL, or a pattern with `*`, `**`, `?` and `[...]`."""
    format: Literal["warc", "folder", "zip", "tar", "jsonl", "parquet"] | None = None
    """What it is, where neither its bytes nor its name tell: warc, folder, zip, tar, jsonl or parquet."""
    html: Text = _OPTIONS.html
    """Key or column of the HTML, in JSON Lines and Parquet."""
    url: Text = _OPTIONS.url
    """Key or column of the URL as captured, in an index too."""
    fetched_at: Text = _OPTIONS.fetched_at
    """Key or column of the time of capture, in an index too."""
    http_status: Text = _OPTIONS.http_status
    """Key or column of the HTTP status, in an index too."""
    content_type: Text = _OPTIONS.content_type
    """Key or column of the content type, in an index too."""
    index: str | None = None
    """Folder, zip and tar: name of the index in it, where it is neither `index.csv` nor `index.jsonl`; `""`: none."""
    pages: Annotated[tuple[Text, ...], Many, Field(min_length=1)] = _OPTIONS.pages
    """Folder, zip and tar: patterns, in lower case, of the names of pages; other files are skipped."""
    verify_digests: bool = _OPTIONS.verify_digests
    """WARC: whether records are held to their own digests."""
    on_bad_input: Literal["reject", "fail"] = "reject"
    """What damage becomes: rejects, or with `fail` the end of the build."""


PathOrInput = Annotated[InputSpec, BeforeValidator(path_or_input, json_schema_input_type=InputSpec | str)]


class FieldSpec(BaseModel):
    """One field of the dataset. What is None here the catalogue says, and constraints that are None do not hold."""

    model_config = FROZEN

    name: Name
    type: FieldType | None = None
    description: str | None = None
    required: bool | None = None
    id: Annotated[int, Field(gt=0, le=LARGEST_ID)] | None = None
    """What readers know the column by, whatever it is called; without one it follows from the name."""
    renamed_from: Name | None = None
    """The first name that the field had, from which its id follows."""
    aliases: Annotated[tuple[Name, ...], Many, Unique] = ()
    """Old names under which the column is written as well, deprecated, until readers have changed over."""
    origin_as: Name | None = None
    """The name of a column that says where each value stood: `jsonld:headline`, `h1`, `css:.headline`."""
    deprecated: Text | None = None
    """Why, and what to use instead; a field that is announced like this may go with the next major version."""
    unique: bool = False
    min: Value | None = None
    max: Value | None = None
    min_length: Length | None = None
    max_length: Length | None = None
    pattern: Text | None = None
    one_of: Annotated[tuple[Value, ...], Many, Field(min_length=1)] | None = None
    not_after: Literal["captured"] | None = None
    on_violation: Annotated[Action, NullWord] = "reject"
    rules: Rules | None = None


class Select(BaseModel):
    """Which records become rows, by the value of one field."""

    model_config = FROZEN

    min: Value | None = None
    """The value is at least this; of a timestamp its day in UTC, where this is a day."""
    max: Value | None = None
    """The value is at most this; of a timestamp its day in UTC, where this is a day."""
    one_of: Annotated[tuple[Value, ...], Many, Field(min_length=1)] | None = None
    """The value is one of these."""
    required: bool = False
    """There is a value, which the others ask for as well."""


class PartitionBy(BaseModel):
    """One level of folders: `name` is the partition column."""

    model_config = FROZEN

    name: Name
    field: Name
    unit: Literal["value", "year", "month", "day"]


class Duplicates(BaseModel):
    """Rows with the same values in all of `by` are one; `keep` says which."""

    model_config = FROZEN

    by: Names
    keep: Literal["latest", "earliest", "longest"] = "latest"


class JobConfig(BaseModel):
    """A job file. Paths are as written, relative to the file."""

    model_config = FROZEN

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=200)]
    version: Version = "1.0.0"
    """Semantic version of the schema."""
    description: str | None = None
    inputs: Annotated[tuple[PathOrInput, ...], Many, Field(min_length=1)]
    sites: PathText | None = None
    rules: Mapping[str, Rules] = {}
    fields: Annotated[tuple[Annotated[FieldSpec, AsField], ...], Many, Field(min_length=1)] | None = None
    select: Mapping[str, Select] = {}
    partition_by: Annotated[tuple[Annotated[PartitionBy, AsPartition], ...], Many] = ()
    sort_by: Names = ()
    duplicates: Duplicates | None = None
    thresholds: Thresholds = Thresholds()
    limits: Limits = Limits()
    write: WriteOptions = WriteOptions()
    about: About = About()
    exports: Annotated[tuple[Literal["readme", "datapackage", "croissant", "odcs", "report"], ...], Many, Unique] = ()
    """Files that are written beside the manifest."""
    output: PathText


class Profile(BaseModel):
    """Where one site's values stood until `valid_until`."""

    model_config = FROZEN

    name: Text = ""
    """Filled in by `load` where the file does not say: `<file>@<position>`."""
    valid_until: dt.date | None = None
    timezone: str | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    fields: Mapping[str, Rules] = {}


class SiteFile(BaseModel):
    """A file of profiles for some domains."""

    model_config = FROZEN

    file: SkipJsonSchema[str] = Field(default="", validation_alias="\0")
    """The file's name without its ending; set by `load`, no key that a file could hold."""
    domains: Annotated[tuple[Domain, ...], Many, Field(min_length=1), Unique]
    profiles: Annotated[tuple[Profile, ...], Many, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A job with everything that it names."""

    path: Place
    """The config file, resolved."""
    job: JobConfig
    sites: tuple[SiteFile, ...]
    """Sorted by file name."""
    inputs_at: tuple[str, ...] = ()
    """For every entry of `inputs` where it stands: `file:line:column`, or the `--set` that gives it."""
