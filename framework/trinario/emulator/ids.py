"""Ids in the forms Meta gives them, drawn from a seed so that a run can be repeated."""

from __future__ import annotations

import base64
import random
import string

TRACE_ALPHABET = string.ascii_letters + string.digits


class Ids:
    """A source of ids; two sources with the same seed give the same ids in the same order."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def message(self, platform: str) -> str:
        """`wamid....`, `m_...` or Instagram's long form."""
        if platform == "whatsapp":
            return "wamid.HBgL" + base64.b64encode(self.random.randbytes(24)).decode()
        token = base64.urlsafe_b64encode(self.random.randbytes(42)).decode().rstrip("=")
        return ("m_" if platform == "messenger" else "aWdfZAG1faXRlbToxOk") + token

    def number(self, digits: int) -> str:
        """A number without a leading zero."""
        return str(self.random.randrange(10 ** (digits - 1), 10**digits))

    def trace(self) -> str:
        return "A" + "".join(self.random.choices(TRACE_ALPHABET, k=22))
