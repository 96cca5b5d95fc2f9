"""From a message as its author wrote it to the Says that put it to her, in her language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from trinario.engine.draft import Draft
from trinario.engine.plural import category_of
from trinario.engine.say_cards import cards_of, contact_of, location_of
from trinario.engine.say_doing import form_of, products_of, token_of
from trinario.engine.say_template import template_of
from trinario.engine.say_words import file_of, links_of, rendered, text_of
from trinario.engine.words import language_of, languages
from trinario.errors import EvaluationError
from trinario.model.delivery import Plan
from trinario.model.effect import Say
from trinario.model.flow import Ask, Delivery, Message, Send, TemplateCall
from trinario.model.interactive import Form, Wanted
from trinario.model.message import Choices, Content, Feedback, Media, Option, Template, Text

WATCHED = timedelta(days=1)
"""How long a failure is waited for where the teams are to be told and no other channel is tried."""


@dataclass(frozen=True, slots=True)
class Question:
    """What turns a message into a question: the payload prefix of its prompt, what to tap, the word of the list.

    `lines` stand below its words, where there is something to read instead of something to tap. `more` turns the page,
    `start` options stand on the pages before. `wants` is what a button can ask of her at once: location, phone;
    `feedback` is the card that the question is where a channel has such.
    """

    prompt: str
    options: tuple[Option, ...] = ()
    button: str = ""
    lines: str = ""
    more: str = ""
    start: int = 0
    wants: str = ""
    feedback: Feedback | None = None

    def choices(self, text: str) -> Choices:
        """What there is to tap, below these words."""
        return Choices(text, self.options, self.button, self.more, self.start, self.feedback)


def say(
    draft: Draft, step: Send | Ask, message: Message, question: Question | None = None, awaited: bool = False
) -> list[str]:
    """Says one message of a step; gives the keys of the Says. A message that comes out empty is not said.

    Raises EvaluationError for values that cannot be rendered, and for a question that comes out empty.
    """
    while message.one_of:
        message = message.one_of[draft.draw(len(message.one_of))]
    contents = _shown(_content(draft, message), question)
    if question and question.start:
        contents = contents[-1:]  # what goes before the choices was said with the first page
    if not contents:
        if question:
            raise EvaluationError("the question comes out empty")
        return []
    elsewhere = {name: _content(draft, other) for name, other in message.per_channel.items()}
    keys = [_said(draft, step, content, {}, None, awaited) for content in contents[:-1]]
    channels = {name: shown[-1] for name, content in elsewhere.items() if (shown := _shown(content, question))}
    return [*keys, _said(draft, step, contents[-1], channels, question, awaited)]


def _said(
    draft: Draft, step: Send | Ask, content: Content, elsewhere: Mapping[str, Content], question: Question | None,
    awaited: bool,
) -> str:  # fmt: skip
    order, template = delivery_of(draft, step.delivery)
    key = draft.key()
    draft.effects.append(
        Say(
            key, content, draft.session.id, draft.flow.name, step.name, draft.purpose, elsewhere, None, order, template,
            question.prompt if question else "", awaited,
            float(step.typing.elapsed.total_seconds()) if isinstance(step, Send) and step.typing else 0.0,
            quotes=step.reply,
            plan=plan_of(draft, step.delivery),
            persona=(step.delivery and step.delivery.persona) or (draft.flow.delivery and draft.flow.delivery.persona) or "",
        )
    )  # fmt: skip
    return key


def delivery_of(draft: Draft, nearest: Delivery | None) -> tuple[tuple[str, ...] | None, Template | None]:
    """Order and template by key from the nearest place that names them: step, flow, bot."""
    order: tuple[str, ...] | None = None
    call: TemplateCall | None = None
    for place in (nearest, draft.flow.delivery, draft.bot.delivery):
        if place is not None:
            order, call = order if order is not None else place.order, call or place.template
    return order, template_of(draft, call) if call else None


def plan_of(draft: Draft, nearest: Delivery | None) -> Plan | None:
    """The delivery plan, key by key from the nearest place that names it; None for a message that needs none."""
    escalate, stop, exhausted = None, None, ""
    for place in (nearest, draft.flow.delivery, draft.bot.delivery):
        if place is not None:
            escalate, stop = escalate or place.escalate, stop or place.stop_when
            exhausted = exhausted or place.on_exhausted
    notify = exhausted == "notify"
    if escalate is not None:
        level = escalate.if_not
        return Plan(level, escalate.after.elapsed, stop or level, notify)
    return Plan("delivered", WATCHED, stop or "delivered", notify, escalates=False) if notify else None


def _content(draft: Draft, message: Message) -> Content | None:
    """What a message says; None when nothing is left of it."""
    while message.one_of:
        message = message.one_of[draft.draw(len(message.one_of))]
    if message.template:
        return template_of(draft, message.template)
    if message.cards:
        return cards_of(draft, message)
    if message.location is not None:
        return location_of(draft, message.location)
    if message.contact:
        return contact_of(draft, message.contact)
    if message.media and message.url:
        caption = text_of(draft, message.caption) if message.caption else ""
        filename = rendered(draft, message.filename) if message.filename else ""
        others = tuple(file_of(draft, one) for one in message.others)
        post = rendered(draft, message.post).strip() if message.post else ""
        url, links = file_of(draft, message.url), links_of(draft, message.links)
        return Media(message.media, url, caption, filename, links, others=others, post=post)
    text = _plural(draft, message) if message.plural else text_of(draft, message.text) if message.text else ""
    if message.form:
        return form_of(draft, text, message.form)
    if message.products:
        return products_of(draft, text, message.products)
    links = links_of(draft, message.links) if message.links else ()
    return Text(text, links) if text.strip() or links else None


def _plural(draft: Draft, message: Message) -> str:
    """The form that goes with the count in the language that is spoken; a translation may have forms of its own."""
    count = message.count.value(draft.scope) if message.count else None
    if isinstance(count, bool) or not isinstance(count, int | Decimal):
        raise EvaluationError("`count` needs a number")
    flow, contact = draft.flow, draft.contact
    language = language_of(flow, contact)
    category = category_of(Decimal(count), language)
    words = message.plural.get(category) or message.plural.get("other") or next(iter(message.plural.values()))
    stem = words.key.rpartition(".")[0]
    for name in languages(contact.language) if language != flow.locale else ():
        found = flow.words.get(name, {}).get(f"{stem}.{category}")
        if found is not None:
            return rendered(draft, found)
    return text_of(draft, words)


def _shown(content: Content | None, question: Question | None) -> list[Content]:
    """The contents that put this to her, the question last: only words can carry things to tap."""
    if content is None:
        return []
    if question is not None and isinstance(content, Form):
        return [replace(content, token=token_of(question.prompt))]
    if question is not None and question.wants and isinstance(content, Text) and not content.links:
        return [Wanted(content.text, question.wants)]
    if question is not None and question.lines:
        return _with_lines(content, question.lines)
    if question is None or not question.options or isinstance(content, Template):
        return [content]
    match content:
        case Text(text=text, links=links):
            lines = [text, *(f"{link.title}: {link.url}" for link in links)]
            return [question.choices("\n".join(line for line in lines if line))]
        case Media(caption=caption):
            return [replace(content, caption=""), question.choices(caption or question.button or "👇")]
        case _:
            return [content, question.choices(question.button or "👇")]


def _with_lines(content: Content, lines: str) -> list[Content]:
    match content:
        case Text(text=text, links=links):
            return [Text("\n\n".join(part for part in (text, lines) if part), links)]
        case Template():
            return [content]
        case _:
            return [content, Text(lines)]
