"""Where terms are read from: a config, a dataset, a manifest, a schema file, a contract; here, or in git.

DIR or _manifest.json   a dataset
*.yaml                  a config, or an ODCS contract
*.json                  what `schema show --json` printed, or a JSON Schema of one row
*.parquet, *.arrow      the schema of one file, or an Arrow schema as an IPC message
git:REF:PATH            any of these files as a commit has it; PATH from the top of the repository, or ./ from here
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic_core import from_json

from builder.compiled import compile_job
from builder.config.load import load_config
from builder.config.yaml import Document, Mark, read_document
from builder.contract.jsonschema import is_row_schema, terms_of_row_schema
from builder.contract.manifest import Manifest, files_of, read_manifest, refuse_no_dataset
from builder.contract.odcs import is_odcs, terms_of_odcs
from builder.contract.terms import ConfigLines, Term, Terms, term_of, terms_of_data, terms_of_job
from builder.errors import BuilderError, ConfigError, ManifestError, fault_of
from builder.printable import printable
from builder.storage.place import Place, exists, is_dir, place_of
from builder.write.commit import MANIFEST
from builder.write.manifest import missing
from builder.write.parquet import parquet_source

_GIT = "git:"


def load_terms(source: str, *, counted: bool = True) -> Terms:
    """The terms that a source states.

    `counted`: of a dataset also how many rows have no value for a field, which is asked of the older one of two that
    are compared, and takes a look at every file that the manifest names.

    Raises:
        ConfigError: there is no such source, or nothing can be compared with it; one line, what and what to do.
        ManifestError: it is a dataset, and its manifest cannot be relied on.
        OSError: the disk or store that it lies on.

    """
    try:
        if source.startswith(_GIT):
            return _from_git(source, counted=counted)
        path = place_of(source)
        if not exists(path):
            raise ConfigError(f"{source}: no such file or folder")
        return _from_file(path, source, counted=counted)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ConfigError(f"{source}: nothing to compare with: {printable(fault_of(error, source))}") from error


def _from_git(source: str, *, counted: bool) -> Terms:
    """A file as git has it, under its own name in a folder of its own."""
    ref, colon, path = source.removeprefix(_GIT).partition(":")
    if not ref or not colon or not path:
        raise ConfigError(f"{source}: write git:REF:PATH, as in git:origin/main:configs/2022.yaml")
    raw = git_show(ref, path, source)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(path).name
        file.write_bytes(raw)
        try:
            terms = _from_file(file, source, sites=False, counted=counted)
        except ManifestError as error:
            raise ManifestError(error.rule, str(error).replace(str(file), source)) from error
        except BuilderError as error:
            raise ConfigError(str(error).replace(str(file), source)) from error
    return terms


def git_show(ref: str, path: str, source: str) -> bytes:
    """The bytes of a file at a commit of the repository that one stands in.

    Raises:
        ConfigError: no git, no such commit, no such file in it.

    """
    git = shutil.which("git")
    if git is None:
        raise ConfigError(f"{source}: git is not installed, and git:REF:PATH needs it")
    found = _run(git, "show", "--end-of-options", f"{ref}:{path}")
    if found.returncode:
        first = found.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        fetch = "; in CI fetch the commit first (actions/checkout with fetch-depth: 0)" if _lacks(git, ref) else ""
        raise ConfigError(f"{source}: {first}{fetch}")
    return found.stdout


def _lacks(git: str, ref: str) -> bool:
    """Whether one stands in a repository, and it has no such commit; what `git show` says depends on the language."""
    named = ("rev-parse", "--quiet", "--verify", "--end-of-options", f"{ref}^{{tree}}")
    return _run(git, "rev-parse", "--git-dir").returncode == 0 and _run(git, *named).returncode != 0


def _run(git: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([git, *arguments], capture_output=True, check=False)  # noqa: S603


def _from_file(path: Place, origin: str, *, sites: bool = True, counted: bool = True) -> Terms:
    if is_dir(path) or path.name == MANIFEST:
        if is_dir(path):
            refuse_no_dataset(path)
        return terms_of_manifest(read_manifest(path), origin, counted=counted)
    if path.suffix in (".yaml", ".yml"):
        document = read_document(origin, path.read_bytes())
        if is_odcs(document.data):
            if document.problems:  # what could not be read is not in the data
                mark, wrong = document.problems[0]
                raise ConfigError(f"{origin}:{mark.line}:{mark.column}: {printable(wrong)}")
            return terms_of_odcs(document.data, origin)
        return terms_of_config(path, origin, sites=sites)
    if path.suffix in _ARROW:
        return _terms_of_arrow(_ARROW[path.suffix](path), origin)
    if path.suffix != ".json":
        raise ConfigError(f"{origin}: a folder, .json, .yaml, .parquet or .arrow can be compared with; this is none")
    data = from_json(path.read_bytes())
    if isinstance(data, dict) and "format_version" in data:
        return terms_of_manifest(read_manifest(path), origin, counted=counted)
    if is_row_schema(data):
        return terms_of_row_schema(data, origin)
    if not isinstance(data, dict) or "terms" not in data:
        raise ConfigError(f"{origin}: neither a manifest, what `schema show --json` prints, nor a JSON Schema of rows")
    return terms_of_data(data, origin)


def _message(path: Place) -> pa.Schema:
    """The schema that an IPC message, stream or file holds."""
    raw = path.read_bytes()
    return pa.ipc.open_file(raw).schema if raw.startswith(b"ARROW1") else pa.ipc.read_schema(pa.py_buffer(raw))


def _footer(path: Place) -> pa.Schema:
    return pq.read_schema(parquet_source(path))


_ARROW = {".parquet": _footer, ".arrow": _message}


def _terms_of_arrow(schema: pa.Schema, origin: str) -> Terms:
    fields = []
    for field in schema:
        number = (field.metadata or {}).get(b"PARQUET:field_id")
        fields.append(
            Term(
                field.name,
                int(number) if number else None,
                arrow_type=named_as_here(str(field.type)),
                nullable=field.nullable,
                unsaid=frozenset({"deprecated"}),
            )
        )
    return Terms(origin, tuple(fields), of_files=True)


def named_as_here(arrow_type: str) -> str:
    """Parquet calls the items of a list `element`, whatever they were called."""
    return arrow_type.replace("<element: ", "<item: ")


def terms_of_config(path: Place, origin: str, *, sites: bool = True) -> Terms:
    """What a config promises, with the lines where it does; profiles of sites promise nothing.

    Raises:
        ConfigError: its mistakes, a line each.

    """
    job = compile_job(load_config(path, () if sites else ("sites=null",)))
    return terms_of_job(job, origin, lines_of(read_document(origin, path.read_bytes()), origin))


def lines_of(document: Document, origin: str) -> ConfigLines:
    """Where a config says what. Fields that it leaves to the catalogue stand nowhere."""
    entries = document.data.get("fields") if isinstance(document.data, dict) else None
    fields: dict[str, int] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = next(iter(entry), None) if isinstance(entry, dict) else entry
        mark = document.marks.get(("fields", number), Mark(origin))
        fields[str(name)] = mark.line
    keys = {str(path[0]): mark.line for path, mark in document.marks.items() if len(path) == 1}
    return ConfigLines(origin, fields, keys)


def terms_of_manifest(manifest: Manifest, origin: str, *, counted: bool = False) -> Terms:
    """What a dataset promises; `counted`: and how many of its rows have no value for a field."""
    document = manifest.document
    lacking = _lacking(manifest) if counted else {}
    return Terms(
        origin=origin,
        fields=tuple(term_of(column, lacking.get(column.name)) for column in document.schema.fields),
        version=document.dataset.version,
        partition_by=tuple(document.schema.partition_by),
        primary_key=tuple(document.schema.primary_key),
        sort_by=tuple(document.schema.sort_by),
    )


def _lacking(manifest: Manifest) -> dict[str, int]:
    """Field that may lack a value -> rows without one."""
    lacking = {column.name: 0 for column in manifest.document.schema.fields if column.nullable}
    for part in files_of(manifest):
        for name in lacking:
            lacking[name] += missing(part, name)
    return lacking


def with_lines(terms: Terms, config: Place) -> Terms:
    """The terms of a dataset with the lines of the config that it was built by.

    Raises:
        ConfigError: the config cannot be read. OSError: the disk or store that it lies on.

    """
    try:
        raw = config.read_bytes()
    except OSError as error:
        raise ConfigError(f"{config}: cannot be read: {fault_of(error, config)}") from error
    document = read_document(str(config), raw)
    return replace(terms, lines=lines_of(document, str(config)))
