"""Daft's part of the reader tests, run by an interpreter of its own.

    DATA TARGET [COLUMN[=VALUE] ...]    what Daft reads goes to TARGET, an Arrow file

It imports nothing of this project: Daft wants another pyarrow than the builder.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import pyarrow as pa


def main(data: str, target: str, *columns: str) -> None:
    """Read as a Daft user does, who may say which columns are text, and which value of one is wanted."""
    daft = import_module("daft")  # here, for doctests are looked for in this module too
    named = [column.partition("=") for column in columns]
    schema = {name: daft.DataType.string() for name, _, _ in named}
    frame = daft.read_parquet(f"{data}/**/*.parquet", hive_partitioning=True, schema=schema or None)
    for name, wanted, value in named:
        frame = frame.where(daft.col(name) == value) if wanted else frame
    table = frame.to_arrow()
    with pa.OSFile(target, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # the rows are on disk: Daft's threads have been seen to abort an interpreter that was shutting down
