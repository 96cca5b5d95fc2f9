"""A load generator of few instructions: kept connections, prepared requests, the time of every answer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop


@dataclass
class Shot:
    """What one run of requests saw. Latencies in seconds, in order of completion."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    begun: float = 0.0
    """The moment from which the k-th request is due after k / rate seconds."""

    def percentile(self, part: float) -> float:
        """A percentile of the latencies, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else 0.0


class _Line(asyncio.Protocol):
    """One connection: the next request goes when the answer to the last is whole."""

    def __init__(self, work: "_Work") -> None:
        self.work, self.begun, self.buffer = work, 0.0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        request = self.work.take()
        if request is None:
            self.transport.close()  # type: ignore[attr-defined]
            self.work.closed()
            return
        at, data = request
        wait = at - time.perf_counter()
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self.send, at, data)
        else:
            self.send(at, data)

    def send(self, begun: float, data: bytes) -> None:
        self.begun = begun or time.perf_counter()
        self.transport.write(data)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        low = head.lower()
        at = low.find(b"content-length:")
        length = int(low[at + 15 : low.find(b"\r\n", at) if low.find(b"\r\n", at) > 0 else None]) if at > 0 else 0
        if len(rest) < length:
            return
        self.buffer = rest[length:]
        self.work.answered(time.perf_counter() - self.begun, head[9:12] == b"200")
        self.next()


class _Work:
    def __init__(self, requests: Sequence[bytes], lines: int, rate: float | None, done: asyncio.Future[None]) -> None:
        self.requests, self.at, self.shot, self.open, self.done = requests, 0, Shot(), lines, done
        self.rate, self.begun = rate, time.perf_counter()
        self.shot.begun = self.begun

    def take(self) -> tuple[float, bytes] | None:
        if self.at >= len(self.requests):
            return None
        self.at += 1
        due = self.begun + self.at / self.rate if self.rate else 0.0
        return due, self.requests[self.at - 1]

    def answered(self, seconds: float, good: bool) -> None:
        self.shot.latencies.append(seconds)
        self.shot.failed += not good

    def closed(self) -> None:
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


def fire(port: int, requests: Sequence[bytes], lines: int, rate: float | None = None) -> Shot:
    """Send all requests over `lines` connections (at `rate` a second if given: then latency counts from when it was due)."""

    async def run() -> Shot:
        loop = asyncio.get_running_loop()
        work = _Work(requests, lines, rate, loop.create_future())
        await asyncio.gather(*(loop.create_connection(lambda: _Line(work), "127.0.0.1", port) for _ in range(lines)))
        await asyncio.wait_for(work.done, 600)
        work.shot.seconds = time.perf_counter() - work.begun
        return work.shot

    return uvloop.run(run())
