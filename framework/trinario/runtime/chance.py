"""Chance: tokens that only the holder of the secret key can derive, and ids that never repeat."""

import hmac
import secrets
import uuid


class SecretChance:
    """ports.Random: HMAC-SHA256 of a context under the installation's key. The same context gives the same bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"trinario chance 1", "sha256")

    def token(self, context: str) -> bytes:
        """32 bytes."""
        return hmac.digest(self._key, context.encode("utf-8", "surrogatepass"), "sha256")


def new_seed() -> str:
    """The seed of a draw: 128 random bits, as 32 hex digits."""
    return secrets.token_hex(16)


def new_id() -> str:
    """An id that nobody has: 32 hex digits."""
    return uuid.uuid4().hex
