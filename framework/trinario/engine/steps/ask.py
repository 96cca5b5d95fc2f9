"""The `ask` step: a question, what counts as its answer, and what silence and wrong answers lead to."""

from dataclasses import replace
from datetime import datetime

from trinario.engine import otp
from trinario.engine.answer import Bad, Good, Reading, heed, is_closed, read
from trinario.engine.answer.scale import exit_of
from trinario.engine.draft import Draft, sleep
from trinario.engine.limits import BURST_PARTS
from trinario.engine.move import Go, Leave, Move, Stay
from trinario.engine.offer import offered
from trinario.engine.pages import turned
from trinario.engine.question import patience, put_question, say_wrong
from trinario.engine.say import say
from trinario.engine.say_words import text_of
from trinario.engine.scope import input_of
from trinario.engine.steps.busy import aside
from trinario.engine.time import elapsed
from trinario.model.channel import Identity
from trinario.model.event import CallReturned, ClockRang, FateKnown, MessageHeard, OwnerReturned, Switched
from trinario.model.flow import Ask, PrivateReply
from trinario.model.heard import Heard
from trinario.model.session import Offered, Prompt, Wait
from trinario.model.value import Value


def enter(step: Ask, draft: Draft) -> Move:
    """Puts the question, unless the answer is known or another question is pending."""
    if (known := _known(step, draft)) is not None:
        draft.answer(step.name, known)
        return _exit(step, draft, known, _next_of(step, known))
    if (elsewhere := aside(step, draft)) is not None:
        return elsewhere
    number = draft.asked + 1
    options = offered(step, draft, f"{draft.session.id}/{number}")
    if step.choices and not options:
        return Go("empty")
    for message in step.messages[:-1]:
        say(draft, step, message)
    draft.remember(Prompt(number, step.name, draft.flow.name, options))
    return Stay(_put(step, draft, number, options))


def _put(step: Ask, draft: Draft, number: int, options: tuple[Offered, ...]) -> Wait:
    """Says the question, and reckons until when its answer is waited for."""
    at = draft.event.at
    code = (otp.send_code(step, draft),) if step.type == "otp" else ()
    return Wait(
        step.name,
        "ask",
        at,
        number,
        until=otp.until(step, at) if code else elapsed(at, step.timeout) if step.timeout else None,
        expires_at=patience(step, draft, at),
        remind_at=elapsed(at, step.remind.after) if step.remind else None,
        options=options,
        keys=(*code, *put_question(step, draft, f"{draft.session.id}/{number}", options)),
        offer=code[0] if code else "",
    )


def again(step: Ask, draft: Draft) -> Move:
    """Puts the same question once more, with new patience: what was tapped or typed for it before means the same.

    The parts of a burst that has not ended are taken first: only if they are no answer the question is put.
    """
    wait, at = draft.wait or sleep(step.name, draft), draft.event.at
    if step.type == "otp":
        return _again_for_code(step, draft, wait)
    if wait.heard and not isinstance(reading := _gathered(step, draft, wait), Bad):
        return answered(step, draft, reading, wait.number)
    return Stay(
        replace(
            wait,
            until=elapsed(at, step.timeout) if step.timeout else None,
            expires_at=patience(step, draft, at),
            remind_at=elapsed(at, step.remind.after) if step.remind and wait.remind_at else None,
            burst_until=None,
            heard=(),
            page=0,
            keys=put_question(step, draft, f"{draft.session.id}/{wait.number}", wait.options),
        )
    )


def _again_for_code(step: Ask, draft: Draft, wait: Wait) -> Move:
    """The same with a code: the one that was sent still counts; when its time is over, there is another."""
    if wait.until is None or wait.until <= draft.event.at or not wait.offer:
        return Stay(replace(_put(step, draft, wait.number, ()), tries=wait.tries))
    keys = put_question(step, draft, f"{draft.session.id}/{wait.number}", ())
    return Stay(replace(wait, expires_at=patience(step, draft, draft.event.at), keys=(wait.offer, *keys)))


# ---- what happens while it waits


