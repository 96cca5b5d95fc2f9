"""The Graph's HTTP over aiohttp's client."""

from collections.abc import Mapping

import aiohttp

from trinario.channels.http.transport import Answer, Lost, NotReached, Outcome

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
LARGE = 100_000  # bytes
SLOWEST = 250_000  # bytes a second

APP_USAGE, BUSINESS_USAGE = "X-App-Usage", "X-Business-Use-Case-Usage"


class AiohttpTransport:
    """Calls over a session that its owner opens and closes. Seconds for a connection, and for the answer after it."""

    def __init__(
        self, session: aiohttp.ClientSession, connect: float = CONNECT_SECONDS, answer: float = ANSWER_SECONDS
    ) -> None:
        self._session = session
        self._connect, self._answer = connect, answer
        self._timeout = aiohttp.ClientTimeout(total=connect + answer, connect=connect, sock_read=answer)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        return await self._call("POST", url, body, headers)

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        return await self._call("GET", url, None, headers)

    async def delete(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        return await self._call("DELETE", url, body, headers)

    def _patience(self, body: bytes | None) -> aiohttp.ClientTimeout:
        """A file takes longer to go out than a message."""
        if body is None or len(body) < LARGE:
            return self._timeout
        total = self._connect + self._answer + len(body) / SLOWEST
        return aiohttp.ClientTimeout(total=total, connect=self._connect, sock_read=self._answer + len(body) / SLOWEST)

    async def _call(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Outcome:
        """What came of one request. Only the names of faults are kept: their words quote addresses."""
        if self._session.closed:
            return NotReached("session closed")
        try:
            response = await self._session.request(
                method, url, data=body, headers=headers, timeout=self._patience(body), allow_redirects=False
            )
            read, found = await response.read(), response.headers  # to its end, or closed: nothing is left to let go of
            return Answer(response.status, read, (found.get(APP_USAGE, ""), found.get(BUSINESS_USAGE, "")))
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientHttpProxyError,
            aiohttp.InvalidURL,
        ) as fault:
            return NotReached(type(fault).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            return Lost(type(fault).__name__)
