"""The errors of the builder, by who must act.

    BuilderError
    ├── ConfigError       the user's configuration; raised before any work; exit 2
    ├── DumpError         an input as a whole cannot be read; exit 1
    │   └── UnreadableError  for what its bytes are; a Reject where its `on_bad_input` is reject
    ├── ManifestError     a manifest that nothing may be read or removed by: cut, edited, of a newer format; exit 1
    ├── FindingsError     a contract or a threshold is broken, the books do not balance; nothing is published; exit 1
    ├── LostTaskError     a task that reads no pages has no process that survives it; exit 74
    ├── NothingToRetryError  no reject is of the code to be read again; nothing is published, nothing is wrong; exit 0
    ├── LockedError       another build works on the same output; exit 75
    ├── StoppedError      interrupted by a signal; run again to continue; exit 129, 130 or 143
    └── PageError         one page cannot become a row; becomes a Reject, never ends a build

`OSError` stays what it is and ends a build with exit 74: the disk is full, or the store is down. Run again to continue,
unless the next run would meet the same: a file that is not there, a folder that may not be written.
Whatever else arrives at the command line is a bug: exit 70.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from builder.records import RejectCode

_LASTING = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP,
    errno.EINVAL, errno.ENXIO, errno.ENODEV,
)  # fmt: skip
"""What a disk says to the next run as well."""


class BuilderError(Exception):
    """Base of all. One message argument, so that an error survives the way from a worker process."""

    exit_code = 70


class ConfigError(BuilderError):
    """The configuration is wrong. The message holds one line a mistake: `file:line:column: what, what to do`."""

    exit_code = 2


class DumpError(BuilderError):
    """An input cannot be read at all: missing, not of any known format, encrypted, changed while it was read."""

    exit_code = 1


class ManifestError(BuilderError):
    """A manifest cannot be relied on. `rule` is the id of the finding that it is."""

    exit_code = 1

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return self.message


class UnreadableError(DumpError):
    """The bytes of an input are not what any reader takes: of no known format, cut where they must not be."""


class FindingsError(BuilderError):
    """The build is done and may not be published: books out of balance or a threshold passed."""

    exit_code = 1


class LostTaskError(BuilderError):
    """A task ended its process again and again, and no page is to blame: mostly the machine is short of memory."""

    exit_code = 74


class NothingToRetryError(BuilderError):
    """A dataset has no rejects that reading again could mend."""

    exit_code = 0


class LockedError(BuilderError):
    """Another build holds the lock of this output."""

    exit_code = 75


class StoppedError(BuilderError):
    """The build was asked to stop. `exit_code` is 128 plus the signal's number."""

    def __init__(self, message: str, signal_number: int = 2) -> None:
        super().__init__(message, signal_number)
        self.exit_code = 128 + signal_number

    def __str__(self) -> str:
        return str(self.args[0])


class PageError(BuilderError):
    """One page cannot become a row; `rule` is the constraint that is broken."""

    def __init__(self, code: RejectCode, message: str, rule: str | None = None) -> None:
        super().__init__(code, message, rule)
        self.code = code
        self.message = message
        self.rule = rule

    def __str__(self) -> str:
        return self.message


def to_install(extra: str) -> str:
    """What to do where an extra of this project is missing: by name an index of packages may give somebody else's.

    >>> to_install("ray")
    "in a clone of this project: pip install '.[ray]'"
    """
    return f"in a clone of this project: pip install '.[{extra}]'"


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Let errors of the system that arise within tell the file: reads, writes and fsync raise them without a name.

    Raises:
        OSError: with `filename`.

    """
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        if error.errno is None and isinstance(error, FileNotFoundError):  # pyarrow's
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error
        raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(path)) from error


def lasts(error: OSError) -> bool:
    """Whether the next run would meet the same. In stores credentials expire, and objects come back."""
    return error.errno in _LASTING and "://" not in str(error.filename)


def fault_of(error: Exception, name: object) -> str:
    """What is wrong with a file that somebody named, when it could not be read.

    Raises:
        OSError: disk or store have failed, and nothing is known against the name.

    """
    if not isinstance(error, OSError) or error.errno is None:  # a name that cannot be one, or what is in the file
        return str(error)
    is_wrong = error.errno in (errno.ENOENT, errno.EINVAL) if "://" in str(name) else lasts(error)
    if not is_wrong:
        raise OSError(error.errno, error.strerror, error.filename or str(name)) from error
    return error.strerror or str(error)
