"""Apache Iceberg: a snapshot that names the files.

Columns have in the table the ids that they have in the files, so pyiceberg may not number them anew as it does with
schemas that it creates; the updates of its own commit protocol take them as they are. Partition columns are in no
file: readers take them from the snapshot, where identity partitions keep their value.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from pyiceberg.catalog import Catalog, MetastoreCatalog, load_catalog
from pyiceberg.exceptions import NoSuchTableError, NotInstalledError
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
    pyarrow_to_schema,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import (
    AddPartitionSpecUpdate,
    AddSchemaUpdate,
    SetCurrentSchemaUpdate,
    SetDefaultSpecUpdate,
    TableUpdate,
)
from pyiceberg.transforms import IdentityTransform
from pyiceberg.typedef import Record

from builder.errors import ConfigError
from builder.publish.dataset import MANIFEST_KEY, Dataset, Publication, partition_of
from builder.receipts import Part

logging.getLogger("pyiceberg.io.pyarrow").setLevel(logging.ERROR)
"""It warns of every column without statistics in every file; long text and nested columns have none on purpose."""


def publish(dataset: Dataset, target: str) -> Publication:
    """Make the files of a dataset those of a table, in one commit.

    `target` is `CATALOG.NAMESPACE.TABLE`, of a catalog that pyiceberg's own configuration names.

    Raises:
        ConfigError: it does not name a table, or one that the catalog cannot have, or no such catalog is configured.

    """
    name, _, identifier = target.partition(".")
    if not all(target.split(".")) or "." not in identifier:
        raise ConfigError(f"--iceberg {target}: write CATALOG.NAMESPACE.TABLE")
    with _catalog(name) as catalog:
        return _publish(catalog, identifier, dataset)


def _publish(catalog: Catalog, identifier: str, dataset: Dataset) -> Publication:
    started, old = _begin(catalog, identifier)
    new = {_location(dataset.out, part): part for part in dataset.parts if part.rows}  # no plan names empty files
    partitions = _spec_updates(started.table_metadata, dataset)
    updates = (*_schema_updates(started.table_metadata, pyarrow_to_schema(dataset.schema)), *partitions)
    only_words = old.keys() == new.keys() and not partitions  # descriptions are in no file
    kept = old.keys() & new.keys() if only_words or not updates else set()
    added = [new[path] for path in sorted(new.keys() - kept)]
    removed = [old[path] for path in sorted(old.keys() - kept)]
    is_other = bool(updates or added or removed)
    is_named = started.table_metadata.properties.get(MANIFEST_KEY) == dataset.digest
    if is_other or not is_named:
        with started as transaction:
            transaction.set_properties({MANIFEST_KEY: dataset.digest})
            if is_other:
                _replace(transaction, dataset, updates, added, removed)
    version = _version(catalog.load_table(identifier))
    return Publication(version, len(added), len(removed), len(kept), changed=is_other or not is_named)


def _replace(
    transaction: Transaction,
    dataset: Dataset,
    updates: tuple[TableUpdate, ...],
    added: Iterable[Part],
    removed: Sequence[DataFile],
) -> None:
    """One snapshot; or where columns change one without the old files before, as those want the old columns."""
    note = {MANIFEST_KEY: dataset.digest}
    if updates and removed:
        with transaction.update_snapshot(note).overwrite() as snapshot:
            for file in removed:
                snapshot.delete_data_file(file)
    if updates:
        transaction._apply(updates)
        if added:
            with transaction.update_snapshot(note).fast_append() as snapshot:
                for file in _data_files(dataset, added, transaction.table_metadata):
                    snapshot.append_data_file(file)
        return
    with transaction.update_snapshot(note).overwrite() as snapshot:
        for file in removed:
            snapshot.delete_data_file(file)
        for file in _data_files(dataset, added, transaction.table_metadata):
            snapshot.append_data_file(file)


def _begin(catalog: Catalog, identifier: str) -> tuple[Transaction, Mapping[str, DataFile]]:
    """A transaction on a table, or on one that is yet to be; and the files that the table has, by location.

    Raises:
        ConfigError: no such table can be in the catalog.

    """
    try:
        table = catalog.load_table(identifier)
    except NoSuchTableError:
        if isinstance(catalog, MetastoreCatalog) and identifier.count(".") > 1:
            target = f"{catalog.name}.{identifier}"
            raise ConfigError(
                f"--iceberg {target}: the catalog has no namespaces in others; write CATALOG.NAMESPACE.TABLE"
            ) from None
        catalog.create_namespace_if_not_exists(identifier.rpartition(".")[0])
        return catalog.create_table_transaction(identifier, Schema()), {}
    return table.transaction(), {task.file.file_path: task.file for task in table.scan().plan_files()}


def _catalog(name: str) -> Catalog:
    try:
        return load_catalog(name)
    except (ValueError, NotInstalledError) as error:
        said = str(error).partition("\n")[0]
        hint = "; say where it is in .pyiceberg.yaml or PYICEBERG_CATALOG__<NAME>__URI"
        raise ConfigError(f"--iceberg: the catalog {name!r}: {said}{hint}") from error


def _version(table: Table) -> str:
    snapshot = table.current_snapshot()
    return str(snapshot.snapshot_id) if snapshot else "0"


def _location(out: Path, part: Part) -> str:
    """Iceberg's locations are no URIs: nothing in them is percent-encoded."""
    return f"file://{out.as_posix()}/{part.path}"


