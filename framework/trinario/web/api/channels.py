"""Calls of the API about the bot's channels: whether they send, and going on after their trouble was mended."""

from datetime import datetime

from pydantic import BaseModel, Field

from trinario.jobs.resume import resume
from trinario.ports import Trouble
from trinario.web.api.calls import Call
from trinario.web.api.problem import ProblemError
from trinario.web.doors import Doors

AUTHOR = "api"


class ChannelShape(BaseModel):
    """A channel. `code` and `reason` are the platform's for a trouble of its token or account, else null."""

    name: str
    platform: str
    code: str | None = None
    reason: str | None = None
    since: datetime | None = None
    rests_until: datetime | None = Field(default=None, description="Nothing goes until then.")
    marketing_waits_until: datetime | None = Field(default=None, description="Answers go, marketing waits.")
    percent_of_pace: int = Field(default=100, description="Less than 100 near the end of an allowance.")


class ChannelList(BaseModel):
    """The bot's channels, by name."""

    channels: list[ChannelShape]


class Resumed(BaseModel):
    """How many messages that the platform had refused are due now."""

    name: str
    due: int


async def list_channels(doors: Doors, call: Call) -> ChannelList:
    """All of bot.yaml, with what is the matter with each."""
    now, known = doors.clock.now(), doors.world().bot().channels
    troubles = {one.channel: one for one in await doors.store.read(lambda unit: unit.accounts.troubles(now))}
    return ChannelList(channels=[_shape(name, known[name].platform, troubles.get(name)) for name in sorted(known)])


async def resume_channel(doors: Doors, call: Call) -> Resumed:
    """Try again at once, after what was the matter has been mended."""
    known, now = doors.world().bot().channels, doors.clock.now()
    if call.id not in known:
        hint = "known: " + ", ".join(sorted(known))
        raise ProblemError(404, "unknown-channel", "Unknown channel", f"{call.id!r} is no channel of bot.yaml", hint)
    due = await doors.store.run(lambda unit: resume(unit, call.id, AUTHOR, now))
    doors.woken()
    return Resumed(name=call.id, due=due)


def _shape(name: str, platform: str, trouble: Trouble | None) -> ChannelShape:
    if trouble is None:
        return ChannelShape(name=name, platform=platform)
    return ChannelShape(
        name=name,
        platform=platform,
        code=trouble.code or None,
        reason=trouble.reason or None,
        since=trouble.since if trouble.code else None,
        rests_until=trouble.rests_until,
        marketing_waits_until=trouble.bulk_until,
        percent_of_pace=trouble.share,
    )
