"""`build-dataset publish`: the files of a built dataset made those of an Iceberg or Delta table."""

from __future__ import annotations

import json

import click

from builder.commands.arguments import JSON, PLACE, table
from builder.errors import ConfigError
from builder.publish import PUBLISHERS, publish
from builder.storage.path import StorePath
from builder.storage.place import Place


@click.command("publish")
@click.argument("out", type=PLACE)
@click.option("--iceberg", type=table, metavar=PUBLISHERS["iceberg"].target, help=PUBLISHERS["iceberg"].meaning)
@click.option("--delta", type=table, metavar=PUBLISHERS["delta"].target, help=PUBLISHERS["delta"].meaning)
@JSON
def publish_command(out: Place, iceberg: str | None, delta: str | None, *, as_json: bool) -> None:
    """Make the files of the dataset in OUT those of a table, as they are, in one commit."""
    wanted = [(kind, target) for kind, target in (("iceberg", iceberg), ("delta", delta)) if target]
    if len(wanted) != 1:
        raise click.UsageError("give one of --iceberg CATALOG.NAMESPACE.TABLE and --delta DIR")
    ((kind, target),) = wanted
    if isinstance(out, StorePath):
        raise ConfigError(f"{out}: publish takes a dataset on a disk of this machine; copy it there, or build it there")
    done = publish(out, kind, target)
    if as_json:
        click.echo(json.dumps({"table": target, **done._asdict()}, ensure_ascii=False))
        return
    what = (
        f"{done.added} files added, {done.removed} removed, {done.kept} stay" if done.changed else "nothing to change"
    )
    click.echo(f"{target}: {what}; version {done.version}", err=True)
