"""How far a build is from the one that it would replace: rows in total and of every site, and how full fields are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from builder.compiled import Job
from builder.config.settings import Drift
from builder.contract.manifest import files_of, read_manifest
from builder.errors import FindingsError, ManifestError
from builder.receipts import Merged, Part
from builder.storage.place import Place
from builder.write.commit import MANIFEST
from builder.write.manifest import missing

_MOST = 10  # lines of one kind
_HINT = "build with --accept-drift where that is meant"


class Totals(NamedTuple):
    """What is compared of a build."""

    rows: int
    sites: Mapping[str, int]
    """Rows by site; empty where the dataset does not have the field `site`."""
    names: Mapping[int, str]
    """Of the fields, by id: that stays where one is renamed."""
    filled: Mapping[str, float]
    """Share of the rows that have a value, by field; empty without rows."""


def check_drift(job: Job, merged: Merged, out: Place, *, accepted: bool) -> None:
    """Hold the build to `thresholds.max_drift` against what is published in `out`.

    Trial runs are not compared: they replace nothing but trial runs, see plan.output.

    Raises:
        FindingsError: a line for each that is passed, or the manifest there cannot be read.

    """
    allowed = job.config.thresholds.max_drift
    if accepted or allowed == Drift():
        return
    before = published(out)
    if before is None:
        return
    now = totals_of(merged.parts, merged.sites, {field.id: field.name for field in job.fields})
    problems = [*_rows(allowed, before, now), *_fill(allowed, before, now)]
    if problems:
        raise FindingsError("\n".join([*problems, _HINT]))


def totals_of(parts: Sequence[Part], sites: Mapping[str, int], names: Mapping[int, str]) -> Totals:
    """What is compared, of the parts of a dataset with fields called `names`, by id."""
    rows = sum(part.rows for part in parts)
    filled = {name: 1 - sum(missing(part, name) for part in parts) / rows for name in names.values()} if rows else {}
    return Totals(rows, sites, names, filled)


def published(out: Place) -> Totals | None:
    """The same of what is published; None where nothing is, or a trial run.

    Raises:
        FindingsError: its manifest cannot be read.

    """
    try:
        manifest = read_manifest(out / MANIFEST)
        parts = list(files_of(manifest))
    except FileNotFoundError:
        return None
    except ManifestError as error:
        raise FindingsError(f"{error}; or {_HINT}: thresholds.max_drift has nothing to compare with") from error
    document = manifest.document
    if document.build.limited_to is not None:
        return None
    return totals_of(parts, document.counts.sites, {column.id: column.name for column in document.schema.fields})


def _rows(allowed: Drift, before: Totals, now: Totals) -> Iterator[str]:
    if allowed.rows is None:
        return
    limit = f"at most {allowed.rows:.0%} more or less"
    if abs(now.rows - before.rows) > allowed.rows * before.rows:
        yield f"thresholds.max_drift.rows: {before.rows} rows before, {now.rows} now ({limit})"
    if "site" not in now.filled:
        return
    pairs = {site: (rows, now.sites.get(site, 0)) for site, rows in before.sites.items()}
    far = {site: pair for site, pair in pairs.items() if abs(pair[1] - pair[0]) > allowed.rows * pair[0]}
    for site, (then, rows) in list(far.items())[:_MOST]:
        yield f"thresholds.max_drift.rows: {site}: {then} rows before, {rows} now ({limit})"
    if len(far) > _MOST:
        yield f"thresholds.max_drift.rows: and {len(far) - _MOST} more sites"


def _fill(allowed: Drift, before: Totals, now: Totals) -> Iterator[str]:
    if allowed.fill is None or not before.rows or not now.rows:
        return
    pairs = [(before.names[known], now.names[known]) for known in before.names.keys() & now.names.keys()]
    for old, name in sorted(pairs):
        then, share = before.filled[old], now.filled[name]
        if round(abs(share - then), 12) > allowed.fill:
            yield (
                f"thresholds.max_drift.fill: {name if name == old else f'{name} ({old} before)'}: "
                f"{then:.2%} of the rows before, {share:.2%} now "
                f"(at most {100 * allowed.fill:g} points more or less)"
            )
