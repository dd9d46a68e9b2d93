"""What a config promises, in the words of the manifest: columns, layout, and what the dataset is about.

A dataset that is built says the same of itself, so that one can be held against the other.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from builder.compiled import Job
from builder.contract.stated import stated_schema
from builder.contract.terms import columns_of, key_of, levels_of
from builder.errors import ConfigError
from builder.receipts import Part
from builder.schema import fingerprint, numbered
from builder.write.document import About, SchemaSection


class Described(NamedTuple):
    """A dataset that is built or will be: what exports are made of."""

    about: About
    schema: SchemaSection
    files: Sequence[Part] = ()
    """Empty where it is not built."""
    rows: int | None = None


def promised(job: Job) -> Described:
    """The dataset that a job will make."""
    return Described(about_of(job), schema_of(job))


def about_of(job: Job) -> About:
    """Name, version and the config's `about`."""
    config = job.config
    about = config.about
    return About(
        name=config.name,
        version=config.version,
        description=config.description,
        title=about.title,
        license=about.license,
        url=about.url,
        creator=about.creator,
        date_published=about.date_published.isoformat() if about.date_published else None,
        citation=about.citation,
        keywords=about.keywords,
    )


def schema_of(job: Job) -> SchemaSection:
    """The columns, and how rows are laid out."""
    return SchemaSection(
        fields=columns_of(job),
        partition_by=levels_of(job),
        primary_key=key_of(job),
        sort_by=job.config.sort_by,
        fingerprint=schema_fingerprint(job),
        arrow_schema_base64=base64.b64encode(file_schema(job).serialize().to_pybytes()).decode("ascii"),
    )


def schema_fingerprint(job: Job) -> str:
    """The fingerprint of a job's schema and partitioning."""
    return fingerprint(job.fields, [(level.name, f"{level.unit}:{level.field}") for level in job.config.partition_by])


def file_schema(job: Job) -> pa.Schema:
    """The columns inside the files: a field that is a partition column itself stands in the path alone."""
    in_path = {level.name for level in job.config.partition_by}
    return pa.schema([numbered(field.arrow, field.id) for field in job.fields if field.name not in in_path])


def arrow_schema_of(described: Described) -> pa.Schema:
    """The exact schema of the files.

    Raises:
        ConfigError: a manifest states none.

    """
    schema = stated_schema(described.schema)
    if schema is None:
        raise ConfigError("schema.arrow_schema_base64 of the manifest is no schema; restore it, or build again")
    return schema
