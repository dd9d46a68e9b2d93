"""What `validate` does: a target looked at by itself, and beside another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from builder.config.yaml import read_document
from builder.contract.compare import compare
from builder.contract.files import check_files
from builder.contract.findings import Finding
from builder.contract.manifest import Manifest, read_manifest, refuse_no_dataset
from builder.contract.odcs import is_odcs
from builder.contract.rows import check_rows
from builder.contract.rules import CHECKS, Mode
from builder.contract.show import as_lines
from builder.contract.sources import load_terms, terms_of_config, terms_of_manifest, with_lines
from builder.contract.stated import contradictions
from builder.contract.terms import Terms
from builder.errors import ConfigError, ManifestError
from builder.storage.place import Place, exists, is_dir, on_web, place_of
from builder.write.commit import MANIFEST

_ABSENT = "FILE_MISSING"
_LINE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+):[0-9]+: (?P<what>.*)", re.DOTALL)


def validate(
    target: str,
    *,
    against: str | None = None,
    mode: Mode = "full",
    deep: bool = False,
    config: Place | None = None,
) -> tuple[list[Finding], str]:
    """The findings, and for a config the schema that it promises, in words.

    Raises:
        ConfigError: the target or what it is compared with is nothing that can be looked at.
        OSError: the disk.

    """
    old = load_terms(against) if against is not None else None
    path = place_of(target)
    if not exists(path):
        raise ConfigError(f"{target}: no such file or folder; give a config or a dataset")
    if is_dir(path) or path.name == MANIFEST:
        findings, terms, promised = _dataset(path, target, config, deep=deep)
    else:
        findings, terms, promised = _config(path, target, deep=deep)
    if old is not None and terms is not None:
        findings += compare(old, terms, mode)
    return findings, promised


def _config(path: Place, target: str, *, deep: bool) -> tuple[list[Finding], Terms | None, str]:
    if path.suffix not in (".yaml", ".yml") or is_odcs(read_document(target, path.read_bytes()).data):
        raise ConfigError(f"{target}: neither a config (.yaml) nor a dataset (a folder with {MANIFEST})")
    if deep:
        raise ConfigError(f"{target}: --deep reads the rows of a dataset; this is a config")
    try:
        terms = terms_of_config(path, target)
    except ConfigError as error:
        return list(_mistakes(str(error))), None, ""
    return [], terms, as_lines(terms)


def _mistakes(lines: str) -> Iterator[Finding]:
    """The mistakes of a config, each with its place."""
    for line in lines.split("\n"):
        found = _LINE.fullmatch(line)
        yield Finding(
            rule="CONFIG_INVALID",
            severity="error",
            message=found["what"] if found else line,
            hint=CHECKS["CONFIG_INVALID"].hint,
            file=found["file"] if found else None,
            line=int(found["line"]) if found else None,
        )


def _dataset(path: Place, target: str, config: Place | None, *, deep: bool) -> tuple[list[Finding], Terms | None, str]:
    root = path if is_dir(path) else path.parent
    if on_web(root):
        raise ConfigError(
            f"{target}: a web server lists no folders; copy the dataset to a disk, to s3://, gs:// or az://"
        )
    refuse_no_dataset(root)
    try:
        manifest = read_manifest(root / MANIFEST)
        findings = list(_checked(root, manifest, deep=deep))
        terms = terms_of_manifest(manifest, target)
    except ManifestError as error:
        message = error.message.removeprefix(f"{root / MANIFEST}: ")
        hint = CHECKS[error.rule].hint
        finding = Finding(
            rule=error.rule,
            severity="error",
            message=message,
            hint="" if message.endswith(hint) else hint,  # it is said already
            file=str(root / MANIFEST),
        )
        return [finding], None, ""
    return findings, with_lines(terms, config) if config else terms, ""


def _checked(root: Place, manifest: Manifest, *, deep: bool) -> Iterator[Finding]:
    found = list(check_files(root, manifest))
    if deep and not any(contradictions(manifest.document.schema)):
        damaged = {finding.file for finding in found if finding.file}
        found += check_rows(root, manifest, damaged, {finding.file for finding in found if finding.rule == _ABSENT})
    for finding in found:
        yield replace(finding, file=str(root / finding.file) if finding.file else None)
