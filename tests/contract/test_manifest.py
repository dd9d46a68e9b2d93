from __future__ import annotations

import hashlib
import json
import re
import time
import tracemalloc
from collections.abc import Callable
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pyarrow.parquet as pq
import pytest
from contract.damaged import resign
from small_builds import add_inline_engine, manifest, page, run, two_dumps, write_config, write_dump

from builder.cli import cli
from builder.config.values import derived_id
from builder.contract.manifest import files_of, read_manifest
from builder.errors import ManifestError
from builder.write.document import json_schema

SHIPPED = files("builder.contract").joinpath("manifest-v1.schema.json").read_text(encoding="utf-8")
add_inline_engine()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    run(two_dumps(folder), folder / "out")
    return folder / "out"


def test_the_shipped_json_schema_is_that_of_the_types() -> None:
    assert json_schema() == SHIPPED


def test_real_manifests_keep_to_the_json_schema(built: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [])
    run(write_config(tmp_path, partition_by=None, duplicates=None, fields=None, sort_by=None), tmp_path / "out")
    for out in (built, tmp_path / "out"):
        jsonschema.Draft202012Validator(json.loads(SHIPPED)).validate(manifest(out))


@pytest.mark.parametrize("key", json.loads(SHIPPED)["required"])
def test_the_json_schema_misses_every_key(built: Path, key: str) -> None:
    document = manifest(built)
    del document[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(SHIPPED)).validate(document)


def test_what_is_read_back_is_what_was_written(built: Path) -> None:
    found = read_manifest(built)
    expected = manifest(built)
    assert found.files == len(expected["files"]) == 3
    assert [part.path for part in files_of(found)] == [entry["path"] for entry in expected["files"]]
    assert found.document.dataset.version == "1.0.0"
    assert [column.name for column in found.document.schema.fields] == [f["name"] for f in expected["schema"]["fields"]]
    assert found.document.schema.primary_key == ["url"]
    assert found.document.counts.read == 12


class Named(NamedTuple):
    """A path as another library has it."""

    text: str

    def __fspath__(self) -> str:
        return self.text


@pytest.mark.parametrize("kind", [str, Path, Named])
@pytest.mark.parametrize("name", ["", "/_manifest.json"], ids=["folder", "file"])
def test_a_manifest_is_read_by_whatever_names_its_path(built: Path, kind: Callable[[str], Any], name: str) -> None:
    found = read_manifest(kind(f"{built}{name}"))
    assert (found.path, len(list(files_of(found)))) == (built / "_manifest.json", 3)


def test_the_digest_is_that_of_the_other_lines(built: Path) -> None:
    lines = (built / "_manifest.json").read_bytes().splitlines(keepends=True)
    rest = b"".join(line for line in lines if not line.startswith(b' "manifest_sha256"'))
    assert manifest(built)["manifest_sha256"] == hashlib.sha256(rest).hexdigest()


