"""A YAML language server as an editor talks to it: JSON-RPC over stdio."""

import json
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds to wait for an answer."""

SETTINGS = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False, "url": ""}},
    "http": {"proxy": "", "proxyStrictSSL": False},
}


class LanguageServer:
    """One server over a project's folder; `opened` documents are told by their path."""

    def __init__(self, command: Sequence[str], root: Path) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._root, self._number = root, 0
        self._answers: dict[int, dict[str, Any]] = {}
        self._found: dict[str, list[dict[str, Any]]] = {}
        self._news = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()
        uri = root.as_uri()
        folders = [{"uri": uri, "name": root.name}]
        item = {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}}
        capabilities = {"textDocument": {"completion": item, "hover": {"contentFormat": ["markdown"]}},
                        "workspace": {"configuration": True, "workspaceFolders": True}}  # fmt: skip
        self._ask(
            "initialize", {"processId": None, "rootUri": uri, "workspaceFolders": folders, "capabilities": capabilities}
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, path: str, text: str) -> list[dict[str, Any]]:
        """Open a file with this text, as if it were typed; gives the diagnostics."""
        uri = (self._root / path).as_uri()
        with self._news:
            self._found.pop(uri, None)
        self._tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )
        with self._news:
            assert self._news.wait_for(lambda: uri in self._found, PATIENCE), "no diagnostics came"
            return self._found[uri]

    def complete(self, path: str, line: int, column: int) -> list[dict[str, Any]]:
        """What can stand at a place (from 0)."""
        found = self._ask("textDocument/completion", self._place(path, line, column))
        items: list[dict[str, Any]] = found["items"] if isinstance(found, dict) else found or []
        return items

    def hover(self, path: str, line: int, column: int) -> str:
        """What is told about the word at a place (from 0)."""
        found = self._ask("textDocument/hover", self._place(path, line, column))
        return str(found["contents"]["value"]) if found else ""

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def _place(self, path: str, line: int, column: int) -> dict[str, Any]:
        uri = (self._root / path).as_uri()
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        with self._news:
            assert self._news.wait_for(lambda: number in self._answers, PATIENCE), f"{method} was not answered"
            answer = self._answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while head := stream.readline():
            length = int(head.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._hear(json.loads(stream.read(length)))

    def _hear(self, message: dict[str, Any]) -> None:
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._wanted(message)})
            return
        with self._news:
            if message.get("method") == "textDocument/publishDiagnostics":
                self._found[message["params"]["uri"]] = message["params"]["diagnostics"]
            elif "id" in message:
                self._answers[message["id"]] = message
            self._news.notify_all()

    def _wanted(self, message: dict[str, Any]) -> Any:
        """What the server asks its editor: settings, by section."""
        if message["method"] != "workspace/configuration":
            return None
        return [SETTINGS.get(item.get("section", "")) for item in message["params"]["items"]]
