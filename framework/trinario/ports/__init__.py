"""What the jobs ask of the world (Adapter, Inlet, Clock ...) and of the database (Store, Unit), as small Protocols."""

from trinario.ports.unit import (
    Case,
    Claimed,
    InboxEntry,
    Inward,
    Outgoing,
    Said,
    Settled,
    Store,
    Stored,
    Token,
    Unit,
    Writes,
)
from trinario.ports.world import Adapter, Clock, Inlet, Random

__all__ = [
    "Adapter", "Case", "Claimed", "Clock", "InboxEntry", "Inlet", "Inward", "Outgoing", "Random", "Said", "Settled",
    "Store", "Stored", "Token", "Unit", "Writes",
]  # fmt: skip
