"""What became of one person of a campaign: of everything that it was to do for her, one end, so that ends sum to the people."""

from typing import Literal, NamedTuple

What = Literal["sent", "waiting", "refused", "left_out", "withdrawn", "silent"]


class Fate(NamedTuple):
    """How somebody stands. `sent`: something went to her; `waiting`: she has her turn yet, or a message of it is under way;
    `refused`: nothing went, for a reason of ours or of the platform; `left_out` before any message was made; `withdrawn`: the
    campaign was cancelled, or its message taken back; `silent`: she had her turn, and nothing was said. `channel` is the one
    of the message that decided it, "" where there was none."""

    what: What
    reason: str = ""
    variant: str = ""
    channel: str = ""
    language: str = ""


def fate_of(stood: str, message: str, variant: str, language: str) -> Fate:
    """The one end of somebody. `stood`: how far she is (1 waits, 2 begun, 3 and 5 left out, 4 withdrawn) and why; `message`: what
    became of the message that decides (1-4 it went, 5 under way, 6 refused or failed, 7 taken back), its channel, a blank, why."""
    rank, (channel, _, why) = message[:1], message[1:].partition(" ")
    place, reason = stood[0], stood[1:]
    if rank and rank in "1234":
        return Fate("sent", "", variant, channel, language)
    if rank == "5":
        return Fate("waiting", "", variant, channel, language)
    if place == "1":
        return Fate("waiting", "", variant, "", language)
    if rank == "6":
        return Fate("refused", why or "failed", variant, channel, language)
    if rank == "7":
        return Fate("withdrawn", why, variant, channel, language)
    if place == "2":
        return Fate("silent", "", variant, "", language)
    return Fate("withdrawn" if place == "4" else "left_out", reason, variant, "", language)
