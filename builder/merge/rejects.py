"""Staged rejects -> a part of the reject table. A plain function of plain data, run anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from builder.engines.work import Beat
from builder.receipts import FileRef
from builder.storage.place import Place, read_many
from builder.write.parquet import PLAIN, read_table, with_overlong, write_parquet
from builder.write.staging import PUBLISHED_REJECTS, REJECTS


@dataclass(frozen=True, slots=True)
class RejectsTask:
    """One part of the reject table. Memory: its rows, and those of one staged table."""

    number: int
    staged: tuple[Place, ...]
    out: Place
    level: int
    config: str
    """SHA-256 of the config by which they were rejected, and the tool: they stand in every row."""
    tool: str


def merge_rejects(task: RejectsTask, _beat: Beat) -> FileRef:
    """All rejects of some staged tables, in their order; the part's name is relative to `out`.

    Raises:
        OSError: the disk.

    """
    table = pa.concat_tables(read_many(lambda path: read_table(path, REJECTS.names), task.staged))
    for value in (task.config, task.tool):
        table = table.append_column("", pa.repeat(pa.scalar(value), table.num_rows))
    table = pa.Table.from_arrays(table.columns, schema=PUBLISHED_REJECTS)
    stem = task.out / "_rejects" / f"part-{task.number:05d}"
    columns = with_overlong(PLAIN, table)
    written = write_parquet(stem, [table], PUBLISHED_REJECTS, level=task.level, columns=columns, by_content=True)
    return replace(written, name=f"_rejects/{written.name}")
