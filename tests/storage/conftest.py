"""One S3 server for the tests of stores, a proxy before it, and the builds that are disturbed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sweep
from proxy import Proxy, proxied
from small_builds import add_inline_engine, run, two_dumps
from storage_server import BUCKET, environment, s3_server, set_environment
from store_builds import Case, Told, change, copy_tree, published, put_config, put_folder, teller

from builder.storage.client import client_of
from builder.storage.path import StorePath

SOON = {"BUILDER_STORE_RETRY_SECONDS": "3", "BUILDER_LEASE_SECONDS": "1"}
add_inline_engine()


@pytest.fixture(scope="session")
def moto() -> Iterator[int]:
    with s3_server() as port:
        yield port


@pytest.fixture
def bucket(moto: int) -> Iterator[StorePath]:
    """A folder of its own in the bucket, and an environment that leads to it."""
    client_of.cache_clear()
    with set_environment({**environment(moto), **SOON}):
        yield StorePath(f"s3://{BUCKET}", uuid.uuid4().hex)
    client_of.cache_clear()


@pytest.fixture(scope="session")
def proxy(moto: int) -> Iterator[Proxy]:
    with proxied(moto) as running:
        yield running


@pytest.fixture
def behind(proxy: Proxy) -> Iterator[StorePath]:
    """A folder of its own in the bucket, and an environment that leads to it through the proxy."""
    client_of.cache_clear()
    proxy.set()
    with set_environment({**environment(proxy.port), **SOON}):
        yield StorePath(f"s3://{BUCKET}", uuid.uuid4().hex)
    proxy.set()
    client_of.cache_clear()


@pytest.fixture(scope="session")
def server(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sweep.Server]:
    """A process that forks builds, which reach the store through the proxy."""
    with set_environment({**environment(proxy.port), **SOON}):
        served = sweep.start_server(two_dumps(tmp_path_factory.mktemp("server")))
    yield served
    served.process.kill()
    served.process.communicate()


@pytest.fixture(scope="session")
def cases(moto: int, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """`fresh`: a build where nothing is yet; `changed`: one over a dataset, with other inputs and another config."""
    client_of.cache_clear()
    folder = tmp_path_factory.mktemp("cases")
    config = two_dumps(folder)
    home = StorePath(f"s3://{BUCKET}", "cases")
    with set_environment({**environment(moto), **SOON}):
        put_folder(folder / "raw", home / "raw")
        first = put_config(config, home / "first.yaml")
        run(first, home / "first")
        change(folder / "raw")
        put_folder(folder / "raw", home / "raw2")
        second = put_config(
            config,
            home / "second.yaml",
            inputs=["raw2/*.jsonl"],
            name="renamed",
            duplicates={"by": ["url"], "keep": "earliest"},
        )
        copy_tree(home / "first", home / "second")
        run(second, home / "second")
        old, new = published(home / "first"), published(home / "second")
    client_of.cache_clear()
    fresh = Case("fresh", home, first, None, old, {})
    return {"fresh": fresh, "changed": Case("changed", home, second, home / "first", new, old)}


@pytest.fixture
def said(tmp_path: Path) -> Path:
    return tmp_path / "said"


@pytest.fixture
def told(server: sweep.Server, said: Path) -> Told:
    return teller(server, said)
