"""The message that another one is about: what a sign is on, what new words take the place of. Asked only where it is used."""

from dataclasses import replace

from trinario import jsons
from trinario.engine.index import index_of
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.flow.triggers import OF_A_MESSAGE
from trinario.model.heard import Heard
from trinario.model.wire import heard_to_json
from trinario.ports import InboxEntry, Unit, Writes


def listens(bot: Bot, heard: Heard) -> bool:
    """Whether a flow of the bot begins by such a thing."""
    return not heard.standby and bool(index_of(bot).by_kind.get(OF_A_MESSAGE.get(heard.kind, "")))


def placed(unit: Unit, contact: Contact, entry: InboxEntry, heard: Heard, writes: Writes) -> Heard:
    """What was heard, with the text, flow, step and session of the message that it is about; what is known of it is kept
    with the row, so that the row alone tells what came of it."""
    if not heard.context or heard.kind == "deleted":  # of what she took back nothing is told
        return heard
    found = unit.message_named(contact.id, heard.identity.channel, heard.context)
    if not found:
        return heard
    heard = replace(heard, data={**heard.data, "about": dict(found)})
    writes.enriched.append((entry.id, jsons.dumps(heard_to_json(heard))))
    return heard
