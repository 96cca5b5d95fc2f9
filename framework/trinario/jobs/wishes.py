"""The channel on which somebody wants to be written to, as the team notes it for her."""

from datetime import datetime

from trinario import jsons
from trinario.engine.naming import channel_of
from trinario.model.bot import Bot
from trinario.model.contact import Contact, wishing
from trinario.ports import Unit, Writes


def wish(unit: Unit, bot: Bot, contact: int, channel: str | None, author: str, now: datetime) -> Contact | None:
    """Note it, with who says so in her history; `channel` is a channel's name or a platform's, None takes a wish back.

    Gives the contact; None: she is busy, try again. Raises EvaluationError where the bot has no such channel.
    """
    cases = unit.lock_cases([contact], (), now)
    if not cases:
        return None
    hers = cases[0].contact
    wanted = channel_of(bot, hers, channel)
    after = wishing(hers, wanted, now)
    told = jsons.dumps({"channel": wanted, "before": hers.wished, "by": author})
    unit.write(Writes(contacts={hers.id: after}, events=[(hers.id, "preferred_channel", now, told)]), now)
    return after
