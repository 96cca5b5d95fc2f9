"""What bot.yaml says of webhooks that go out."""

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from typing import Any

from trinario.authoring.near import mend
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.model.hook import KINDS, Endpoint

SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as Standard Webhooks has them."""

_OPEN = ("event.", "history.")


def endpoints_of(record: Record | None) -> dict[str, Endpoint]:
    """The endpoints of a bot.yaml that was read, by name."""
    found: Mapping[str, Record] = (record.get("webhooks") if record is not None else None) or {}
    return {name: _endpoint(name, one) for name, one in found.items()}


def _endpoint(name: str, one: Record) -> Endpoint:
    return Endpoint(
        name, one.get("url"), tuple(one.get("events") or ("*",)), tuple(one.get("secret") or ()), bool(one.get("text"))
    )


def check_webhooks(record: Record, notes: Notes) -> None:
    """T021: news that never come, and secrets that cannot sign."""
    for one in (record.get("webhooks") or {}).values():
        for kind in one.get("events") or ():
            if not _comes(kind):
                known = [name for name in KINDS if not name.endswith("NAME")]
                notes.fault("T021", one.nodes["events"], f'no news is called "{kind}"', mend(kind, known))
        for secret in one.get("secret") or ():
            if not secret.startswith("${") and (why := _unfit(secret)):
                notes.fault("T021", one.nodes["secret"], f"the secret {why}",
                            "take whsec_ and the Base64 of 24 to 64 bytes, or leave it out for the bot's own")  # fmt: skip


def _comes(kind: str) -> bool:
    if kind.startswith(_OPEN) or kind == "*":
        return True
    if "*" not in kind:
        return kind in KINDS
    asked: Any = Endpoint("", "", (kind,))
    return any(asked.wants(name) for name in KINDS)


def _unfit(secret: str) -> str:
    if not secret.startswith("whsec_"):
        return "does not begin with whsec_"
    try:
        size = len(b64decode(secret.removeprefix("whsec_"), validate=True))
    except (Error, ValueError):
        return "is no Base64 behind whsec_"
    return "" if SHORTEST <= size <= LONGEST else f"has {size} bytes, and should have {SHORTEST} to {LONGEST}"