def wake(step: Ask, draft: Draft) -> Move:
    """An answer, the clock, or the news that the question could not be put to her."""
    wait = draft.wait or sleep(step.name, draft)
    if wait.kind == "call":
        return _looked_at(step, draft, wait)
    match draft.event:
        case MessageHeard(heard=heard):
            return _heard(step, draft, wait, heard)
        case ClockRang(at=at):
            return _clock(step, draft, wait, at)
        case FateKnown(key=key, outcome=outcome, reason=reason) if key in wait.keys and outcome in (
            "failed",
            "refused",
        ):
            return otp.not_sent(step, draft, reason) if key == wait.offer else Go("failed")
        case OwnerReturned() | Switched():
            return again(step, draft)
        case _:
            return Stay(wait)


def _looked_at(step: Ask, draft: Draft, wait: Wait) -> Move:
    """Whether the digits that she typed are those that were sent."""
    match draft.event:
        case CallReturned(key=key, outcome=otp.PROVEN, data=phone) if key in wait.keys:
            return answered(step, draft, Good(phone, phone), wait.number)
        case CallReturned(key=key) if key in wait.keys:
            if dict(wait.fates).get(wait.offer) in ("failed", "refused"):
                return otp.not_sent(step, draft, "")
            open_again = otp.back(step, draft, wait)
            return Stay(open_again, aside=True) if draft.busy else _wrong(step, draft, open_again, otp.WRONG)
        case ClockRang(at=at) if wait.until and wait.until <= at:
            return _again_for_code(step, draft, otp.back(step, draft, wait))  # nothing was told: she is asked once more
        case FateKnown(key=key, outcome=outcome) if key in wait.keys and key not in dict(wait.fates):
            return Stay(replace(wait, fates=(*wait.fates, (key, outcome))))
        case _:
            return Stay(wait)


def _heard(step: Ask, draft: Draft, wait: Wait, heard: Heard) -> Move:
    at = draft.event.at
    if (start := turned(step, draft, wait, heard)) is not None:
        keys = put_question(step, draft, f"{draft.session.id}/{wait.number}", wait.options, start)
        return Stay(replace(wait, page=start, expires_at=patience(step, draft, at), keys=keys))
    if step.burst and draft.reading is None and heard.kind == "text" and not heard.media:
        parts = (*wait.heard, heard.text)
        if len(parts) < BURST_PARTS:
            return Stay(replace(wait, heard=parts, burst_until=elapsed(at, step.burst)))
        return _take(step, draft, wait, heard, "\n".join(parts))
    return _take(step, draft, wait, heard, heard.text)


def _take(step: Ask, draft: Draft, wait: Wait, heard: Heard, text: str) -> Move:
    reading = _read(step, draft, wait, heard, text)
    if isinstance(reading, Bad):
        return _wrong(step, draft, replace(wait, heard=(), burst_until=None), reading)
    if step.type == "otp":
        return otp.checked(draft, wait, str(reading.value))
    return answered(step, draft, reading, wait.number)


def _read(step: Ask, draft: Draft, wait: Wait, heard: Heard, text: str) -> Reading:
    reading = draft.reading or read(heed(step, heard, text, wait.options, draft.scope))
    if isinstance(reading, Bad) and isinstance(step, PrivateReply):
        # whatever she does is an answer to it
        reading = read(heed(replace(step, type="any", choices=(), pattern=None), heard, text, (), draft.scope))
    if not isinstance(reading, Bad):
        draft.scope.made["input"] = input_of(heard, text)
    return reading


def _gathered(step: Ask, draft: Draft, wait: Wait) -> Reading:
    """What the parts of a burst mean together."""
    text = "\n".join(wait.heard)
    heard = Heard(Identity(draft.contact.channel or "", "", ""), "", draft.event.at, "text", text)
    return _read(step, draft, wait, heard, text)


def answered(step: Ask, draft: Draft, reading: Good, number: int) -> Move:
    """Keeps the answer, on question `number`, and goes where it leads."""
    draft.answer(step.name, reading.value)
    if step.save:
        draft.write(step.save, reading.value)
    draft.chosen(number, reading.title)
    return _exit(step, draft, reading.value, reading.next)


