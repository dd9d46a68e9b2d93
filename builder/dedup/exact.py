"""Exact duplicates: rows with the same key, of which the one with the largest rank is kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from builder.errors import naming

LOSERS = {"split": pl.UInt32, "row": pl.UInt32}


def find_losers(staged: Iterable[tuple[int, Path]]) -> pl.DataFrame:
    """The rows that are duplicates of a kept one: `split`, and `row` in its staged file, in that order.

    `staged` gives (number of the split, its staged file). Of rows with equal `_key` the largest `_rank` wins, among
    equal ranks the first in order of splits and of items. Only the three columns are held: 40 bytes a row.
    """
    frames = [_keys(number, path) for number, path in staged]
    if not frames:
        return pl.DataFrame(schema=LOSERS)
    keys = pl.concat(frames).filter(pl.col("_key").is_not_null())
    ordered = keys.sort(
        ["_key", "_rank", "split", "_ordinal"], descending=[False, True, False, False], maintain_order=True
    )
    losers = ordered.filter(pl.col("_key") == pl.col("_key").shift(1))
    return losers.select("split", "row").sort("split", "row")


def _keys(number: int, path: Path) -> pl.DataFrame:
    with naming(path):
        table = pq.read_table(path, columns=["_key", "_rank", "_ordinal"], partitioning=None)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    # A fixed-size binary has no order in polars; the same bytes as plain binary have.
    return frame.with_columns(
        pl.col("_key").cast(pl.Binary),
        pl.lit(number, pl.UInt32).alias("split"),
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
    )
