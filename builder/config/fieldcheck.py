"""What is wrong with the constraints of a field: do they fit its type, and each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.config.problems import Path, Problem, problem
from builder.config.rules import regex_problem, value_problem
from builder.constraints import KINDS

_PAIRS = (("min", "max"), ("min_length", "max_length"))


def check_constraints(path: Path, settings: Mapping[str, Any], name: str, kind: str | None) -> Iterator[Problem]:
    """Yield what is wrong with the constraints among the settings of a field; its type is None where it is no type."""
    given = {key: value for key in KINDS if (value := settings.get(key)) is not None and value is not False}
    for key in given:
        if kind is not None and kind not in KINDS[key].types:
            yield problem((*path, key), f"fits {', '.join(KINDS[key].types)}; {name} is a {kind}")
    yield from _check_values(path, given, kind)
    if isinstance(given.get("pattern"), str):
        message = regex_problem(given["pattern"])
        yield from [problem((*path, "pattern"), message)] if message else []
    yield from _check_action(path, settings, given)


def _check_values(path: Path, given: Mapping[str, Any], kind: str | None) -> Iterator[Problem]:
    wrong = set()
    for key in ("min", "max"):
        message = value_problem(given[key], kind) if key in given and kind in KINDS[key].types else None
        if message:
            wrong.add(key)
            yield problem((*path, key), message)
    allowed = given.get("one_of")
    if isinstance(allowed, list) and kind in KINDS["one_of"].types:
        for number, value in enumerate(allowed):
            message = value_problem(value, kind)
            yield from [problem((*path, "one_of", number), message)] if message else []
    for low, high in _PAIRS:
        if not wrong and is_less(given.get(high), given.get(low)):
            yield problem((*path, high), f"{given[high]} is less than {low}, {given[low]}")


def _check_action(path: Path, settings: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Problem]:
    if "on_violation" not in settings:
        return
    place = (*path, "on_violation")
    if settings["on_violation"] in (None, "null"):
        if settings.get("required") is True:
            yield problem(place, "null leaves a required field without a value; write reject, or drop required")
        elif "unique" in given:
            yield problem(place, "null does not go with unique; write reject, keep or fail")


def is_less(value: Any, other: Any) -> bool:
    """Whether a bound is less than another one; False where they cannot be compared, which is said elsewhere."""
    if value is None or other is None:
        return False
    try:
        return bool(value < other)
    except TypeError:
        return False
