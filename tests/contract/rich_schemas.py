"""A config with every type and constraint, what others make of its schema, and comparisons of two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_builds import write_config

from builder.cli import cli
from builder.contract.compare import compare
from builder.contract.findings import Finding
from builder.contract.sources import load_terms

FIELDS = ["url", {"title": {"required": True}}, "published_at", "published_date", "tags", "source"]


def found(old: Path | str, new: Path | str) -> list[Finding]:
    return compare(load_terms(str(old)), load_terms(str(new)))


RICH: list[Any] = [
    {"url": {"required": True, "unique": True, "pattern": "^https://"}}, "site", "text", "links", "source", "language",
    {"title": {"min_length": 3, "max_length": 200, "deprecated": "read url"}},
    {"tags": {"max_length": 9, "one_of": ["a", "b"]}},
    {"published_at": {"min": "MOMENT", "not_after": "captured"}}, {"published_date": {"max": "DAY"}},
    {"word_count": {"min": 1, "max": 100_000}}, {"section": {"one_of": ["news", "sport"], "on_violation": "keep"}},
    {"price": {"type": "number", "min": 0.5, "rules": [{"const": 1.5}]}},
    {"wet": {"type": "boolean", "required": True, "rules": [{"const": True}]}},
]  # fmt: skip
LEVELS: list[Any] = ["language", {"month": "published_date"}, {"value": "site", "as": "paper"}]


def rich_config(folder: Path, **changes: Any) -> Path:
    """A config with every type and constraint. JSON has no times, so they are put in as YAML."""
    path = write_config(folder, **{"fields": RICH, "partition_by": LEVELS, **changes})
    text = path.read_text().replace('"MOMENT"', "1995-01-01T00:00:00Z").replace('"DAY"', "2030-01-01")
    path.write_text(text)
    return path


def exported(config: Path, kind: str, name: str) -> Path:
    path = config.parent / name
    cli.main(["schema", "export", str(config), "--to", kind, "-o", str(path)], standalone_mode=False)
    return path


def changed(name: str, **settings: Any) -> list[Any]:
    """The rich fields with other settings of one."""
    names = [field if isinstance(field, str) else next(iter(field)) for field in RICH]
    return [({name: {**(field[name] if isinstance(field, dict) else {}), **settings}} if found == name else field)
            for found, field in zip(names, RICH, strict=True)]  # fmt: skip


ODCS: dict[str, Any] = {
    "apiVersion": "v3.1.0", "kind": "DataContract", "id": "stories", "version": "4.2.0", "status": "active",
    "schema": [{"name": "stories", "properties": [
        {"name": "url", "logicalType": "string", "primaryKey": True},
        {"name": "title", "logicalType": "string", "required": True, "physicalType": "VARCHAR"},
        {"name": "published_at", "logicalType": "timestamp"},
        {"name": "published_date", "logicalType": "date", "physicalType": "date32[day]"},
        {"name": "tags", "logicalType": "array"},
    ]}],
}  # fmt: skip
