"""The summary at the end of a build: where every page went, and how to load the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from builder.contract.loading import duckdb_source
from builder.printable import printable
from builder.records import REJECT_CODES, SKIP_KINDS
from builder.storage.place import Place
from builder.write.manifest import Books

_TOP = 10


def summary(out: Place, books: Books, parts: int, partition_by: Sequence[str], *, changed: bool) -> str:
    """Counts, the most frequent reasons of rejection, and the lines that load the data."""
    lines = [
        f"{books.read:>10,} pages read",
        f"{books.rows:>10,} rows in {parts} {'part' if parts == 1 else 'parts'}",
        *_counted("rejected", books.rejected, REJECT_CODES),
        *_counted("filtered", books.filtered, {}),
        f"{books.duplicates:>10,} duplicates",
        *(_counted("skipped: records and files that are no pages", books.skipped, SKIP_KINDS) if books.skipped else ()),
        "",
        f"{printable(str(out))}: {'published' if changed else 'nothing has changed'}. Load it with",
        "",
        *load_lines(out, partition_by),
    ]
    return "\n".join(lines)


def _counted(label: str, counts: Mapping[str, int], meanings: Mapping[str, str]) -> list[str]:
    lines = [f"{sum(counts.values()):>10,} {label}"]
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for name, count in ranked[:_TOP]:
        meaning = meanings.get(name)
        lines.append(f"{count:>14,} {name}" + (f": {meaning}" if meaning else ""))
    if len(ranked) > _TOP:
        lines.append(f"{'':>14} and {len(ranked) - _TOP} more reasons, see _manifest.json")
    return lines


def load_lines(out: Place, partition_by: Sequence[str]) -> list[str]:
    """One line a tool. Where that is short it says that folders are text: one row in `unknown` changes no type."""
    data = printable(str(out / "data"))
    schema = ", ".join(f"{name!r}: pl.String" for name in partition_by)
    return [
        f"  DuckDB  SELECT * FROM {duckdb_source(data, len(partition_by))}",  # noqa: S608 - shown, not run
        f"  Polars  pl.scan_parquet({data!r}" + (f", hive_schema={{{schema}}})" if schema else ")"),
        f"  pandas  pd.read_parquet({data!r})",
        f"  Spark   spark.read.parquet({data!r})",
    ]
