"""Two builds for one output in a store: one publishes, the other says so and ends, and the dataset is whole."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from proxy import Proxy, Rule
from small_builds import run, two_dumps
from store_builds import (
    Case,
    Told,
    arguments,
    change,
    copy_tree,
    published,
    put_config,
    put_folder,
    started,
    whole_dataset,
)
from sweep import Server

from builder.errors import ConfigError, LockedError
from builder.storage.path import StorePath
from builder.storage.place import files_below
from builder.storage.ranges import StoreStat
from builder.write.commit import commit
from builder.write.lease import leased
from builder.write.lock import locked

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_second_build_ends_while_the_first_lives(behind: StorePath, told: Told, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    stored = put_config(config, behind / "job.yaml")
    with locked(behind / "out"):
        done = told(*arguments(stored, behind / "out"))
        planned = told("plan", stored)
    assert done.status == planned.status == 75
    assert done.said.startswith(f"{behind}/out: another build is at work here (process {os.getpid()} on ")
    assert not (behind / "out" / "_work" / "lock").exists(), "it was given back"
    assert told(*arguments(stored, behind / "out")).status == 0


def test_of_many_who_want_a_lease_one_has_it(behind: StorePath) -> None:
    """Taken from one who is dead, which all of them see at the same time."""
    path = behind / "_work" / "lock"
    path.upload(b'{"build": "of the dead", "process": 1, "host": "elsewhere"}')
    held, lost, gone = [], [], Event()

    def want() -> None:
        try:
            with leased(path) as lease:
                held.append(lease.build)
                gone.wait(4)
                lease.check()
        except LockedError as error:
            lost.append(str(error))

    threads = [Thread(target=want) for _ in range(5)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(lost) == 4)
    gone.set()
    for thread in threads:
        thread.join()
    assert len(held) == 1
    assert not path.exists()


def test_a_lease_outlasts_a_store_that_loses_replies(behind: StorePath, proxy: Proxy) -> None:
    """Also where the client gives up: what is there is the holder's own, of a beat that it does not know of."""
    path = behind / "_work" / "lock"
    with leased(path) as lease:
        proxy.set(Rule("lost", kind="PUT", times=10**9))
        wait_for(lambda: sum(request.kind == "PUT" for request in proxy.log) > 3)
        proxy.set()
        lease.check()
        lease.check()
    assert not path.exists()


def test_a_lease_that_is_lost_is_not_given_back(behind: StorePath) -> None:
    path = behind / "_work" / "lock"
    with leased(path) as lease:
        path.upload(b'{"build": "of another"}')
        with pytest.raises(LockedError, match="another build has taken over here"):
            lease.check()
    assert json.loads(path.read_bytes()) == {"build": "of another"}


@pytest.mark.parametrize("error", [FileNotFoundError("staged"), PermissionError("staged")])
def test_an_error_of_a_build_that_lost_its_lease_is_that_loss(behind: StorePath, error: OSError) -> None:
    """The other one has cleared away what this one looks for."""
    path = behind / "_work" / "lock"

    def build() -> None:
        with leased(path) as lease:
            path.upload(b"{}")
            if not isinstance(error, FileNotFoundError):
                with pytest.raises(LockedError):
                    lease.check()
            raise error

    with pytest.raises(LockedError, match="taken over"):
        build()


