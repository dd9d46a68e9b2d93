"""Where tasks run. Knows nothing of pages. To add an engine: a function like `open_local`, and a line in ENGINES."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec

from builder.engines.local import open_local
from builder.engines.work import Opened, OpenEngine, Prepare
from builder.errors import ConfigError, to_install


def open_ray(address: str | None, prepare: Prepare) -> AbstractContextManager[Opened]:
    """The machines of a Ray cluster. Ray is an extra, so its module is imported when it is asked for.

    Raises:
        ConfigError: the extra is not installed.

    """
    if find_spec("ray") is None:
        raise ConfigError(f"--engine ray: Ray is not installed; {to_install('ray')}")
    opened: AbstractContextManager[Opened] = import_module("builder.engines.ray").open_ray(address, prepare)
    return opened


ENGINES: Mapping[str, OpenEngine] = {"local": open_local, "ray": open_ray}
