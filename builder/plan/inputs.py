"""inputs -> splits, each with a key: what there is to do, and what is done already.

A key says all that a receipt depends on. A receipt under that key is the work already done; any change of the input's
bytes, of the config that matters to it, or of the tool gives another key.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from stat import S_ISREG
from typing import TypeAlias

from lxml import etree

import builder
from builder.compiled import extract_digest
from builder.config.models import InputSpec, LoadedConfig
from builder.config.settings import Limits
from builder.dumps import READERS
from builder.dumps.detect import detect_format, refuse_kind
from builder.dumps.discover import Match, expand, names_of
from builder.dumps.folder import folder_index, folder_size, named_in_vain, names_stamp, unread
from builder.engines.work import Beat
from builder.errors import ConfigError, DumpError, UnreadableError, naming
from builder.plan.keys import refuse_idle_keys
from builder.plan.overlaps import without_overlaps
from builder.records import Dump, DumpOptions, Split
from builder.storage.place import Place, is_dir, on_web, place_of, read_many, stamp_of

_LIBRARIES = (
    "cssselect", "google-re2", "lxml", "numpy", "pyarrow", "polars", "publicsuffixlist", "tzdata", "w3lib", "zstandard",
)  # fmt: skip
_EXTRAS = ("brotli",)
"""Libraries without which pages are read otherwise; of the same name as their module."""
OF_NO_ROW = (
    "cli.py", "commands/", "config/job.schema.json", "config/site.schema.json", "contract/exports/", "extract/train.py",
    "extract/training/", "preview.py", "publish/", "rejects.py", "report/",
)  # fmt: skip
"""Where code lies that no row depends on: a change there leaves finished work as it is."""

Stamps: TypeAlias = list[list[int]]
"""Size in bytes and time of change in nanoseconds, of each file; see `stamp_of`."""
_HASH_BLOCK = 2**23


@dataclass(frozen=True, slots=True)
class PlannedSplit:
    """A split, its place in the whole, its key, and the identity of the bytes that it reads."""

    number: int
    split: Split
    identity: str
    key: str
    stamps: Stamps
    """Of what the split is read from, as it was when it was hashed."""


@dataclass(frozen=True, slots=True)
class HashTask:
    """A file, or the files of a run in a folder, to be hashed."""

    path: str
    files: tuple[str, ...] = ()
    first: Split | None = None
    """The first run of a folder with an index: what that names in vain counts as well, for the run rejects it."""

    @property
    def label(self) -> str:
        """A short key for the cache of hashes."""
        return hashlib.sha256("\0".join([self.path, *self.files]).encode("utf-8", "surrogateescape")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Plan:
    """All inputs and all splits, in order."""

    dumps: tuple[Dump, ...]
    specs: tuple[InputSpec, ...]
    """For every dump the entry of the config that named it."""
    splits: tuple[Split, ...]


def make_plan(loaded: LoadedConfig, limit: int | None = None) -> Plan:
    """Find the inputs and cut them. Reads file sizes, first bytes and tables of contents, no page.

    With `limit` only the first split of every dump is kept: a trial run takes its pages from there.

    Raises:
        ConfigError: a pattern that nothing matches; a key that is for another format.
        DumpError: not one input can be read, or one that must be cannot.

    """
    found = find_inputs(loaded)
    dumps: list[Dump] = []
    splits: list[Split] = []
    for dump, cut in read_many(partial(_cut, limits=loaded.job.limits), found):
        dumps.append(dump)
        splits.extend(cut[:1] if limit is not None else cut)
    problems = [dump.problem for dump in dumps if dump.problem is not None]
    if len(problems) == len(dumps):
        raise DumpError("\n".join(problems))
    specs = tuple(spec for _, _, spec in found)
    refuse_idle_keys(loaded, dumps, specs)
    return Plan(tuple(dumps), specs, tuple(splits))


def _cut(found: tuple[Match, str, InputSpec], limits: Limits) -> tuple[Dump, list[Split]]:
    """A dump and its splits; one that cannot be read is a single split, unless the config wants it to fail."""
    match, name, spec = found
    try:
        with naming(match.path):
            dump = _dump(match, name, spec, limits.page_bytes)
            return dump, READERS[dump.format].cut(dump, limits.split_bytes)
    except UnreadableError as error:
        if spec.on_bad_input == "fail":
            raise
        size = 0 if is_dir(match.path) else match.path.stat().st_size
        dump = Dump(name, str(match.path), "unreadable", size, _options(spec, limits.page_bytes), str(error))
        return dump, READERS[dump.format].cut(dump, limits.split_bytes)


def find_inputs(loaded: LoadedConfig) -> list[tuple[Match, str, InputSpec]]:
    """Every input file or folder once, with its name, sorted by name."""
    seen: dict[Place, tuple[Match, InputSpec]] = {}
    base = loaded.path.parent
    for number, spec in enumerate(loaded.job.inputs):
        matches = expand(base, spec.path)
        if not matches:
            hint = "; a URL of a web server is that of one file" if on_web(place_of(spec.path, base)) else ""
            raise ConfigError(f"{loaded.inputs_at[number]}: inputs.{number}.path: nothing matches {spec.path!r}{hint}")
        for match in matches:
            seen.setdefault(match.path.resolve(), (match, spec))
    inputs = without_overlaps(seen, loaded.path.name).values()
    names = names_of([match for match, _ in inputs])
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        hint = "write both as absolute paths"
        raise ConfigError(f"{loaded.path.name}: inputs: two of them would be called {twice[0]!r}; {hint}")
    found = [(match, name, spec) for (match, spec), name in zip(inputs, names, strict=True)]
    return sorted(found, key=lambda entry: entry[1])


def _dump(match: Match, name: str, spec: InputSpec, page_bytes: int) -> Dump:
    options = _options(spec, page_bytes)
    refuse_kind(match.path, spec.format)
    form = spec.format or detect_format(match.path)
    size = folder_size(match.path, options) if form == "folder" else match.path.stat().st_size
    return Dump(name, str(match.path), form, size, options)


def _options(spec: InputSpec, page_bytes: int) -> DumpOptions:
    return DumpOptions(
        html=spec.html,
        url=spec.url,
        fetched_at=spec.fetched_at,
        http_status=spec.http_status,
        content_type=spec.content_type,
        index=spec.index,
        pages=spec.pages,
        verify_digests=spec.verify_digests,
        page_bytes=page_bytes,
    )


# ------------------------------------------------------------------ identity


def hash_tasks(plan: Plan) -> list[HashTask]:
    """What has to be hashed to know every split's identity: each file once, of folders each run of files."""
    return list(dict.fromkeys(map(_hash_task, plan.splits)))


