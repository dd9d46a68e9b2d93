"""Whether rows are unique by what they should be, over all files: by hashes first, by values where hashes meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from builder.constraints import shown
from builder.contract.files import finding
from builder.contract.findings import Finding
from builder.receipts import Part
from builder.storage.place import Place
from builder.write.document import Document
from builder.write.layout import has_no_value
from builder.write.marks import PART
from builder.write.parquet import parquet_source


class Keys:
    """The hashes of all keys. A class because they gather while the files are read."""

    def __init__(self, document: Document) -> None:
        key = tuple(document.schema.primary_key)
        unique = [(c.name,) for c in document.schema.fields if c.constraints.get("unique") and _holds(c.constraints)]
        self._names = list(dict.fromkeys([key, *unique] if key else unique))
        self._hashes: dict[Sequence[str], list[pl.Series]] = {names: [] for names in self._names}
        self._parts: list[Part] = []

    def add(self, part: Part, table: pa.Table) -> None:
        """Take the keys of a file."""
        self._parts.append(part)
        for names in self._names:
            self._hashes[names].append(_frame(part, table, names).hash_rows(seed=0))

    def duplicates(self, root: Place, broken: set[str]) -> Iterator[Finding]:
        """One finding for each key that two rows share, with an example."""
        for names in self._names:
            hashes = self._hashes[names]
            if not hashes:
                continue
            whole = pl.concat(hashes)
            twice = whole.filter(whole.is_duplicated())
            if twice.is_empty():
                continue
            frames = []
            for part in self._parts:
                if part.path not in broken:
                    columns = [name for name in names if name not in part.partition]
                    source = parquet_source(root / part.path)
                    table = pq.read_table(source, columns=columns, partitioning=None, use_threads=False)
                    frame = _frame(part, table, names)
                    frames.append(
                        frame.filter(frame.hash_rows(seed=0).is_in(twice.implode())).with_columns(
                            pl.lit(part.path).alias(PART)
                        )
                    )
            rows = pl.concat(frames)
            again = rows.filter(rows.select(names).is_duplicated())
            if not again.is_empty():
                first = again.row(0, named=True)
                key = ", ".join(f"{name} {shown(first[name])}" for name in names)
                yield finding(
                    "ROWS_DUPLICATE", str(first[PART]), f"{again.height} rows, as {key}", field=", ".join(names)
                )


def _holds(constraints: Mapping[str, object]) -> bool:
    return constraints.get("on_violation") != "keep"


def _frame(part: Part, table: pa.Table, names: Sequence[str]) -> pl.DataFrame:
    """The keys of a file; rows that lack a part of theirs are equal to none. A partition column stands in the path."""
    inside = [name for name in names if name in table.column_names]
    frame = pl.from_arrow(table.select(inside))
    assert isinstance(frame, pl.DataFrame)
    if not inside:
        frame = pl.DataFrame({PART: range(table.num_rows)})
    outside = [name for name in names if name not in inside]
    values = [None if has_no_value(part.path, name) else part.partition.get(name) for name in outside]
    literals = [pl.lit(value, pl.String).alias(name) for name, value in zip(outside, values, strict=True)]
    return frame.with_columns(literals).select(names).drop_nulls()
