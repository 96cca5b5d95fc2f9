"""What Meta says of our numbers and templates, asked before a campaign is planned: on the command line and by the API alike."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from trinario.channels.whatsapp.templates import TemplateTrouble
from trinario.errors import ConfigError
from trinario.jobs.planning import Asked
from trinario.ports import Adapter, Store, TemplateState
from trinario.runtime.ratings import Ratings
from trinario.runtime.settings import Settings
from trinario.runtime.templates import take_states

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 7.0
"""How long somebody who waits for a plan waits for one answer of Meta."""

WITHIN = 15.0
"""Seconds for all that is asked: what has not come by then is not told."""


async def ask_meta(
    folder: Path,
    settings: Settings,
    store: Store,
    adapters: Mapping[str, Adapter],
    now: datetime,
    within: float = WITHIN,
) -> Asked:
    """Ask how our numbers stand and, side by side, our templates; keep what Meta says. What it does not tell, the answer says why."""
    limits, states = await asyncio.gather(
        Ratings(store, adapters.values).look(within), _states(folder, settings, store, now, within)
    )
    return Asked(limits, states) if isinstance(states, str) else Asked(limits, states=states)


async def _states(
    folder: Path, settings: Settings, store: Store, now: datetime, within: float
) -> tuple[TemplateState, ...] | str:
    """How templates stand, or why nobody tells."""
    try:
        async with asyncio.timeout(within):
            return tuple(await take_states(folder, settings, store, now, CONNECT_SECONDS, ANSWER_SECONDS))
    except TimeoutError:
        return f"no answer within {within:g} s"
    except (ConfigError, TemplateTrouble) as error:
        return str(error)
