"""The files beside the manifest that the config asks for: the schema in the words of others, and the report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.contract.exports import exported
from builder.contract.promise import Described
from builder.report.dataset import as_page
from builder.report.facts import facts_to_be
from builder.storage.place import Place, files_below
from builder.write.document import ExportFile
from builder.write.manifest import Dataset

_REPORT = "report"


def files_beside(dataset: Dataset, kinds: Sequence[str], finished: Place, out: Place) -> dict[str, bytes]:
    """Name -> content of the files of some kinds, for a dataset that is about to be published.

    Args:
        dataset: all that the manifest will say, but for these files.
        kinds: as in `exports` of the config.
        finished: where the build has put the files that are new.
        out: where those are that the dataset had before.

    Raises:
        ConfigError: the dataset lacks what such a document must say.
        OSError: the disk or the store.

    """
    described = Described(dataset.about, dataset.schema, dataset.parts, dataset.books.rows)
    found = exported(described, [kind for kind in kinds if kind != _REPORT])
    if _REPORT in kinds:
        new = {path for path, _ in files_below(finished)}
        found["report.html"] = as_page(facts_to_be(dataset, lambda path: (finished if path in new else out) / path))
    return found


def naming_files(dataset: Dataset, files: Mapping[str, bytes]) -> Dataset:
    """The dataset with the files beside the manifest named in it."""
    entries = [
        ExportFile(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in sorted(files.items())
    ]
    return replace(dataset, exports=entries)
