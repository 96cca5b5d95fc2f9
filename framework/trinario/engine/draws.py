"""Numbers of a draw: a permutation of the contacts' ids, so that none is given twice and none tells who came first.

A Feistel network over whole bits, walked until it falls into the range (Black and Rogaway's cycle walking). Ids below ten
million have numbers of seven digits; those beyond have more digits, and numbers of their own.
"""

from hashlib import blake2b

DIGITS = 7
ROUNDS = 6


def number_of(draw: str, contact: int) -> str:
    """The number of a contact in a draw, as text of seven digits (more beyond ten million contacts)."""
    least, most = 0, 10**DIGITS
    while contact >= most:
        least, most = most, most * 10
    number = least + _permuted(draw, contact - least, most - least)
    return str(number).zfill(DIGITS)


def _permuted(draw: str, value: int, size: int) -> int:
    """Where `value` goes among the numbers below `size`."""
    half = ((size - 1).bit_length() + 1) // 2
    moved = _mixed(draw, value, half)
    while moved >= size:
        moved = _mixed(draw, moved, half)
    return moved


def _mixed(draw: str, value: int, half: int) -> int:
    """One permutation of the numbers of twice `half` bits."""
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for turn in range(ROUNDS):
        left, right = right, left ^ (_drawn(draw, turn, right) & mask)
    return left << half | right


def _drawn(draw: str, turn: int, value: int) -> int:
    text = f"{draw}\0{turn}\0{value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
