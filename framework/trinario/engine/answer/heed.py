"""From a message and the question that waits for it to what is read: bounds worked out, language, zone and currency known."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from trinario.engine.answer.reading import Heeded
from trinario.engine.scope import Scope
from trinario.engine.time import zone_of
from trinario.engine.values import typed
from trinario.expressions import Phrase
from trinario.model.duration import localised
from trinario.model.flow import Ask
from trinario.model.message import Heard
from trinario.model.session import Offered

TIMED = frozenset({"date", "time", "datetime"})
"""Types that are read by her clock."""


def heed(step: Ask, heard: Heard, text: str, options: tuple[Offered, ...], scope: Scope) -> Heeded:
    """The message as the answer to `step`. Raises EvaluationError for bounds that cannot be worked out."""
    bot, contact = scope.bot, scope.contact
    locale = contact.language or bot.locale
    if step.type not in TIMED:
        bound = _bound_step(step, scope) if _moving(step) else step
        return Heeded(bound, heard, text, options, locale, bot.region, bot.currency, scope.event.at)
    return Heeded(
        _bound_step(step, scope), heard, text, options, locale, bot.region, bot.currency, scope.event.at,
        zone_of(bot, contact),
    )  # fmt: skip


def _moving(step: Ask) -> bool:
    return isinstance(step.min, Phrase) or isinstance(step.max, Phrase)


def _bound_step(step: Ask, scope: Scope) -> Ask:
    if step.min is None and step.max is None:
        return step
    return replace(step, min=_bound(step, "min", scope), max=_bound(step, "max", scope))


def _bound(step: Ask, name: str, scope: Scope) -> Any:
    """A bound as a value that answers compare with: a day as the end of a moment is the whole day."""
    given = getattr(step, name)
    value = given.value(scope) if isinstance(given, Phrase) else given
    where = f"`{name}` of {step.name}"
    if value is None or step.type not in (*TIMED, "duration"):
        return typed(value, "number", where)
    zone = zone_of(scope.bot, scope.contact)
    if isinstance(value, datetime) and step.type != "datetime":
        local = value.astimezone(zone)
        value = local.date() if step.type == "date" else local.time()
    if step.type == "datetime" and isinstance(value, date) and not isinstance(value, datetime):
        return localised(datetime.combine(value, time.min if name == "min" else time(23, 59, 59)), zone)
    return typed(value, step.type, where)
