"""How long a target is fuzzed: a few examples by default, BUILDER_FUZZ_SECONDS seconds a target where that is set.

Examples come from hypothesis. Where atheris is installed and there is time, it has half of it: libFuzzer then chooses
the bytes that examples are made of by the lines of the builder that they reach.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

SECONDS = float(os.environ.get("BUILDER_FUZZ_SECONDS", "0"))
GUIDED = "BUILDER_FUZZ_GUIDED"
"""Set in the process that atheris drives, to the seconds that it has."""
HAS_ATHERIS = find_spec("atheris") is not None


def fuzz(check: Callable[[Any], None], strategy: SearchStrategy[Any], examples: int = 50) -> int:
    """Hold `check` to examples of a strategy, the same ones in every run, and others until the time is up. How many."""
    if GUIDED in os.environ:
        _guided(check, strategy, int(os.environ[GUIDED]))
    share = 0.5 if HAS_ATHERIS else 1
    until = time.monotonic() + SECONDS * share
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
    if SECONDS and HAS_ATHERIS:
        _guide(int(SECONDS * (1 - share)))
    return batch * examples


def _guide(seconds: int) -> None:
    """The test at hand once more, in a process of its own: atheris ends the process that it runs in."""
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n", "0", "-p", "no:cacheprovider", test]
    found = subprocess.run(command, env={**os.environ, GUIDED: str(seconds)}, capture_output=True, text=True)
    told = [line for line in found.stderr.splitlines() if line.startswith("Done ")]
    assert told, (found.stdout + found.stderr)[-6000:]
    print(told[0].replace("Done", "atheris:"))


def _guided(check: Callable[[Any], None], strategy: SearchStrategy[Any], seconds: int) -> None:
    import atheris

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def target(example: Any) -> None:
        check(example)

    for name, module in list(sys.modules.items()):
        if name.startswith("builder."):
            _instrument(atheris, module)
    limits = [f"-max_total_time={seconds}", "-timeout=60", "-rss_limit_mb=4096", "-max_len=16384"]
    artifacts = f"-artifact_prefix={tempfile.gettempdir()}/"
    atheris.Setup([sys.argv[0], *limits, artifacts], target.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def _instrument(atheris: Any, module: Any) -> None:
    for name, value in list(vars(module).items()):
        if getattr(value, "__module__", None) == module.__name__ and isinstance(value, type(_instrument)):
            vars(module)[name] = atheris.instrument_func(value)
