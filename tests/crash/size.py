"""How large a storm is: small in the suite, whole by `make crash`, anything by the environment."""

import os
import random
from dataclasses import dataclass


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


def size_of_this_run() -> Size:
    """SHORT, unless TRINARIO_CRASH_KILLS, _WEBHOOKS, _CONTACTS or _SEED say otherwise."""
    given = {
        name: os.environ.get(f"TRINARIO_CRASH_{name.upper()}") for name in ("kills", "webhooks", "contacts", "seed")
    }
    whole = {name: int(value) for name, value in given.items() if value}
    whole.setdefault("seed", random.SystemRandom().randrange(10**9))
    return Size(**{**{"kills": SHORT.kills, "webhooks": SHORT.webhooks, "contacts": SHORT.contacts}, **whole})
