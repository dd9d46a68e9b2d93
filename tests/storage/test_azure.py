"""The same code on another store: Azure's own emulator, where npm has installed it (`npm install --global azurite`)."""

from __future__ import annotations

import base64
import email.utils
import hashlib
import hmac
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from small_builds import run, tree, two_dumps
from storage_server import free_port, set_environment
from store_builds import change, published, put_config, put_folder

from builder.storage.client import client_of
from builder.storage.path import StorePath
from builder.storage.place import files_below, remove_tree

AZURITE = shutil.which("azurite-blob")
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The emulator's, the same everywhere; its manual names it."""

pytestmark = pytest.mark.skipif(AZURITE is None, reason="azurite is not installed")


def make_container(port: int) -> None:
    date = email.utils.formatdate(usegmt=True)
    what = "/devstoreaccount1/devstoreaccount1/box\nrestype:container"
    signed = "PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:2021-08-06\n{what}"
    digest = base64.b64encode(hmac.digest(base64.b64decode(KEY), signed.encode(), hashlib.sha256)).decode()
    headers = {
        "x-ms-date": date,
        "x-ms-version": "2021-08-06",
        "Authorization": f"SharedKey devstoreaccount1:{digest}",
        "Content-Length": "0",
    }
    url = f"http://127.0.0.1:{port}/devstoreaccount1/box?restype=container"
    with urlopen(Request(url, method="PUT", headers=headers), timeout=10) as answer:
        assert answer.status == 201


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorePath]:
    assert AZURITE
    port, folder = free_port(), tmp_path_factory.mktemp("azurite")
    options = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", str(folder)]
    with subprocess.Popen([AZURITE, *options, "--blobPort", str(port)], stdout=subprocess.DEVNULL) as process:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        make_container(port)
        settings = {
            "AZURE_STORAGE_USE_EMULATOR": "true",
            "AZURITE_BLOB_STORAGE_URL": f"http://127.0.0.1:{port}",
            "AZURE_STORAGE_ACCOUNT_NAME": "devstoreaccount1",
        }
        client_of.cache_clear()
        with set_environment(settings):
            yield StorePath("az://box", "x")
        client_of.cache_clear()
        process.terminate()


def test_a_build_gives_the_same_bytes(box: StorePath, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", box / "raw")
    stored = put_config(config, box / "job.yaml")
    run(stored, box / "out")
    run(config, tmp_path / "out")
    assert published(box / "out") == tree(tmp_path / "out")
    assert not run(stored, box / "out").changed
    change(tmp_path / "raw")
    put_folder(tmp_path / "raw", box / "raw")
    assert run(stored, box / "out").reused == 1
    run(config, tmp_path / "out")
    assert published(box / "out") == tree(tmp_path / "out")


def test_puts_with_a_condition(box: StorePath) -> None:
    path = box / "o"
    first = path.upload_if(b"1", None)
    assert first == path.stat()
    assert path.upload_if(b"2", None) is None
    second = path.upload_if(b"2", first)
    assert second == path.stat()
    assert path.upload_if(b"3", first) is None
    assert path.read_bytes() == b"2"


@pytest.mark.parametrize("name", ["a b", "a%2Fb", "ü/é", "a+b", "a#b", "a?b", "%C3%A9"])
def test_odd_names(box: StorePath, name: str) -> None:
    (box / "odd" / name).upload(b"x")
    assert [found for found, _ in files_below(box / "odd")] == [name]
    remove_tree(box / "odd")
    assert list(files_below(box / "odd")) == []


def test_a_large_object(box: StorePath) -> None:
    content = bytes(range(256)) * 2**17
    (box / "large").upload(content)
    with (box / "large").open() as file:
        file.seek(2**20 + 1)
        assert file.read() == content[2**20 + 1 :]
