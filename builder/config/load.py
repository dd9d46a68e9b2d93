"""A config file and its site files -> LoadedConfig, or one ConfigError that holds every mistake with its place.

Each file is read (`yaml`), given the values of `--set`, held against its model (`models`, `problems`) and
checked for what its parts say about each other (`check`). All of it happens before anything is reported.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from builder.config.check import check_domains, check_job, check_site, names_of
from builder.config.models import JobConfig, LoadedConfig, SiteFile
from builder.config.problems import MOST_MISTAKES, KeyPath, Problem, check_shape, described, problem, quoted
from builder.config.values import path_or_input
from builder.config.yaml import MOST_BYTES, Document, Mark, read_document
from builder.errors import ConfigError, fault_of
from builder.printable import visible
from builder.storage.path import StorePath
from builder.storage.place import Place, each, on_web, place_of
from builder.storage.urls import has_credentials, url_problem

Lines = set[tuple[Mark, str]]


def load_config(path: Place, overrides: Sequence[str] = ()) -> LoadedConfig:
    """Read a job file and the site files that it names.

    `overrides` are `key=value` as `--set` takes them: a dotted path and a YAML value, put in place of what the job file
    says there.

    Raises:
        ConfigError: with one line for each mistake, `file:line:column: place: what, what to do`, sorted.
        OSError: the disk or the store that they lie on failed.

    """
    lines: Lines = set()
    document = _read(path, str(path), lines)
    for override in overrides:
        _override(document, override, lines)
    data = document.data if isinstance(document.data, dict) else {}
    job, found = check_shape(JobConfig, document.data)
    _note(document, [*found, *islice(check_job(data), MOST_MISTAKES)], lines)
    names = names_of(data)
    sites: list[SiteFile] = []
    readable: dict[str, Document] = {}
    for file, site_document in _site_files(path, data.get("sites"), document, lines):
        site, found = check_shape(SiteFile, site_document.data)
        if isinstance(site_document.data, dict):
            readable[str(file)] = site_document
            found += islice(check_site(site_document.data, names), MOST_MISTAKES)
        _note(site_document, found, lines)
        sites += [_named(site, file.stem)] if site else []
    for name, mistake in check_domains([(name, site.data) for name, site in readable.items()]):
        _note(readable[name], [mistake], lines)
    if lines or job is None:
        raise ConfigError("\n".join(_printed(lines)))
    inputs = tuple(_place(_mark(document, ("inputs", number, "path"))) for number in range(len(job.inputs)))
    return LoadedConfig(path.resolve(), job, tuple(sites), inputs)


def _read(path: Place, name: str, lines: Lines) -> Document:
    """Read a file; what YAML says against it, or why there is none to read, goes to the lines.

    Raises:
        OSError: the disk or the store failed.

    """
    try:
        with path.open("rb") as file:
            document = read_document(name, file.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        document = Document(None, {}, [(Mark(name), f"cannot be read: {fault_of(error, path)}")], set(), broken=True)
    lines.update(document.problems)
    return document


def _site_files(path: Place, folder: object, document: Document, lines: Lines) -> Iterator[tuple[Place, Document]]:
    """Yield the files of the folder of profiles, sorted by name, under the name that the user would give them."""
    if not isinstance(folder, str) or not folder.isprintable() or url_problem(folder) is not None:
        return
    try:
        place = place_of(folder, path.resolve().parent)
        if on_web(place):
            message = "a web server lists no folders; keep the profiles on a disk, in s3://, gs:// or az://"
            _note(document, [problem(("sites",), message)], lines)
            return
        found = sorted(file.name for file in place.iterdir())
        if not found and isinstance(place, StorePath):  # where no object lies below it, there is no folder
            raise FileNotFoundError(errno.ENOENT, "nothing lies there", str(place))
    except (OSError, ValueError) as error:
        wrong = fault_of(error, path.parent)
        _note(document, [problem(("sites",), f"the folder {quoted(folder)} cannot be read: {wrong}")], lines)
        return
    shown = place_of(folder, path.parent)
    shown_names = [name for name in found if not name.startswith(".")]  # the others are what editors leave behind
    for name in shown_names:
        if name.endswith(".yml"):
            lines.add((Mark(str(shown / name)), "rename it to .yaml; other files of this folder are not read"))
    wanted = [name for name in shown_names if name.endswith(".yaml")]
    documents = each(place, lambda name: _read(place / name, str(shown / name), lines), wanted)
    yield from zip([shown / name for name in wanted], documents, strict=True)


def _named(site: SiteFile, stem: str) -> SiteFile:
    """Fill in the file's name, and the names of profiles that have none."""
    profiles = tuple(
        profile if profile.name else profile.model_copy(update={"name": f"{stem}@{position}"})
        for position, profile in enumerate(site.profiles, start=1)
    )
    return site.model_copy(update={"file": stem, "profiles": profiles})


