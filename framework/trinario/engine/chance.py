"""Chance without a die: the same seed and counters give the same draw, on every machine."""

from hashlib import blake2b


def seed_of(*parts: object) -> int:
    """A number below 2**48 from the parts; survives JSON everywhere."""
    digest = blake2b("/".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big")


def draw(sides: int, seed: int, *counters: int) -> int:
    """A number from 0 to `sides - 1`."""
    return seed_of(seed, *counters) % sides if sides > 1 else 0


def short_id(text: str, longest: int) -> str:
    """`text` itself, or a digest of it when it is longer than `longest` bytes."""
    raw = text.encode("utf-8", "surrogatepass")
    return text if len(raw) <= longest else blake2b(raw, digest_size=12).hexdigest()
