"""What types of stored values are called in each notation. A field type that is stored otherwise wants a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pyarrow as pa


class Notation(NamedTuple):
    """The names of one Arrow type; those of lists and structs are made of the names of what they hold."""

    json_schema: Mapping[str, Any]
    parquet: tuple[str, str]
    """Physical type, and the logical one behind the name."""
    duckdb: str
    spark: str
    odcs: tuple[str, str]
    """Logical and physical type. The physical ones are those of SQL, as tools that run contracts take them."""


NOTATIONS: Mapping[pa.DataType, Notation] = {
    pa.string(): Notation(
        json_schema={"type": "string"},
        parquet=("binary", " (STRING)"),
        duckdb="VARCHAR",
        spark="STRING",
        odcs=("string", "VARCHAR"),
    ),
    pa.int64(): Notation(
        json_schema={"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
        parquet=("int64", ""),
        duckdb="BIGINT",
        spark="BIGINT",
        odcs=("integer", "BIGINT"),
    ),
    pa.float64(): Notation(
        json_schema={"type": "number"},
        parquet=("double", ""),
        duckdb="DOUBLE",
        spark="DOUBLE",
        odcs=("number", "DOUBLE"),
    ),
    pa.bool_(): Notation(
        json_schema={"type": "boolean"},
        parquet=("boolean", ""),
        duckdb="BOOLEAN",
        spark="BOOLEAN",
        odcs=("boolean", "BOOLEAN"),
    ),
    pa.date32(): Notation(
        json_schema={"type": "string", "format": "date"},
        parquet=("int32", " (DATE)"),
        duckdb="DATE",
        spark="DATE",
        odcs=("date", "DATE"),
    ),
    pa.timestamp("us", tz="UTC"): Notation(
        json_schema={"type": "string", "format": "date-time"},
        parquet=("int64", " (TIMESTAMP(MICROS,true))"),
        duckdb="TIMESTAMP WITH TIME ZONE",
        spark="TIMESTAMP",
        odcs=("timestamp", "TIMESTAMP_TZ"),
    ),
}
