"""Threads that pass to the inbox of the platform with a handoff, and come back with the bot; sends that another app's thread refuses."""

from datetime import datetime

from trinario import jsons
from trinario.jobs.world import World
from trinario.model.channel import Channel
from trinario.model.contact import Contact
from trinario.model.failure import Failure
from trinario.model.message import ThreadControl
from trinario.model.wire_content import content_to_json
from trinario.ports import Claimed, Inward, Outgoing, Writes

NOT_OWNER = "not_owner"
"""Why a message did not go that another app's thread refused."""

ELSEWHERE = frozenset({2_018_300, 2_534_037})
"""Codes that say so (meta.md 7.4)."""


def pass_on(world: World, contact: Contact, key: str, note: str, writes: Writes) -> None:
    """The thread that she writes in goes to the app that bot.yaml names, behind what has been said to her."""
    channel = world.bot().channels.get(contact.channel or "")
    if channel is not None and channel.inbox_app:
        _write(contact, channel, ThreadControl("pass", channel.inbox_app, note), f"{key}/thread", writes)


def take_back(world: World, contact: Contact, key: str, writes: Writes, only: str = "") -> None:
    """Our app has her threads again, before anything is said there; `only` is the one channel that is meant."""
    for channel in world.bot().channels.values():
        if channel.inbox_app and channel.id in contact.last_heard and only in ("", channel.id):
            _write(contact, channel, ThreadControl("take"), f"{key}/thread/{channel.id}", writes)


def _write(contact: Contact, channel: Channel, control: ThreadControl, key: str, writes: Writes) -> None:
    identity = contact.identity_on(channel.id)
    if identity is not None:
        content = jsons.dumps(content_to_json(control))
        writes.outgoing.append(Outgoing(f"{key}/0/0", contact.id, channel.id, identity, content, "service"))


def is_elsewhere(failure: Failure) -> bool:
    """Whether the platform says that another app has the thread."""
    return failure.code in ELSEWHERE or failure.subcode in ELSEWHERE


def elsewhere(row: Claimed, failure: Failure, now: datetime) -> Inward:
    """Her inbox is told as by a webhook that somebody else has the thread: the bot is silent."""
    entry = row.entry
    data = {"code": failure.code, "subcode": failure.subcode}
    body = jsons.dumps({"name": "thread_elsewhere", "at": now.isoformat(), "ours": False, "data": data})
    channel = entry.identity.channel
    return Inward(channel, f"elsewhere:{entry.key}:{entry.attempts}", "handover", body, contact=entry.contact)
