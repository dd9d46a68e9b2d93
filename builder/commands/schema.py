"""`build-dataset schema`: what a config promises or a dataset has, shown and compared."""

from __future__ import annotations

import json

import click

from builder.commands.arguments import FILE, OUTPUT, hand_over, source
from builder.commands.validate import report
from builder.compiled import compile_job
from builder.config.editors import config_schema
from builder.config.load import load_config
from builder.contract.compare import compare
from builder.contract.exports import EXPORTS, export
from builder.contract.findings import report_schema
from builder.contract.formats import FORMATS
from builder.contract.manifest import files_of, read_manifest
from builder.contract.promise import Described, promised
from builder.contract.rules import MODES, Mode
from builder.contract.show import as_lines
from builder.contract.sources import load_terms
from builder.contract.terms import as_data
from builder.errors import ConfigError
from builder.storage.place import Place, is_dir, is_file
from builder.write.commit import MANIFEST
from builder.write.document import json_schema

_SOURCES = "A source is a config, a dataset, a manifest, a schema file, an ODCS contract, or git:REF:PATH."


@click.group("schema")
def schema_command() -> None:
    """Show, compare and export schemas."""


@schema_command.command("show", epilog=_SOURCES)
@click.argument("source", type=source)
@click.option("--json", "as_json", is_flag=True, help="As JSON, which `--against` reads.")
def show_command(source: str, as_json: bool) -> None:
    """Print the fields of SOURCE, and how its rows are laid out."""
    terms = load_terms(source, counted=False)
    click.echo(json.dumps(as_data(terms), ensure_ascii=False, indent=1) if as_json else as_lines(terms))


@schema_command.command("diff", epilog=_SOURCES)
@click.argument("old", type=source)
@click.argument("new", type=source)
@click.option("--mode", type=click.Choice(MODES), default="full", show_default=True, help="Who must not break.")
@click.option("--format", "shown", type=click.Choice(sorted(FORMATS)), default="text", show_default=True)
def diff_command(old: str, new: str, mode: Mode, shown: str) -> None:
    """Say what has changed from OLD to NEW; exit 1 where that breaks readers without a new major version."""
    report(compare(load_terms(old), load_terms(new, counted=False), mode), shown, {})


@schema_command.command("manifest")
def manifest_command() -> None:
    """Print the JSON Schema of _manifest.json."""
    click.echo(json_schema(), nl=False)


@schema_command.command("findings")
def findings_command() -> None:
    """Print the JSON Schema of what `validate --format json` prints."""
    click.echo(report_schema(), nl=False)


@schema_command.command("export")
@click.argument("source", type=FILE)
@click.option("--to", "kind", type=click.Choice(list(EXPORTS)), required=True, help="What to make of it.")
@OUTPUT
def export_command(source: Place, kind: str, output: Place | None) -> None:
    """Print the schema of SOURCE (a config, a built dataset or its manifest) in the words of others."""
    hand_over(export(_described(source), kind), output)


def _described(source: Place) -> Described:
    if is_dir(source) or source.suffix == ".json":
        if not is_file(source / MANIFEST if is_dir(source) else source):
            raise ConfigError(f"{source}: no {MANIFEST}; give a config, or a built dataset or its manifest")
        manifest = read_manifest(source)
        document = manifest.document
        return Described(document.dataset, document.schema, list(files_of(manifest)), document.counts.rows)
    return promised(compile_job(load_config(source)))


@schema_command.command("config")
@click.option("--site", "kind", flag_value="site", default="job", help="Of a file of profiles instead of a job.")
def config_command(kind: str) -> None:
    """Print the JSON Schema of a config, for editors."""
    click.echo(config_schema(kind), nl=False)
