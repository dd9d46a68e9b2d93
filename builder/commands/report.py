"""`build-dataset report`: one HTML page about a dataset."""

from __future__ import annotations

import click

from builder.commands.arguments import OUTPUT, PLACE, hand_over
from builder.report.dataset import as_page
from builder.report.facts import facts_of
from builder.storage.place import Place


@click.command("report")
@click.argument("out", type=PLACE)
@OUTPUT
def report_command(out: Place, output: Place | None) -> None:
    """Print one self-contained HTML page about the dataset in OUT: counts, rejects, fields, inputs."""
    hand_over(as_page(facts_of(out)), output)
