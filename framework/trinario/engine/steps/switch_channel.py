"""The `switch_channel` step: a link to another channel, and the wait for her to come by it."""

from dataclasses import replace
from datetime import datetime

from trinario.engine.draft import Draft, sleep
from trinario.engine.limits import SWITCH_AGAIN, SWITCH_EXPIRES
from trinario.engine.move import Go, Leave, Move, Stay
from trinario.engine.say import delivery_of
from trinario.engine.say_words import text_of
from trinario.engine.steps.busy import aside
from trinario.engine.time import elapsed
from trinario.model.effect import OfferSwitch, Say
from trinario.model.event import ClockRang, MessageHeard, OwnerReturned, Switched, SwitchEnded
from trinario.model.flow import SwitchChannel
from trinario.model.message import Text
from trinario.model.session import Prompt, Wait


def enter(step: SwitchChannel, draft: Draft) -> Move:
    """At once `switched` when she is there already, `unavailable` when the bot is on none of the channels."""
    if draft.contact.channel in step.channels:
        return Go("switched")
    if not _targets(step, draft):
        return Go("unavailable")
    if (elsewhere := aside(step, draft)) is not None:
        return elsewhere
    number = draft.asked + 1
    offer = f"{draft.session.id}/{number}"
    expires = elapsed(draft.event.at, step.expires or SWITCH_EXPIRES)
    _offer(step, draft, offer, expires)
    draft.remember(Prompt(number, step.name, draft.flow.name, ()))
    return Stay(Wait(step.name, "switch", draft.event.at, number, expires_at=expires, offer=offer))


def wake(step: SwitchChannel, draft: Draft) -> Move:
    """She came, or will not; until then whatever she writes here gets the link again."""
    wait = draft.wait or sleep(step.name, draft)
    match draft.event:
        case Switched(offer=offer) if offer == wait.offer:
            return Go("switched")
        case SwitchEnded(offer=offer, outcome=outcome) if offer == wait.offer:
            return Go("declined" if outcome == "declined" else "unavailable")
        case ClockRang(at=at) if wait.expires_at and wait.expires_at <= at:
            return Go("expired")
        case MessageHeard(at=at) if wait.repeated_at and at - wait.repeated_at < SWITCH_AGAIN:
            return Stay(wait)  # she has the link in front of her
        case MessageHeard() | OwnerReturned():
            return again(step, draft)
        case _:
            return Stay(wait)


def again(step: SwitchChannel, draft: Draft) -> Move:
    """Puts the same link once more, or goes on when she is there by now."""
    wait = draft.wait or sleep(step.name, draft)
    if draft.contact.channel in step.channels:
        return Go("switched")
    at, expires = draft.event.at, wait.expires_at
    if not _targets(step, draft):
        return Leave("done", "no channel to switch to")
    if expires is None or expires <= at:
        expires = elapsed(at, step.expires or SWITCH_EXPIRES)
    _offer(step, draft, wait.offer, expires)
    return Stay(replace(wait, expires_at=expires, repeated_at=at))


def _offer(step: SwitchChannel, draft: Draft, offer: str, expires: datetime) -> None:
    targets = _targets(step, draft)
    names = ", ".join(draft.bot.channels[name].platform.capitalize() for name in targets)
    text = text_of(draft, step.text) if step.text else draft.pattern("switch.text", channel=names)
    order, template = delivery_of(draft, None)
    say = Say(draft.key(), Text(text), draft.session.id, draft.flow.name, step.name, draft.purpose, order=order,
              template=template, prompt=offer)  # fmt: skip
    button = text_of(draft, step.button) if step.button else ""
    draft.effects.append(
        OfferSwitch(draft.session.id, step.name, offer, targets, say, button, expires, step.confirm)
    )  # fmt: skip


def _targets(step: SwitchChannel, draft: Draft) -> tuple[str, ...]:
    return tuple(name for name in step.channels if name in draft.bot.channels)
