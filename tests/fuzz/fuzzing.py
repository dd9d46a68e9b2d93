"""How long a target is fuzzed: a few examples by default, BUILDER_FUZZ_SECONDS seconds a target where that is set."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy


def fuzz(check: Callable[[Any], None], strategy: SearchStrategy[Any], examples: int = 50) -> int:
    """Hold `check` to examples of a strategy, the same ones in every run, and others until the time is up. How many."""
    until = time.monotonic() + float(os.environ.get("BUILDER_FUZZ_SECONDS", "0"))
    quiet = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=False
    )
    batch = 0
    while batch == 0 or time.monotonic() < until:

        @seed(batch)
        @quiet
        @given(strategy)
        def batch_of(example: Any) -> None:
            check(example)

        batch_of()
        batch += 1
    print(f"{batch * examples} examples at most")
    return batch * examples
