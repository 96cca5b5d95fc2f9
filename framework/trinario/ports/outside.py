"""The services, functions and models that flows ask, as the jobs see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request: an absolute address, header names with their texts, the bytes to be sent (None: nothing)."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """An answer came. `status` and `headers` (names in small letters) are those of HTTP; `data` is plain JSON data."""

    data: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotReturned:
    """No answer. `reason` holds no secret; `again`: the same call may go better a little later."""

    reason: str
    again: bool = False


class Http(Protocol):
    """A client that reaches allowed hosts only, and never an address inside our own network."""

    async def request(self, request: HttpRequest, timeout: float) -> Returned | NotReturned:
        """Make one request, its redirects and the whole answer within `timeout` seconds. Never raises."""


class Functions(Protocol):
    """The Python functions of a bot."""

    async def run(
        self, name: str, inputs: Mapping[str, Any], contact: Mapping[str, Any], timeout: float
    ) -> Returned | NotReturned:
        """Call one with its inputs, and with the contact if it wants her. Never raises."""


class Ai(Protocol):
    """A language model."""

    async def ask(self, request: Mapping[str, Any], timeout: float) -> Returned | NotReturned:
        """`request` has `task`, `text` and `labels`, `wanted` or `prompt`; the data has `label`, `data` or `text`, and
        `confidence`. Never raises."""


class Conversions(Protocol):
    """Whoever runs the ads that brought people."""

    async def tell(self, event: Mapping[str, Any]) -> Returned | NotReturned:
        """`event` has `channel`, `click`, `event`, `at` (epoch seconds), `id`, and may have `value` and `currency`. Never raises."""


@dataclass(frozen=True, slots=True)
class Outside:
    """All that flows can ask; `secrets` by name. None: the bot has none of it."""

    http: Http | None = None
    functions: Functions | None = None
    ai: Ai | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    conversions: Conversions | None = None
