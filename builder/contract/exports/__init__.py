"""Exports: the schema of a dataset in the words of others. To add one: a function and a line in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

from builder.config.values import EXPORT_NEEDS
from builder.contract.exports.arrow import arrow_message, parquet_message
from builder.contract.exports.odcs import odcs
from builder.contract.exports.packages import croissant, data_package
from builder.contract.exports.readme import readme
from builder.contract.exports.rows import row_schema
from builder.contract.exports.sql import duckdb_ddl, spark_ddl
from builder.contract.promise import Described
from builder.errors import ConfigError


class Export(NamedTuple):
    """A kind of export."""

    make: Callable[[Described], bytes]
    meaning: str
    file: str | None = None
    """What it is called beside the manifest, for those that the config's `exports` may name."""
    needs: Sequence[str] = ()
    """Keys of `about`, or `description`, or `files`: what cannot be left out."""


EXPORTS: Mapping[str, Export] = {
    "arrow": Export(arrow_message, "Arrow schema of the files, an IPC message"),
    "json-schema": Export(row_schema, "JSON Schema (2020-12) of one row"),
    "parquet": Export(parquet_message, "Parquet schema of the files, `message schema {...}`"),
    "duckdb": Export(duckdb_ddl, "CREATE TABLE for DuckDB"),
    "spark": Export(spark_ddl, "CREATE TABLE for Spark"),
    "readme": Export(readme, "README with what Hugging Face `load_dataset(OUT)` needs", "README.md"),
    "datapackage": Export(data_package, "Data Package v2, of a built dataset alone", "datapackage.json", ("files",)),
    "croissant": Export(
        croissant,
        "Croissant 1.1",
        "croissant.json",
        ("description", *EXPORT_NEEDS["croissant"]),
    ),
    "odcs": Export(odcs, "Open Data Contract Standard 3.1", "contract.odcs.yaml"),
}


def exported(described: Described, kinds: Sequence[str]) -> dict[str, bytes]:
    """The files beside the manifest that the config's `exports` names: name -> content.

    Raises:
        ConfigError: as `export`.

    """
    return {EXPORTS[kind].file or kind: export(described, kind) for kind in kinds}


def export(described: Described, kind: str) -> bytes:
    """The bytes of an export. Equal for equal datasets.

    Raises:
        ConfigError: the dataset lacks what such a document must say.

    """
    said = {**asdict(described.about), "files": described.files}
    missing = [name for name in EXPORTS[kind].needs if not said[name]]
    if missing == ["files"]:
        raise ConfigError(f"{kind} names the files; give the folder of a built dataset instead of a config")
    if missing:
        keys = ", ".join(name if name == "description" else f"about.{name}" for name in missing)
        raise ConfigError(f"{kind} needs {keys}; add them to the config")
    return EXPORTS[kind].make(described)
