"""A service on this machine that counts: every key once, however often it is asked; slow and out of order at times."""

import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class CountingService:
    """`asked` counts requests by key, `numbers` are the bodies of those that were new; a share of answers is 503 or lost."""

    def __init__(self, trouble: float = 0.05) -> None:
        self.asked: Counter[str] = Counter()
        self.numbers: list[dict[str, Any]] = []
        self._lock, self._dice = threading.Lock(), random.Random(7)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                time.sleep(service._dice.uniform(0.0, 0.05))
                busy = service._dice.random() < trouble
                if not busy:
                    service.count(self.headers["Idempotency-Key"], body)
                if service._dice.random() < trouble:
                    self.close_connection = True  # it was counted, and nobody is told
                    return
                answer = b"{}" if busy else b'{"counted": true}'
                try:
                    self.send_response(503 if busy else 200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:  # who asked was killed
                    pass

            def log_message(self, *parts: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.place = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def count(self, key: str, body: dict[str, Any]) -> None:
        """One request under its key."""
        with self._lock:
            self.asked[key] += 1
            if self.asked[key] == 1:
                self.numbers.append(body)

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
