"""A Graph written for speed: every POST is taken and remembered with its moment; GET tells what came.

python -m tests.benchmarks.fast_graph
"""

import asyncio
import json
import signal
import time
from collections import Counter
from typing import Any

import uvloop

MARK = b"Spring is here"
"""What the messages of the campaign say, and no reply."""


class Seen:
    """What came: moments and bodies, the campaign's apart."""

    def __init__(self) -> None:
        self.bulk: list[tuple[float, bytes]] = []
        self.replies: list[tuple[float, bytes]] = []
        self.lines = 0
        self.last = (b"", b"")

    def take(self, body: bytes, head: bytes) -> None:
        """One message, and the head of its request."""
        self.last = body, head
        (self.bulk if MARK in body else self.replies).append((time.perf_counter(), body))

    def told(self, path: bytes) -> Any:
        """`/count`: how many of the campaign; `/lines`: how many connections were opened since the start; `/last`: body and
        address of the last message; `/replies`: (recipient, moment) of the others; `/bulk`: moments, and who got how many."""
        if path == b"/count":
            return len(self.bulk)
        if path == b"/lines":
            return self.lines
        if path == b"/last":
            return self.last[0].decode(), self.last[1].split(b" ", 2)[1].decode()
        if path == b"/replies":
            return [(_recipient(body), at) for at, body in self.replies]
        got = Counter(_recipient(body) for _, body in self.bulk)
        return {"at": [at for at, _ in self.bulk], "got": got}


def _recipient(body: bytes) -> str:
    said = json.loads(body)
    return str(said["recipient"]["id"] if "recipient" in said else said["to"])


class Line(asyncio.Protocol):
    """One kept connection."""

    seen: Seen
    number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.buffer = b""
        self.seen.lines += 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            self.transport.write(self.answer(head, body))

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The whole answer to one request."""
        if head.startswith(b"post"):
            if b"/messages" in head.split(b"\r", 1)[0] and b'"sender_action"' not in body:
                self.seen.take(body, head)
            Line.number += 1
            said = b'{"recipient_id":"1","message_id":"m_%d","messages":[{"id":"wamid.%d"}]}' % (
                Line.number,
                Line.number,
            )
        else:
            said = json.dumps(self.seen.told(head.split(b" ", 2)[1])).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said)


async def main() -> None:
    """Serve until SIGTERM."""
    Line.seen = Seen()
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(Line, "127.0.0.1", 0, backlog=1024)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    uvloop.run(main())
