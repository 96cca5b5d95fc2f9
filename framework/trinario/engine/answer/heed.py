"""From a message and the question that waits for it to what is read: bounds worked out, language, zone and currency known."""

from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from typing import Any

from trinario.engine.answer.reading import Heeded
from trinario.engine.scope import Scope
from trinario.engine.time import zone_of
from trinario.engine.values import kept, typed
from trinario.expressions import Phrase
from trinario.model.duration import localised
from trinario.model.flow import Ask
from trinario.model.heard import Heard
from trinario.model.session import Offered
from trinario.model.value import Value

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
    value = kept(given.value(scope)) if isinstance(given, Phrase) else given
    where = f"`{name}` of {step.name}"
    if value is None or step.type not in (*TIMED, "duration"):
        return typed(value, "number", where)
    zone = zone_of(scope.bot, scope.contact)
    if step.type == "datetime":
        return _moment(value, name, zone, where)
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        value = local.date() if step.type == "date" else local.time()
    return typed(value, step.type, where)


def _moment(value: Value, name: str, zone: tzinfo, where: str) -> datetime:
    """A bound of moments, on her clock; one that is written without an offset is of her zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.min if name == "min" else time(23, 59, 59))
    if isinstance(value, datetime) and value.tzinfo is None:
        value = localised(value, zone)
    moment: datetime = typed(value, "datetime", where)
    return moment.astimezone(zone)
