"""People of the team change or take back a message of ours in the platform's own app: her thread shows it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from trinario import jsons
from trinario.model.contact import Contact
from trinario.ports import InboxEntry, Said, Unit, Writes

EDITED, DELETED = "team_edited", "team_deleted"
"""What the history calls it."""

PATIENCE = timedelta(seconds=90)
"""How long a message may come after the news that it was changed: an echo waits until our own are settled."""

AGAIN = timedelta(seconds=5)


def altered(unit: Unit, contact: Contact, entry: InboxEntry, at: datetime, now: datetime, writes: Writes) -> bool:
    """Mark the message in her thread; new words are a line of their own, words that were taken back are forgotten. False:
    the message has not had its turn yet, and the row is put off."""
    told: Mapping[str, Any] = jsons.loads(entry.body)
    mid, words = str(told["data"].get("mid", "")), str(told["data"].get("text", ""))
    if told["name"] == DELETED:
        known = unit.team_deleted(contact.id, entry.channel, mid, now)
    else:
        known = unit.team_edited(contact.id, entry.channel, mid)
    if not known and now - entry.received_at < PATIENCE:
        writes.postponed.append((now + AGAIN, entry.tries, entry.id))
        return False
    if told["name"] == EDITED and known and words:
        line = Said(contact.id, "out", "person", entry.channel, at, "edit", words, entry.external_id)
        writes.said.append(line)
    data = {"channel": entry.channel, "mid": mid}
    writes.events.append((contact.id, told["name"], at, jsons.dumps(data)))
    return True
