"""Questions of the type `otp`: a code goes to a phone, six digits are held against it, the phone is proven.

The engine never knows the code: it has one sent, and has what she types looked at (`CallReturned` tells).
"""

from dataclasses import replace
from datetime import datetime, timedelta

import phonenumbers

from trinario.engine.answer import Bad
from trinario.engine.draft import Draft
from trinario.engine.limits import CALL_MARGIN, CODE_EXPIRES
from trinario.engine.move import Go, Move, Stay
from trinario.engine.say_template import template_with
from trinario.engine.time import elapsed
from trinario.errors import EvaluationError
from trinario.model.effect import CheckCode, Say, SendCode
from trinario.model.flow import Ask, TemplateCall
from trinario.model.message import DOTS
from trinario.model.session import Wait

PROVEN = "proven"
"""What is told of the right code; of another it is `wrong`."""

NOT_SENT = "the code could not be sent"
WRONG = Bad("otp")


def send_code(step: Ask, draft: Draft) -> str:
    """Has a new code sent to the phone; gives the code's name. Raises EvaluationError for what is no phone number."""
    spec = draft.bot.templates.get(step.template)
    if spec is None or spec.category != "authentication" or len(spec.params) != 1:
        raise EvaluationError(f"template {step.template} brings no code")
    phone = phone_of(step, draft)
    name = draft.key()
    template = template_with(draft, TemplateCall(spec.name), {spec.params[0]: DOTS})
    say = Say(name, replace(template, code=name), draft.session.id, draft.flow.name, step.name, "transactional",
              awaited=True)  # fmt: skip
    draft.effects.append(SendCode(draft.session.id, name, phone, say, elapsed(draft.event.at, holds_for(step))))
    return name


def phone_of(step: Ask, draft: Draft) -> str:
    """The number as the author has it, in the international form."""
    value = draft.value(step.phone)
    try:
        number = phonenumbers.parse(str(value)[:60], draft.bot.region)
    except phonenumbers.NumberParseException:
        number = None
    if not isinstance(value, str) or number is None or not phonenumbers.is_valid_number(number):
        raise EvaluationError("`phone` came out as no phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def until(step: Ask, since: datetime) -> datetime:
    """The end of patience with a code that was sent then: it is over when the code is."""
    holds, patience = holds_for(step), step.timeout.elapsed if step.timeout else None
    return elapsed(since, min(holds, patience) if patience is not None else holds)


def holds_for(step: Ask) -> timedelta:
    """How long a code means anything."""
    return step.expires.elapsed if step.expires else CODE_EXPIRES


def checked(draft: Draft, wait: Wait, typed: str) -> Move:
    """Has the digits looked at; until that is told, what else she writes has to wait."""
    key = f"{draft.event.origin}/{draft.number}/code"
    draft.effects.append(CheckCode(draft.session.id, wait.offer, key, typed))
    end = elapsed(draft.event.at, CALL_MARGIN)
    return Stay(replace(wait, kind="call", until=end, expires_at=None, remind_at=None, keys=(key, *wait.keys)))


def back(step: Ask, draft: Draft, wait: Wait) -> Wait:
    """The question is open again, with the patience that is left."""
    at = draft.event.at
    remind = elapsed(wait.since, step.remind.after) if step.remind else None
    return replace(wait, kind="ask", until=until(step, wait.since), keys=wait.keys[1:],
                   remind_at=remind if remind and remind > at else None)  # fmt: skip


def not_sent(step: Ask, draft: Draft, reason: str) -> Move:
    """The exit for a code that never arrived; a fault where nobody says where it leads."""
    if draft.led(step, "failed"):
        return Go("failed")
    raise EvaluationError(f"{NOT_SENT}: {reason}" if reason else NOT_SENT)
