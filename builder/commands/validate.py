"""`build-dataset validate`: a config, a dataset, and what has changed since another one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from builder.commands.arguments import FILE, PLACE, source
from builder.config.problems import quoted
from builder.contract.findings import Finding, is_broken
from builder.contract.formats import FORMATS, as_summary
from builder.contract.rules import MODES, Mode
from builder.contract.validate import validate
from builder.storage.place import Place
from builder.write.files import write_output


def _reports(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> Mapping[str, Place]:
    reports = {}
    for value in values:
        name, equals, path = value.partition("=")
        if name not in FORMATS or not equals or not path:
            raise click.BadParameter(f"{quoted(value)} is not FORMAT=FILE with a format of {', '.join(FORMATS)}")
        reports[name] = PLACE.convert(path, param, ctx)
    return reports


def _default_format() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


@click.command("validate")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True, type=source)
@click.option(
    "--against",
    metavar="OLD",
    type=source,
    help="Compare with OLD: a dataset, _manifest.json, a config, a schema file, an ODCS contract, or git:REF:PATH.",
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="full",
    show_default=True,
    help="Who must not break: old queries (forward), new queries on old data (backward), or both.",
)
@click.option("--deep", is_flag=True, help="Read every row: digests, checksums, constraints, keys, order.")
@click.option("--config", type=FILE, help="The config of the dataset, to show lines of it.")
@click.option(
    "--format",
    "shown",
    type=click.Choice(sorted(FORMATS)),
    default=_default_format,
    help="What is printed; github where GITHUB_ACTIONS is true, else text.",
)
@click.option(
    "--output",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_reports,
    help="Write a report beside what is printed; may be given several times.",
)
def validate_command(
    targets: tuple[str, ...],
    against: str | None,
    mode: Mode,
    deep: bool,
    config: Place | None,
    shown: str,
    reports: Mapping[str, Place],
) -> None:
    """Check TARGET: a config (is it sound, what does it promise) or a dataset (is it what its manifest says)."""
    if against is not None and len(targets) > 1:
        raise click.UsageError("--against takes one TARGET at a time")
    findings: list[Finding] = []
    for target in targets:
        found, promised = validate(target, against=against, mode=mode, deep=deep, config=config)
        findings += found
        if promised and shown == "text":
            click.echo(promised)
    report(findings, shown, reports)


def report(findings: Sequence[Finding], shown: str, reports: Mapping[str, Place]) -> None:
    """Print findings, write what else is asked for, and end with 1 where one of them is an error."""
    click.echo(FORMATS[shown](findings), nl=False)
    for name, path in reports.items():
        write_output(path, FORMATS[name](findings).encode())
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if shown == "github" and summary:
        with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(as_summary(findings))
    if is_broken(findings):
        raise click.exceptions.Exit(1)
