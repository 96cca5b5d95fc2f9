"""Notices: words for teams and addresses become a row an address; what goes out for each, and when it is tried again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.hooks import headers_of, own_key
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.effect import SendNotice
from trinario.ports import Notice, Random, Unit, Writes

FIRST, LONGEST = timedelta(seconds=20), timedelta(hours=1)
"""The first wait before a notice is tried again, and the longest."""

PATIENCE = timedelta(days=1)
"""How long a notice is tried."""


def tell(world: World, contact: Contact, notice: SendNotice, now: datetime, writes: Writes) -> None:
    """A row for each address; a team stands for those of bot.yaml. One without any is kept as failed."""
    for whom, address in _addresses(world, notice):
        failed = "" if address else f"team {whom} has no `notify` in bot.yaml"
        number = len([row for row in writes.notices if row.key.startswith(f"{notice.key}/")])
        data = {
            "contact": contact.id, "name": contact.name, "text": notice.text, "to": whom, "flow": notice.flow,
            "step": notice.step, "session": notice.session,
        }  # fmt: skip
        row = Notice(f"{notice.key}/{number}", contact.id, whom, address, notice.text, jsons.dumps(data), failed)
        writes.notices.append(row)
        told = {"to": whom, "text": notice.text, **({"failed": failed} if failed else {})}
        writes.events.append((contact.id, "notice", now, jsons.dumps(told)))


def tell_teams(unit: Unit, bot: Bot, key: str, about: Mapping[str, str], words: str, now: datetime) -> None:
    """Every team with an address hears of something that is of no contact; of the same `key` once a second."""
    whom = [(team, address) for team, spec in bot.teams.items() for address in spec.notify]
    rows = [
        Notice(f"{key}:{int(now.timestamp())}/{number}", 0, team, address, words,
               jsons.dumps({**about, "text": words, "to": team}))
        for number, (team, address) in enumerate(whom)
    ]  # fmt: skip
    unit.write(Writes(notices=rows), now)


def _addresses(world: World, notice: SendNotice) -> list[tuple[str, str]]:
    """(whom, address), each address once."""
    found: dict[str, str] = {}
    teams = world.bot().teams
    for whom in notice.to:
        team = teams.get(whom)
        if ":" in whom:
            found.setdefault(whom, whom)
        elif team is None or not team.notify:
            found.setdefault(f" {whom}", whom)
        else:
            for address in team.notify:
                found.setdefault(address, whom)
    return [(whom, address if ":" in address else "") for address, whom in found.items()]


def again_at(notice: Notice, now: datetime) -> datetime | None:
    """When a notice that did not go is tried again: later each time; None: it has been tried for long enough."""
    if notice.created_at is not None and now - notice.created_at >= PATIENCE:
        return None
    waits: int = 2 ** min(max(notice.attempts, 1) - 1, 20)
    return now + min(LONGEST, FIRST * waits)


def failed_event(notice: Notice, why: str, now: datetime) -> tuple[int | None, str, datetime, str]:
    """What operators see of a notice that was given up."""
    return notice.contact, "notice", now, jsons.dumps({"to": notice.whom, "text": notice.text, "failed": why})


def webhook_body(notice: Notice) -> bytes:
    """What a webhook is told: JSON with `type`, `timestamp` and `data`, the same bytes at every try."""
    at = notice.created_at.isoformat() if notice.created_at else ""
    return jsons.dumps({"type": "notice", "timestamp": at, "data": jsons.loads(notice.data)}).encode()


def webhook_secret(random: Random) -> bytes:
    """The key that webhooks are signed with; `whsec_` and its Base64 is what receivers are given."""
    return own_key(random)


def webhook_headers(notice: Notice, body: bytes, secret: bytes, now: datetime) -> dict[str, str]:
    """The signature of a notice."""
    return headers_of(f"notice_{notice.id}", body, (secret,), now)
