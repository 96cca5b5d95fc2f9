"""Calls to the Bot API, and what their answers mean (meta.md 12.1). The token is part of the address: no text quotes it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from trinario.channels.http import wire
from trinario.channels.http.multipart import form, mime_of
from trinario.channels.http.reading import mapping, mappings, object_in, text, whole
from trinario.channels.http.transport import REASON_LENGTH, Answer, Lost, NotReached, Outcome, Transport
from trinario.channels.telegram.encode import Request
from trinario.channels.telegram.names import message_name
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown
from trinario.ports import Located

FILES = ("photo", "video", "audio", "voice", "animation", "document", "sticker")
"""Members of a message that hold a file."""

SECOND = 1.0
TRIES = 3

_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "user_is_blocked")
"""She is not there, though the answer says 400. Words are all that Telegram tells errors of one code apart by."""

_PASSING = ("failed to get http url content", "wrong file identifier/http url specified", "webpage_curl_failed")
"""A file of ours could not be fetched, maybe just now."""

_GIVEN_UP = ("reaction_invalid", "message to react not found", "query is too old", "message can't be")


class BotClient:
    """One bot at one host."""

    def __init__(self, transport: Transport, url: str, token: str) -> None:
        self._transport, self._token = transport, token
        self._root = f"{url.rstrip('/')}/bot{token}/"
        self._files = f"{url.rstrip('/')}/file/bot{token}/"

    async def call(self, request: Request) -> Outcome:
        """POST one method."""
        address = self._root + request.method
        if request.file is None:
            return await self._transport.post(address, wire.dumps(request.body), {"Content-Type": "application/json"})
        part, name, data = request.file
        fields = {key: str(one) if isinstance(one, int) else one for key, one in request.body.items()}
        body, kind = form(fields, part, name, mime_of(name, part), data)
        return await self._transport.post(address, body, {"Content-Type": kind})

    async def send(self, request: Request, attempts: int) -> SendResult:
        """POST one message: its fate."""
        return judged(await self.call(request), attempts, self._token)

    async def locate(self, file: str) -> Located | Failure:
        """Where a file is, for an hour at least."""
        outcome = await self.call(Request("getFile", {"file_id": file}))
        body = object_in(outcome.body) if isinstance(outcome, Answer) else None
        if body is not None and (path := text(mapping(body, "result"), "file_path")):
            found = mapping(body, "result")
            return Located(self._files + quote(path), size=whole(found.get("file_size")))
        result = judged(outcome, 0, self._token)
        return result.failure if isinstance(result, NotSent) else Failure(Action.RETRY, reason="no answer to getFile")

    async def told(self, request: Request) -> list[dict[str, Any]]:
        """POST one method that gives a list; empty if it did not succeed."""
        outcome = await self.call(request)
        body = object_in(outcome.body) if isinstance(outcome, Answer) else None
        return mappings(body or {}, "result")

    async def trouble(self, request: Request) -> str:
        """POST one method; in words why it did not succeed, "" if it did."""
        outcome = await self.call(request)
        if not isinstance(outcome, Answer):
            return outcome.reason
        body = object_in(outcome.body)
        if body is not None and body.get("ok") is True:
            return ""
        return _words(body or {}, self._token) or f"HTTP {outcome.status}"


def judged(outcome: Outcome, attempts: int, token: str = "") -> SendResult:
    """What became of a message: `ok: false` means not sent, silence and broken answers mean nothing."""
    if isinstance(outcome, NotReached):
        return NotSent(Failure(Action.RETRY, reason=outcome.reason))
    if isinstance(outcome, Lost):
        return Unknown(outcome.reason)
    body = object_in(outcome.body)
    if body is None or "ok" not in body:
        return _without_words(outcome.status)
    if body["ok"] is True:
        return _taken(body)
    code = whole(body.get("error_code")) or outcome.status
    if code >= 500:  # their own fault half-way: it may have gone out
        return Unknown(f"HTTP {code}: {_words(body, token)}")
    after = whole(mapping(body, "parameters").get("retry_after"))
    return NotSent(failure(code, _words(body, token), attempts, float(after)))


def failure(code: int, reason: str, attempts: int = 0, after: float = 0.0) -> Failure:
    """What an error means after `attempts` attempts; `after` are the seconds that a 429 asks for."""
    words = reason.lower()
    match code:
        case 429:
            return Failure(Action.SLOW, code, reason=reason, after=max(after, SECOND))
        case 403:  # she blocked the bot, has left, or never pressed Start
            return Failure(Action.UNREACHABLE, code, reason=reason)
        case 401 | 404:  # of a method that is there, 404 tells of a token that is not
            return Failure(Action.TOKEN, code, reason=reason)
        case 409:
            return Failure(Action.ACCOUNT, code, reason=reason)
        case 400 if any(part in words for part in _GONE):
            return Failure(Action.UNREACHABLE, code, reason=reason)
        case 400 if any(part in words for part in _PASSING):
            return Failure(Action.RETRY if attempts < TRIES else Action.FIX, code, reason=reason)
        case 400 if any(part in words for part in _GIVEN_UP):
            return Failure(Action.DROP, code, reason=reason)
    return Failure(Action.FIX, code, reason=reason)


def _taken(body: Mapping[str, Any]) -> SendResult:
    """The message with its number; `true` for what is none."""
    message = body.get("result")
    if message is True:
        return Sent("")
    if not isinstance(message, dict) or not text(message, "message_id"):
        return Unknown("taken without an id")
    name = message_name(text(mapping(message, "chat"), "id"), text(message, "message_id"))
    return Sent(name, uploaded=_file_in(message))


def _file_in(message: Mapping[str, Any]) -> str:
    """The id of the file that the message shows; "" where it shows none. A picture has one of each size, the largest last."""
    for member in FILES:
        shown = message.get(member)
        shown = shown[-1] if isinstance(shown, list) and shown else shown
        if isinstance(shown, dict) and (found := text(shown, "file_id")):
            return found
    return ""


def _without_words(status: int) -> NotSent | Unknown:
    """An answer that Telegram did not write: a proxy's, a gateway's."""
    if status >= 500 or 200 <= status < 300 or status in (408, 499):
        return Unknown(f"HTTP {status} without JSON of the Bot API")
    action = {429: Action.SLOW, 413: Action.FIX}.get(status, Action.RETRY)
    return NotSent(Failure(action, reason=f"HTTP {status} without JSON of the Bot API"))


def _words(body: Mapping[str, Any], token: str) -> str:
    words = text(body, "description")
    return (words.replace(token, "***") if token else words)[:REASON_LENGTH]
