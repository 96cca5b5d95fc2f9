"""Calls to the Graph: one POST each, and what its answer means (meta.md 7.1 and 9). Tokens stay out of every text."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlencode

from trinario.channels.graph.signature import appsecret_proof
from trinario.channels.graph.usage import usage_of
from trinario.channels.http import wire
from trinario.channels.http.multipart import form
from trinario.channels.http.reading import error_code, mapping, object_in, text, whole
from trinario.channels.http.transport import REASON_LENGTH, Answer, Lost, NotReached, Outcome, Transport
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown


class FailureOf(Protocol):
    """The error table of one platform."""

    def __call__(self, code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
        """What an error means after `attempts` attempts; `passing` says that the answer calls it transient."""


class GraphClient:
    """One token at one host and version. `app_secret`, when given, adds the proof that goes with the token."""

    def __init__(self, transport: Transport, url: str, version: str, token: str, app_secret: str = "") -> None:
        self._transport = transport
        self._root = "/".join(part.strip("/") for part in (url, version) if part)
        self._secret = app_secret
        self.carry(token)

    def carry(self, token: str) -> None:
        """Use this token from now on."""
        self._token = token
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._proof = {"appsecret_proof": appsecret_proof(self._secret, token)} if self._secret else {}
        self._alone = f"?{urlencode(self._proof)}" if self._proof else ""  # what ends every address without a query

    @property
    def token(self) -> str:
        """The token that is used now."""
        return self._token

    async def post(self, path: str, body: Mapping[str, Any]) -> Outcome:
        """POST a JSON object to `path` (without host and version)."""
        return await self._transport.post(self._url(path, {}), wire.dumps(body), self._headers)

    async def upload(
        self,
        path: str,
        fields: Mapping[str, Any],
        file: tuple[str, str, str, bytes],
        taken: Callable[[Mapping[str, Any]], Sent | None],
        failure_of: FailureOf,
    ) -> SendResult:
        """POST a form with one file: (name of the part, name of the file, type, bytes). A lost answer is no harm: again."""
        body, kind = form(fields, *file)
        outcome = await self._transport.post(self._url(path, {}), body, {**self._headers, "Content-Type": kind})
        result = judged(outcome, taken, failure_of, 0, self._token)
        return NotSent(Failure(Action.RETRY, reason=result.reason)) if isinstance(result, Unknown) else result

    async def begin_upload(self, app: str, name: str, mime: str, size: int) -> Outcome:
        """Open a session of a resumable upload: `{id}` is what its bytes are POSTed to."""
        return await self.post(f"{app}/uploads", {"file_name": name, "file_length": size, "file_type": mime})

    async def feed(self, session: str, data: bytes) -> Outcome:
        """POST all bytes of a file to its session, whose id may bring a query; the scheme of the token is another here."""
        url = f"{self._root}/{session}"
        if self._proof:
            url += ("&" if "?" in session else "?") + urlencode(self._proof)
        headers = {
            "Authorization": f"OAuth {self._token}",
            "file_offset": "0",
            "Content-Type": "application/octet-stream",
        }
        return await self._transport.post(url, data, headers)

    async def get(self, path: str, query: Mapping[str, str]) -> Outcome:
        """GET `path` with `query`."""
        return await self._transport.get(self._url(path, query), self._headers)

    async def delete(self, path: str, body: Mapping[str, Any]) -> Outcome:
        """DELETE what a JSON object names at `path`."""
        return await self._transport.delete(self._url(path, {}), wire.dumps(body), self._headers)

    async def send(
        self,
        path: str,
        body: Mapping[str, Any],
        taken: Callable[[Mapping[str, Any]], Sent | None],
        failure_of: FailureOf,
        attempts: int,
    ) -> SendResult:
        """POST one message. `taken` reads the id out of a good answer; None means that there is none in it."""
        return judged(await self.post(path, body), taken, failure_of, attempts, self._token)

    def _url(self, path: str, query: Mapping[str, str]) -> str:
        asked = f"?{urlencode({**query, **self._proof})}" if query else self._alone
        return f"{self._root}/{path.lstrip('/')}{asked}"


def answered(outcome: Outcome) -> Mapping[str, Any] | None:
    """The JSON object of a good answer; None for everything else."""
    if not isinstance(outcome, Answer) or not 200 <= outcome.status < 300:
        return None
    body = object_in(outcome.body)
    return None if body is None or "error" in body else body


def complaint(outcome: Outcome, token: str) -> str:
    """In words, why a call did not succeed."""
    if not isinstance(outcome, Answer):
        return outcome.reason
    body = object_in(outcome.body) or {}
    return _words(mapping(body, "error"), token) or f"HTTP {outcome.status}"


def judged(
    outcome: Outcome,
    taken: Callable[[Mapping[str, Any]], Sent | None],
    failure_of: FailureOf,
    attempts: int,
    token: str = "",
) -> SendResult:
    """What became of a message: an error in JSON means not sent, silence and broken answers mean nothing."""
    result = _judged(outcome, taken, failure_of, attempts, token)
    if isinstance(outcome, Answer) and outcome.usage != NO_USAGE and (usage := usage_of(*outcome.usage)) is not None:
        return replace(result, usage=usage)
    return result


NO_USAGE = ("", "")


def _judged(
    outcome: Outcome,
    taken: Callable[[Mapping[str, Any]], Sent | None],
    failure_of: FailureOf,
    attempts: int,
    token: str,
) -> SendResult:
    if isinstance(outcome, NotReached):
        return NotSent(Failure(Action.RETRY, reason=outcome.reason))
    if isinstance(outcome, Lost):
        return Unknown(outcome.reason)
    body = object_in(outcome.body)
    if body is not None and isinstance(body.get("error"), dict):
        return _refused(outcome.status, body["error"], failure_of, attempts, token)
    if 200 <= outcome.status < 300:
        return (taken(body) if body is not None else None) or Unknown("taken without an id")
    return _without_words(outcome.status)


def _refused(status: int, error: dict[str, Any], failure_of: FailureOf, attempts: int, token: str) -> NotSent | Unknown:
    code, subcode = error_code(error), whole(error.get("error_subcode"))
    reason = _words(error, token)
    if status == 500 and code in (1, 2):  # their own fault half-way: it may have gone out
        return Unknown(f"HTTP 500: {reason}")
    passing = error.get("is_transient") is True or status >= 500
    return NotSent(failure_of(code, subcode, reason, attempts, passing))


def _without_words(status: int) -> NotSent | Unknown:
    """An answer that no Graph wrote: a proxy's, a gateway's."""
    if status >= 500 or status in (408, 499):
        return Unknown(f"HTTP {status} without JSON")
    action = {429: Action.SLOW, 413: Action.FIX}.get(status, Action.RETRY)
    return NotSent(Failure(action, reason=f"HTTP {status} without JSON"))


def _words(error: Mapping[str, Any], token: str) -> str:
    """Message and details of an error; the Graph quotes a malformed token, we do not."""
    details = text(mapping(error, "error_data"), "details")
    words = ": ".join(filter(None, (text(error, "message"), details)))
    return (words.replace(token, "***") if token else words)[:REASON_LENGTH]
