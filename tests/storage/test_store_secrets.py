"""M04 for stores: credentials in configs and arguments are refused, and no secret is shown or written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from proxy import Proxy, Rule
from small_builds import two_dumps, write_config
from store_builds import Told, put_config, put_folder

from builder.config.load import load_config
from builder.storage.path import StorePath
from builder.storage.place import files_below

SECRET = "canary-s3cr3t"


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": [f"https://user:{SECRET}@host/x.warc.gz"]},
        {"inputs": [f"https://host/x.warc.gz?X-Amz-Signature={SECRET}"]},
        {"inputs": [{"path": f"s3://key:{SECRET}@crawl/x"}]},
        {"output": f"s3://key:{SECRET}@crawl/out"},
        {"output": f"az://box/out?sig={SECRET}"},
        {"output": f"s3://key:with/slash{SECRET}@crawl/out"},
        {"sites": f"s3://key:{SECRET}@crawl/x"},
        {"sites": f"https://key:{SECRET}@host/x"},
    ],
)
def test_M04_credentials_in_a_config_are_refused(told: Told, tmp_path: Path, changes: dict[str, Any]) -> None:
    """By file, line and column; what they are is not told again."""
    config = write_config(tmp_path, **changes)
    done = told(config)
    assert done.status == 2
    assert "credentials in it; they come from the environment" in done.said
    assert str(config) in done.said
    assert SECRET not in done.said


URL = f"s3://key:{SECRET}@crawl/x"


@pytest.mark.parametrize(
    "words",
    [
        ["{config}", "--out", URL],
        ["{config}", "--set", f"output={URL}"],
        ["{config}", "--set", f"sites={URL}"],
        ["{config}", "--set", f'inputs=["{URL}.gz"]'],
        ["{config}", "--set", f"inputs=[raw/a.jsonl, {{path: 's3://crawl/x?X-Amz-Signature={SECRET}'}}]"],
        ["validate", URL],
        ["validate", "{config}", "--against", URL],
        ["validate", "{config}", "--against", f"https://host/x.yaml?sig={SECRET}"],
        ["validate", "{config}", "--config", URL],
        ["validate", "{config}", "--output", f"json={URL}"],
        ["schema", "show", URL],
        ["schema", "diff", "{config}", URL],
        ["schema", "diff", URL, "{config}"],
        ["publish", ".", "--delta", URL],
        ["publish", ".", "--iceberg", URL],
    ],
)
def test_M04_credentials_in_an_argument_are_refused(told: Told, tmp_path: Path, words: list[str]) -> None:
    config = two_dumps(tmp_path)
    done = told(*(config if word == "{config}" else word for word in words))
    assert done.status == 2, done.said
    assert "credentials in it" in done.said
    assert SECRET not in done.said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["{config}", "--set", URL], "--set: not key=value"),
        (["{config}", "--set", f"inputs={URL}"], '--set inputs: inputs: wants a list, not the string "...", a URL'),
        (["{config}", "--set", f"limits.page_seconds=[{URL}"], "--set limits.page_seconds: not YAML"),
        (["validate", "{config}", "--output", URL], '"...", a URL with credentials in it is not FORMAT=FILE'),
    ],
)
def test_M04_credentials_in_what_is_wrong_anyway_are_not_shown(
    told: Told, tmp_path: Path, words: list[str], expected: str
) -> None:
    config = two_dumps(tmp_path)
    done = told(*(config if word == "{config}" else word for word in words))
    assert done.status == 2, done.said
    assert expected in done.said
    assert SECRET not in done.said


def test_M04_no_secret_of_the_environment_is_written_anywhere(
    told: Told, behind: StorePath, tmp_path: Path, proxy: Proxy
) -> None:
    """Not in the store, not in what is said, whether all goes well or the store refuses."""
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    stored = put_config(config, behind / "job.yaml")
    said = [told(stored, "--workers", "1")]
    for name, _ in files_below(behind):
        assert SECRET.encode() not in (behind / name).read_bytes(), name
    for fault in ("403", "500"):
        proxy.set(Rule(fault, kind="PUT", times=1000))  # type: ignore[arg-type]
        said.append(told(stored, "--workers", "1", "--fresh"))
        assert said[-1].status == 74
    assert all(SECRET not in done.said for done in said)
    assert SECRET not in repr(load_config(stored))
