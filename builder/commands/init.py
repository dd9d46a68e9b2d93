"""`build-dataset init`: a config to start from."""

from __future__ import annotations

from importlib.resources import files

import click


@click.command("init")
def init_command() -> None:
    """Print a commented config to start from."""
    click.echo(files("builder.config").joinpath("template.yaml").read_text(encoding="utf-8"), nl=False)
