"""What is wrong with a config, as data: a path to the place and a message; and pydantic's findings in our words."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from builder.storage.urls import has_credentials

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of a file to an entry of it."""
Model = TypeVar("Model", bound=BaseModel)

MOST_MISTAKES = 1000
"""Of one file that are told at once."""
_COMPARED = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_WANTED = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "date_type": "a date like 2023-06-30, without quotes",
    "date_from_datetime_inexact": "a date like 2023-06-30, without a time",
    "tuple_type": "a list",
    "mapping_type": "a mapping",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}


class Problem(NamedTuple):
    """One mistake of a file. `at` is where it stands, `path` what the message calls the place."""

    at: KeyPath
    path: KeyPath
    message: str


def problem(path: KeyPath, message: str) -> Problem:
    """Return a mistake that stands where its path says."""
    return Problem(path, path, message)


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that is most like a word, None where none is."""
    known = sorted(options)
    if len(word) > 64 or len(known) > 1000:
        return None
    return next(iter(difflib.get_close_matches(word.lower(), known, n=1)), None)


def suggest(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean "..."?` with the option nearest to the word, or nothing.

    >>> suggest("titel", ["title", "url"])
    '; did you mean "title"?'
    """
    near = nearest(word, options)
    return f'; did you mean "{near}"?' if near else ""


def quoted(text: str) -> str:
    """Return the text in double quotes, cut where it is long, and without its words where they may be a secret.

    >>> quoted("h1")
    '"h1"'
    """
    if has_credentials(text):
        return '"...", a URL with credentials in it'
    return f'"{text}"' if len(text) <= 80 else f'"{text[:77]}..."'


def described(value: object) -> str:
    """Say what a value of the file is, as its reader would.

    >>> described(2022), described(None), described([1])
    ('the number 2022', 'nothing', 'a list')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case dt.datetime():
            return f"the time {value.isoformat()}"
        case dt.date():
            return f"the date {value.isoformat()}"
        case str():
            return f"the string {quoted(value)}"
        case Mapping():
            return "a mapping"
        case _:
            return "a list"


def check_shape(model: type[Model], data: object) -> tuple[Model | None, list[Problem]]:
    """Validate what a file says against its model; the model where nothing is wrong, else up to MOST_MISTAKES."""
    if not isinstance(data, dict):
        message = "the file is empty" if data is None else f"wants a mapping of keys, not {described(data)}"
        return None, [problem((), message)]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        # url: a link to pydantic's pages; context and input are needed for the messages
        found = error.errors(include_url=False)
    places = {detail["loc"] for detail in found}
    parents = {place[:length] for place in places for length in range(len(place))}
    # An entry that is wrong does not count, so its list seems too short as well.
    real = [detail for detail in found if detail["type"] != "too_short" or detail["loc"] not in parents][:MOST_MISTAKES]
    # A key that is missing because it is misspelt is one mistake.
    misspelt = {
        (*loc[:-1], _meant(model, loc)[0]) for loc in (d["loc"] for d in real if d["type"] == "extra_forbidden")
    }
    return None, [_problem(model, data, detail) for detail in real if detail["loc"] not in misspelt]


def _problem(model: type[BaseModel], data: dict[str, Any], detail: ErrorDetails) -> Problem:
    loc = detail["loc"]
    path = _in_file(data, loc)
    match detail["type"]:
        case "missing":
            return problem(path, f"missing key {quoted(str(loc[-1]))}")
        case "extra_forbidden":
            return Problem(path, path[:-1], f"unknown key {quoted(str(loc[-1]))}{_meant(model, loc)[1]}")
        case _:
            return problem(path, _message(detail))


def _meant(model: type[BaseModel], loc: KeyPath) -> tuple[str, str]:
    """Return the key that may have been meant by an unknown one, or an empty string; and the hint to the user."""
    fields = _model_at(model, loc[:-1]).model_fields
    short = len(loc) == 3 and loc[0] == "fields"  # the name of a FieldSpec is no key
    known = [name for name, info in fields.items() if info.validation_alias is None and not (short and name == "name")]
    meant = nearest(str(loc[-1]), known) or ""
    return meant, f"; did you mean {quoted(meant)}?" if meant else f"; known are {', '.join(known)}"


def _message(detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind in _WANTED:
        return f"wants {_WANTED[kind]}, not {described(value)}{_hint(kind, value)}"
    if kind in _COMPARED:
        words, bound = _COMPARED[kind][0], context[_COMPARED[kind][1]]
        return f"must be {words} {int(bound) if bound == int(bound) else bound}, not {value}"
    match kind:
        case "config":
            return str(context["message"])
        case "literal_error":
            options = re.findall(r"'([^']*)'", str(context["expected"]))
            if not isinstance(value, str):
                return f"wants one of {', '.join(options)}, not {described(value)}"
            hint = suggest(value, options) or f"; one of {', '.join(options)}"
            key = next(step for step in reversed(detail["loc"]) if isinstance(step, str))
            return f"unknown {key} {quoted(value)}{hint}"
        case "too_short":
            return "needs at least one entry"
        case "string_too_short":
            return "is empty"
        case "string_pattern_mismatch":
            return f"{quoted(str(value))} does not match {context['pattern']}"
        case _:
            return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}, not {described(value)}"


def _hint(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, bool | int | float | dt.date):
        return "; quote it"
    if kind != "string_type" and isinstance(value, str) and re.fullmatch(r"true|false|-?[0-9][0-9.-]*", value):
        return "; write it without quotes"
    return ""


def _in_file(data: Any, loc: Sequence[str | int]) -> KeyPath:
    """Lead a place of the model back to the file, where short forms stand for it: `css: h1` for a list of one rule."""
    path: KeyPath = ()
    for step in loc:
        if len(path) == 2 and path[0] == "fields" and isinstance(path[1], int) and isinstance(data, dict):
            ((name, data),) = data.items()  # `- title: {...}` is a FieldSpec with a name
            path = (*path, name)
        here = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if step in here:
            data = data[step]
        elif isinstance(data, dict) and isinstance(step, int):
            continue  # the mapping stands for a list of one
        else:
            break
        path = (*path, step)
    return path


def _model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel]:
    for step in loc:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models_of(model.model_fields[step].annotation), model)
    return model


def _models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_of(part)
