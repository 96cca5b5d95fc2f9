"""Countries to whose numbers a platform brings no marketing, with the day since when. Source: platform facts, 5.1."""

from dataclasses import dataclass
from datetime import date, datetime

from trinario.model.channel import Identity
from trinario.model.country import country_of_phone


@dataclass(frozen=True, slots=True)
class Ban:
    """No marketing by this platform to numbers of this country (ISO 3166), from this day on."""

    platform: str
    country: str
    since: date
    why: str


BANS = (Ban("whatsapp", "US", date(2025, 4, 1), "WhatsApp brings no marketing to numbers of the United States"),)


def ban_on(platform: str, identity: Identity, now: datetime) -> Ban | None:
    """What keeps marketing from this number; None: nothing."""
    for ban in BANS:
        if ban.platform == platform and now.date() >= ban.since and country_of_phone(identity) == ban.country:
            return ban
    return None
