"""What a published dataset lost and why: its reject table by code, input and site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from builder.contract.files import relying_on
from builder.contract.manifest import read_manifest, refuse_no_dataset
from builder.normalize.urls import host_of, site_of
from builder.records import REJECT_CODES
from builder.storage.place import Place
from builder.write.parquet import read_table
from builder.write.staging import PUBLISHED_REJECTS, place_of_reject

_TOP = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One reject, to look at."""

    locator: str
    """As `preview` takes it."""
    url: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The rejects of one code."""

    code: str
    count: int
    inputs: Mapping[str, int]
    """Most first."""
    sites: Mapping[str, int]
    """By the URL as captured; empty for those of which none is known."""
    example: Example
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Rejects:
    """What was lost, most frequent codes first."""

    read: int
    """Pages read by the build."""
    count: int
    codes: tuple[Lost, ...]


def summarise(out: Place, only: Sequence[str] = ()) -> Rejects:
    """The rejects of a dataset, those of some codes or all.

    Raises:
        ConfigError: no dataset there. ManifestError: its manifest cannot be relied on, or a file is gone or damaged.
        OSError: the disk or the store failed.

    """
    refuse_no_dataset(out)
    document = read_manifest(out).document
    with relying_on(out):
        return summed_up(document.counts.read, [out / file.name for file in document.rejects], only)


def summed_up(read: int, files: Sequence[Place], only: Sequence[str] = ()) -> Rejects:
    """The rejects in the files of a reject table, those of some codes or all; `read`: pages read by the build.

    Raises:
        OSError: a file cannot be read.

    """
    frames = [pl.DataFrame(pl.from_arrow(read_table(file))) for file in files]
    empty = pl.DataFrame(pl.from_arrow(PUBLISHED_REJECTS.empty_table()))
    table = pl.concat([empty, *frames])
    if only:
        table = table.filter(pl.col("code").is_in(list(only)))
    found = [_lost(str(code), rows) for (code,), rows in table.group_by("code")]
    return Rejects(read, table.height, tuple(sorted(found, key=lambda lost: (-lost.count, lost.code))))


def _lost(code: str, rows: pl.DataFrame) -> Lost:
    first = rows.row(0, named=True)
    example = Example(place_of_reject(first), first["url"], first["message"])
    urls = rows["url"].value_counts().iter_rows()
    sites: dict[str, int] = {}
    for url, count in urls:
        site = (site_of(host_of(url)) or "") if url else ""
        sites[site] = sites.get(site, 0) + count
    return Lost(code, rows.height, _ranked(dict(rows["input"].value_counts().iter_rows())), _ranked(sites), example)


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def as_text(rejects: Rejects) -> str:
    """The summary for people."""
    lines = [f"{_counted(rejects.count, 'reject')} of {_counted(rejects.read, 'page')} read"]
    for lost in rejects.codes:
        lines += [
            "",
            f"{lost.count:>10,} {lost.code}: {REJECT_CODES.get(lost.code, 'unknown to this version')}",
            *_listed(lost.inputs),
            *_listed({site or "no site known": count for site, count in lost.sites.items()}),
            f"{'':>11}such as {lost.example.locator}" + (f" {lost.example.url}" if lost.example.url else ""),
            f"{'':>11}{lost.example.message}",
        ]
    return "\n".join(lines)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _listed(counts: Mapping[str, int]) -> list[str]:
    shown = [f"{count:>14,} {name}" for name, count in list(counts.items())[:_TOP]]
    return shown + [f"{'':>14} and {len(counts) - _TOP} more"] * (len(counts) > _TOP)
