"""Exact duplicates: rows with the same key, of which the one with the largest rank is kept.

Frames in, frames out: which rows are held against each other at a time is decided in builder.dedup.duplicates.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from builder.write.marks import ORDINAL, RANK

LOSERS = {"split": pl.UInt32, "row": pl.UInt32}
KEYS = {"hi": pl.UInt64, "lo": pl.UInt64, "rank": pl.Int64, "split": pl.UInt32, "ordinal": pl.Int64, "row": pl.UInt32}
"""A row's key as two numbers, its rank, and where it stands: 40 bytes a row."""


def keys_of(staged: pa.Table, key: str, split: int) -> pl.DataFrame:
    """The KEYS of a split's rows that have one; `staged` holds the columns `key`, RANK and ORDINAL of all."""
    column = staged.column(key).combine_chunks()
    rows = np.flatnonzero(np.asarray(column.is_valid()))
    if not len(rows):
        return pl.DataFrame(schema=KEYS)
    present = column.take(pa.array(rows))
    halves = np.frombuffer(present.buffers()[1], dtype=">u8", count=2 * len(rows)).astype("u8").reshape(-1, 2)
    return pl.DataFrame(
        {
            "hi": halves[:, 0],
            "lo": halves[:, 1],
            "rank": staged.column(RANK).to_numpy()[rows],
            "split": np.full(len(rows), split, "u4"),
            "ordinal": staged.column(ORDINAL).to_numpy()[rows],
            "row": rows.astype("u4"),
        },
        schema=KEYS,
    )


def contest(keys: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The KEYS of the row that is kept of every key, in their order, and the LOSERS, in order of splits and rows.

    Of rows with equal keys the largest rank wins, among equal ranks the first in order of splits and of items. The
    order is total: the winners of parts of the rows, held against each other, give the winners of all.
    """
    ordered = keys.sort(
        ["hi", "lo", "rank", "split", "ordinal"],
        descending=[False, False, True, False, False],
        maintain_order=True,
    )
    lost = ((pl.col("hi") == pl.col("hi").shift(1)) & (pl.col("lo") == pl.col("lo").shift(1))).fill_null(False)
    marked = ordered.with_columns(lost.alias("lost"))
    losers = marked.filter("lost").select("split", "row").sort("split", "row")
    return marked.filter(~pl.col("lost")).drop("lost"), losers


def buckets_of(keys: pl.DataFrame, buckets: int) -> list[int]:
    """How many of the keys, which are in order, fall into each of `buckets` equal ranges of all that keys can be."""
    borders = np.array([-(-(number << 32) // buckets) << 32 for number in range(1, buckets)], dtype="u8")
    cuts = np.searchsorted(keys["hi"].to_numpy(), borders, side="left")
    return [int(count) for count in np.diff([0, *cuts.tolist(), len(keys)])]
