"""Where Meta keeps the files that people send (meta.md 10): the only hosts that they are fetched from."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from trinario.channels.graph.client import FailureOf, GraphClient, answered, judged
from trinario.channels.http.loopback import loopback_of
from trinario.channels.http.reading import text, whole
from trinario.channels.http.transport import Outcome
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent
from trinario.ports import Located

HOSTS = ("lookaside.fbsbx.com", "cdn.fbsbx.com", "*.fbcdn.net", "*.cdninstagram.com")
"""Further ones stand in bot.yaml (`media: {hosts: [...]}`). cdn.fbsbx.com is not in Meta's texts, and seen in practice [K]."""


def hosts_of(url: str) -> tuple[str, ...]:
    """The hosts of Meta's files; where the Graph itself is on this machine, its emulator's as well."""
    return (*HOSTS, *loopback_of(url))


async def look_up(
    client: GraphClient, source: str, query: Mapping[str, str], failure_of: FailureOf, token: str
) -> Located | Failure:
    """Ask the Graph for the address of a file; it is good for five minutes, with the same token (3A.7)."""
    outcome = await client.get(source, query)
    body = answered(outcome)
    if body is None or not text(body, "url"):
        return why_not(outcome, failure_of, token)
    return Located(
        text(body, "url"),
        bearer(token),
        text(body, "mime_type"),
        _hex(text(body, "sha256")),
        whole(body.get("file_size")),
    )


def located(url: str) -> Located | Failure:
    """A file whose address came with the webhook; a sticker without one, or what has vanished, has none."""
    return Located(url) if url else Failure(Action.DROP, reason="the webhook brought no address of it")


def why_not(outcome: Outcome, failure_of: FailureOf, token: str) -> Failure:
    """What an answer without an address means; silence means nothing."""
    result = judged(outcome, lambda body: None, failure_of, 0, token)
    return result.failure if isinstance(result, NotSent) else Failure(Action.RETRY, reason=_silence(result))


def bearer(token: str) -> dict[str, str]:
    """What the address of a WhatsApp file wants to see."""
    return {"Authorization": f"Bearer {token}", "User-Agent": "trinario"}


def _silence(result: Any) -> str:
    return str(getattr(result, "reason", "")) or "no answer"


def _hex(digest: str) -> str:
    """The digest as hex. Webhooks have it in base64, look-ups in either; what is neither is not compared."""
    if len(digest) == 64 and all(letter in "0123456789abcdefABCDEF" for letter in digest):
        return digest.lower()
    try:
        data = b64decode(digest, validate=True)
    except ValueError:
        return ""
    return data.hex() if len(data) == 32 else ""
