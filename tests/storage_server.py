"""An S3 server of moto on this machine, and the environment that leads to it."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from builder.storage.path import StorePath
from builder.storage.place import files_below

BUCKET = "crawl"
KEYS = {
    "AWS_ACCESS_KEY_ID": "key-of-the-tests",
    "AWS_SECRET_ACCESS_KEY": "canary-s3cr3t",
    "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int) -> dict[str, str]:
    """What a process needs to find the server, directly or through a proxy on `port`."""
    return {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}


@contextmanager
def set_environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def s3_server() -> Iterator[int]:
    """The port of a server that is ready, with the bucket BUCKET in it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        _make_bucket(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the S3 server has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the S3 server does not answer")


def _make_bucket(port: int) -> None:
    """By a bare PUT: moto takes it unsigned."""
    from urllib.request import Request, urlopen

    with urlopen(Request(f"http://127.0.0.1:{port}/{BUCKET}", method="PUT"), timeout=10) as answer:
        assert answer.status == 200


def published(out: StorePath) -> dict[str, str]:
    """SHA-256 of all that a build publishes and is the same each time, by path."""
    names = [name for name, _ in files_below(out) if not name.startswith(("_work/", "_run.json"))]
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}
