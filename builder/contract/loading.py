"""How a dataset is loaded, as text to show: what exports and the summary of a build have in common."""

from __future__ import annotations

from builder.contract.promise import Described


def files_of_all(described: Described) -> str:
    """The pattern of all files, relative to the dataset, for tools that walk folders."""
    return "data/**/*.parquet" if described.schema.partition_by else "data/*.parquet"


def duckdb_source(data: str, levels: int) -> str:
    """What DuckDB reads a dataset from: `data` is its folder of files, `levels` that of folders in it.

    Where there are levels, folders are text: one row in `unknown` changes no type.

    >>> duckdb_source("data", 1)
    "read_parquet('data/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)"
    """
    quoted = f"{data}{'/*' * levels}/*.parquet".replace("'", "''")
    return f"read_parquet('{quoted}', hive_partitioning = true{', hive_types_autocast = false' if levels else ''})"
