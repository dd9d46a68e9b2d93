"""What is wrong with the fields of a job: do constraints fit their type, and each other; whose id is whose."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from builder.config.problems import KeyPath, Problem, problem, quoted
from builder.config.rules import regex_problem, value_problem
from builder.config.values import derived_id
from builder.constraints import KINDS

_PAIRS = (("min", "max"), ("min_length", "max_length"))


def check_constraints(path: KeyPath, settings: Mapping[str, Any], name: str, kind: str | None) -> Iterator[Problem]:
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


def _check_values(path: KeyPath, given: Mapping[str, Any], kind: str | None) -> Iterator[Problem]:
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


def _check_action(path: KeyPath, settings: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Problem]:
    if "on_violation" not in settings:
        return
    place = (*path, "on_violation")
    if settings["on_violation"] in (None, "null"):
        if settings.get("required") is True:
            yield problem(place, "null leaves a required field without a value; write reject, or drop required")
        elif "unique" in given:
            yield problem(place, "null does not go with unique; write reject, keep or fail")


def check_ids(fields: Sequence[tuple[KeyPath, str, Mapping[str, Any]]]) -> Iterator[Problem]:
    """A column's id is its own, whether it is given or follows from a name; `fields` are (place, name, settings)."""
    taken: dict[int, str] = {}
    names = {name for _, name, _ in fields}
    for path, name, settings in fields:
        given, before = settings.get("id"), settings.get("renamed_from")
        if given is not None and before is not None:
            yield problem((*path, "renamed_from"), "the id is given; leave one of the two out")
        elif isinstance(before, str) and before in names:
            yield problem((*path, "renamed_from"), f"{quoted(before)} is still a field of its own")
        elif isinstance(given, int | None) and isinstance(before, str | None):
            number = given or derived_id(before or name)
            first = taken.setdefault(number, name)
            if first != name:
                place = (*path, "id") if given else (*path, "renamed_from") if before else path
                yield problem(place, f"the id {number} is that of {first}; give one of them another `id`")
    for path, name, settings in fields:
        yield from _check_columns(path, name, settings, names, taken)


def _check_columns(
    path: KeyPath, name: str, settings: Mapping[str, Any], names: Container[str], taken: dict[int, str]
) -> Iterator[Problem]:
    """What is wrong with the further columns of a field, aliases and origin; their ids are put down as taken."""
    listed, told = settings.get("aliases"), settings.get("origin_as")
    for at, alias in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(alias, str):
            continue
        mine = f"{name}'s alias {alias}"
        first = taken.setdefault(derived_id(alias), mine)
        if alias in names:
            yield problem((*path, "aliases", at), f"{quoted(alias)} is still a field of its own")
        elif first != mine:
            hint = "leave `renamed_from` out" if first == name else "leave one of them out"
            yield problem((*path, "aliases", at), f"the id of {alias} is that of {first}; {hint}")
    if isinstance(told, str):
        first = taken.setdefault(derived_id(told), f"{name}'s origin")
        if told in names:
            yield problem((*path, "origin_as"), f"{quoted(told)} is a field of its own; write another name")
        elif first != f"{name}'s origin":
            yield problem((*path, "origin_as"), f"the id of {told} is that of {first}; write another name")


def is_less(value: Any, other: Any) -> bool:
    """Whether a bound is less than another one; False where they cannot be compared, which is said elsewhere."""
    if value is None or other is None:
        return False
    try:
        return bool(value < other)
    except TypeError:
        return False
