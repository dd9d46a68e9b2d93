"""Imports go down, never up and never across; nothing grows too long. What the layout promises, asserted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.plan.inputs import OF_NO_ROW

ROOT = Path(__file__).parents[1]
LAYERS = [
    {"records", "receipts", "patterns", "printable", "fieldtypes", "catalogue", "signals"},
    {"errors"},
    {"constraints", "storage", "normalize"},
    {"config", "dumps", "extract", "write", "engines"},
    {"schema"},
    {"compiled"},
    {"reading", "contract"},
    {"derived", "rejects"},
    {"report"},
    {"pipeline", "plan", "dedup"},
    {"gathering"},
    {"splits", "preview", "merge"},
    {"retry", "sidecars", "books", "describe", "drift", "run_record", "options"},
    {"stages"},
    {"job", "publish"},
    {"commands"},
    {"cli"},
]
"""From the ground up. Modules and packages of one layer do not know each other."""
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
MOST_LINES, MOST_FUNCTION_LINES = 300, 40
LONG_MODULES: set[str] = set()
LONG_FUNCTIONS = {"builder.extract.blocks._walk"}  # the one loop that sees every element; calls would double its time
"""Exceptions, each of which wants a reason beside it."""

TESTS_OF_THE_WHOLE = {"book_rules", "build", "corpora", "layers", "readme", "readme_tables", "sample", "violations"}
FOLDERS_OF_THE_WHOLE = {"bench", "faults", "fuzz", "loading", "sites"}
"""Tests that are of no module at the root of builder/ and of no folder of it, but of whole builds or of the project."""

PATHS = sorted((ROOT / "builder").rglob("*.py"))
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in PATHS}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imports_of(name: str, tree: ast.AST) -> Iterator[str]:
    """The modules of this project that a module imports: `from builder import x` means builder.x where there is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: a relative import"
            base = node.module or ""
            targets = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names]
        else:
            continue
        yield from (target for target in targets if target in MODULES)


IMPORTS = {name: sorted(set(imports_of(name, tree))) for name, tree in TREES.items()}


def part(name: str) -> str:
    """The module or package below builder that a module belongs to; empty for builder itself."""
    return name.partition(".")[2].partition(".")[0]


def test_the_modules_are_seen() -> None:
    assert {"builder.job", "builder.dumps", "builder.write.commit"} <= set(MODULES)
    assert "builder.write.commit" in IMPORTS["builder.job"]
    assert sum(map(len, IMPORTS.values())) > 100


def test_every_module_has_its_layer() -> None:
    assert {part(name) for name in MODULES} - {"", "__main__"} <= set(LAYER)


@pytest.mark.parametrize("name", [name for name in MODULES if part(name) in LAYER])
def test_imports_go_down(name: str) -> None:
    here = part(name)
    wrong = [
        target
        for target in IMPORTS[name]
        if part(target) not in ("", here) and not LAYER.get(part(target), 0) < LAYER[here]
    ]
    assert wrong == []


def test_the_package_itself_imports_nothing_of_its_own() -> None:
    assert IMPORTS["builder"] == []


@pytest.mark.parametrize("name", MODULES)
def test_errors_that_are_raised_have_a_section_of_the_docstring(name: str) -> None:
    """`Raises:` and a line for each, not a word in a sentence."""
    of = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = [ast.get_docstring(node) or "" for node in ast.walk(TREES[name]) if isinstance(node, of)]
    assert [line for text in texts for line in text.splitlines() if re.search(r"\bRaises\b(?!:$)", line)] == []


def test_no_cycles() -> None:
    """Not within a package either. Peel off what imports nothing that is left, until nothing is left."""
    left = {name: {target for target in targets if target != name} for name, targets in IMPORTS.items()}
    while free := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in free}
    assert sorted(left) == []


def first_apart(name: str, target: str) -> tuple[str, str] | None:
    """The two siblings, module or folder, through which one module knows another; none where one holds the other."""
    here, there = name.split("."), target.split(".")
    apart = next((at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), None)
    return None if apart is None else (".".join(here[: apart + 1]), ".".join(there[: apart + 1]))


def test_folders_do_not_know_each_other_in_a_circle() -> None:
    """`facts.author` may ask `facts.date` only where nothing of `facts.date` asks `facts.author`."""
    pairs = {pair for name, targets in IMPORTS.items() for target in targets if (pair := first_apart(name, target))}
    assert ("builder.extract.facts.author", "builder.extract.facts.date") in pairs
    while ends := {there for _, there in pairs} - {here for here, _ in pairs}:
        pairs = {(here, there) for here, there in pairs if there not in ends}
    assert sorted(pairs) == []


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("name", [name for name in MODULES if part(name) != "storage"])
def test_the_disk_is_asked_by_what_tells_its_errors(name: str) -> None:
    """By the functions of storage.place: to `Path` and `os.path` a disk that fails is one without the file."""
    silent = {"exists", "lexists", "is_dir", "is_file", "isdir", "isfile"}
    calls = [node.func for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)]
    wrong = [
        f"{name}:{call.lineno}"
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in silent
        and ast.unparse(call.value) not in ("entry", "storage")
    ]
    assert wrong == []


@pytest.mark.parametrize("name", MODULES)
def test_imports_stand_at_the_top(name: str) -> None:
    top = {id(node) for node in TREES[name].body}
    inner = [
        f"{name}:{node.lineno}"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top
    ]
    assert inner == []


@pytest.mark.parametrize("name", MODULES)
def test_no_imports_for_type_checkers_alone(name: str) -> None:
    names = {node.id for node in ast.walk(TREES[name]) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)}
    assert "TYPE_CHECKING" not in names | attributes


def test_no_module_is_too_long() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name for name, length in lengths.items() if length > MOST_LINES} == LONG_MODULES


def test_no_function_is_too_long() -> None:
    long = {
        f"{name}.{function.name}"
        for name, tree in TREES.items()
        for function in functions_of(tree)
        if (function.end_lineno or 0) - function.body[0].lineno + 1 > MOST_FUNCTION_LINES
    }
    assert long == LONG_FUNCTIONS


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name: str) -> None:
    assert ast.get_docstring(TREES[name])


def test_tests_lie_as_the_code_does() -> None:
    """Folders are named as those of builder/; tests at the root begin with the name of a module that is there."""
    modules = tuple({part(name) for name, path in MODULES.items() if path.parent == ROOT / "builder"} - {""})
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    assert {name for name in tests if not name.startswith(modules)} == TESTS_OF_THE_WHOLE
    packages = {part(name) for name, path in MODULES.items() if path.name == "__init__.py"}
    folders = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/*.py")}
    assert folders - packages == FOLDERS_OF_THE_WHOLE


def test_builds_need_nothing_of_training() -> None:
    wanted = {name for name in MODULES if name.startswith("builder.extract.train")}
    assert [name for name, targets in IMPORTS.items() if name not in wanted and wanted & set(targets)] == []


def test_no_row_depends_on_what_does_not_count() -> None:
    """What the tasks of a build import, and what these import in turn."""
    seen: set[str] = set()
    found = ["builder.splits", "builder.retry", "builder.merge.stage", "builder.dedup.settle"]
    while found:
        name = found.pop()
        found += [] if name in seen else IMPORTS[name]
        seen.add(name)
    assert "builder.extract.article" in seen
    paths = [MODULES[name].relative_to(ROOT / "builder").as_posix() for name in seen]
    assert not [path for path in paths if path.startswith(OF_NO_ROW)]
