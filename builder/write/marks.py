"""The columns that a build puts beside those of the dataset, all of them: no field can have one of these names.

The name of a field begins with a letter or one `_`, these begin with two. None of them is published.
"""

from __future__ import annotations

KEY = "__key"
"""Of a staged row: equal for duplicates."""
RANK = "__rank"
"""Of a staged row: among duplicates the largest is kept."""
BYTES = "__bytes"
"""Of a row: about how many it takes, uncompressed."""
ORDINAL = "__ordinal"
"""Of a staged row or reject: the number of its item in the split, which settles every tie."""
SOURCE = "__source"
"""Of a staged row, where fields are unique: the locator of its page."""
URL = "__url"
"""Of a staged row, where fields are unique: the URL of its page."""
RULE = "__rule"
"""Of a staged reject: the constraint that its page breaks."""
PARTITION = "__partition"
"""Of a row: the place of its partition in their order."""
SPLIT = "__split"
RUN_NUMBER = "__run"
"""Of a row: the place of its run among those that are merged together."""
ROW = "__row"
"""Of a row: its place in its run."""
STAGED = "__staged"
"""Of a row: its place in the staged file."""
AT = "__at"
"""Of a row: its place among those that are cut into slices together."""
SLICE = "__slice"
PART = "__part"
"""Of a row: the path of its file in the dataset."""


def unique_mark(field: str) -> str:
    """The column of a staged row that is equal for equal values of a unique field.

    >>> unique_mark("url")
    '__unique_url'
    """
    return f"__unique_{field}"