def _hash_task(split: Split) -> HashTask:
    """Of a folder the index counts as well: it says what the pages are."""
    index = folder_index(split.dump) if split.dump.format == "folder" else None
    if index is None:
        return HashTask(split.dump.path, split.files)
    return HashTask(split.dump.path, (*split.files, index), split if split.start == 0 else None)


def hash_input(task: HashTask, beat: Beat) -> str:
    """SHA-256 of a file; of a run of files over their names and their own hashes.

    Raises:
        DumpError: the index cannot be read. OSError: a file cannot be read.

    """
    root = place_of(task.path)
    if not task.files:
        if isinstance(root, Path) and not S_ISREG(root.stat().st_mode):
            return hashlib.sha256(b"").hexdigest()
        return _hash_file(root, count(), beat)
    digest = hashlib.sha256()
    blocks = count()
    for name in task.files:
        inner = unread(root / name) or _hash_file(root / name, blocks, beat)
        digest.update(f"{name}\0{inner}\n".encode("utf-8", "surrogateescape"))
    for name in () if task.first is None else named_in_vain(task.first):
        digest.update(f"{name}\0not there\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _hash_file(path: Place, blocks: Iterator[int], beat: Beat) -> str:
    """Every block is an item of its own to the supervisor: a file may take hours, a read may not."""
    digest = hashlib.sha256()
    block = memoryview(bytearray(_HASH_BLOCK))
    with naming(path), path.open("rb") as file:
        while size := file.readinto(block):
            digest.update(block[:size])
            beat(next(blocks), 0)
    return digest.hexdigest()


def stamps_of(split: Split) -> Stamps:
    """Stamps of what a split is read from, as they are now: what they show has changed must not be published."""
    return _of_content(stamp(_hash_task(split)))


def _of_content(stamps: Stamps) -> Stamps:
    """Who links to a file or gives it other rights while it is read changes nothing of what is read."""
    return [found[:2] for found in stamps]


def stamp(task: HashTask) -> Stamps:
    """Size and time of change of what a task hashes: equal stamps, and the hash need not be computed again."""
    root = place_of(task.path)
    found = [stamp_of(root / name, follow=False) for name in task.files] or [stamp_of(root)]
    return [*found, names_stamp(root)] if task.first is not None else found


def stamps_now(tasks: Sequence[HashTask]) -> dict[HashTask, Stamps]:
    """The stamp of every task."""
    return dict(zip(tasks, read_many(stamp, tasks), strict=True))


def with_keys(
    plan: Plan,
    hashes: Mapping[HashTask, str],
    stamps: Mapping[HashTask, Stamps],
    loaded: LoadedConfig,
    limit: int | None,
) -> tuple[PlannedSplit, ...]:
    """Every split with its key."""
    digest = extract_digest(loaded)
    planned = []
    for number, split in enumerate(plan.splits):
        task = _hash_task(split)
        key = split_key(split, hashes[task], digest, limit)
        planned.append(PlannedSplit(number, split, hashes[task], key, _of_content(stamps[task])))
    return tuple(planned)


def split_key(split: Split, identity: str, digest: str, limit: int | None) -> str:
    """Hash of all that the receipt of a split depends on: of a run in a folder not on what lies beside it."""
    is_run = split.dump.format == "folder"
    dump = asdict(split.dump) | {"path": "", "size": None if is_run else split.dump.size}
    place = list(split.files) if is_run else [split.start, split.end, list(split.stride), split.exact]
    text = json.dumps([tool_versions(), dump, place, limit, identity, digest], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


@lru_cache(maxsize=1)
def tool_versions() -> Mapping[str, str]:
    """The tool, the code that rows depend on, and the language and libraries whose behaviour shows in them."""
    code = hashlib.sha256()
    root = Path(builder.__file__).parent
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.json")]):
        name = path.relative_to(root).as_posix()
        if not name.startswith(OF_NO_ROW):
            code.update(f"{name}\0".encode() + path.read_bytes())
    return {
        "builder": builder.__version__,
        "code_sha256": code.hexdigest(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        **{name: version(name) for name in _LIBRARIES},
        **{name: version(name) for name in _EXTRAS if find_spec(name) is not None},
    }


def tool_name() -> str:
    """Version and code of the tool in one word, as a reject bears it."""
    versions = tool_versions()
    return f"{versions['builder']}+{versions['code_sha256'][:12]}"
