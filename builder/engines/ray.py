"""Tasks over the machines of a Ray cluster, each supervised there as it would be at home.

A Ray task runs one task of ours in a process beside the Ray worker (`local.Pool`): a page that hangs, dies or eats
memory costs that page, with the reject that it has on one machine. The process and what it has compiled are kept for
the next task. Through the driver go tasks and results alone; what all tasks have in common is put into Ray's
object store once.

What Ray loses - a worker, a node - is handed out again by the driver, which counts: Ray itself would try some things
for ever. A worker that is only thought dead may go on: all that tasks write is written whole under a name that its
bytes or its key decide, and what is kept of a split that is not finished bears the name of the worker (`Work.apart`).
"""

from __future__ import annotations

import errno
import os
import pickle
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from builder.engines.cluster import ask_every_node, connect, first_line
from builder.engines.local import Pool
from builder.engines.work import OnBeat, Opened, Prepare, Probe, Work
from builder.errors import ConfigError

_POLL = 0.2  # seconds; how long a signal may wait
_TRIES = 4  # of a task whose Ray worker or node is lost
_BUNDLE_SECONDS, _MOST = 0.5, 64  # tasks that take less go to a Ray worker together: a Ray task costs some 10 ms of CPU


@contextmanager
def open_ray(address: str | None, prepare: Prepare) -> Iterator[Opened]:
    """Connect to a cluster, and see that every node has what the driver has. A connection that is there is used.

    Raises:
        ConfigError: a node has other versions, or does not see the output or the inputs.
        OSError: no cluster answers at the address.

    """
    mine = not ray.is_initialized()
    with redirect_stdout(sys.stderr):  # Ray tells of lost nodes there, where a command's result belongs
        if mine:
            connect(address or os.environ.get("RAY_ADDRESS") or "local")
        try:
            probe = prepare()
            ask_every_node(probe)
            cpus = int(ray.cluster_resources().get("CPU", 1))
            yield Opened(partial(run_ray, probe, not mine), max(cpus, 1))
        finally:
            if mine:
                ray.shutdown()


# ------------------------------------------------------------------ in the driver


def run_ray(
    probe: Probe, cancel: bool, work: Work, tasks: Sequence[Any], workers: int, on_beat: OnBeat
) -> Iterator[tuple[int, Any]]:
    """Run all tasks, `workers` of them at once; results in the order in which they end.

    After an error the others are cancelled if `cancel`; the end of a connection stops them as well.

    Raises:
        ConfigError: a node that has come meanwhile cannot do this work.
        OSError: a task has lost its Ray worker again and again.
        Exception: what a task raised.

    """
    del on_beat  # tasks are told of when they are done
    shared = _in_common(tasks)
    kind = ray.put(pickle.dumps(Kind(work, shared, probe)))
    submit = _SERVE.options(name=f"build-{work.name}").remote
    waiting = deque(range(len(tasks)))
    running: dict[Any, list[int]] = {}
    losses: Counter[int] = Counter()
    size = 1
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                bundle = _bundle(waiting, min(size, 1 + len(waiting) // workers), losses)
                running[submit(kind, pickle.dumps([_without(tasks[index], shared) for index in bundle]))] = bundle
            for ref in _heedful(ray.wait, [*running], num_returns=1, timeout=_POLL)[0]:
                bundle = running.pop(ref)
                try:
                    done: Done = _heedful(ray.get, ref)
                except RayTaskError:
                    raise
                except RayError as error:  # the worker, its node or the result is lost
                    _count_loss(losses, bundle, work, tasks, error)
                    waiting.extend(bundle)
                    continue
                if done.error is not None:
                    raise done.error
                size = max(1, min(_MOST, int(_BUNDLE_SECONDS * len(bundle) / max(done.seconds, 0.001))))
                yield from ((bundle[at], result) for at, result in done.results)
    finally:
        for ref in running if cancel else ():
            ray.cancel(ref, force=True)  # of one that completes meanwhile Ray (2.60) aborts the driver


def _heedful(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """A call of Ray, which may lose what the handler of a signal raises meanwhile, all but the cause."""
    try:
        return call(*arguments, **options)
    except SystemError as error:
        raise (error.__cause__ or error) from None


def _bundle(waiting: deque[int], size: int, losses: Mapping[int, int]) -> list[int]:
    """The next tasks to go together; one whose worker was lost goes alone, for it may be the cause."""
    bundle = [waiting.popleft()]
    while waiting and len(bundle) < size and not losses[bundle[0]] and not losses[waiting[0]]:
        bundle.append(waiting.popleft())
    return bundle


def _count_loss(losses: Counter[int], bundle: Sequence[int], work: Work, tasks: Sequence[Any], error: RayError) -> None:
    losses.update(bundle)
    if max(losses[index] for index in bundle) == _TRIES:
        text = f"its Ray worker was lost {_TRIES} times ({type(error).__name__}: {first_line(error)})"
        named = f"{work.name} {work.name_of(bundle[0], tasks[bundle[0]])}"
        raise OSError(errno.EIO, text, named) from error


def _in_common(tasks: Sequence[Any]) -> dict[str, Any]:
    """Fields that are the very same object in all tasks: the config, the schema."""
    if not tasks or not hasattr(tasks[0], "__dataclass_fields__"):
        return {}
    held = {field.name: getattr(tasks[0], field.name) for field in fields(tasks[0])}
    return {name: value for name, value in held.items() if all(getattr(task, name) is value for task in tasks)}


def _without(task: Any, shared: Mapping[str, Any]) -> Any:
    return replace(task, **dict.fromkeys(shared)) if shared else task


# ------------------------------------------------------------------ in a Ray worker


@dataclass(frozen=True, slots=True)
class Kind:
    """What all tasks of one call have in common."""

    work: Work
    shared: Mapping[str, Any]
    probe: Probe


@dataclass(frozen=True, slots=True)
class Done:
    """What comes back of a bundle."""

    results: tuple[tuple[int, Any], ...]
    """Place in the bundle, and what the task returned."""
    seconds: float
    error: Exception | None = None
    """What one of the tasks raised."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a Ray worker keeps from one task to the next."""

    kind: Kind
    pool: Pool


_HELD: dict[bytes, Held] = {}  # of this process, one at a time


def serve(kind: bytes, tasks: bytes) -> Done:
    """Some tasks one after the other, in a process that is kept; what one of them raises is an answer as well."""
    began = time.monotonic()
    try:
        held = _held(kind)
        results = tuple(held.pool.run([_whole(task, held.kind) for task in pickle.loads(tasks)], 1))  # noqa: S301
    except Exception as error:
        _let_go()
        return Done((), time.monotonic() - began, error)
    return Done(results, time.monotonic() - began)


def _whole(task: Any, kind: Kind) -> Any:
    if kind.shared:
        task = replace(task, **kind.shared)
    if kind.work.apart is not None:
        task = kind.work.apart(task, f"-{ray.get_runtime_context().get_worker_id()}")
    return task


def _held(kind: bytes) -> Held:
    if kind not in _HELD:
        _let_go()
        given: Kind = pickle.loads(kind)  # noqa: S301 - from the driver
        if amiss := given.probe():  # a machine that has joined since the build began
            raise ConfigError(f"workers on {ray.util.get_node_ip_address()} {amiss}")
        _HELD[kind] = Held(given, Pool(given.work, lambda _task, _done: None, keep=True))
    return _HELD[kind]


def _let_go() -> None:
    for held in _HELD.values():
        held.pool.close()
    _HELD.clear()


_SERVE = ray.remote(num_cpus=1, max_retries=0)(serve)  # no decorator: Ray ships functions by name where it is theirs
