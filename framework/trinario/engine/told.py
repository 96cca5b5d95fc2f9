"""An event's data as bot.yaml declares it: a date told as text is a date for whoever reads it."""

from dataclasses import replace

from trinario.engine.values import fitting, kept
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.effect import Report
from trinario.model.event import Event, EventArrived


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
            data[name] = fitting(kept(data.get(name)), kind, f"event.{name}")
        except EvaluationError as fault:
            data[name] = None
            faults.append(Report("", "", f"event {event.name}", str(fault)))
    return replace(event, data=data), tuple(faults)