def _override(document: Document, override: str, lines: Lines) -> None:
    """Put the value of one `--set key=value` into the document, and its mark where the value stands."""
    key, equals, text = override.partition("=")
    shown = key if has_credentials(text) or url_problem(text.strip(" '\"")) else override
    mark = Mark("--set" if has_credentials(key) else f"--set {shown}")
    steps = key.split(".")
    if not equals or not all(steps):
        lines.add((mark, "not key=value; write --set limits.page_seconds=5"))
        return
    given = read_document(mark.file, text.encode("utf-8", "surrogatepass"))
    lines.update((mark, message) for _, message in given.problems)
    if given.problems or document.broken or not isinstance(document.data, dict):
        return
    target: Any = document.data
    if steps[0] == "inputs" and len(steps) > 2 and isinstance(target.get("inputs"), list):
        target["inputs"] = [path_or_input(entry) for entry in target["inputs"]]
    place: KeyPath = ()
    for number, name in enumerate(steps):
        if not isinstance(target, dict) and not (isinstance(target, list) and name in map(str, range(len(target)))):
            parts = f"{len(target)} entries, from 0" if isinstance(target, list) else "no parts"
            lines.add(
                (mark, f"{'.'.join(steps[:number])} is {described(target)} with {parts}; there is no {quoted(name)}")
            )
            return
        step: Any = name if isinstance(target, dict) else int(name)
        place = (*place, step)
        if number == len(steps) - 1:
            target[step] = given.data
        elif isinstance(target, dict) and target.get(name) is None:
            target[step] = {}
            document.marks[place] = mark
        target = target[step]
    for old in [old for old in document.marks if old[: len(place)] == place]:
        del document.marks[old]
    document.marks.update({(*place, *path): mark for path in given.marks})


def _note(document: Document, found: Iterable[Problem], lines: Lines) -> None:
    """Add mistakes at the places where they stand, but for those that follow from what YAML refused."""
    if document.broken:
        return
    for at, path, message in found:
        if any(at[:length] in document.refused for length in range(len(at) + 1)):
            continue
        name = _shown(path)
        lines.add((_mark(document, at), f"{name}: {message}" if name else message))


def _mark(document: Document, place: KeyPath) -> Mark:
    """Where an entry stands, or the nearest that it is a part of."""
    while place not in document.marks:
        place = place[:-1]
    return document.marks[place]


def _shown(path: KeyPath) -> str:
    """Name a place as the user thinks of it: `fields.title.required`, not `fields.1.title.required`."""
    steps = [step for number, step in enumerate(path) if not (number == 1 and path[0] == "fields" and len(path) > 2)]
    return ".".join(str(step) for step in steps)


def _printed(lines: Lines) -> Iterator[str]:
    """Yield the lines, sorted, with what would not show made visible."""
    for mark, message in sorted(lines):
        yield visible(f"{_place(mark)}: {message}")


def _place(mark: Mark) -> str:
    return f"{mark.file}:{mark.line}:{mark.column}" if mark.line else mark.file
