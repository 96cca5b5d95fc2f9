"""What a bot or a flow says about its own messages: quiet hours, caps, permission, and that it is a machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from trinario.model.duration import Duration

Need = Literal["opt_in", "opt_out"]
"""`opt_in`: only who said yes gets marketing; `opt_out`: everybody but who said no."""

Occasion = Literal["start", "lapse", "takeover"]


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `max` marketing messages in any stretch of `per` (days of 24 hours)."""

    max: int
    per: Duration

    def implies(self, other: "Cap") -> bool:
        """Whether whatever this one lets through the other does too."""
        return self.max <= other.max and self.per.elapsed >= other.per.elapsed


@dataclass(frozen=True, slots=True)
class Rules:
    """When marketing may be sent. `quiet` are stretches of her day in minutes since midnight, over midnight too.

    `needs` says by channel or platform ("" for all) what permission is needed; `late`: what quiet hours would hold back
    for longer is not sent at all.
    """

    quiet: tuple[tuple[int, int], ...] = ()
    caps: tuple[Cap, ...] = ()
    needs: Mapping[str, Need] = field(default_factory=dict)
    late: timedelta | None = None

    def need(self, channel: str, platform: str) -> Need:
        """What permission marketing needs on a channel; opt_out where nothing is said."""
        return self.needs.get(channel) or self.needs.get(platform) or self.needs.get("") or "opt_out"


A_MONTH = Duration(days=30)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """When the bot says that it is one: at the start, when it last did so `after` ago, when it takes over from a person.

    `countries` (ISO 3166) are where; () everywhere, and a contact whose country is not known is told too.
    """

    when: frozenset[Occasion] = frozenset(("start", "takeover"))
    after: Duration = A_MONTH
    countries: tuple[str, ...] = ()


def tighter(rules: Rules, more: Rules | None) -> Rules:
    """Both together: whatever either of them forbids is forbidden."""
    if more is None:
        return rules
    asked = {name: need for name, need in more.needs.items() if need == "opt_in"}
    lates = [late for late in (rules.late, more.late) if late is not None]
    return Rules(
        tuple(dict.fromkeys((*rules.quiet, *more.quiet))),
        tuple(dict.fromkeys((*rules.caps, *more.caps))),
        asked if "" in asked else {**rules.needs, **asked},
        min(lates) if lates else None,
    )
