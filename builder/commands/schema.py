"""`build-dataset schema`: the columns that a config promises or a dataset has."""

from __future__ import annotations

from pathlib import Path

import click

from builder.catalogue import CATALOGUE_TYPES
from builder.compiled import compile_job
from builder.config.load import load_config
from builder.report.summary import printable


@click.group("schema")
def schema_command() -> None:
    """Show, compare and export schemas."""


@schema_command.command("show")
@click.argument("config", type=click.Path(path_type=Path))
def show_command(config: Path) -> None:
    """Print the columns that CONFIG promises."""
    for field in compile_job(load_config(config, CATALOGUE_TYPES)).fields:
        click.echo(printable(f"{field.name}: {field.arrow.type}{' required' if field.required else ''}"))
