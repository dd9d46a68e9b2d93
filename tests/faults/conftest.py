"""The builds that are disturbed, and the process that runs them: made once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sweep
from small_builds import add_inline_engine, two_dumps

add_inline_engine()


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> sweep.Case:
    return sweep.fresh_case(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory) -> sweep.Case:
    return sweep.changed_case(tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="session")
def server(fresh: sweep.Case) -> Iterator[sweep.Server]:
    served = sweep.start_server(fresh.config)
    yield served
    served.process.kill()
    served.process.communicate()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return two_dumps(tmp_path)
