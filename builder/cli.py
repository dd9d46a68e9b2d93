"""The command: parses, calls, prints, exits. Data goes to stdout, talk to stderr."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any

import click

from builder import __version__, changes, preview
from builder.catalogue import CATALOGUE_TYPES
from builder.changes import Change
from builder.commands.arguments import PLACE, WORKERS, source
from builder.commands.publish import publish_command
from builder.commands.rejects import rejects_command
from builder.commands.report import report_command
from builder.commands.schema import schema_command
from builder.commands.validate import validate_command
from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.engines import ENGINES
from builder.errors import BuilderError, StoppedError, lasts
from builder.job import Options, Outcome, build, plan_build
from builder.records import Reject
from builder.report.summary import printable, summary
from builder.storage.place import Place, absolute, place_of

BUG, INPUT_OUTPUT = 70, 74
_USAGE_EXIT = 2


class DefaultToBuild(click.Group):
    """A bare path is `build`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `build` before anything that is not a command or an option of the group."""
        if (args and args[0] not in self.commands and not args[0].startswith("-")) or (
            args and args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")
        ):
            args = ["build", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultToBuild, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="build-dataset")
def cli() -> None:
    """Raw HTML dumps in, a typed, partitioned Parquet dataset with a manifest out.

    `build-dataset CONFIG` is short for `build-dataset build CONFIG`.
    """


_CONFIG = click.argument("config", type=PLACE)
_SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a value of the config, e.g. limits.page_seconds=5.",
)

_OUT = click.option("--out", type=PLACE, help="Output folder instead of the config's.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout, and nothing else.")


@cli.command("build")
@_CONFIG
@_SET
@_OUT
@WORKERS
@click.option(
    "--engine", type=click.Choice(sorted(ENGINES)), default="local", show_default=True, help="Where tasks run."
)
@click.option(
    "--address",
    metavar="ADDRESS",
    help="Of a Ray cluster: auto, HOST:PORT or ray://HOST:PORT; without it RAY_ADDRESS, else Ray is started here.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="Take only N pages of every input, filtered ones too, and none behind its first split: a trial run.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read and why, as `plan` does; build nothing.")
@click.option("--fresh", is_flag=True, help="Do all work anew, whatever earlier runs have left.")
@click.option("--accept-drift", is_flag=True, help="Publish whatever thresholds.max_drift says.")
@_JSON
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
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
) -> None:
    """Build the dataset that CONFIG describes."""
    loaded = load_config(config, CATALOGUE_TYPES, overrides)
    if address is not None and engine == "local":
        raise click.UsageError("--address is that of a cluster: it goes with --engine ray")
    output, silent = _output(loaded, out), quiet or as_json
    if engine != "local":
        output = absolute(output)  # workers have working folders of their own
    options = Options(output, workers, engine, limit, fresh, silent, accept_drift=accept_drift, address=address)
    if dry_run:
        _show_plan(plan_build(loaded, options), as_json=as_json)
        return
    outcome = build(loaded, options)
    names = [level.name for level in loaded.job.partition_by]
    if as_json:
        click.echo(json.dumps(_as_json(outcome), sort_keys=True))
    elif not quiet:
        click.echo(summary(outcome.out, outcome.books, len(outcome.parts), names, changed=outcome.changed), err=True)


def _output(loaded: LoadedConfig, out: Place | None) -> Place:
    """The output folder: the option's, relative to here, or the config's, relative to its file."""
    place = out if out is not None else place_of(loaded.job.output, loaded.path.parent)
    return Path(os.path.normpath(place)) if isinstance(place, Path) else place


@cli.command("plan")
@_CONFIG
@_SET
@_OUT
@_JSON
def plan_command(config: Place, overrides: tuple[str, ...], out: Place | None, as_json: bool) -> None:
    """Say what a build would read again, and why."""
    loaded = load_config(config, CATALOGUE_TYPES, overrides)
    options = Options(_output(loaded, out), quiet=True)
    _show_plan(plan_build(loaded, options), as_json=as_json)


def _show_plan(found: list[Change], *, as_json: bool) -> None:
    click.echo(json.dumps([asdict(change) for change in found]) if as_json else _shown(changes.as_text(found)))


@cli.command("preview")
@_CONFIG
@click.argument("page", type=source)
@click.option("--url", help="The URL that a page given as a file was captured at.")
@_SET
@_JSON
def preview_command(config: Place, page: str, url: str | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Explain one PAGE: an HTML file, a URL captured in the inputs, or a locator.

    Locators are `input@offset`, and `input@0#file` in a folder.
    """
    loaded = load_config(config, CATALOGUE_TYPES, overrides)
    explained = preview.explain(loaded, page, url)
    if as_json:
        click.echo(json.dumps(preview.as_data(explained), ensure_ascii=False))
    elif isinstance(explained, Reject):
        click.echo(_shown(f"{explained.source.input}@{explained.source.offset}: {explained.code}: {explained.message}"))
    else:
        click.echo(_shown(preview.as_text(explained)))


@cli.command("init")
def init_command() -> None:
    """Print a commented config to start from."""
    click.echo(files("builder.config").joinpath("template.yaml").read_text(encoding="utf-8"), nl=False)


cli.add_command(publish_command)
cli.add_command(rejects_command)
cli.add_command(report_command)
cli.add_command(schema_command)
cli.add_command(validate_command)


def _shown(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


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


def _stop(number: int, _frame: FrameType | None) -> None:
    _on_signals(_leave)
    raise StoppedError("interrupted; what is finished is kept, run the same command again to continue", number)


def _open_streams() -> None:
    """Where stdin, stdout or stderr is closed, the next file would take its number, and what is said would go there.

    A library that was imported may have taken it already; then what is said goes nowhere by another number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _leave(number: int, _frame: FrameType | None) -> None:
    """A second signal does not wait for anything. Workers leave when their driver has gone."""
    os._exit(128 + number)


def _on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    """What was ignored from the start stays so: `nohup` says it of the end of a session, a shell of jobs behind `&`."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def main() -> None:
    """Run the command; exit 0, 1 findings, 2 usage, 70 bug, 74 I/O, 75 locked, 129, 130 or 143 interrupted."""
    _open_streams()
    _on_signals(_stop)
    sys.exit(_run())


def _run() -> int:
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        with suppress(OSError):  # as in _say
            error.show()
        return _USAGE_EXIT
    except SystemExit:  # click, when nobody reads what is printed
        return INPUT_OUTPUT
    except BuilderError as error:
        _say(str(error))
        return error.exit_code
    except OSError as error:
        _say(f"{error.filename or ''}: {error.strerror or error}{_hint(error)}".removeprefix(": "))
        return INPUT_OUTPUT
    except Exception:
        _say("a bug in build-dataset, please report it with what follows\n" + traceback.format_exc())
        return BUG
    return code if isinstance(code, int) else 0  # what a command ended with: click gives it back


def _hint(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "; free some space, then run again to continue"
    return "" if lasts(error) else "; run again to continue"


def _say(message: str) -> None:
    with suppress(OSError):  # there is nobody left to tell, and the exit code says it too
        click.echo(_shown(message), err=True)


if __name__ == "__main__":
    main()
