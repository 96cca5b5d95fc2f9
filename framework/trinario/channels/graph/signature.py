"""Signatures of the Graph platform: of webhooks, of tokens, of signed requests (meta.md 1.3 and 10)."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from trinario.channels.http import wire

HEADER = "X-Hub-Signature-256"


def sign(secret: str, raw: bytes) -> str:
    """The value of `X-Hub-Signature-256` for these very bytes: `sha256=` and 64 lower-case hex digits."""
    mac = _keyed(secret).copy()
    mac.update(raw)
    return "sha256=" + mac.hexdigest()


@lru_cache(maxsize=64)
def _keyed(secret: str) -> hmac.HMAC:
    """The HMAC before any byte: cheaper than `hmac.digest`, which besides lets go of the interpreter's lock for every
    body and has to wait for it again."""
    return hmac.new(secret.encode(), None, "sha256")


def genuine(secrets: Sequence[str], raw: bytes, header: str | None) -> bool:
    """Whether any of `secrets` signs `raw` as `header` says. Takes the same time whichever it is; "" is no secret."""
    given = (header or "").encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(secret, raw).encode(), given) for secret in secrets if secret]
    return any(matches)


def appsecret_proof(secret: str, token: str) -> str:
    """What proves to the Graph that whoever shows `token` also has the app's secret."""
    return hmac.digest(secret.encode(), token.encode(), "sha256").hex()


def open_request(secrets: Sequence[str], signed: str) -> Mapping[str, Any] | None:
    """What a `signed_request` (data deletion, deauthorisation) says; None if none of `secrets` signed it."""
    signature, _, payload = signed.partition(".")
    try:
        given = _unbase64(signature)
        body = wire.loads(_unbase64(payload))
    except ValueError:
        return None
    matches = [
        hmac.compare_digest(hmac.digest(secret.encode(), payload.encode(), "sha256"), given)
        for secret in secrets
        if secret
    ]
    return body if any(matches) and isinstance(body, dict) else None


def _unbase64(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
