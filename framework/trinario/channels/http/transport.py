"""Calls over HTTP as adapters make them, and what comes of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the body that came back, and what its headers say of our allowance (app's, business use case's)."""

    status: int
    body: bytes
    usage: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class NotReached:
    """No byte of the request went out."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The request may have gone out, the answer did not come back."""

    reason: str


Outcome = Answer | NotReached | Lost


class Transport(Protocol):
    """HTTP as far as we need it. Never raises for what the outside does, never follows a redirection."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """POST `body`."""

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        """GET."""

    async def delete(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """DELETE, with `body`."""
