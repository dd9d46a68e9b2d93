"""Errors of the system: which are the user's mistake, and which ask for another run."""

from __future__ import annotations

import errno

import pyarrow as pa
import pytest

from builder.errors import fault_of

STORE = "s3://crawl/job.yaml"


@pytest.mark.parametrize(
    ("error", "name", "said"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "job.yaml"), "job.yaml", "No such file"),
        (PermissionError(errno.EACCES, "Permission denied", "job.yaml"), "job.yaml", "Permission denied"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "."), ".", "Is a directory"),
        (OSError(errno.ENXIO, "No such device or address", "socket"), "socket", "No such device or address"),
        (ValueError("embedded null byte"), "a\0", "embedded null byte"),
        (FileNotFoundError(errno.ENOENT, "no such object", STORE), STORE, "no such object"),
        (OSError(errno.EINVAL, "a name that is none", STORE), STORE, "a name that is none"),
        (OSError("Expected to read 4 bytes"), "a.arrow", "Expected to read 4 bytes"),
        (pa.ArrowNotImplementedError("a union"), "a.parquet", "a union"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(error: Exception, name: str, said: str) -> None:
    assert fault_of(error, name) == said


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (OSError(errno.EIO, "Input/output error"), "job.yaml"),
        (OSError(errno.ESTALE, "Stale file handle", "job.yaml"), "job.yaml"),
        (OSError(errno.ENFILE, "Too many open files", "job.yaml"), "job.yaml"),
        (OSError(errno.EIO, "the store did not complete the request", STORE), STORE),
        (PermissionError(errno.EACCES, "the store refuses access", STORE), STORE),
    ],
)
def test_a_disk_or_store_that_fails_says_nothing_of_a_file(error: OSError, name: str) -> None:
    with pytest.raises(type(error)) as caught:
        fault_of(error, name)
    assert (caught.value.errno, caught.value.strerror, caught.value.filename) == (error.errno, error.strerror, name)
