"""The way to a Ray cluster: connected to, or soon told that it cannot be; and every node held against the driver."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from builder.engines.work import Probe
from builder.errors import ConfigError, to_install

_REACH_SECONDS = 10.0  # for a port to answer
_SETTINGS = b"\4"  # a type of HTTP/2 frames
_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0" + _SETTINGS + b"\0" * 5
_PROBE_SECONDS = 180.0  # a fresh machine imports from a cold disk
_SILENT: Mapping[str, Any] = {"log_to_driver": False, "configure_logging": True, "logging_level": logging.ERROR}


def connect(address: str) -> None:
    """`ray.init`, with errors of this project, and without its handler of SIGTERM."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        if address == "local":
            ray.init(address="local", include_dashboard=False, **_SILENT)
        else:
            _reach(address)
            _join(address)
    except ImportError as error:
        raise ConfigError(f"--address {address}: {error.name} is missing; {to_install('ray')}") from error
    except OSError as error:  # ConnectionError among them
        raise _unreachable(address, error) from error
    except (RuntimeError, ValueError, RayError) as error:
        if "ersion mismatch" in str(error):
            raise ConfigError(f"--address {address}: {first_line(error)}; install what the cluster has") from error
        raise _unreachable(address, error) from error
    finally:
        for number, handler in handlers.items():
            with suppress(ValueError):  # not the main thread
                signal.signal(number, handler)


def _join(address: str) -> None:
    """The server of Ray Client starts a process for every driver, and now and then one dies in its first second."""
    try:
        ray.init(address=address, **_SILENT)
    except ConnectionAbortedError:
        ray.shutdown()
        ray.init(address=address, **_SILENT)


def _unreachable(address: str, error: Exception) -> OSError:
    return OSError(errno.EHOSTUNREACH, f"no Ray cluster answers ({first_line(error)})", f"--address {address}")


def _reach(address: str) -> None:
    """See that a gRPC server is there: it answers a client's first bytes with SETTINGS. Ray would try for minutes.

    Raises:
        ConfigError: no address.
        OSError: nothing answers, or something else does.

    """
    host, _, port = address.removeprefix("ray://").partition("/")[0].rpartition(":")
    if address == "auto":
        return
    if not host or not port.isdigit():
        raise ConfigError(f"--address {address}: neither auto, nor HOST:PORT, nor ray://HOST:PORT")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH_SECONDS) as connection:
        if os.environ.get("RAY_USE_TLS", "0") == "0":
            connection.sendall(_HELLO)
            if connection.recv(4)[3:] != _SETTINGS:
                raise ConnectionError(errno.EPROTO, "what answers there is not Ray")


def first_line(error: BaseException) -> str:
    """The first line that an error has to say, with the next where it only announces it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2] if lines and lines[0].endswith(":") else lines[:1]) or type(error).__name__


def ask_every_node(probe: Probe) -> None:
    """Let nodes that take tasks say what is amiss with them.

    Raises:
        ConfigError: something is. OSError: no node takes tasks, or one does not answer.

    """
    nodes = {node["NodeID"]: node["NodeManagerHostname"] for node in ray.nodes()
             if node["Alive"] and node["Resources"].get("CPU")}  # fmt: skip
    if not nodes:
        raise OSError(errno.EAGAIN, "no node of the cluster has a CPU to run tasks on", "Ray")
    asked = {
        node: _LOOK.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)).remote(probe)
        for node in nodes
    }
    for node, answer in asked.items():
        name = f"{nodes[node]} ({node[:8]})"
        try:
            amiss = ray.get(answer, timeout=_PROBE_SECONDS)
        except GetTimeoutError as error:
            raise OSError(errno.ETIMEDOUT, f"does not answer within {_PROBE_SECONDS:g} seconds", name) from error
        except RayTaskError as error:
            raise ConfigError(
                f"workers on {name} cannot run build-dataset: {first_line(error.cause or error)}"
            ) from error
        except RayError:  # it has gone since; its tasks will go elsewhere
            continue
        if amiss is not None:
            raise ConfigError(f"workers on {name} {amiss}")


def look(probe: Probe) -> str | None:
    """What is amiss here."""
    return probe()


_LOOK = ray.remote(num_cpus=0, max_retries=3)(look)
