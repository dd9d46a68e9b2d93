"""What checking values costs: `python tests/bench/bench_constraints.py [--pages N] [--rounds R]`.

The same pages become records with and without a constraint of every kind on every field that it fits; the rounds take
turns, so that a busy machine slows both. Printed are the ratio, and the time inside `hold` alone as a share of it all.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from bench_build import responses, sources

from builder.catalogue import CATALOGUE
from builder.compiled import Job, compile_job
from builder.config.load import load_config
from builder.constraints import KINDS, hold, make_check
from builder.pipeline import Row, build_record
from builder.records import Locator, Page

ROOT = Path(__file__).parents[2]
ARGUMENTS = {
    "min_length": 0,
    "max_length": 10**6,
    "pattern": "^(?s:.*)$",
    "not_after": "captured",
}
BOUNDS = {
    "integer": (-(10**9), 10**9), "number": (-1e9, 1e9), "date": (date(1, 1, 1), date(9999, 1, 1)),
    "timestamp": (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)),
}  # fmt: skip


def constrained(job: Job) -> Job:
    """The job with all constraints that no page breaks; what is broken is kept."""
    checks = []
    for name, item in CATALOGUE.items():
        given = {kind: ARGUMENTS[kind] for kind in ARGUMENTS if item.type in KINDS[kind].types}
        if item.type in BOUNDS:
            given["min"], given["max"] = BOUNDS[item.type]
        checks.append(make_check(name, False, "keep", given))
    object.__setattr__(job, "checks", tuple(check for check in checks if check.rules))
    return job


def measure(pages: Sequence[Page], job: Job) -> float:
    began = time.process_time()
    for page in pages:
        build_record(page, job)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    loaded = load_config(ROOT / "configs" / "2022.yaml", ["fields=null", "select={}", "sites=null"])
    free, bound = compile_job(loaded), constrained(compile_job(loaded))
    listed = ((url, body) for path in sources() for url, body in responses(path, parse=True))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    pages = [Page(url, body, Locator("bench", 0, len(body)), at) for url, body in islice(listed, options.pages)]
    spent = {"without": 0.0, "with": 0.0}
    for _ in range(options.rounds):
        spent["without"] += measure(pages, free)
        spent["with"] += measure(pages, bound)
    rows = [outcome for page in pages if isinstance(outcome := build_record(page, free), Row)]
    began = time.process_time()
    for row in rows:
        hold(row.record, bound.checks, at)
    alone = (time.process_time() - began) * options.rounds
    rules = sum(len(check.rules) for check in bound.checks)
    print(f"{len(pages)} pages, {len(rows)} rows, {rules} rules on {len(bound.checks)} fields, {options.rounds} rounds")
    print(f"without {spent['without']:.2f} s, with {spent['with']:.2f} s: ratio {spent['with'] / spent['without']:.3f}")
    print(f"inside hold: {alone:.3f} s, {alone / spent['with']:.2%} of making records with constraints")


if __name__ == "__main__":
    main()
