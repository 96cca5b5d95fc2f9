"""What she does to messages: a sign on one of ours, words of hers written anew or taken back. It moves no question."""

from dataclasses import replace

from trinario.engine import entry, trigger
from trinario.engine.index import Rule
from trinario.engine.stage import Stage
from trinario.model.event import MessageHeard
from trinario.model.flow import Ask
from trinario.model.flow.triggers import OF_A_MESSAGE, Trigger
from trinario.model.heard import Heard
from trinario.model.session import Offered, Session

_SKINS = range(0x1F3FB, 0x1F400)
_FORMS = ("\ufe0e", "\ufe0f")


def heed(stage: Stage, event: MessageHeard) -> None:
    """Begins the flow that listens to it, beside whatever is pending; a sign may choose what a choice says it means."""
    heard = event.heard
    if heard.kind == "reaction" and _chosen(stage, event):
        return
    kind = OF_A_MESSAGE.get(heard.kind, "")
    rules = [rule for rule in trigger.of_kind(stage.index, kind, heard) if _meant(rule.trigger, heard)] if kind else []
    rule = min((one for one in rules if entry.fits(stage, one)), key=_specific, default=None)
    stage.handled = rule is not None and entry.begin(stage, rule, "defer")


def plain(sign: str) -> str:
    """A sign as it is compared: colours of skin and forms of the same picture do not tell two apart."""
    return "".join(part for part in sign.strip() if part not in _FORMS and ord(part) not in _SKINS)


def _meant(one: Trigger, heard: Heard) -> bool:
    """Whether the trigger names this sign, this way of it, and the message that it is on."""
    about = heard.data.get("about") or {}
    if (one.flow and one.flow != about.get("flow")) or (one.step and one.step != about.get("step")):
        return False
    if one.kind != "reaction":
        return True
    removed = heard.data.get("action") == "unreact"
    if removed != (one.mode == "removed"):
        return False
    named = {plain(word) for words in one.words.values() for word in words}
    return not named or plain(heard.text) in named


def _specific(rule: Rule) -> tuple[object, ...]:
    """Rank first (channel, segment, priority); then what names a step, a flow, a sign; then the order of the files."""
    *weight, order = rule.rank
    one = rule.trigger
    return (*weight, not one.step, not one.flow, not one.words, order)


# ---- a sign on the question that is pending


def _chosen(stage: Stage, event: MessageHeard) -> bool:
    """Whether the sign is on the pending question, and one of its choices says (`also`) that the sign means it.

    A tap on that choice is what then comes, so that everything that holds for taps holds for it.
    """
    pending, about = stage.foreground, event.heard.data.get("about") or {}
    if pending is None or not event.heard.text or about.get("session") != pending.id:
        return False
    option = _option(stage, pending, str(about.get("step", "")), plain(event.heard.text))
    if option is None:
        return False
    tapped = replace(event.heard, kind="tap", text=option.title, payload=option.payload)
    stage.advance(pending, replace(event, heard=tapped), first=True)
    return True


def _option(stage: Stage, pending: Session, step: str, sign: str) -> Offered | None:
    wait, flow = pending.wait, stage.bot.flow(pending.flow, pending.revision)
    asked = flow.steps.get(step) if flow else None
    if wait is None or wait.kind != "ask" or wait.step != step or not isinstance(asked, Ask):
        return None
    if not isinstance(asked.choices, tuple):
        return None  # of yes and no, thumbs are words: a thumb on a message may mean that it was read
    return next((one for one in wait.options if sign in map(plain, one.also)), None)
