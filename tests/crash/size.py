"""How large a storm is: small in the suite, whole by `make crash`, anything by the environment."""

import os
import random
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Size:
    """`kills` at random moments while `webhooks` messages of `contacts` people come in; shares are of one."""

    kills: int
    webhooks: int
    contacts: int
    copies: float = 0.10
    """share of webhooks that are delivered twice"""
    lost: float = 0.06
    """share of sends that are accepted and whose answer is lost"""
    seed: int = 0

    def chance(self) -> random.Random:
        """The dice of this storm."""
        return random.Random(self.seed)


SHORT = Size(kills=8, webhooks=200, contacts=40)
WHOLE = Size(kills=200, webhooks=2000, contacts=300)


def whole() -> Size:
    """WHOLE, unless TRINARIO_CRASH_KILLS, _WEBHOOKS, _CONTACTS or _SEED say otherwise."""
    given = {field.name: os.environ.get(f"TRINARIO_CRASH_{field.name.upper()}") for field in fields(Size)}
    return replace(diced(WHOLE), **{name: int(value) for name, value in given.items() if value})


def diced(size: Size) -> Size:
    """The same size with other dice; the summary names them."""
    return replace(size, seed=random.SystemRandom().randrange(10**9))


def wanted() -> bool:
    """Whether this run is `make crash`, or somebody gave a size."""
    return os.environ.get("TRINARIO_CRASH") == "whole" or "TRINARIO_CRASH_KILLS" in os.environ
