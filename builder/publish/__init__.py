"""A built dataset made known to table formats: its files become those of a table, in one commit, as they are.

To add a format: a module with `publish(dataset, target)`, and a line in the table. Its libraries are an extra, so the
module is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from builder.contract.manifest import refuse_no_dataset
from builder.errors import ConfigError, naming, to_install
from builder.publish.dataset import Publication, library_errors, read_dataset
from builder.write.lock import locked


class Publisher(NamedTuple):
    """A table format."""

    module: str
    """Its `publish(dataset, target)` makes the files of a dataset those of a table."""
    library: str
    target: str
    meaning: str


PUBLISHERS: Mapping[str, Publisher] = {
    "iceberg": Publisher(
        "builder.publish.iceberg", "pyiceberg", "CATALOG.NAMESPACE.TABLE", "A table in a catalog of pyiceberg."
    ),
    "delta": Publisher("builder.publish.delta", "deltalake", "DIR", "OUT itself, or a folder on the same disk."),
}
"""Format, which is also the name of its extra -> how it is published to."""


def publish(out: Path, kind: str, target: str) -> Publication:
    """Make the files of the dataset in `out` those of the table `target`, in one commit or not at all.

    Raises:
        ConfigError: no dataset there, the extra is not installed, or there can be no such table.
        FindingsError, ManifestError: the dataset is not what its manifest says.
        LockedError: a build is at work in `out`.
        OSError: the disk or the store failed, or somebody else has committed; the table is as it was.

    """
    publisher = PUBLISHERS[kind]
    if find_spec(publisher.library) is None:
        raise ConfigError(f"--{kind}: {publisher.library} is not installed; {to_install(kind)}")
    module = import_module(publisher.module)
    refuse_no_dataset(out)
    with naming(out):
        out = out.resolve(strict=True)
    with locked(out):
        dataset = read_dataset(out)
        with library_errors(target):
            result: Publication = module.publish(dataset, target)
    return result
