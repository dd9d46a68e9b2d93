"""The command: its verbs, its signals, its exit codes. Data goes to stdout, talk to stderr."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from contextlib import suppress
from types import FrameType

import click

from builder import __version__
from builder.commands.build import build_command
from builder.commands.init import init_command
from builder.commands.plan import plan_command
from builder.commands.preview import preview_command
from builder.commands.publish import publish_command
from builder.commands.rejects import rejects_command
from builder.commands.report import report_command
from builder.commands.schema import schema_command
from builder.commands.validate import validate_command
from builder.engines.supervise import end_fork_server
from builder.errors import BuilderError, StoppedError, lasts
from builder.printable import printable
from builder.signals import leave, on_signals

BUG, INPUT_OUTPUT = 70, 74
_USAGE_EXIT = 2
VERBS = (
    build_command,
    init_command,
    plan_command,
    preview_command,
    publish_command,
    rejects_command,
    report_command,
    schema_command,
    validate_command,
)
"""All of the command, one module a verb."""


class DefaultToBuild(click.Group):
    """A bare path is `build`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `build` before anything that is not a command or an option of the group."""
        if args and args[0] not in (*self.commands, "--help", "-h", "--version"):
            args = ["build", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultToBuild, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="build-dataset")
def cli() -> None:
    """Raw HTML dumps in, a typed, partitioned Parquet dataset with a manifest out.

    `build-dataset CONFIG` is short for `build-dataset build CONFIG`.
    """


for verb in VERBS:
    cli.add_command(verb)


def _stop(number: int, _frame: FrameType | None) -> None:
    on_signals(leave)
    raise StoppedError("interrupted; what is finished is kept, run the same command again to continue", number)


def _open_streams() -> None:
    """Where stdin, stdout or stderr is closed, the next file would take its number, and what is said would go there.

    A library that was imported may have taken it already; then what is said goes nowhere by another number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def main() -> None:
    """Run the command; exit 0, 1 findings, 2 usage, 70 bug, 74 I/O, 75 locked, 129, 130 or 143 interrupted."""
    _open_streams()
    on_signals(_stop)
    code = _run()
    end_fork_server()
    sys.exit(code)


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
    if error.errno == errno.EFBIG:
        return "; the disk or `ulimit -f` allows no file as large: raise that, then run again to continue"
    return "" if lasts(error) else "; run again to continue"


def _say(message: str) -> None:
    with suppress(OSError):  # there is nobody left to tell, and the exit code says it too
        click.echo(printable(message, keep="\n"), err=True)


if __name__ == "__main__":
    main()
