"""What a sheet says of permission, against what stands in the ledger: it may take back, and give what was never asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from trinario.model.bot import Bot
from trinario.model.consent import MARKETING, RecordConsent, State, wants
from trinario.ports.imports import Held


@dataclass(frozen=True, slots=True)
class Permission:
    """What a file says for all its rows. `granted`: marketing, unless the row says otherwise; `evidence` is how we know;
    `renew`: a row that is dated later than her no may undo it."""

    granted: bool = False
    evidence: str = ""
    file: str = ""
    renew: bool = False


def entries(
    bot: Bot, held: Held, said: Mapping[str, bool], at: datetime | None, permission: Permission
) -> tuple[list[RecordConsent], int]:
    """The entries that follow, and on how many channels a no of hers stays against the sheet's yes. `said` is by channel,
    "" for all of them; `at` is when she said so."""
    everywhere = said.get("", True if permission.granted else None)
    wanted = {name: said.get(name, everywhere) for name in bot.channels}
    now = {name: wants(held.contact.consent, MARKETING, name) for name in wanted}
    noes = [name for name, yes in wanted.items() if yes is False and now[name] is not False]
    kept = [name for name, yes in wanted.items() if yes and now[name] is False]
    renewed = kept if permission.renew and at and (held.no_at is None or at > held.no_at) else []
    yeses = [name for name, yes in wanted.items() if yes and (now[name] is None or name in renewed)]
    found = []
    if noes:
        taken_back = any(now[name] for name in noes)
        found.append(_entry(bot, "withdrawn" if taken_back else "refused", noes, permission))
    if yeses:
        found.append(_entry(bot, "granted", yes_sorted(bot, yeses), permission))
    return found, len(kept) - len(renewed)


def yes_sorted(bot: Bot, names: list[str]) -> list[str]:
    """In the order of bot.yaml."""
    return [name for name in bot.channels if name in names]


def _entry(bot: Bot, state: State, channels: list[str], permission: Permission) -> RecordConsent:
    """One for every channel, where it is for every channel."""
    whole = len(channels) == len(bot.channels)
    named = () if whole else tuple(channels)
    return RecordConsent(MARKETING, state, "import", named, version=permission.file, said=permission.evidence)
