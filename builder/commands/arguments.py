"""Arguments that several verbs take."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from builder.config.models import LoadedConfig
from builder.storage.place import Place, on_web, place_of
from builder.storage.urls import WITH_CREDENTIALS, has_credentials, url_problem
from builder.write.files import write_output

_EMPTY = "an empty path"
_WEB = "a web server lists no folders and is not written to; give a path, or s3://, gs:// or az://"
WORKERS = click.option("--workers", type=click.IntRange(1, 100_000), show_default="one a core", help="Tasks at once.")
SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a value of the config, e.g. limits.page_seconds=5; may be given several times.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout, and nothing else.")


class PlaceType(click.ParamType):  # type: ignore[type-arg]  # click takes a parameter from 8.4 on, and this runs with 8.1
    """A path, or the URL of an object in a store. A class, for click asks for one."""

    name = "path"

    def __init__(self, *, web: bool = False) -> None:
        """`web`: whether one file is read of it, which a web server can give as well."""
        self.web = web

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        """The place that is meant. Refuses nothing, a URL with credentials in it, and one of no store that will do."""
        if isinstance(value, str) and (problem := url_problem(value) if value else _EMPTY) is not None:
            self.fail(problem, param, ctx)
        place = place_of(value) if isinstance(value, str) else value
        if on_web(place) and not self.web:
            self.fail(_WEB, param, ctx)
        return place


def source(value: str) -> str:
    """What may be a place, and is kept as it was written; refuses what `FILE` does."""
    if (problem := url_problem(value) if value else _EMPTY) is not None:
        raise click.BadParameter(problem)
    return value


def page_or_url(value: str) -> str:
    """What may be a place or the URL of a page, which may have any form; nothing is not the folder one stands in."""
    if not value:
        raise click.BadParameter(_EMPTY)
    return value


def table(value: str) -> str:
    """What a table is called by, which may be a URL of other kinds than ours; refuses one with credentials in it."""
    if has_credentials(value):
        raise click.BadParameter(WITH_CREDENTIALS)
    return value


PLACE = PlaceType()
"""A dataset, or where something is written."""
FILE = PlaceType(web=True)
"""A config, or a manifest."""
CONFIG = click.argument("config", type=FILE)
OUT = click.option("--out", type=PLACE, help="Output folder instead of the config's.")
OUTPUT = click.option("-o", "--output", type=PLACE, help="A file instead of stdout.")


def output_of(loaded: LoadedConfig, out: Place | None) -> Place:
    """The output folder: the option's, relative to here, or the config's, relative to its file."""
    place = out if out is not None else place_of(loaded.job.output, loaded.path.parent)
    return Path(os.path.normpath(place)) if isinstance(place, Path) else place


def hand_over(content: bytes, output: Place | None) -> None:
    """Write what a verb has made to the file of OUTPUT, else to stdout.

    Raises:
        ConfigError: the file is a folder. OSError: the disk or the store.

    """
    if output is None:
        click.echo(content, nl=False)
    else:
        write_output(output, content)
