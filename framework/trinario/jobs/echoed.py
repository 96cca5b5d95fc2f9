"""A message from our account that carries no key: ours and not yet told of, or of a person of the team."""

from collections.abc import MutableSequence
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.media import files_of
from trinario.jobs.outbound import fate
from trinario.jobs.received import DONE, word_of
from trinario.jobs.takeover import person_wrote
from trinario.jobs.world import World
from trinario.model.contact import Contact
from trinario.model.heard import Echo
from trinario.model.message import Cards, Media, PublicReply, Sign
from trinario.model.wire import echo_from_json
from trinario.model.wire_content import content_from_json
from trinario.ports import InboxEntry, Outgoing, Settled, Unit, Writes

SHARED = ("post", "share", "ig_post", "media", "MEDIA_SHARE")
"""What a post of ours is called when it comes back."""

PENDING, SENDING, ACCEPTED = 0, 1, 3
"""States of outbox rows."""


def echoed(
    unit: Unit, world: World, contact: Contact, entry: InboxEntry, now: datetime, writes: Writes,
    ahead: MutableSequence[Outgoing],
) -> Contact:  # fmt: skip
    """Whose it is: what waits for its answer has it, what nobody of us said silences the bot. `ahead` are rows of the batch
    that are not in the outbox yet."""
    echo = echo_from_json(jsons.loads(entry.body))
    # first what is open, then what is known: a row that is settled in between is seen by the second question
    rows = unit.open_rows(contact.id, entry.channel)
    if _is_known(unit, world, entry.channel, echo):
        writes.finished.append((DONE, entry.id, None))
        return contact
    patient = (now - entry.received_at).total_seconds() < world.tuning.echo_patience
    same = [row for row in rows if _says(row[3], echo)]
    idle = [row for row in same if row[1] != SENDING]
    if any(row[1] != PENDING for row in rows) and patient and not idle:
        writes.postponed.append((now + timedelta(seconds=1), entry.tries, entry.id))
        return contact
    if same:
        id, _, key, _, session = max(idle or same, key=lambda row: row[1])
        unit.settle([Settled(id, ACCEPTED, external_id=echo.external_id, sent_at=echo.at)], now)
        if session is not None:
            writes.inward.append(fate(contact.id, key, session, "accepted"))
    elif not any(_says(said, echo) for said in unit.sent_again(entry.channel, echo.identity.value)):
        contact = person_wrote(unit, world, contact, echo.at, now, writes, ahead)
        writes.said.append(word_of(contact, echo))
        writes.media.extend(files_of(contact, echo))
    writes.finished.append((DONE, entry.id, None))
    return contact


def _is_known(unit: Unit, world: World, channel: str, echo: Echo) -> bool:
    """Whether it is told of already, or of an app whose messages are none of ours."""
    own = echo.external_id.removeprefix("standby:")
    return bool(unit.own_messages(channel, [own])) or echo.app in world.bot().ignore_apps


def _says(content: str, echo: Echo) -> bool:
    """Whether an echo may be of this content: the same words, or a file of the same kind without words."""
    said = content_from_json(jsons.loads(content))
    if isinstance(said, PublicReply | Sign):
        return False
    if isinstance(said, Media) and not echo.text:
        kinds = SHARED if said.kind == "post" else (said.kind,)
        return any(heard.kind in kinds for heard in echo.media)
    if isinstance(said, Cards):
        return echo.text.splitlines() == [card.title for card in said.cards]
    words = said.caption if isinstance(said, Media) else getattr(said, "text", "")
    return bool(words) and words.split() == echo.text.split()
