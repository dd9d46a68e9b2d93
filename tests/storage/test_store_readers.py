"""A dataset in a store as its users load it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pyarrow.dataset as ds
import pyarrow.fs as fs
import pytest
from small_builds import run, two_dumps
from store_builds import put_config, put_folder

from builder.storage.path import StorePath


@pytest.fixture
def built(bucket: StorePath, tmp_path: Path) -> StorePath:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", bucket / "raw")
    run(put_config(config, bucket / "job.yaml"), bucket / "out")
    return bucket / "out"


def rows(out: StorePath) -> int:
    return int(json.loads((out / "_manifest.json").read_bytes())["counts"]["rows"])


def test_polars(built: StorePath) -> None:
    options = {"aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"], "aws_allow_http": "true"}
    frame = pl.scan_parquet(f"{built}/data/**/*.parquet", hive_partitioning=True, storage_options=options).collect()
    assert frame.height == rows(built)
    assert frame["month"].n_unique() == 3


def test_pyarrow(built: StorePath) -> None:
    store = fs.S3FileSystem(endpoint_override=os.environ["AWS_ENDPOINT_URL"], region="us-east-1", scheme="http")
    table = ds.dataset(f"crawl/{built.key}/data", filesystem=store, format="parquet", partitioning="hive").to_table()
    assert table.num_rows == rows(built)
    assert set(table["month"].to_pylist()) == {"2022-01", "2022-02", "2022-03"}


def test_the_files_that_the_manifest_names(built: StorePath) -> None:
    """The way that sees a whole dataset at every moment."""
    store = fs.S3FileSystem(endpoint_override=os.environ["AWS_ENDPOINT_URL"], region="us-east-1", scheme="http")
    files = [entry["path"] for entry in json.loads((built / "_manifest.json").read_bytes())["files"]]
    table = ds.dataset(
        [f"crawl/{built.key}/{path}" for path in files],
        filesystem=store,
        format="parquet",
        partitioning=ds.partitioning(flavor="hive"),
        partition_base_dir=f"crawl/{built.key}/data",
    ).to_table()
    assert table.num_rows == rows(built)
