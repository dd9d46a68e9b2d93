"""`build-dataset rejects`: what was lost and why; read it again."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from builder.commands.arguments import FILE, JSON, PLACE, SET, WORKERS
from builder.commands.build import tell
from builder.config.load import load_config
from builder.errors import NothingToRetryError
from builder.job import build
from builder.options import Options
from builder.printable import printable
from builder.records import REJECT_CODES
from builder.rejects import Rejects, as_text, summarise
from builder.storage.place import Place


@click.command("rejects")
@click.argument("out", type=PLACE)
@click.option(
    "--code",
    "codes",
    multiple=True,
    type=click.Choice(list(REJECT_CODES)),
    help="Only rejects of this code; may be given several times.",
)
@click.option(
    "--retry",
    type=click.Choice(list(REJECT_CODES)),
    help="Read the rejects of this code again, and put what succeeds now into the dataset. Needs --config.",
)
@click.option("--config", type=FILE, help="The config to retry with.")
@SET
@WORKERS
@JSON
@click.option("-q", "--quiet", is_flag=True, help="With --retry: no progress bar and no summary.")
def rejects_command(
    out: Place,
    codes: tuple[str, ...],
    retry: str | None,
    config: Place | None,
    overrides: tuple[str, ...],
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what the dataset in OUT lost, by code, input and site; with --retry read that again."""
    if (retry is None) != (config is None):
        raise click.UsageError("--retry CODE and --config CONFIG go together: OUT does not say where its inputs are")
    if retry is not None and codes and not as_json:
        raise click.UsageError("--code says what is shown: with --retry it goes with --json")
    if retry is None or config is None:
        for option, given in (("--set", overrides), ("--workers", workers), ("--quiet", quiet)):
            if given:
                raise click.UsageError(f"{option} goes with --retry CODE; without it nothing is built")
        _show(summarise(out, codes), as_json=as_json)
        return
    summarise(out)  # a dataset must be there
    loaded = load_config(config, overrides)
    silent = quiet or as_json
    try:
        outcome = build(loaded, Options(out, workers, quiet=silent, retry=retry))
        if not silent:
            tell(outcome, loaded)
    except NothingToRetryError as error:
        if not silent:
            click.echo(printable(str(error)), err=True)
    if as_json:
        _show(summarise(out, codes), as_json=True)


def _show(found: Rejects, *, as_json: bool) -> None:
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else printable(as_text(found), "\n"))
