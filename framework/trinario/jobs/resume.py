"""A channel that rests goes on at the word of an operator, who has mended what was the matter with it."""

from datetime import datetime

from trinario import jsons
from trinario.ports import Unit, Writes


def resume(unit: Unit, channel: str, by: str, now: datetime) -> int:
    """Have the channel try at once, and tell the history who said so; how many messages are due by that.

    After a trouble of its token or account one message goes first; the others follow when it went.
    """
    due = unit.accounts.try_again(channel, now)
    data = jsons.dumps({"channel": channel, "by": by, "due": due})
    unit.write(Writes(events=[(None, "channel_resumed", now, data)]), now)
    return due
