"""`build-dataset preview`: one page explained."""

from __future__ import annotations

import json

import click

from builder import preview
from builder.commands.arguments import CONFIG, JSON, SET, page_or_url
from builder.config.load import load_config
from builder.printable import printable
from builder.records import Reject, locator_text
from builder.storage.place import Place


@click.command("preview")
@CONFIG
@click.argument("page", type=page_or_url)
@click.option("--url", help="The URL that a page given as a file was captured at.")
@SET
@JSON
def preview_command(config: Place, page: str, url: str | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Explain one PAGE: an HTML file, a URL captured in the inputs, or a locator.

    Locators are `input@offset`, and `input@0#file` in a folder.
    """
    loaded = load_config(config, overrides)
    explained = preview.explain(loaded, page, url)
    if as_json:
        click.echo(json.dumps(preview.as_data(explained)))
    elif isinstance(explained, Reject):
        click.echo(printable(f"{locator_text(explained.source)}: {explained.code}: {explained.message}", keep="\n"))
    else:
        click.echo(printable(preview.as_text(explained), keep="\n"))
