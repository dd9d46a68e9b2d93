from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from engine_tasks import STUBBORN, Walk, answer_and_die, die_at_once, late, past, stubborn, walk

from builder.engines.local import run_local
from builder.engines.work import Work
from builder.errors import BuilderError, DumpError, LostTaskError

ROOT = Path(__file__).parents[2]
PATIENT = Work("walk", walk, past)
HASTY = Work("walk", walk, past, seconds=1.0)
MODEST = Work("walk", walk, past, memory=500 * 2**20)


def quiet(_task: int, _amount: int) -> None:
    pass


def run(work: Work, tasks: list[Any], workers: int = 2) -> list[Any]:
    """The results in the order of the tasks; each task must have come back once."""
    results = list(run_local(work, tasks, workers, quiet))
    assert sorted(index for index, _ in results) == list(range(len(tasks)))
    return [value for _, value in sorted(results)]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def assert_gone(pids: list[int | None]) -> None:
    """The processes end, at the latest a moment later."""
    until = time.monotonic() + 5
    while any(is_alive(pid) for pid in pids if pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert [pid for pid in pids if pid and is_alive(pid)] == []
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("workers", [1, 2, 5, 20])
def test_every_task_comes_back_once(workers: int) -> None:
    assert run(PATIENT, [Walk(count) for count in range(7)], workers) == [
        [str(item) for item in range(count)] for count in range(7)
    ]
    assert multiprocessing.active_children() == []


def test_no_tasks_start_no_process() -> None:
    assert run(PATIENT, []) == []


def test_more_tasks_than_one_process_takes() -> None:
    assert run(PATIENT, [Walk(1)] * 230, 1) == [["0"]] * 230


@pytest.mark.parametrize(
    ("work", "deed", "code"),
    [
        pytest.param(HASTY, "hang", "timeout", id="hangs"),
        pytest.param(PATIENT, "exit", "crash", id="exits"),
        pytest.param(PATIENT, "kill", "crash", id="is killed"),
        pytest.param(PATIENT, "memory error", "memory", id="is refused memory"),
        pytest.param(MODEST, "eat", "memory", id="takes too much memory"),
    ],
)
def test_a_bad_item_is_given_up_and_nothing_else(work: Work, deed: str, code: str) -> None:
    tasks = [Walk(3), Walk(4, bad=2, deed=deed), Walk(2)]
    assert run(work, tasks) == [["0", "1", "2"], ["0", "1", code, "3"], ["0", "1"]]
    assert multiprocessing.active_children() == []


def test_two_bad_items_of_one_task() -> None:
    task = Walk(4, bad=1, deed="exit", blamed=((3, "crash"),))
    assert run(PATIENT, [task], 1) == [["0", "crash", "2", "crash"]]


def test_a_process_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    task = Walk(3, bad=1, deed="exit once", note=str(tmp_path / "note"))
    assert run(PATIENT, [task], 1) == [["0", "1", "2"]]
    assert (tmp_path / "note").exists()


@pytest.mark.parametrize("size", [1, 50 * 2**20], ids=["before its next task", "amid its answer"])
def test_a_process_that_dies_between_items_costs_nothing(tmp_path: Path, size: int) -> None:
    """As where memory is short. What it has sent, all of an answer or its beginning, waits until it is dead."""
    tasks = [(1, ""), (size, str(tmp_path / "go")), (1, ""), (1, ""), (1, "")]
    results = run_local(Work("answer", answer_and_die), tasks, 2, quiet)
    found = [next(results)]
    (tmp_path / "go").touch()
    until = time.monotonic() + 10
    while len(multiprocessing.active_children()) == 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(multiprocessing.active_children()) == 1
    found.extend(results)
    assert sorted((index, len(text)) for index, text in found) == [(0, 1), (1, size), (2, 1), (3, 1), (4, 1)]
    assert multiprocessing.active_children() == []


def test_what_comes_before_the_first_item_is_not_timed_as_an_item() -> None:
    assert run(Work("late", late, past, seconds=0.3), [1.2], 1) == ["done"]


def test_a_task_that_cannot_be_taken_past_its_item_ends_the_run() -> None:
    """A reader may die on an item before anyone can leave it out. That must not go on for ever."""
    STUBBORN.clear()
    with pytest.raises(DumpError, match="task 0"):
        run(Work("walk", walk, stubborn), [Walk(3, bad=1, deed="exit")], 1)
    assert STUBBORN == [1, 1]


@pytest.mark.parametrize(
    ("work", "task", "error", "said"),
    [
        pytest.param(
            Work("walk", walk), Walk(2, bad=1, deed="exit"), LostTaskError,
            "walk: task 0 failed 2 times: the process ended with 3; run again to continue",
            id="a task that is whole or nothing",
        ),
        pytest.param(
            Work("walk", walk, seconds=1.0), Walk(2, bad=1, deed="hang"), LostTaskError,
            "walk: task 0 failed once: took longer than 1 seconds; run again to continue",
            id="a task that takes too long",
        ),
        pytest.param(
            Work("die", die_at_once, past), None, DumpError,
            "die: task 0 failed 2 times: the process ended with 9",
            id="no item is known",
        ),
        pytest.param(
            Work("die", die_at_once, past, named="of {}".format), 7, DumpError,
            "die: of 7 failed 2 times: the process ended with 9",
            id="a task that has a name",
        ),
    ],
)  # fmt: skip
def test_death_without_anyone_to_blame(work: Work, task: Any, error: type[BuilderError], said: str) -> None:
    """No input is at fault where none is read, and another run may do."""
    with pytest.raises(error) as caught:
        run(work, [task], 1)
    assert (str(caught.value), caught.value.exit_code) == (said, 74 if error is LostTaskError else 1)
    assert multiprocessing.active_children() == []


def test_a_limit_that_no_task_can_keep_is_named() -> None:
    """Where pages are read it is the config's; other stages have their own."""
    with pytest.raises(DumpError, match=r"task 0 failed 2 times: .*; raise limits\.worker_memory$"):
        run(Work("late", late, past, memory=1), [5.0], 1)
    with pytest.raises(LostTaskError, match=r"task 0 failed 2 times: .*\(limit 1\); run again to continue$"):
        run(Work("late", late, memory=1), [5.0], 1)
    STUBBORN.clear()
    with pytest.raises(DumpError, match=r"took longer than 1 seconds; raise limits\.page_seconds, or run again .*$"):
        run(Work("walk", walk, stubborn, seconds=1.0), [Walk(2, bad=1, deed="hang")], 1)
    assert multiprocessing.active_children() == []


def test_an_error_arrives_with_its_type_and_place() -> None:
    with pytest.raises(DumpError, match="not what it says") as error:
        run(PATIENT, [Walk(2, bad=1, deed="dump error"), Walk(9, bad=0, deed="hang")])
    assert "in walk" in "".join(error.value.__notes__)
    assert multiprocessing.active_children() == []


def test_an_os_error_keeps_its_number_and_file() -> None:
    with pytest.raises(OSError, match="No space left") as error:
        run(PATIENT, [Walk(1, bad=0, deed="disk full")])
    assert (error.value.errno, error.value.filename) == (28, "staged.parquet")


def test_an_error_that_no_pipe_takes_arrives_in_words() -> None:
    with pytest.raises(RuntimeError, match="a thing that stays at home"):
        run(PATIENT, [Walk(1, bad=0, deed="unpicklable")])


def test_an_error_ends_the_other_processes() -> None:
    results = run_local(PATIENT, [Walk(1), Walk(1, bad=0, deed="hang"), Walk(1, bad=0, deed="dump error")], 2, quiet)
    next(results)
    pids = [process.pid for process in multiprocessing.active_children()]
    with pytest.raises(DumpError):
        list(results)
    assert len(pids) == 2
    assert_gone(pids)


def test_closing_the_results_early_ends_the_processes() -> None:
    results = run_local(PATIENT, [Walk(1), Walk(1, bad=0, deed="hang"), Walk(1, bad=0, deed="hang")], 3, quiet)
    assert next(results) == (0, ["0"])
    pids = [process.pid for process in multiprocessing.active_children()]
    assert pids
    results.close()  # type: ignore[attr-defined]
    assert_gone(pids)


def test_progress_is_told_of_tasks_under_way() -> None:
    told: list[tuple[int, int]] = []
    work = Work("walk", walk, past, seconds=0.6)
    list(run_local(work, [Walk(5, bad=3, deed="hang")], 1, lambda task, amount: told.append((task, amount))))
    assert (0, 3) in told


THREADS = """
import os, sys
from multiprocessing import forkserver
from builder.engines.supervise import context
if __name__ == "__main__":
    ctx = context(("builder.splits",))
    process = ctx.Process(target=sys.exit)  # answers when the imports are done
    process.start()
    process.join()
    print(len(os.listdir(f"/proc/{forkserver._forkserver._forkserver_pid}/task")), "JE_ARROW_MALLOC_CONF" in os.environ)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux")
def test_what_is_imported_for_all_workers_starts_no_thread(tmp_path: Path) -> None:
    """A thread that is forked away may have held a lock that nobody will ever release."""
    (tmp_path / "threads.py").write_text(THREADS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, tmp_path / "threads.py"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


@pytest.mark.skipif(os.name != "posix", reason="sockets with a path")
def test_a_temporary_folder_of_a_long_name(tmp_path: Path) -> None:
    folder = tmp_path / ("scratch-of-a-job-on-some-cluster-" * 5)
    folder.mkdir()
    (tmp_path / "run.py").write_text(STOPPED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests/engines")))}
    command = [sys.executable, tmp_path / "run.py", tmp_path / "begun"]
    done = subprocess.run(command, env={**environment, "TMPDIR": str(folder)}, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("(0, ['0', '1'])\n", "")


STOPPED = """
import sys
from engine_tasks import Walk, past, walk
from builder.engines.local import run_local
from builder.engines.work import Work
if __name__ == "__main__":
    task = Walk(2, bad=1, deed="work", note=sys.argv[1])
    print(*run_local(Work("walk", walk, past, seconds=4.0), [task], 1, lambda task, amount: None))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_run_that_is_stopped_and_goes_on_blames_no_item(tmp_path: Path) -> None:
    """As by Ctrl-Z and `fg`, or by what suspends the jobs of a cluster."""
    (tmp_path / "stopped.py").write_text(STOPPED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests/engines")))}
    command = [sys.executable, tmp_path / "stopped.py", tmp_path / "begun"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True) as run:
        while not (tmp_path / "begun").exists():
            assert run.poll() is None
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGSTOP)
        time.sleep(6)
        os.killpg(run.pid, signal.SIGCONT)
        assert run.communicate()[0] == "(0, ['0', '1'])\n"


LIGHT = Work("walk", walk, light=True)


def test_light_work_needs_no_process() -> None:
    assert run(LIGHT, [Walk(count) for count in range(7)]) == [
        [str(item) for item in range(count)] for count in range(7)
    ]
    assert run(LIGHT, []) == []


def test_light_work_that_fails_ends_what_is_under_way() -> None:
    endless = Walk(10**9)
    with pytest.raises(DumpError, match="not what it says"):
        run(LIGHT, [endless, Walk(2, bad=1, deed="dump error"), endless])
