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

from pydantic import BaseModel, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from builder.config.rulespec import Rules
from builder.config.settings import FROZEN, About, Limits, Thresholds, WriteOptions
from builder.config.values import (
    LARGEST_ID,
    AsField,
    AsPartition,
    Domain,
    FieldType,
    Length,
    Many,
    Name,
    Names,
    NullWord,
    PathText,
    Text,
    Unique,
    Value,
    Version,
    path_or_input,
)
from builder.records import Action, DumpOptions
from builder.storage.place import Place

_OPTIONS = DumpOptions()


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
    """The column."""
    type: FieldType | None = None
    """What its values are; a field of the catalogue has its type from there, every other needs one."""
    description: str | None = None
    """What readers are told of the column; of a field of the catalogue the catalogue's words."""
    required: bool | None = None
    """Whether a page without a value is a reject; of a field of the catalogue what that says, else `false`."""
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
    """Whether no two rows may have the same value."""
    min: Value | None = None
    """Values are at least this."""
    max: Value | None = None
    """Values are at most this."""
    min_length: Length | None = None
    """Texts have at least so many characters, lists so many entries."""
    max_length: Length | None = None
    """Texts have at most so many characters, lists so many entries."""
    pattern: Text | None = None
    """RE2: it is found in every text, anywhere unless it is tied by `^` and `$`."""
    one_of: Annotated[tuple[Value, ...], Many, Field(min_length=1)] | None = None
    """Values, or all entries of a list, are among these."""
    not_after: Literal["captured"] | None = None
    """With `captured`: a date or time is not after the capture of the page, where that is known."""
    on_violation: Annotated[Action, NullWord] = "reject"
    """What becomes of a page whose value breaks a constraint: reject, null, keep or fail."""
    rules: Rules | None = None
    """Where the value stands, on every site whose profile does not say; the first rule with a valid value wins."""


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
    """The partition column."""
    field: Name
    """The field that its values follow from."""
    unit: Literal["value", "year", "month", "day"]
    """What of the field they are: the value itself, or its year, month or day."""


class Duplicates(BaseModel):
    """Rows with the same values in all of `by` are one; `keep` says which."""

    model_config = FROZEN

    by: Names
    """Fields; rows that lack one of them are duplicates of none."""
    keep: Literal["latest", "earliest", "longest"] = "latest"
    """The row of the latest or the earliest capture, or with the longest text; of equals the first in the inputs."""


class JobConfig(BaseModel):
    """A job file. Paths are as written, relative to the file."""

    model_config = FROZEN

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=200)]
    """What the dataset is called: lower-case letters, digits, `_` and `-`."""
    version: Version = "1.0.0"
    """Semantic version of the schema."""
    description: str | None = None
    """What the dataset is, in words for its readers."""
    inputs: Annotated[tuple[PathOrInput, ...], Many, Field(min_length=1)]
    """The dumps: paths and patterns, or mappings that say how to read them."""
    sites: PathText | None = None
    """Folder of site files, one a site."""
    rules: Mapping[str, Rules] = {}
    """Rules by field, for pages of all sites: `{title: [{css: h1}]}`; `rules` of the field go before."""
    fields: Annotated[tuple[Annotated[FieldSpec, AsField], ...], Many, Field(min_length=1)] | None = None
    """The columns in their order: names, or mappings of a name to its settings; left out, the whole catalogue."""
    select: Mapping[str, Select] = {}
    """Which records become rows, by field; the others are counted as filtered."""
    partition_by: Annotated[tuple[Annotated[PartitionBy, AsPartition], ...], Many] = ()
    """Folders of the dataset, the outermost first."""
    sort_by: Names = ()
    """Fields by which the rows of a partition are sorted."""
    duplicates: Duplicates | None = None
    """Which rows are one; left out, every page is a row."""
    thresholds: Thresholds = Thresholds()
    """What must hold of the dataset, or nothing is published."""
    limits: Limits = Limits()
    """What one page may cost, and how the work is cut."""
    write: WriteOptions = WriteOptions()
    """How files are cut and compressed."""
    about: About = About()
    """What exports say of the dataset and its makers."""
    exports: Annotated[tuple[Literal["readme", "datapackage", "croissant", "odcs", "report"], ...], Many, Unique] = ()
    """Files that are written beside the manifest."""
    output: PathText
    """Folder of the dataset, on a disk or in a store."""


class Profile(BaseModel):
    """Where one site's values stood until `valid_until`."""

    model_config = FROZEN

    name: Text = ""
    """What the column `profile` calls it; left out, the name of the file and its position in it: `news.example@1`."""
    valid_until: dt.date | None = None
    """The last day of capture that the profile is for; the last profile may lack it, and is for all later ones."""
    timezone: str | None = None
    """IANA name, like `Europe/Berlin`: of times without a zone, and of the calendar day."""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    """Tag, like `de` or `en-US`, that dates are read by; left out, what the page declares."""
    fields: Mapping[str, Rules] = {}
    """Rules by field."""


class SiteFile(BaseModel):
    """A file of profiles for some domains."""

    model_config = FROZEN

    file: SkipJsonSchema[str] = Field(default="", validation_alias="\0")
    """The file's name without its ending; set by `load`, no key that a file could hold."""
    domains: Annotated[tuple[Domain, ...], Many, Field(min_length=1), Unique]
    """The site's domains; each is for its subdomains too, but for those that another file names."""
    profiles: Annotated[tuple[Profile, ...], Many, Field(min_length=1)]
    """What the site looked like, the earliest first."""


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
