"""`build-dataset report`: one HTML page about a dataset."""

from __future__ import annotations

import click

from builder.commands.arguments import PLACE
from builder.report.dataset import as_page
from builder.report.facts import facts_of
from builder.storage.place import Place
from builder.write.files import write_output


@click.command("report")
@click.argument("out", type=PLACE)
@click.option("-o", "--output", type=PLACE, help="A file instead of stdout.")
def report_command(out: Place, output: Place | None) -> None:
    """Print one self-contained HTML page about the dataset in OUT: counts, rejects, fields, inputs."""
    content = as_page(facts_of(out))
    if output is None:
        click.echo(content, nl=False)
    else:
        write_output(output, content)
