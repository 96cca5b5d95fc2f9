"""One Graph call, as the endpoints get it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from trinario.emulator.config import Json


@dataclass(slots=True)
class Call:
    """One Graph call: `who` is the kind of token (whatsapp, page, instagram), `target` what the id in the path is.

    `raw` and `offset` (the header `file_offset`) are those of a file that comes in pieces.
    """

    method: str
    version: str
    id: str
    edge: str
    query: dict[str, str]
    body: Json
    token: str = ""
    who: str = ""
    target: str = ""
    platform: str = ""
    person: str = ""
    faulted: bool = False
    upload: tuple[str, str, bytes] | None = None
    raw: bytes = b""
    offset: str = ""
    base: str = ""
    done: Json | None = None
    counted: str | None = None
    """The platform whose allowance it was counted against; "": only the app's."""


Endpoint = Callable[[Call], Awaitable[Json]]
