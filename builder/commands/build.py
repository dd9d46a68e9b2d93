"""`build-dataset build`: the dataset that a config describes."""

from __future__ import annotations

import json
from typing import Any

import click

from builder.commands.arguments import CONFIG, JSON, OUT, SET, WORKERS, output_of
from builder.commands.plan import show_plan
from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.engines import ENGINES
from builder.job import Outcome, build, plan_build
from builder.options import Options
from builder.plan.changes import as_text
from builder.printable import printable
from builder.report.summary import summary
from builder.storage.place import Place, absolute


def _address(value: str) -> str:
    if not value:  # a variable that is not set, mostly
        raise click.BadParameter("empty; leave the option out for RAY_ADDRESS, or Ray on this machine")
    return value


@click.command("build")
@CONFIG
@SET
@OUT
@WORKERS
@click.option(
    "--engine", type=click.Choice(sorted(ENGINES)), default="local", show_default=True, help="Where tasks run."
)
@click.option(
    "--address",
    type=_address,
    metavar="ADDRESS",
    help="Of a Ray cluster: auto, HOST:PORT or ray://HOST:PORT; without it RAY_ADDRESS, else Ray is started here.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="Take only N pages of every input, filtered ones too, and none behind its first split: a trial run. "
    "It replaces no whole dataset: give --out.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read and why, as `plan` does; build nothing.")
@click.option("--fresh", is_flag=True, help="Do all work anew, whatever earlier runs have left.")
@click.option("--accept-drift", is_flag=True, help="Publish whatever thresholds.max_drift says.")
@JSON
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
@click.option("-v", "--verbose", is_flag=True, help="Also what is read and why, and what each stage took, on stderr.")
def build_command(
    config: Place,
    overrides: tuple[str, ...],
    out: Place | None,
    workers: int | None,
    engine: str,
    address: str | None,
    limit: int | None,
    dry_run: bool,
    fresh: bool,
    accept_drift: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Build the dataset that CONFIG describes."""
    loaded = load_config(config, overrides)
    if address is not None and engine == "local":
        raise click.UsageError("--address is that of a cluster: it goes with --engine ray")
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    output, silent = output_of(loaded, out), quiet or as_json
    if engine != "local":
        output = absolute(output)  # workers have working folders of their own
    options = Options(output, workers, engine, limit, fresh, silent, accept_drift=accept_drift, address=address)
    if dry_run:
        show_plan(plan_build(loaded, options), as_json=as_json)
        return
    if verbose and not fresh:
        click.echo(printable(as_text(plan_build(loaded, options)), keep="\n"), err=True)
    outcome = build(loaded, options)
    if verbose:
        click.echo(", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in outcome.seconds.items()), err=True)
    if as_json:
        click.echo(json.dumps(_as_json(outcome), sort_keys=True))
    elif not quiet:
        tell(outcome, loaded)


def tell(outcome: Outcome, loaded: LoadedConfig) -> None:
    """Print the summary of a build on stderr."""
    names = [level.name for level in loaded.job.partition_by]
    click.echo(summary(outcome.out, outcome.books, len(outcome.parts), names, changed=outcome.changed), err=True)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    books = outcome.books
    return {
        "out": str(outcome.out),
        "changed": outcome.changed,
        "parts": len(outcome.parts),
        "read": books.read,
        "rows": books.rows,
        "rejected": dict(books.rejected),
        "filtered": dict(books.filtered),
        "duplicates": books.duplicates,
        "skipped": dict(books.skipped),
        "splits": outcome.splits,
        "splits_reused": outcome.reused,
    }
