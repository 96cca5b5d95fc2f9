"""What is current: the newest deployment, written down when the files have something new."""

import getpass
import os
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from trinario.model.bot import Bot
from trinario.model.deployment import Deployment, Place
from trinario.ports import Store, Unit


def tell(unit: Unit, manifest: Mapping[str, Place], bot: Bot, now: datetime) -> Deployment | None:
    """Write down what the files have, unless that is current already. None: somebody else wrote at the same moment."""
    newest = next(iter(unit.versions.deployments(1)), None)
    if newest is not None and not newest.pinned and newest.manifest == manifest:
        return newest
    made = Deployment(0, now, "files", author(), manifest, moving=any_moves(bot, newest))
    id = unit.versions.deploy(made, newest.id if newest else 0)
    return None if id is None else replace(made, id=id)


async def newest_of(store: Store) -> Deployment | None:
    """What is current; None: nothing ever was."""
    return next(iter(await store.read(lambda unit: unit.versions.deployments(1))), None)


def author() -> str:
    """Who does this, for the history: account and machine."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = str(os.getuid())
    return f"{name}@{socket.gethostname()}"


def any_moves(bot: Bot, before: Deployment | None) -> bool:
    """Whether sessions that wait in what was current may move into this bot, or were still being moved."""
    known = before.revisions if before else {}
    if before is not None and before.moving:
        return True
    return any(flow.migrations is not None and known.get(name) != flow.revision for name, flow in bot.flows.items())
