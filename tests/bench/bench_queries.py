"""What typical queries read: `python tests/bench/bench_queries.py [--rows N] [--folder DIR]`.

The same rows (generated, in the order of a crawl, which is none) are written by this project's writer (staged, merged,
month by month, sorted by day and site, Bloom filter on `url`), by `polars.sink_parquet` and by
`pyarrow.dataset.write_dataset`, partitioned by the same months, all else by default. DuckDB then asks for one day, one
site, one URL, and stories per month, and says itself how many bytes it read and which row groups it did not pass over.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from builder.compiled import Job, compile_job
from builder.config.load import load_config
from builder.dedup.settle import CUTS, settle
from builder.engines.work import run_here
from builder.merge.slices import SIZES
from builder.merge.stage import Merging, merge
from builder.receipts import Receipt, StagedPartitions
from builder.write.staging import Staging, partition_value
from builder.write.work import WorkFolder

SPLIT_ROWS = 50_000
SITES = [f"paper{number:03}.example" for number in range(200)]
WORDS = [sha256(str(number).encode()).hexdigest()[: 3 + number % 7] for number in range(4000)]
DAY, SITE = "2022-03-15", SITES[57]
CONFIG = {
    "name": "queries",
    "inputs": ["none"],
    "fields": [
        "url",
        "site",
        "title",
        "published_at",
        "published_date",
        "language",
        "word_count",
        "text",
        "fetched_at",
    ],
    "partition_by": [{"month": "published_date"}],
    "sort_by": ["published_date", "site", "published_at"],
    "write": {"row_group_bytes": "1MiB", "bloom": ["url"]},
    "output": "out",
}


# ------------------------------------------------------------------ rows


def records(count: int) -> Iterator[dict[str, Any]]:
    """Stories of 2022 in no order; some sites have far more of them than others."""
    chance = random.Random(7)
    start = datetime(2022, 1, 1, tzinfo=UTC)
    for number in range(count):
        site = SITES[min(int(chance.paretovariate(0.7)) + chance.randrange(60), 199)]
        at = start + timedelta(seconds=chance.randrange(365 * 86_400))
        words = chance.choices(WORDS, k=60 + number % 40)
        yield {
            "url": f"https://www.{site}/{at:%Y/%m}/{words[0]}-{words[1]}-{number}",
            "site": site,
            "title": " ".join(words[:8]),
            "published_at": at,
            "published_date": at.date(),
            "language": "en",
            "word_count": len(words),
            "text": " ".join(words),
            "fetched_at": at + timedelta(hours=5),
        }


def stage(job: Job, count: int, work: WorkFolder, arrival: Path) -> dict[int, Receipt]:
    """Staged files as splits leave them; and one file of all rows as they came, for the other writers."""
    receipts = {}
    source = records(count)
    with pq.ParquetWriter(arrival, job.schema, compression="zstd") as writer:
        for number in range(-(-count // SPLIT_ROWS)):
            rows = [row for row, _ in zip(source, range(min(SPLIT_ROWS, count - number * SPLIT_ROWS)), strict=False)]
            staging = Staging(job.schema, job.config.sort_by)
            for at, row in enumerate(rows):
                staging.add(row, (partition_value(row["published_date"], "month"),), None, 0, at)
            staged, partitions = staging.write_rows(work.staged / f"{number}.parquet")
            rejects = staging.write_rejects(work.staged / f"{number}.rejects.parquet")
            nothing: dict[str, int] = {}
            receipts[number] = Receipt(
                str(number), "none", len(rows), len(rows), nothing, nothing, nothing, nothing, None, None, staged,
                rejects, StagedPartitions.of(partitions),
            )  # fmt: skip
            writer.write_table(pa.Table.from_pylist(rows, schema=job.schema))
    return receipts


# ------------------------------------------------------------------ writers


def ours(job: Job, receipts: dict[int, Receipt], work: WorkFolder, out: Path) -> None:
    settled = settle(job, receipts, work, run_here, CUTS)
    merge(job, Merging(receipts, settled, work, out, run_here, SIZES))
    shutil.move(str(work.parts / "data"), out)


def with_polars(arrival: Path, out: Path) -> None:
    month = pl.col("published_date").dt.strftime("%Y-%m").alias("month")
    pl.scan_parquet(arrival).with_columns(month).sink_parquet(pl.PartitionBy(out, key="month"), mkdir=True)


def with_pyarrow(arrival: Path, out: Path) -> None:
    table = pq.read_table(arrival)
    months = pa.array([day.isoformat()[:7] for day in table["published_date"].to_pylist()])
    kind = ds.partitioning(pa.schema([("month", pa.string())]), flavor="hive")
    ds.write_dataset(table.append_column("month", months), out, format="parquet", partitioning=kind)


# ------------------------------------------------------------------ queries


def queries(url: str) -> dict[str, str]:
    """Name -> query."""
    where = {
        "one day": f"month = '{DAY[:7]}' AND published_date = DATE '{DAY}'",
        "one site": f"site = '{SITE}'",
        "one URL": f"url = '{url}'",
    }
    found = {name: f"SELECT title, text FROM rows WHERE {condition}" for name, condition in where.items()}
    return found | {"count per month": "SELECT month, count(*) FROM rows GROUP BY ALL"}


class Asked(NamedTuple):
    """What DuckDB says of a query."""

    read: int
    """Bytes, footers and all."""
    scanned: int
    """Row groups that were not passed over, of all that the query's folders hold."""
    seconds: float
    """The shortest of three times."""
    rows: int


