"""The outside while flows are played: once every service is down, once each answers as its step says that it does."""

import re
from collections.abc import Mapping
from typing import Any

from trinario.model.bot import Bot
from trinario.model.flow import Http
from trinario.testing.explore.literals import written_names
from trinario.testing.script import Act, Answers
from trinario.testing.stubs import Reply

_VALUE = re.compile(r"\{\{.*?\}\}")
_SAMPLES: Mapping[str, Any] = {
    "text": "something", "number": 7, "money": 7, "yes_no": True, "date": "2026-03-09", "time": "10:00",
    "datetime": "2026-03-09T10:00:00+00:00", "duration": "PT1H", "mapping": {}, "email": "ana@example.org",
    "phone": "+393331234567", "url": "https://example.org/a",
}  # fmt: skip


def worlds(bot: Bot) -> dict[str, tuple[Act, ...]]:
    """What the outside answers, by a name for it; one world without a word where no flow asks anything."""
    steps = [step for flow in bot.flows.values() for step in flow.steps.values() if isinstance(step, Http)]
    if not steps:
        return {"": ()}
    item = {path[1]: path[1] for path in written_names(bot) if path[0] == "item" and len(path) > 1}
    down = {_request(step): (Reply(status=503),) for step in steps}
    up = {_request(step): (Reply(data=_data(step.returns, item)),) for step in steps}
    return {"down": (Answers(0, down),), "up": (Answers(0, up),)}


def _request(step: Http) -> str:
    """The request as a talk names it, with * for what is worked out, and without its query."""
    return _VALUE.sub("*", step.shown).partition("?")[0]


def _data(returns: Any, item: Mapping[str, str]) -> Any:
    if isinstance(returns, Mapping):
        return {name: _data(kind, item) for name, kind in returns.items()}
    if returns == "list":
        return [{name: f"{name} {number}" for name in item} for number in (1, 2)]
    return _SAMPLES.get(str(returns))
