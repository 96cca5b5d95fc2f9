"""What the jobs ask of the world (Adapter, Inlet, Clock ...) and of the database (Store, Unit), as small Protocols."""

from trinario.ports.outside import Ai, Functions, Http, HttpRequest, NotReturned, Outside, Returned
from trinario.ports.unit import (
    CallEntry,
    CallOrder,
    CallSettled,
    Case,
    Claimed,
    InboxEntry,
    Inward,
    Notice,
    Occurrence,
    Outgoing,
    Reckoning,
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
    "Adapter", "Ai", "CallEntry", "CallOrder", "CallSettled", "Functions", "Http", "HttpRequest", "NotReturned", "Outside",
    "Returned", "Case", "Claimed", "Clock", "InboxEntry", "Inlet", "Inward", "Notice", "Occurrence", "Outgoing",
    "Random", "Reckoning", "Said", "Settled",
    "Store", "Stored", "Token", "Unit", "Writes",
]  # fmt: skip
