"""Files fetched from the outside: allowed hosts only, no address of our own network, size and time bounded. Never raises."""

import asyncio
import ssl
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from aiohttp import ClientConnectorCertificateError, ClientError, ClientResponse, ClientSession
from aiohttp.abc import AbstractResolver
from yarl import URL

from trinario.outside.addresses import Place, local_socket, place_of, public_socket
from trinario.outside.http import MOST_REDIRECTS, REDIRECTS, Refused, forbidden, open_session
from trinario.ports import Downloaded, Located, NotDownloaded

HEAD = 512
"""Bytes that are handed on, by which a file is known."""

PIECE = 1 << 16
STALLED = 20.0
"""Seconds without a byte after which a download is given up."""

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class Downloader:
    """Implements ports.Download. `local`: hosts on this machine may be called where they are listed, which is for the
    emulator. `resolver` and `tls` replace those of the system."""

    def __init__(
        self, *, local: bool = False, resolver: AbstractResolver | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._local, self._resolver, self._tls = local, resolver, tls
        self._sessions: dict[bool, ClientSession] = {}

    async def close(self) -> None:
        """Give the connections back."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def fetch(
        self, located: Located, hosts: tuple[str, ...], into: Path, most: int, timeout: float
    ) -> Downloaded | NotDownloaded:
        """Fetch at most `most` bytes into a new file, redirects and all within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                return await self._followed(located, hosts, into, most)
        except TimeoutError:
            return NotDownloaded("it did not come in time", again=True)
        except Refused as refused:
            return NotDownloaded(str(refused))
        except ClientConnectorCertificateError:
            return NotDownloaded("the certificate of its host cannot be trusted")
        except (ClientError, OSError, ValueError) as error:
            if forbidden(error):
                return NotDownloaded("its host's name stands for an address that may not be called")
            return NotDownloaded(f"it could not be fetched ({type(error).__name__})", again=True)

    async def _followed(
        self, located: Located, hosts: tuple[str, ...], into: Path, most: int
    ) -> Downloaded | NotDownloaded:
        """What headers are meant for one host is not told to another."""
        url, headers = located.url, {"Accept": "*/*", "Accept-Encoding": "identity", **located.headers}
        place = self._place(url, hosts)
        for _ in range(MOST_REDIRECTS + 1):
            async with self._session(place.local).get(
                URL(url, encoded=True), headers=headers, allow_redirects=False
            ) as answer:
                target = answer.headers.get("Location") if answer.status in REDIRECTS else None
                if target is None:
                    return await _read(answer, into, most)
            url = urljoin(url, target).partition("#")[0]
            onward = self._place(url, hosts)
            headers = headers if onward == place else {"Accept": "*/*", "Accept-Encoding": "identity"}
            place = onward
        raise Refused(f"it leads on more than {MOST_REDIRECTS} times")

    def _place(self, url: str, hosts: tuple[str, ...]) -> Place:
        found = place_of(url, hosts, self._local)
        if isinstance(found, str):
            raise Refused(found)
        return found

    def _session(self, local: bool) -> ClientSession:
        """Connections to this machine, or those to the open internet: none of the two can lead to the other."""
        if local not in self._sessions:
            factory: Any = local_socket if local else public_socket
            self._sessions[local] = open_session(factory, None if local else self._resolver, self._tls)
        return self._sessions[local]


async def _read(answer: ClientResponse, into: Path, most: int) -> Downloaded | NotDownloaded:
    if answer.status != 200:
        return NotDownloaded(
            f"its host answers {answer.status}", answer.status in BUSY | {401, 403, 404}, answer.status
        )
    coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise Refused(f"it came packed ({coding[:20]!a}), which nobody asked for")
    if answer.content_length is not None and answer.content_length > most:
        answer.close()
        raise Refused(f"it has {answer.content_length:,} bytes, and at most {most:,} are fetched")
    return await _kept(answer, into, most)


async def _kept(answer: ClientResponse, into: Path, most: int) -> Downloaded:
    """The bytes as they come, into the file: never more than one piece of them is in memory."""
    digest, size, head = sha256(), 0, b""
    with into.open("wb") as file:
        pieces = answer.content.iter_chunked(PIECE).__aiter__()
        while True:
            try:
                piece = await asyncio.wait_for(anext(pieces), STALLED)
            except StopAsyncIteration:
                break
            size += len(piece)
            if size > most:
                answer.close()
                raise Refused(f"it has more than {most:,} bytes, and no more are fetched")
            head = head if len(head) >= HEAD else (head + piece)[:HEAD]
            digest.update(piece)
            file.write(piece)
    return Downloaded(size, digest.hexdigest(), head, answer.headers.get("Content-Type", ""))
