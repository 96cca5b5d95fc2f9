"""How a question is said: its words and what is to be tapped, what was wrong with an answer, and how long it stays open."""

from datetime import datetime

from trinario.engine.answer.scale import SCALES
from trinario.engine.draft import Draft
from trinario.engine.limits import EXPIRES
from trinario.engine.offer import listed, shown
from trinario.engine.pages import more_of
from trinario.engine.say import Question, say
from trinario.engine.say_words import address_of, text_of
from trinario.engine.time import elapsed
from trinario.model.effect import Say
from trinario.model.flow import Ask, FeedbackCard
from trinario.model.interactive import Wanted
from trinario.model.message import Choices, Content, Feedback, Text
from trinario.model.session import Offered, Wait

WANTED = frozenset({"location", "phone", "email"})
"""Types of answers that a button can ask for, where the channel has such."""


def put_question(step: Ask, draft: Draft, prompt: str, options: tuple[Offered, ...], start: int = 0) -> tuple[str, ...]:
    """Says the question; gives its key when the author wants to know whether it arrived."""
    awaited = draft.led(step, "failed")
    tapped, lines = shown(step, draft, options), listed(step, draft, options)
    more, wants = more_of(step, draft, len(options)), step.type if step.type in WANTED else ""
    card = _card(step.feedback, draft) if step.feedback else None
    question = Question(prompt, tapped, _button(step, draft), lines, more, start, wants, card)
    keys = say(draft, step, step.messages[-1], question, awaited)
    return tuple(keys[-1:]) if awaited else ()


def _card(card: FeedbackCard, draft: Draft) -> Feedback:
    """What stands on the card of a question on a scale."""
    title, subtitle, button = (text_of(draft, one) for one in (card.title, card.subtitle, card.button))
    return Feedback(title, subtitle, button, address_of(draft, card.privacy))


def patience(step: Ask, draft: Draft, at: datetime) -> datetime | None:
    """The end of patience; a question with a time-out has that instead, unless the flow names its own."""
    if step.timeout and draft.flow.expires is None:
        return None
    return elapsed(at, draft.flow.expires or EXPIRES)


def _button(step: Ask, draft: Draft) -> str:
    if step.button:
        return text_of(draft, step.button)
    return draft.pattern("choices.button") if step.choices or step.type in SCALES else ""


def say_wrong(step: Ask, draft: Draft, wait: Wait, text: str) -> None:
    """Says what was wrong with an answer; the things to tap come along."""
    prompt = f"{draft.session.id}/{wait.number}"
    options, lines = shown(step, draft, wait.options), listed(step, draft, wait.options)
    plain = Wanted(text, step.type) if step.type in WANTED else Text(f"{text}\n\n{lines}" if lines else text)
    more = more_of(step, draft, len(options))
    content: Content = Choices(text, options, _button(step, draft), more, wait.page) if options else plain
    draft.effects.append(
        Say(draft.key(), content, draft.session.id, draft.flow.name, step.name, draft.purpose, prompt=prompt)
    )  # fmt: skip