def test_a_store_that_does_not_keep_conditions_is_refused(behind: StorePath, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some that speak S3 do every put: as if this one did, by leaving the condition out."""

    def careless(self: StorePath, content: bytes, _seen: object) -> object:
        self.upload(content)
        return self.stat()

    monkeypatch.setattr(StorePath, "upload_if", careless)
    with pytest.raises(ConfigError, match=r"ignores conditions of writes \(If-Match\)"):
        locked(behind / "out").__enter__()


STOPS = {
    "amid the merge": Rule("kill_after", kind="PUT", key="_work/merged/"),
    "amid the copies": Rule("kill_after", kind="COPY", nth=2),
    "behind the manifest": Rule("kill_after", kind="PUT", key="_manifest.json$"),
}


@pytest.mark.parametrize("where", STOPS)
def test_a_build_that_stands_still_for_longer_than_its_lease(
    behind: StorePath, server: Server, said: Path, cases: dict[str, Case], proxy: Proxy, where: str
) -> None:
    """Another has taken over and built meanwhile: then it goes on, harms nothing, and ends with 75."""
    case = cases["changed"]
    out = behind / "out"
    assert case.before
    copy_tree(case.before, out)
    child = int(server.ask(arguments=arguments(case.config, out), said=str(said), traced=True))
    proxy.on_kill = lambda: os.kill(child, signal.SIGSTOP)
    stop = replace(STOPS[where])
    proxy.set(stop)
    server.tell("go")
    wait_for(lambda: stop.seen > stop.nth)
    proxy.rules = []
    text = case.config.read_text().replace('"renamed"', '"third"').replace("raw2", "../cases/raw2")
    (behind / "third.yaml").upload(text.encode())
    run(behind / "third.yaml", out)
    third = published(out)
    os.kill(child, signal.SIGCONT)
    assert int(server.answer()) == 75, said.read_text()
    assert "another build has " in said.read_text()
    assert whole_dataset(out) == third["_manifest.json"]
    run(behind / "third.yaml", out)
    assert published(out) == third


def test_the_manifest_of_another_is_not_replaced(behind: StorePath, proxy: Proxy) -> None:
    """Whatever became of locks: the put says which version it is to replace."""
    out, finished = behind / "out", behind / "out" / "_work" / "parts"
    name = "data/part-00000-0123456789abcdef.parquet"
    (finished / name).upload(b"PAR1")
    seen = None
    proxy.set()
    (out / "_manifest.json").upload(b"of another")
    with pytest.raises(LockedError, match="another build has published here meanwhile; run again"):
        commit(out, finished, [name], "mine", seen=seen)
    assert (out / "_manifest.json").read_bytes() == b"of another"
    assert "DELETE" not in proxy.kinds()


def test_what_another_removed_is_noticed(behind: StorePath, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that held the lease too long took a file away that this one names: it must not say that all is well."""
    out, finished = behind / "out", behind / "out" / "_work" / "parts"
    names = [f"data/part-0000{number}-0123456789abcdef.parquet" for number in range(2)]
    for name in names:
        (finished / name).upload(name.encode())
    honest = StorePath.upload_if

    def put(self: StorePath, content: bytes, seen: StoreStat | None) -> StoreStat | None:
        done = honest(self, content, seen)
        (out / names[0]).unlink()
        return done

    monkeypatch.setattr(StorePath, "upload_if", put)
    with pytest.raises(FileNotFoundError, match="has gone from the output") as caught:
        commit(out, finished, names, "manifest")
    assert caught.value.filename == str(out / names[0])
    assert not (out / "data" / "_SUCCESS").exists()


@pytest.mark.parametrize("where", ["start", "end"])
def test_a_killed_driver_is_followed_by_one_on_another_node(
    behind: StorePath, tmp_path: Path, proxy: Proxy, where: str
) -> None:
    """Real processes with workers of their own; the second waits until the lease of the first has run out."""
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    stored, out = put_config(config, behind / "job.yaml"), behind / "out"
    key = "_work/staged/" if where == "start" else "_work/published.json"
    struck = Rule("slow", kind="PUT", key=key)
    proxy.set(struck)
    words = ["build", stored, "--out", out, "--workers", "2", "-q"]
    with started(*words) as first:
        wait_for(lambda: struck.seen > 0)
        first.kill()
        first.communicate()
    begun = time.monotonic()
    with started(*words, env={"TMPDIR": str(tmp_path)}) as second:
        _, err = second.communicate(timeout=120)
    assert second.returncode == 0, err
    assert time.monotonic() - begun > 1, "a lease of one second"
    run(config, tmp_path / "gold")
    assert whole_dataset(out)
    run(stored, behind / "gold")
    assert published(out) == published(behind / "gold")
    assert not (out / "_work" / "lock").exists()


def test_two_drivers_that_start_together(behind: StorePath, tmp_path: Path, proxy: Proxy) -> None:
    """Different configs, one output, one moment: one publishes, the other ends with 75."""
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    change(tmp_path / "raw")
    put_folder(tmp_path / "raw", behind / "raw2")
    stored = [
        put_config(config, behind / "a.yaml"),
        put_config(config, behind / "b.yaml", inputs=["raw2/*.jsonl"], name="b"),
    ]
    out = behind / "out"
    proxy.set(Rule("slow", kind="PUT", key="_work/staged/", times=2, amount=2000))  # long enough for them to meet
    with (
        started("build", stored[0], "--out", out, "--workers", "1", "-q") as a,
        started("build", stored[1], "--out", out, "--workers", "1", "-q") as b,
    ):
        said = [a.communicate(timeout=120)[1], b.communicate(timeout=120)[1]]
    codes = [a.returncode, b.returncode]
    assert sorted(codes) == [0, 75], said
    assert "another build " in said[codes.index(75)]
    run(stored[codes.index(0)], behind / "gold")
    assert published(out) == published(behind / "gold")
    assert not [name for name, _ in files_below(out / "_work") if "builds/" in name]
