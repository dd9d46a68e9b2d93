"""Where credentials come from, and what is said when they do not do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from proxy import Proxy, Rule

from builder.errors import ConfigError
from builder.storage.client import client_of
from builder.storage.path import StorePath

NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN")


@pytest.fixture
def profile(behind: StorePath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StorePath:
    """No keys in the environment, but a file of them."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "credentials"
    file.write_text("[default]\naws_access_key_id = of-the-file\naws_secret_access_key = hidden\n[empty]\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client_of.cache_clear()
    return behind


def test_a_profile_is_read(profile: StorePath) -> None:
    pytest.importorskip("boto3")
    (profile / "x").upload(b"1")
    assert (profile / "x").read_bytes() == b"1"


def test_keys_of_the_environment_go_first(profile: StorePath, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    (tmp_path / "credentials").write_text("no file of credentials at all")
    (profile / "x").upload(b"1")
    assert (profile / "x").is_file()


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_profile_that_does_not_do_is_one_line(profile: StorePath, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    pytest.importorskip("boto3")
    monkeypatch.setenv("AWS_PROFILE", name)
    with pytest.raises(ConfigError, match="s3://crawl: AWS profile: ") as caught:
        (profile / "x").stat()
    assert "\n" not in str(caught.value)


def test_without_boto3_it_is_said_what_to_install(profile: StorePath, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "obstore.auth.boto3", raising=False)
    with pytest.raises(ConfigError, match=r"missing; in a clone .*: pip install '\.\[aws\]'; or set"):
        (profile / "x").stat()


@pytest.mark.parametrize("kind", ["GET", "PUT", "LIST", "HEAD"])
def test_C26_a_refusal_says_what_to_do(behind: StorePath, proxy: Proxy, kind: str) -> None:
    (behind / "x").upload(b"1")
    proxy.set(Rule("403", kind=kind))
    ask = {
        "GET": (behind / "x").read_bytes,
        "PUT": lambda: (behind / "x").upload(b"2"),
        "LIST": lambda: list(behind.iterdir()),
        "HEAD": (behind / "x").stat,
    }[kind]
    with pytest.raises(PermissionError, match=r"the store refuses access \(403 Forbidden.*; renew or check the cred"):
        ask()