def _schema_updates(before: TableMetadata, schema: Schema) -> list[TableUpdate]:
    if before.schema() == schema:
        return []
    for known in before.schemas:
        if known == schema:
            return [SetCurrentSchemaUpdate(schema_id=known.schema_id)]
    number = max(known.schema_id for known in before.schemas) + 1
    numbered = schema.model_copy(update={"schema_id": number})
    return [AddSchemaUpdate(schema_=numbered), SetCurrentSchemaUpdate(schema_id=number)]


def _spec_updates(before: TableMetadata, dataset: Dataset) -> list[TableUpdate]:
    """Identity partitions. A column that has been one before keeps its number."""
    used = {field.source_id: field.field_id for spec in before.partition_specs for field in spec.fields}
    free = max([PARTITION_FIELD_ID_START - 1, *used.values()]) + 1
    fields = []
    for name in dataset.levels:
        source = int(dataset.schema.field(name).metadata[b"PARQUET:field_id"])
        number = used.get(source, free)
        free += number == free
        fields.append(PartitionField(source_id=source, field_id=number, transform=IdentityTransform(), name=name))
    if list(before.spec().fields) == fields:
        return []
    for known in before.partition_specs:
        if list(known.fields) == fields:
            return [SetDefaultSpecUpdate(spec_id=known.spec_id)]
    number = max(known.spec_id for known in before.partition_specs) + 1
    return [AddPartitionSpecUpdate(spec=PartitionSpec(*fields, spec_id=number)), SetDefaultSpecUpdate(spec_id=number)]


def _data_files(dataset: Dataset, parts: Iterable[Part], metadata: TableMetadata) -> Iterator[DataFile]:
    """Files as a snapshot names them, with the statistics of their footers."""
    plan = compute_statistics_plan(metadata.schema(), metadata.properties)
    numbers = parquet_path_to_id_mapping(metadata.schema())
    for part in parts:
        footer = pq.read_metadata(dataset.out / part.path)
        statistics = data_file_statistics_from_parquet_metadata(footer, plan, numbers)
        yield DataFile.from_args(
            content=DataFileContent.DATA,
            file_path=_location(dataset.out, part),
            file_format=FileFormat.PARQUET,
            partition=Record(*partition_of(part, dataset.levels).values()),
            file_size_in_bytes=part.bytes,
            sort_order_id=None,
            spec_id=metadata.default_spec_id,
            equality_ids=None,
            key_metadata=None,
            **statistics.to_serialized_dict(),
        )
