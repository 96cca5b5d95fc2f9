"""Chance: tokens that only the holder of the secret key can derive, and ids that never repeat."""

import hmac
import secrets
import uuid
from collections.abc import Callable


class SecretChance:
    """ports.Random: HMAC-SHA256 of a context under the installation's key. The same context gives the same bytes."""

    def __init__(self, key: bytes | Callable[[], bytes]) -> None:
        """`key` may be what gives it, asked when it is needed first: who only looks makes none."""
        self._given = key
        self._key = b""

    def token(self, context: str) -> bytes:
        """32 bytes. Raises what asking for the key raises."""
        self.ready()
        return hmac.digest(self._key, context.encode("utf-8", "surrogatepass"), "sha256")

    def ready(self) -> None:
        """Have the key. Raises what asking for it raises."""
        if not self._key:
            given = self._given if isinstance(self._given, bytes) else self._given()
            self._key = hmac.digest(given, b"trinario chance 1", "sha256")


def new_seed() -> str:
    """The seed of a draw: 128 random bits, as 32 hex digits."""
    return secrets.token_hex(16)


def new_id() -> str:
    """An id that nobody has: 32 hex digits."""
    return uuid.uuid4().hex
