"""An event's data as bot.yaml declares it: a date told as text is a date for whoever reads it."""

from collections.abc import Mapping
from dataclasses import replace

from trinario.engine.values import kept, typed
from trinario.errors import EvaluationError
from trinario.expressions.printing import describe
from trinario.model.bot import Bot
from trinario.model.effect import Report
from trinario.model.event import Event, EventArrived
from trinario.model.value import Value

_TEXTS = frozenset({"text", "name", "email", "phone", "url", "address"})
_GROUPS = frozenset({"mapping", "image", "video", "audio", "document", "media", "location", "contact", "order"})
_LISTS = frozenset({"list", "multi_choice"})


def as_declared(bot: Bot, event: Event) -> tuple[Event, tuple[Report, ...]]:
    """The event with its declared data in their types, what is missing empty, and the faults of what is not as declared.

    Such a value is empty too: an event that is half wrong is still heard. Data that nobody declared stay as they came.
    """
    kinds = bot.events.get(event.name) if isinstance(event, EventArrived) else None
    if not kinds or not isinstance(event, EventArrived):
        return event, ()
    data, faults = dict(event.data), []
    for name, kind in kinds.items():
        try:
            data[name] = _read(data.get(name), kind, f"event.{name}")
        except EvaluationError as fault:
            data[name] = None
            faults.append(Report("", "", f"event {event.name}", str(fault)))
    return replace(event, data=data), tuple(faults)


def _read(value: Value, kind: str, name: str) -> Value:
    found = typed(kept(value), kind, name)
    wanted = str if kind in _TEXTS else Mapping if kind in _GROUPS else list if kind in _LISTS else object
    if found is not None and not isinstance(found, wanted):
        raise EvaluationError(f"{name} takes a {kind}, and {describe(value)} was given")
    return found
