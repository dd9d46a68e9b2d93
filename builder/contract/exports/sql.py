"""CREATE TABLE for DuckDB and Spark. Partition columns are text: the folder of rows without a value is `unknown`."""

from __future__ import annotations

import pyarrow as pa

from builder.contract.exports.notations import NOTATIONS
from builder.contract.loading import duckdb_source
from builder.contract.promise import Described, arrow_schema_of


def duckdb_ddl(described: Described) -> bytes:
    """A table for DuckDB; the comment says how to fill it."""
    name = _double(described.about.name)
    levels = [level.name for level in described.schema.partition_by]
    columns = [
        *(
            f"{_double(field.name)} {_duckdb(field.type)}{'' if field.nullable else ' NOT NULL'}"
            for field in _of(described)
        ),
        *(f"{_double(level)} VARCHAR NOT NULL" for level in levels),
    ]
    source = duckdb_source("data", len(levels))
    lines = [
        f"-- INSERT INTO {name} BY NAME SELECT * FROM {source};",  # noqa: S608 - written, not run
        f"CREATE TABLE {name} (",
        ",\n".join(f"  {column}" for column in columns),
        ");",
        *(
            f"COMMENT ON COLUMN {name}.{_double(column.name)} IS {_text(column.description)};"
            for column in described.schema.fields
            if column.description
        ),
    ]
    return ("\n".join(lines) + "\n").encode()


def spark_ddl(described: Described) -> bytes:
    """A table for Spark; the comments say how to lay it over the files."""
    name = _back(described.about.name.replace("-", "_"))  # it takes no others
    comments = {column.name: column.description for column in described.schema.fields}
    levels = [level.name for level in described.schema.partition_by]
    columns = [
        *(_spark_column(field, comments.get(field.name, "")) for field in _of(described)),
        *(f"{_back(level)} STRING" for level in levels),
    ]
    lines = [
        f"CREATE TABLE {name} (",
        ",\n".join(f"  {column}" for column in columns),
        ")",
        "USING PARQUET",
        *([f"PARTITIONED BY ({', '.join(map(_back, levels))})"] if levels else []),
        "-- LOCATION '/where/it/lies/data'",
        *([f"-- then: MSCK REPAIR TABLE {name}"] if levels else []),
    ]
    return ("\n".join(lines) + "\n").encode()


def _of(described: Described) -> list[pa.Field]:
    return list(arrow_schema_of(described))


def _spark_column(field: pa.Field, comment: str) -> str:
    null = "" if field.nullable else " NOT NULL"
    return f"{_back(field.name)} {_spark(field.type)}{null}" + (f" COMMENT {_escaped(comment)}" if comment else "")


def _duckdb(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"{_duckdb(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{_double(part.name)} {_duckdb(part.type)}' for part in kind)})"
    return NOTATIONS[kind].duckdb


def _spark(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"ARRAY<{_spark(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"STRUCT<{', '.join(f'{_back(part.name)}: {_spark(part.type)}' for part in kind)}>"
    return NOTATIONS[kind].spark


def _double(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _back(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _escaped(value: str) -> str:
    """Spark takes a backslash for an escape."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
