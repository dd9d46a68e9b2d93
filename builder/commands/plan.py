"""`build-dataset plan`: what a build would read again, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from builder.commands.arguments import CONFIG, JSON, OUT, SET, output_of
from builder.config.load import load_config
from builder.job import plan_build
from builder.options import Options
from builder.plan.changes import Change, as_text
from builder.printable import printable
from builder.storage.place import Place


@click.command("plan")
@CONFIG
@SET
@OUT
@JSON
def plan_command(config: Place, overrides: tuple[str, ...], out: Place | None, as_json: bool) -> None:
    """Say what a build would read again, and why."""
    loaded = load_config(config, overrides)
    options = Options(output_of(loaded, out), quiet=True)
    show_plan(plan_build(loaded, options), as_json=as_json)


def show_plan(found: Sequence[Change], *, as_json: bool) -> None:
    """Print the plan."""
    click.echo(json.dumps([asdict(change) for change in found]) if as_json else printable(as_text(found), "\n"))
