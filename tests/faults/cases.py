"""Numbers of the cases that tests are named by: each has a test, or a reason why it cannot have one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent


def tested(family: str) -> set[str]:
    """The cases of a family that the tests and tables in this folder name, one or several in a name."""
    found: set[str] = set()
    for path in HERE.glob("test_*.py"):
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            found.update(re.findall(rf"{family}\d\d", name))
            for first, last in re.findall(rf"{family}(\d\d)_to_{family}(\d\d)", name):
                found.update(f"{family}{number:02d}" for number in range(int(first), int(last) + 1))
    return found


def assert_complete(family: str, count: int, not_applicable: Mapping[str, str]) -> None:
    """Every case is tested or has its reason, none is both."""
    wanted = {f"{family}{number:02d}" for number in range(1, count + 1)}
    assert tested(family) | not_applicable.keys() == wanted
    assert not tested(family) & not_applicable.keys()
    assert all(len(reason) > 20 for reason in not_applicable.values())
