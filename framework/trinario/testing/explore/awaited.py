"""Events for which a session stands still: told as the flow would have them, as far as that can be guessed."""

from collections.abc import Iterator

from trinario.engine.awaited import awaiting
from trinario.model.bot import Bot
from trinario.model.value import plain
from trinario.testing.explore.begin import samples
from trinario.testing.explore.room import Look
from trinario.testing.script import Happens


def awaited(look: Look, bot: Bot) -> Iterator[Happens]:
    """One event for every live session that waits for one; data that its trigger had too are the same again."""
    for session in look.live:
        step = awaiting(bot, session)
        if step is not None and session.wait is not None:
            same = {name: plain(value) for name, value in session.trigger.items() if name != "kind"}
            data = {name: same.get(name, value) for name, value in samples(bot, step.event).items()}
            yield Happens(0, step.event, data, f"{session.wait.step}-{look.at:%Y%m%d%H%M%S}")
