"""One S3 server for the tests of stores."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from storage_server import BUCKET, environment, s3_server, set_environment

from builder.storage.client import client_of
from builder.storage.path import StorePath


@pytest.fixture(scope="session")
def server() -> Iterator[int]:
    with s3_server() as port:
        yield port


@pytest.fixture
def bucket(server: int) -> Iterator[StorePath]:
    """A folder of its own in the bucket, and an environment that leads to it."""
    client_of.cache_clear()
    with set_environment({**environment(server), "BUILDER_STORE_RETRY_SECONDS": "20", "BUILDER_LEASE_SECONDS": "2"}):
        yield StorePath(f"s3://{BUCKET}", uuid.uuid4().hex)
    client_of.cache_clear()