def _exit(step: Ask, draft: Draft, value: Value, to: str | None) -> Move:
    if to is None and (exit := _own_exit(step, value)) and draft.led(step, exit):
        return Go(exit)
    return Go("answered", to)


def _own_exit(step: Ask, value: Value) -> str:
    """The exit that only this type of question has."""
    if step.type == "yes_no":
        return "yes" if value is True else "no"
    return exit_of(value) if step.type == "nps" else ""


def _wrong(step: Ask, draft: Draft, wait: Wait, bad: Reading) -> Move:
    """Says what is wrong, as often as the author allows; the things to tap come along."""
    tries = wait.tries + 1
    if tries > step.retries:
        return Go("invalid")
    assert isinstance(bad, Bad)
    text = text_of(draft, step.error) if step.error else draft.pattern(f"error.{bad.error}", **bad.names)
    text = text or draft.pattern("cannot_handle")
    if text.strip():
        say_wrong(step, draft, wait, text)
    return Stay(replace(wait, tries=tries, expires_at=patience(step, draft, draft.event.at)))


def _clock(step: Ask, draft: Draft, wait: Wait, at: datetime) -> Move:
    """The end of a burst, the time-out, the end of patience, the nudge: the first that is due."""
    if wait.burst_until and wait.burst_until <= at:
        return _burst_over(step, draft, wait)
    if wait.until and wait.until <= at:
        return _timed_out(step, draft)
    if wait.expires_at and wait.expires_at <= at:
        return Leave("expired", "no answer")
    if wait.remind_at and wait.remind_at <= at:
        return _remind(step, draft, wait)
    return Stay(wait)


def _burst_over(step: Ask, draft: Draft, wait: Wait) -> Move:
    """The parts are the answer; while the question is aside, nobody is told that they are none."""
    reading, spent = _gathered(step, draft, wait), replace(wait, heard=(), burst_until=None)
    if not isinstance(reading, Bad):
        return answered(step, draft, reading, wait.number)
    return Stay(spent) if draft.status == "aside" else _wrong(step, draft, spent, reading)


def _remind(step: Ask, draft: Draft, wait: Wait) -> Move:
    """Says the nudge once; while the question is aside it is owed until the question is put again."""
    if draft.status == "aside":
        return Stay(replace(wait, remind_at=wait.until or wait.expires_at))
    if step.remind:
        draft.say_words(text_of(draft, step.remind.text))
    return Stay(replace(wait, remind_at=None))


def _timed_out(step: Ask, draft: Draft) -> Move:
    """The default is saved; it leads on like an answer, unless the author says where a time-out leads."""
    if step.default is None:
        return Go("timeout")
    value = _default(step, draft)
    draft.answer(step.name, value)
    if step.save:
        draft.write(step.save, value)
    return Go("timeout") if draft.led(step, "timeout") else _exit(step, draft, value, _next_of(step, value))


def _default(step: Ask, draft: Draft) -> Value:
    """What the author has her say; words are read as an answer of the type, if they are one."""
    value = draft.value(step.default)
    if not isinstance(value, str) or not is_closed(step):
        return value
    options = draft.wait.options if draft.wait else ()
    heard = Heard(Identity(draft.contact.channel or "", "", ""), "", draft.event.at, "text", value)
    reading = read(heed(step, heard, value, options, draft.scope))
    return reading.value if isinstance(reading, Good) else value


# ---- what is known already


def _known(step: Ask, draft: Draft) -> Value:
    """The value that a `skip_if_known` question would save to, if it is older than the session; else None."""
    if not step.skip_if_known or not step.save or step.save in draft.written:
        return None
    room, _, name = step.save.partition(".")
    if room == "fields":
        return draft.contact.fields.get(name)
    if room == "contact":
        hers = draft.contact
        return {"language": hers.language, "timezone": hers.timezone, "preferred_channel": hers.wished}.get(name)
    return None


def _next_of(step: Ask, value: Value) -> str | None:
    """Where the choice of that value leads."""
    if isinstance(step.choices, tuple):
        return next((choice.next for choice in step.choices if choice.value == value), None)
    return None