def changed(built: Path, tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "_manifest.json"
    text = (built / "_manifest.json").read_text(encoding="utf-8")
    assert re.search(old, text)
    path.write_text(re.sub(old, lambda _found: new, text, count=1), encoding="utf-8")
    return path


@pytest.mark.parametrize("kept", [0, 1, 100, -400, -3, -2, -1])
def test_M01_a_cut_manifest_is_refused(built: Path, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "_manifest.json"
    path.write_bytes((built / "_manifest.json").read_bytes()[:kept])
    with pytest.raises(ManifestError, match=r"_manifest.json: (not JSON|cut short)") as caught:
        read_manifest(path)
    assert caught.value.rule == "MANIFEST_UNREADABLE"


M01 = {
    "future": ('"format_version": 1', '"format_version": 2', "MANIFEST_NEWER", "newer than this build-dataset knows"),
    "no version": ('"format_version": 1', '"format_version": "one"', "MANIFEST_UNREADABLE", "format_version"),
    "wrong type": ('"read": 12', '"read": "12"', "MANIFEST_UNREADABLE", "counts.read: input should be a valid integer"),
    "not JSON": ('"read": 12', '"read": twelve', "MANIFEST_UNREADABLE", "not JSON"),
    "a number edited": ('"read": 12', '"read": 13', "MANIFEST_CHANGED", "restore it, or build again"),
    "digest edited": ('"manifest_sha256": "[0-9a-f]{8}', '"manifest_sha256": "00000000', "MANIFEST_CHANGED", "restore"),
    "an unknown key by hand": ('"read": 12', '"odd": 1, "read": 12', "MANIFEST_CHANGED", "not as it was written"),
    "deep": ('"read": 12', '"read": ' + "[" * 20_000, "MANIFEST_UNREADABLE", "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule", "message"), M01.values(), ids=M01)
def test_M01_a_manifest_that_is_not_as_written_is_refused(
    built: Path, tmp_path: Path, old: str, new: str, rule: str, message: str
) -> None:
    path = changed(built, tmp_path, old, new)
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    assert caught.value.rule == rule
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_M01_a_later_format_is_said_to_be_one_whatever_else_is_odd(built: Path, tmp_path: Path) -> None:
    path = changed(built, tmp_path, '"path": "data', '"odd": "data')
    path.write_text(path.read_text(encoding="utf-8").replace('"format_version": 1', '"format_version": 7'), "utf-8")
    with pytest.raises(ManifestError, match="format_version 7 is newer than this build-dataset knows; update"):
        read_manifest(path)


def test_M01_unknown_keys_of_a_later_tool_are_no_mistake(built: Path, tmp_path: Path) -> None:
    path = changed(built, tmp_path, '"read": 12', '"later": [1],\n  "read": 12')
    resign(path)
    assert read_manifest(path).document.counts.read == 12


UNSAFE = ["../../x", "/etc/passwd", "file:///etc/passwd", "data/../../x.parquet", "data/month=1/../../part-00000-",
          "data/_SUCCESS", "_rejects/x", "data\\\\part-00000-0123456789abcdef.parquet", ""]  # fmt: skip


@pytest.mark.parametrize("path", UNSAFE)
@pytest.mark.parametrize("place", ['"path": "data/[^"]*"', '"name": "_rejects/[^"]*"'], ids=["rows", "rejects"])
def test_M02_paths_outside_of_the_dataset_are_refused(built: Path, tmp_path: Path, place: str, path: str) -> None:
    key = place.partition(":")[0]
    target = changed(built, tmp_path, place, f'{key}: "{path}"')
    resign(target)
    with pytest.raises(ManifestError, match="lies outside of the dataset") as caught:
        list(files_of(read_manifest(target)))
    assert caught.value.rule == "MANIFEST_UNSAFE_PATH"


def with_files(built: Path, tmp_path: Path, count: int, **columns: object) -> Path:
    """The manifest with so many files, all like the first; `columns` are added to each."""
    path = tmp_path / "_manifest.json"
    lines = (built / "_manifest.json").read_text(encoding="utf-8").splitlines(keepends=True)
    start = lines.index(' "files": [\n')
    part = json.loads(lines[start + 1].rstrip(",\n"))
    entry = "  " + json.dumps({**part, "columns": part["columns"] | columns}, sort_keys=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines[: start + 1])
        file.writelines(entry + (",\n" if number < count - 1 else "\n") for number in range(count))
        file.writelines(lines[lines.index(" ],\n", start) :])
    resign(path)
    return path


def test_M05_a_manifest_of_100_000_files_is_streamed(built: Path, tmp_path: Path) -> None:
    path = with_files(built, tmp_path, 100_000)
    began = time.process_time()
    found = read_manifest(path)
    seconds = time.process_time() - began
    assert (found.files, seconds < 5) == (100_000, True), seconds
    tracemalloc.start()
    assert sum(1 for _ in islice(files_of(found), 2000)) == 2000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_M05_who_shows_a_schema_does_not_look_at_the_files(built: Path, tmp_path: Path) -> None:
    """Most of the work of a large manifest: so a line that is none of a file does not keep from showing it."""
    path = with_files(built, tmp_path, 3, day=3)
    cli.main(["schema", "show", str(path)], standalone_mode=False)
    with pytest.raises(ManifestError, match=r"columns\.day"):
        list(files_of(read_manifest(path)))


def ids(out: Path) -> dict[str, int]:
    return {field["name"]: field["id"] for field in manifest(out)["schema"]["fields"]}


def one_page(folder: Path, **changes: Any) -> Path:
    write_dump(folder / "raw" / "a.jsonl", [page(1)])
    return write_config(folder, **changes)


def test_ids_follow_from_names_and_nothing_else(tmp_path: Path) -> None:
    run(one_page(tmp_path / "a", fields=["url", "title", "published_at", "published_date"]), tmp_path / "a" / "out")
    fields = ["published_date", "text", "title", "published_at", "url"]
    run(one_page(tmp_path / "b", fields=fields), tmp_path / "b" / "out")
    first, second = ids(tmp_path / "a" / "out"), ids(tmp_path / "b" / "out")
    assert {name: second[name] for name in first} == first
    assert len(set(second.values())) == 5
    assert first["title"] == derived_id("title")


def test_ids_stand_in_the_files(tmp_path: Path) -> None:
    fields = ["url", {"title": {"id": 7}}, "published_at", "published_date", "links"]
    run(one_page(tmp_path, fields=fields), tmp_path / "out")
    (part,) = (tmp_path / "out" / "data").rglob("*.parquet")
    schema = pq.ParquetFile(part).schema_arrow
    stated = {field.name: int(field.metadata[b"PARQUET:field_id"]) for field in schema}
    assert stated == ids(tmp_path / "out")
    assert stated["title"] == 7
    item = schema.field("links").type.value_field
    inner = [int(field.metadata[b"PARQUET:field_id"]) for field in (item, *item.type)]
    assert len({*inner, *stated.values()}) == len(inner) + len(stated)


def test_a_renamed_field_keeps_its_id(tmp_path: Path) -> None:
    fields = ["url", {"headline": {"type": "string", "renamed_from": "title", "rules": [{"css": "h1"}]}},
              "published_at", "published_date"]  # fmt: skip
    run(one_page(tmp_path, fields=fields), tmp_path / "out")
    assert ids(tmp_path / "out")["headline"] == derived_id("title")


def test_the_version_and_what_is_deprecated_are_stated(tmp_path: Path) -> None:
    fields = ["url", {"title": {"deprecated": "use headline"}}, "published_at", "published_date"]
    run(one_page(tmp_path, version="2.1.0", fields=fields), tmp_path / "out")
    document = manifest(tmp_path / "out")
    assert document["dataset"]["version"] == "2.1.0"
    assert {f["name"]: f["deprecated"] for f in document["schema"]["fields"]}["title"] == "use headline"


def test_words_about_a_field_cost_no_page(tmp_path: Path) -> None:
    config = one_page(tmp_path)
    run(config, tmp_path / "out")
    fields = ["url", "site", {"title": {"deprecated": "no longer kept up", "description": "Its headline", "id": 3}},
              "published_at", "published_date", "text", "fetched_at", "source"]  # fmt: skip
    outcome = run(one_page(tmp_path, fields=fields), tmp_path / "out")
    assert (outcome.changed, outcome.reused) == (True, outcome.splits)
    assert ids(tmp_path / "out")["title"] == 3
