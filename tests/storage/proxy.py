"""A proxy before an S3 server that does what networks and stores do: resets, refusals, delays, cuts, lost replies.

It takes a request whole, looks whether a rule strikes it, asks the server and gives the answer whole. Puts with a
condition go one at a time, for moto looks and writes in two steps.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

Fault = Literal["reset", "lost", "cut", "slow", "kill", "kill_after", "500", "503", "403", "409", "412"]
"""reset: before the server hears of it; lost: the server has done it, the client never hears; cut: after `amount` bytes
of the body; slow: by `amount` milliseconds; kill, kill_after: `on_kill`, before or after the server has done it."""

_ERRORS = {
    "500": ("500 Internal Server Error", "InternalError"),
    "503": ("503 Slow Down", "SlowDown"),
    "403": ("403 Forbidden", "ExpiredToken"),
    "409": ("409 Conflict", "ConditionalRequestConflict"),
    "412": ("412 Precondition Failed", "PreconditionFailed"),
}


class Request(NamedTuple):
    """A request as the proxy saw it, whatever became of it."""

    kind: str
    """GET, HEAD, PUT, COPY, DELETE, LIST, or what a POST is for."""
    key: str
    """Without the bucket; the prefix of a listing."""
    bytes: int
    """Of the body, up and down."""


@dataclass
class Rule:
    """Which requests a fault strikes: by kind and key, from the n-th on, so many times."""

    fault: Fault
    kind: str = ".*"
    key: str = ".*"
    nth: int = 0
    times: int = 1
    amount: int = 0
    seen: int = 0

    def strikes(self, request: Request) -> bool:
        if not re.fullmatch(self.kind, request.kind) or not re.search(self.key, request.key):
            return False
        self.seen += 1
        return self.nth < self.seen <= self.nth + self.times


@dataclass
class Proxy:
    """A running proxy: its rules may be changed while it runs."""

    upstream: int
    port: int = 0
    rules: list[Rule] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)
    on_kill: Callable[[], None] = lambda: None

    def set(self, *rules: Rule) -> None:
        """Forget what was seen, and strike by these rules from now on."""
        self.rules, self.log = list(rules), []

    def kinds(self) -> Counter[str]:
        return Counter(request.kind for request in self.log)


Head = tuple[str, Mapping[str, str]]


async def _read_message(reader: asyncio.StreamReader, *, bodiless: bool = False) -> tuple[Head, bytes, bytes]:
    """First line and headers, the head as bytes, the body."""
    raw = await reader.readuntil(b"\r\n\r\n")
    first, *lines = raw.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    assert headers.get("transfer-encoding", "identity") == "identity", "the proxy knows lengths only"
    body = b"" if bodiless else await reader.readexactly(int(headers.get("content-length", 0)))
    return (first, headers), raw, body


def _request_of(head: Head, body: bytes) -> Request:
    (method, target, _), headers = head[0].split(" "), head[1]
    url = urlsplit(target)
    key = unquote(url.path).lstrip("/").partition("/")[2]
    if method == "GET" and "list-type" in url.query:
        found = re.search(r"(?:^|&)prefix=([^&]*)", url.query)
        return Request("LIST", unquote(found[1]) if found else "", 0)
    if method == "POST":
        names = {"delete": "BULK DELETE", "uploads": "BEGIN UPLOAD"}
        return Request(names.get(url.query.partition("=")[0], "END UPLOAD"), key, len(body))
    if method == "PUT" and "x-amz-copy-source" in headers:
        return Request("COPY", key, 0)
    if method == "PUT" and "uploadId" in url.query:
        return Request("PUT PIECE", key, len(body))
    if method == "DELETE" and "uploadId" in url.query:
        return Request("ABORT UPLOAD", key, 0)
    return Request(method, key, len(body))


async def _ask(proxy: Proxy, raw: bytes, body: bytes, *, bodiless: bool) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.upstream, limit=2**20)
    try:
        writer.write(re.sub(rb"(?im)^connection:[^\r]*\r\n", b"", raw)[:-2] + b"Connection: close\r\n\r\n" + body)
        _, head, answer = await _read_message(reader, bodiless=bodiless)
        return re.sub(rb"(?im)^connection:[^\r]*\r\n", b"", head), answer
    finally:
        writer.close()


async def _serve(proxy: Proxy, lock: asyncio.Lock, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head, raw, body = await _read_message(reader)
            request = _request_of(head, body)
            rule = next((rule for rule in proxy.rules if rule.strikes(request)), None)
            fault = rule.fault if rule else None
            log, at = proxy.log, len(proxy.log)
            log.append(request)
            if fault == "kill":
                proxy.on_kill()
            if fault in ("kill", "reset"):
                return
            if rule and fault in _ERRORS:
                status, code = _ERRORS[fault]
                text = f"<Error><Code>{code}</Code><Message>as the test wants it</Message></Error>".encode()
                text = b"" if request.kind == "HEAD" else text
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
                await writer.drain()
                continue
            if rule and fault == "slow":
                await asyncio.sleep(rule.amount / 1000)
            if {"if-match", "if-none-match"} & head[1].keys() and request.kind == "PUT":
                async with lock:
                    told, answer = await _ask(proxy, raw, body, bodiless=False)
            else:
                told, answer = await _ask(proxy, raw, body, bodiless=request.kind == "HEAD")
            log[at] = request._replace(bytes=request.bytes + len(answer))
            if fault == "kill_after":
                proxy.on_kill()
            if fault in ("kill_after", "lost"):
                return
            writer.write(told + (answer[: rule.amount] if rule and fault == "cut" else answer))
            await writer.drain()
            if fault == "cut":
                return
    except (asyncio.IncompleteReadError, ConnectionError):
        return  # the client has gone
    finally:
        writer.transport.abort()  # a reset, where the client waits for more


@contextmanager
def proxied(upstream: int) -> Iterator[Proxy]:
    """A proxy before the server at a port, in a thread of its own."""
    proxy = Proxy(upstream)
    loop = asyncio.new_event_loop()
    lock = asyncio.Lock()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = loop.create_task(_serve(proxy, lock, reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def end() -> None:
        server.close()
        waiting = [*tasks]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    server = loop.run_until_complete(asyncio.start_server(accept, "127.0.0.1", 0, limit=2**20))
    proxy.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def table(log: Sequence[Request]) -> str:
    """Requests and bytes by kind, for people."""
    counts, sizes = Counter(entry.kind for entry in log), Counter[str]()
    for entry in log:
        sizes[entry.kind] += entry.bytes
    return "\n".join(f"{kind:<14}{counts[kind]:>6}{sizes[kind]:>14,} bytes" for kind in sorted(counts))