def ask(folder: Path, query: str) -> Asked:
    spent = []
    for _ in range(3):
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute("PRAGMA enable_profiling='no_output'")
            source = f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
            began = time.perf_counter()
            rows = len(connection.sql(query.replace("FROM rows", f"FROM {source}")).fetchall())
            spent.append(time.perf_counter() - began)
            found = json.loads(connection.get_profiling_information(format="json"))
    return Asked(found["io"]["total_bytes_read"], found["query"]["total_row_groups_scanned"], min(spent), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="queries-"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "job.yaml").write_text(json.dumps(CONFIG), encoding="utf-8")
    job = compile_job(load_config(folder / "job.yaml"))
    writers = {"ours": folder / "ours", "polars": folder / "polars", "pyarrow": folder / "pyarrow"}
    if not writers["pyarrow"].exists():
        work = WorkFolder(folder / "_work", fresh=True)
        began = time.perf_counter()
        receipts = stage(job, options.rows, work, folder / "arrival.parquet")
        print(f"staged in {time.perf_counter() - began:.0f} s", flush=True)
        arrival = folder / "arrival.parquet"
        writes: dict[str, Callable[[], object]] = {
            "ours": lambda: ours(job, receipts, work, writers["ours"]),
            "polars": lambda: with_polars(arrival, writers["polars"]),
            "pyarrow": lambda: with_pyarrow(arrival, writers["pyarrow"]),
        }
        for name, write in writes.items():
            began = time.perf_counter()
            write()
            print(f"{name}: written in {time.perf_counter() - began:.0f} s", flush=True)
    sizes = {name: sum(path.stat().st_size for path in at.rglob("*.parquet")) for name, at in writers.items()}
    print(f"{options.rows:,} rows; " + ", ".join(f"{name} {size / 2**20:.0f} MiB" for name, size in sizes.items()))
    url = pq.read_table(folder / "arrival.parquet", columns=["url"])["url"][options.rows // 3].as_py()
    print(f"{'query':<16} {'writer':<8} {'rows':>7} {'MiB read':>9} {'groups':>7} {'seconds':>8}")
    for query, sql in queries(url).items():
        found = {name: ask(at, sql) for name, at in writers.items()}
        for name, one in found.items():
            print(f"{query:<16} {name:<8} {one.rows:>7} {one.read / 2**20:>9.2f} {one.scanned:>7} {one.seconds:>8.3f}")
        assert len({one.rows for one in found.values()}) == 1
        best = min(found["polars"].read, found["pyarrow"].read)
        fastest = min(found["polars"].seconds, found["pyarrow"].seconds)
        print(f"{'':<16} ratio: bytes {found['ours'].read / best:.2f}, time {found['ours'].seconds / fastest:.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")


if __name__ == "__main__":
    main()
