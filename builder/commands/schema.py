"""`build-dataset schema`: what a config promises or a dataset has, shown and compared."""

from __future__ import annotations

import json

import click

from builder.catalogue import CATALOGUE_TYPES
from builder.commands.validate import report
from builder.contract.compare import compare
from builder.contract.formats import FORMATS
from builder.contract.rules import MODES, Mode
from builder.contract.show import as_lines
from builder.contract.sources import load_terms
from builder.contract.terms import as_data
from builder.write.document import json_schema

_SOURCES = "A source is a config, a dataset, a manifest, a schema file, an ODCS contract, or git:REF:PATH."


@click.group("schema")
def schema_command() -> None:
    """Show, compare and export schemas."""


@schema_command.command("show", epilog=_SOURCES)
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="As JSON, which `--against` reads.")
def show_command(source: str, as_json: bool) -> None:
    """Print the fields of SOURCE, and how its rows are laid out."""
    terms = load_terms(source, CATALOGUE_TYPES)
    click.echo(json.dumps(as_data(terms), ensure_ascii=False, indent=1) if as_json else as_lines(terms))


@schema_command.command("diff", epilog=_SOURCES)
@click.argument("old")
@click.argument("new")
@click.option("--mode", type=click.Choice(MODES), default="full", show_default=True, help="Who must not break.")
@click.option("--format", "shown", type=click.Choice(sorted(FORMATS)), default="text", show_default=True)
def diff_command(old: str, new: str, mode: Mode, shown: str) -> None:
    """Say what has changed from OLD to NEW; exit 1 where that breaks readers without a new major version."""
    report(compare(load_terms(old, CATALOGUE_TYPES), load_terms(new, CATALOGUE_TYPES), mode), shown, {})


@schema_command.command("manifest")
def manifest_command() -> None:
    """Print the JSON Schema of _manifest.json."""
    click.echo(json_schema(), nl=False)
