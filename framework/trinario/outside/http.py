"""The client of `http` steps: allowed hosts only, no address of our own network, everything bounded. Never raises."""

import asyncio
import json
import re
import ssl
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from aiohttp import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from trinario.outside.addresses import Forbidden, Place, local_socket, place_of, public_socket
from trinario.ports import HttpRequest, NotReturned, Returned

MOST_BYTES = 1 << 20
"""Longest answer, unpacked."""

MOST_REDIRECTS = 3
MOST_DEPTH = 30
"""Lists and groups within each other in an answer."""

MOST_HEADERS, LONGEST_HEADER = 60, 2000
CONNECTIONS = 64

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_TEXT = re.compile(r"[\t -~\x80-\uffff]*")
AGENT = "trinario"


class Refused(Exception):
    """The request or its answer cannot be gone on with. The text holds no secret."""


class HttpClient:
    """Implements ports.Http. `allow` are hosts as bot.yaml names them; `local`: this machine may be called if listed.

    `resolver` and `tls` replace those of the system. Connections are made when the first request is.
    """

    def __init__(
        self,
        allow: Callable[[], Sequence[str]],
        *,
        local: bool = False,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        redirects: int = MOST_REDIRECTS,
    ) -> None:
        self._redirects = redirects
        self._allow, self._local, self._resolver, self._tls = allow, local, resolver, tls
        self._sessions: dict[bool, ClientSession] = {}

    async def close(self) -> None:
        """Give the connections back."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def request(self, request: HttpRequest, timeout: float) -> Returned | NotReturned:
        """One request, its redirects and the whole answer within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                return await self._followed(_checked(request))
        except TimeoutError:
            return NotReturned(f"no answer within {timeout:g} seconds", again=True)
        except Refused as refused:
            return NotReturned(str(refused))
        except ClientConnectorCertificateError:
            return NotReturned("its certificate cannot be trusted")
        except (ClientConnectionError, ConnectionError, OSError) as error:
            if forbidden(error):
                return NotReturned("its name stands for an address that may not be called")
            return NotReturned(f"the service cannot be reached ({type(error).__name__})", again=True)
        except (ClientError, ValueError, UnicodeError) as error:
            return NotReturned(f"what came back is no HTTP ({type(error).__name__})")

    async def _followed(self, request: HttpRequest) -> Returned:
        place = self._place(request.url)
        for _ in range(self._redirects + 1):
            async with self._call(request, place) as answer:
                target = answer.headers.get("Location") if answer.status in REDIRECTS else None
                if target is None:
                    return await _read(answer, request.method)
                status = answer.status
            url = urljoin(request.url, target).partition("#")[0]
            onward = self._place(url)
            request = _redirected(request, url, status, same=onward == place)
            place = onward
        raise Refused(f"it leads on more than {self._redirects} times" if self._redirects else "it leads elsewhere")

    def _place(self, url: str) -> Place:
        found = place_of(url, self._allow(), self._local)
        if isinstance(found, str):
            raise Refused(found)
        return found

    def _session(self, local: bool) -> ClientSession:
        """The connections to this machine, or those to the open internet: none of the two can lead to the other."""
        if local not in self._sessions:
            factory = local_socket if local else public_socket
            self._sessions[local] = open_session(factory, None if local else self._resolver, self._tls)
        return self._sessions[local]

    def _call(self, request: HttpRequest, place: Place) -> Any:
        return self._session(place.local).request(
            request.method, URL(request.url, encoded=True), data=request.body, headers=list(request.headers),
            allow_redirects=False,
        )  # fmt: skip


def open_session(
    factory: Callable[[Any], Any], resolver: AbstractResolver | None, tls: ssl.SSLContext | None
) -> ClientSession:  # fmt: skip
    connector = TCPConnector(
        socket_factory=factory, resolver=resolver, ssl=tls or True, limit=CONNECTIONS, keepalive_timeout=15
    )
    return ClientSession(
        connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False, trust_env=False,
        timeout=ClientTimeout(total=None), max_line_size=16_384, max_field_size=16_384,
        headers={"User-Agent": AGENT, "Accept": "application/json, text/*;q=0.8, */*;q=0.5", "Accept-Encoding": "gzip, deflate"},
    )  # fmt: skip


def forbidden(error: BaseException) -> bool:
    """Whether it was we who did not open the connection; aiohttp hands our word on inside its own."""
    seen: list[BaseException] = [error]
    while seen:
        one = seen.pop()
        if isinstance(one, Forbidden) or "may not be called" in str(one):
            return True
        inner = [getattr(one, "os_error", None), one.__cause__, *getattr(one, "exceptions", ())]
        seen += [each for each in inner if isinstance(each, BaseException) and each is not one]
    return False


def _checked(request: HttpRequest) -> HttpRequest:
    for name, text in request.headers:
        if not _NAME.fullmatch(name) or not _TEXT.fullmatch(text):
            raise Refused(f"the header {name[:40]!a} holds a line break or another character that no header has")
    return request


def _redirected(request: HttpRequest, url: str, status: int, *, same: bool) -> HttpRequest:
    """The request to where an answer leads on. What was meant for one service is not told to another."""
    keeps = status in (307, 308) or request.method in ("GET", "HEAD")
    if not same and keeps and request.body is not None:
        raise Refused("it leads to another service, which must not have what was sent")
    headers = request.headers if same else ()
    if keeps:
        return replace(request, url=url, headers=headers)
    bare = tuple(header for header in headers if header[0].lower() not in ("content-type", "idempotency-key"))
    return HttpRequest("GET", url, bare)


# ---- answers


async def _read(answer: ClientResponse, method: str) -> Returned:
    """The answer with its data: JSON as values, text as text, nothing as None."""
    raw = b"" if method == "HEAD" else await _body(answer)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    headers = {name.lower()[:100]: value[:LONGEST_HEADER] for name, value in list(answer.headers.items())[:MOST_HEADERS]
               if name.lower() != "set-cookie"}  # fmt: skip
    if not raw.strip():
        return Returned(None, answer.status, headers)
    if kind == "application/json" or kind.endswith("+json"):
        return Returned(_json(raw, answer.status), answer.status, headers)
    try:
        return Returned(raw.decode(answer.charset or "utf-8", "replace"), answer.status, headers)
    except LookupError:
        return Returned(raw.decode("utf-8", "replace"), answer.status, headers)


async def _body(answer: ClientResponse) -> bytes:
    unpack = _unpacker(answer.headers.get("Content-Encoding", "").strip().lower())
    found = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        found += unpack(chunk, MOST_BYTES + 1 - len(found))
        if len(found) > MOST_BYTES:
            answer.close()
            raise Refused("the answer is larger than 1 MiB")
    return bytes(found)


def _unpacker(coding: str) -> Callable[[bytes, int], bytes]:
    """What unpacks the pieces of an answer, never to more than it is allowed."""
    if coding in ("", "identity"):
        return lambda chunk, most: chunk
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise Refused(f"the answer is packed in a way we did not ask for: {coding[:20]!a}")
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return inflater.decompress(chunk, max(1, most))
        except zlib.error:
            raise Refused("the answer cannot be unpacked") from None

    return unpack


def _json(raw: bytes, status: int) -> Any:
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        if status >= 300:
            return None
        raise Refused("the answer says that it is JSON, and is not") from None
    if _deep(data):
        raise Refused("the answer has lists within lists, too deep to keep")
    return data


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _deep(data: Any) -> bool:
    """Whether a value is nested deeper than we keep."""
    level: list[Any] = [data]
    for _ in range(MOST_DEPTH):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else ()
