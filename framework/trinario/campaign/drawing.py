"""Winners of a draw: fixed by the seed and the numbers that were given out, so that anybody can draw them again."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number in a draw, and whose it is."""

    number: str
    contact: int


def winners(draw: str, seed: str, tickets: Iterable[Ticket], count: int) -> list[Ticket]:
    """The tickets that win, the first prize first: those whose HMAC-SHA256 of `draw/number` under the seed is smallest.

    Nobody wins twice: of several numbers of one person the best counts.
    """
    ranked = sorted(set(tickets), key=lambda one: (rank(draw, seed, one.number), one.number))
    best: dict[int, Ticket] = {}
    for ticket in ranked:
        best.setdefault(ticket.contact, ticket)
    return list(best.values())[:count]


def rank(draw: str, seed: str, number: str) -> str:
    """The place of a number: 64 hexadecimal digits, the smallest first."""
    return hmac.digest(seed.encode(), f"{draw}/{number}".encode(), "sha256").hex()


def commitment(seed: str) -> str:
    """What is published before the draw: the SHA-256 of the seed, which tells nothing of it, and which only it fits."""
    return hashlib.sha256(seed.encode()).hexdigest()


def entrants(tickets: Iterable[Ticket]) -> str:
    """Stands for the numbers that took part: the SHA-256 of all, sorted, a line each."""
    return hashlib.sha256(
        "".join(f"{number}\n" for number in sorted({one.number for one in tickets})).encode()
    ).hexdigest()
