"""Link tokens: a hidden ref, and a short code that people can read out; made, hashed, and found again in what she wrote."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from unicodedata import normalize

from trinario.model.heard import Heard
from trinario.ports import Random

PREFIX = "go_"
"""Begins every ref of ours, so that a marketer's refs are never taken for one."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_ALIKE = str.maketrans("OIL", "011")
CODE = 10
"""Symbols of a code that carry chance (50 bits); one more checks them."""

MOST = 5
"""Candidates of one message that are looked up."""

PLAIN_DIGITS = frozenset("23456789")
"""Digits that nobody writes a letter for (as O for 0, I and L for 1)."""

_RUNS = re.compile(r"[0-9A-Za-z]+")


def make_ref(random: Random, context: str) -> str:
    """A ref of 192 bits for this context; the same one whenever it is asked for."""
    return PREFIX + urlsafe_b64encode(random.token(f"ref:{context}")[:24]).decode().rstrip("=")


def make_code(random: Random, context: str) -> str:
    """A code for this context, as it is shown: five symbols, five, and one that checks them; no word looks like one."""
    for attempt in range(1000):
        number = int.from_bytes(random.token(f"code:{attempt}:{context}")[:7])
        symbols = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(CODE))
        if _has_digits(symbols):
            return f"{symbols[:5]}-{symbols[5:]}-{_check(symbols)}"
    raise AssertionError("a thousand codes without two digits: the source of chance is broken")


def hash_of(random: Random, token: str) -> str:
    """What is kept in place of a ref or of a code in its plain form: keyed, so that a stolen table opens nothing."""
    return random.token(f"hash:{token}").hex()


def is_ref(secret: str) -> bool:
    """Whether a token is a ref, which nobody can guess, and not a code."""
    return secret.startswith(PREFIX)


def plain_code(shown: str) -> str:
    """A code without its hyphens."""
    return shown.replace("-", "")


def candidates(heard: Heard) -> list[str]:
    """Everything in what she did that has the form of a token of ours: her ref first, then codes in the text."""
    found = []
    if heard.referral and heard.referral.ref.startswith(PREFIX):
        found.append(heard.referral.ref)
    if heard.kind == "text" and heard.text:
        found.extend(_codes(heard.text))
    return list(dict.fromkeys(found))[:MOST]


def _codes(text: str) -> Iterator[str]:
    """Codes anywhere in a text: any case, O for 0, I and L for 1, spaces or hyphens anywhere between the symbols."""
    plain = normalize("NFKC", text[:4096])
    runs = [run.group().upper().translate(_ALIKE) for run in _RUNS.finditer(plain)]
    for start in range(len(runs)):
        joined = ""
        for run in runs[start:]:
            joined += run
            if len(joined) >= CODE + 1:
                break
        if len(joined) == CODE + 1 and _is_code(joined):
            yield joined


def _is_code(symbols: str) -> bool:
    body, check = symbols[:CODE], symbols[CODE]
    known = all(symbol in _VALUE for symbol in symbols)
    return known and _has_digits(body) and _check(body) == check


def _has_digits(body: str) -> bool:
    """Two digits that no letter is taken for: what letters alone make is a word."""
    return sum(symbol in PLAIN_DIGITS for symbol in body) >= 2


def _check(symbols: str) -> str:
    """Sees every single wrong symbol, and two neighbours that changed places: odd weights, invertible modulo 32."""
    total = sum(_VALUE[symbol] * (2 * place + 1) for place, symbol in enumerate(symbols, 1))
    return ALPHABET[total % 32]
