"""Exact duplicates: rows with the same key, of which the one with the largest rank is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from builder.errors import naming
from builder.storage.place import Place
from builder.write.parquet import read_table

LOSERS = {"split": pl.UInt32, "row": pl.UInt32}


def find_losers(staged: Iterable[tuple[int, Place]]) -> pl.DataFrame:
    """The rows that are duplicates of a kept one: `split`, and `row` in its staged file, in that order.

    `staged` gives (number of the split, its staged file). Of rows with equal `_key` the largest `_rank` wins, among
    equal ranks the first in order of splits and of items. Only the three columns are held: 40 bytes a row.
    """
    return _not_first(pl.DataFrame(schema=LOSERS), staged, "_key")


def find_clashes(staged: Sequence[tuple[int, Place]], lost: pl.DataFrame, field: str) -> pl.DataFrame:
    """The rows, `lost` ones apart, that have the value of a row before them in a unique field: `split`, `row`.

    Which of them is the first is decided as among duplicates.
    """
    return _not_first(lost, staged, f"_unique_{field}")


def _not_first(lost: pl.DataFrame, staged: Iterable[tuple[int, Place]], key: str) -> pl.DataFrame:
    frames = [_keys(number, path, key) for number, path in staged]
    if not frames:
        return pl.DataFrame(schema=LOSERS)
    keys = pl.concat(frames).filter(pl.col(key).is_not_null()).join(lost, on=["split", "row"], how="anti")
    ordered = keys.sort(
        [key, "_rank", "split", "_ordinal"], descending=[False, True, False, False], maintain_order=True
    )
    return ordered.filter(pl.col(key) == pl.col(key).shift(1)).select("split", "row").sort("split", "row")


def _keys(number: int, path: Place, key: str) -> pl.DataFrame:
    with naming(path):
        table = read_table(path, [key, "_rank", "_ordinal"])
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    # A fixed-size binary has no order in polars; the same bytes as plain binary have.
    return frame.with_columns(
        pl.col(key).cast(pl.Binary),
        pl.lit(number, pl.UInt32).alias("split"),
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
    )
