"""Who gets which variant: the same lot for the same contact, on every channel and in every revision."""

from collections.abc import Iterable
from hashlib import blake2b

from trinario.model.campaign import HOLDOUT, Side, Variants

LOTS = 2**64
"""How many lots there are to draw from; weights divide them to within one."""


def lot(key: str, contact: int) -> int:
    """A number from 0 to LOTS - 1: a pure function of the experiment's key and the contact's id (after a merge, of the kept one)."""
    digest = blake2b(f"{key}\x1f{contact}".encode(), digest_size=8, person=b"trinario-split").digest()
    return int.from_bytes(digest)


def drawn(key: str, weights: Iterable[tuple[str, int]], contact: int) -> str:
    """The name that falls to a contact. Raises ValueError when the weights sum to nothing."""
    shares = [(name, weight) for name, weight in weights if weight > 0]
    whole = sum(weight for _, weight in shares)
    if not whole:
        raise ValueError("all weights are 0, so nobody would get anything")
    place, bound = lot(key, contact) * whole, 0
    for name, weight in shares:
        bound += weight * LOTS
        if place < bound:
            return name
    raise AssertionError("the lot is below the sum of the weights")


def variant_of(variants: Variants | None, contact: int) -> str:
    """The name of her variant: "" where there are none, `holdout` for who gets nothing."""
    return drawn(variants.key, variants.weights, contact) if variants else ""


def side_of(variants: Variants | None, name: str) -> Side | None:
    """What that variant says differently; None where there are none, and for the holdout."""
    return variants.side(name) if variants and name != HOLDOUT else None
