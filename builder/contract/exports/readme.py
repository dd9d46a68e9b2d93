"""The README of a dataset: for people, and the head of it for Hugging Face, whose `load_dataset` reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from builder.contract.loading import duckdb_source, files_of_all
from builder.contract.promise import Described, arrow_schema_of
from builder.write.document import Column

_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What may not stand in YAML, or ends a line in its version 1.1, and may well stand in JSON."""


def readme(described: Described) -> bytes:
    """`load_dataset(OUT)` finds the files by it, whatever else lies beside them."""
    lines = [*_head(described), "", *_body(described), ""]
    return "\n".join(lines).encode()


def _head(described: Described) -> Iterator[str]:
    about = described.about
    yield "---"
    if about.title:
        yield f"pretty_name: {_quoted(about.title)}"
    if about.license:
        known = _SPDX.fullmatch(about.license) is not None
        yield f"license: {_quoted(about.license.lower() if known else 'other')}"
        if not known:
            yield f"license_name: {_quoted(about.license)}"
    if about.keywords:
        yield f"tags: {_quoted(list(about.keywords))}"
    yield "configs:"
    yield "- config_name: default"
    yield "  data_files:"
    yield "  - split: train"
    yield f"    path: {files_of_all(described)}"
    yield "---"


def _quoted(value: str | list[str]) -> str:
    """JSON strings are YAML strings."""
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _body(described: Described) -> Iterator[str]:
    about = described.about
    yield f"# {about.title or about.name}"
    if about.description:
        yield from ("", about.description)
    facts = [f"Version {about.version} of the schema", *_facts(described)]
    yield from ("", "; ".join(facts) + ".", "")
    yield from _load_lines(described)
    yield from (
        "",
        "| column | type | | meaning |",
        "| --- | --- | --- | --- |",
    )
    inside = set(arrow_schema_of(described).names)
    for column in described.schema.fields:
        yield _row(column, inside)
    for level in described.schema.partition_by:
        if level.name not in {column.name for column in described.schema.fields}:
            meaning = f"{level.unit} of `{level.field}`; `{level.missing}` without one"
            yield f"| `{level.name}` | string | folder | {meaning} |"
    yield from (
        "",
        "Null means that the page does not say. Times are UTC. `_manifest.json` names every file and count.",
    )


def _load_lines(described: Described) -> Iterator[str]:
    """One line a tool. Where that is short it says that folders are text: one row in `unknown` changes no type."""
    levels = [level.name for level in described.schema.partition_by]
    schema = ", ".join(f'"{level}": polars.String' for level in levels)
    yield from (
        "```python",
        f'duckdb.sql("FROM {duckdb_source("data", len(levels))}")',
        'polars.scan_parquet("data"' + (f", hive_schema={{{schema}}})" if levels else ")"),
        'pandas.read_parquet("data")',
        'spark.read.parquet("data")',
        f'datasets.load_dataset("parquet", data_files="{files_of_all(described)}", split="train")',
        "```",
    )
    if levels:
        yield from (
            "",
            "By these lines folders are text to DuckDB and Polars. pandas and Spark take them for numbers, Spark for",
            "dates too, where all of them look like such. Hugging Face datasets adds no columns from folders.",
        )


def _facts(described: Described) -> Iterator[str]:
    about = described.about
    if described.rows is not None:
        yield f"{described.rows:,} rows in {len(described.files):,} files"
    if about.creator:
        yield f"by {about.creator}"
    if about.date_published:
        yield f"published {about.date_published}"
    if about.license:
        yield f"license: {about.license}"
    if about.url:
        yield f"<{about.url}>"


def _row(column: Column, inside: set[str]) -> str:
    notes = [] if column.nullable else ["required"]
    notes += [] if column.name in inside else ["folder"]
    notes += ["deprecated"] if column.deprecated else []
    meaning = column.description.replace("|", r"\|").replace("\n", " ")
    return f"| `{column.name}` | {column.type} | {', '.join(notes)} | {meaning} |"
