"""The command: parses, calls, prints, exits. Data goes to stdout, talk to stderr."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import click

from builder import __version__
from builder.catalogue import CATALOGUE_TYPES
from builder.config.load import load_config
from builder.engines import ENGINES
from builder.errors import BuilderError, StoppedError
from builder.job import Options, Outcome, build
from builder.report.summary import printable, summary

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


_CONFIG = click.argument("config", type=click.Path(path_type=Path))
_SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a value of the config, e.g. limits.page_seconds=5.",
)


@cli.command("build")
@_CONFIG
@_SET
@click.option("--out", type=click.Path(path_type=Path), help="Output folder instead of the config's.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=os.cpu_count() or 1, show_default="one a core", help="Processes."
)
@click.option(
    "--engine", type=click.Choice(sorted(ENGINES)), default="local", show_default=True, help="Where tasks run."
)
@click.option("--limit", type=click.IntRange(1), help="Take only the first N pages of every input: a trial run.")
@click.option("--fresh", is_flag=True, help="Do all work anew, whatever earlier runs have left.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
def build_command(
    config: Path,
    overrides: tuple[str, ...],
    out: Path | None,
    workers: int,
    engine: str,
    limit: int | None,
    fresh: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Build the dataset that CONFIG describes."""
    loaded = load_config(config, CATALOGUE_TYPES, overrides)
    target = out if out is not None else loaded.path.parent / loaded.job.output
    outcome = build(loaded, Options(Path(os.path.normpath(target)), workers, engine, limit, fresh, quiet or as_json))
    names = [level.name for level in loaded.job.partition_by]
    if as_json:
        click.echo(json.dumps(_as_json(outcome), sort_keys=True))
    elif not quiet:
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
        "splits": outcome.splits,
        "splits_reused": outcome.reused,
    }


def _stop(number: int, _frame: FrameType | None) -> None:
    raise StoppedError("interrupted; what is finished is kept, run the same command again to continue", number)


def main() -> None:
    """Run the command; exit 0, 1 findings, 2 usage, 70 bug, 74 I/O, 75 locked, 130 or 143 interrupted."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    sys.exit(_run())


def _run() -> int:
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return _USAGE_EXIT
    except BuilderError as error:
        _say(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INPUT_OUTPUT
    except OSError as error:
        hint = "free some space, then run again to continue" if error.errno == errno.ENOSPC else "run again to continue"
        _say(f"{error.filename or ''}: {error.strerror or error}; {hint}".removeprefix(": "))
        return INPUT_OUTPUT
    except Exception:
        _say("a bug in build-dataset, please report it with what follows\n" + traceback.format_exc())
        return BUG
    return 0


def _say(message: str) -> None:
    click.echo("\n".join(printable(line) for line in message.split("\n")), err=True)


if __name__ == "__main__":
    main()
