"""From a message as its author wrote it to the Says that put it to her, in her language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from trinario.engine.draft import Draft
from trinario.engine.plural import category_of
from trinario.engine.words import language_of, languages, phrase_of
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.effect import Say
from trinario.model.flow import Ask, Delivery, Message, Send, TemplateCall, Words
from trinario.model.message import Choices, Content, Link, Media, Option, Template, Text

_WEB = re.compile(r"(https?://[^/?#\s]*)(.*)", re.DOTALL)
_SIGNS = "%/:?#[]@!$&'()*+,;=~"
"""Signs with a meaning in addresses; of %, what an author has quoted already."""


@dataclass(frozen=True, slots=True)
class Question:
    """What turns a message into a question: the payload prefix of its prompt, what to tap, the word of the list.

    `lines` stand below its words, where there is something to read instead of something to tap.
    """

    prompt: str
    options: tuple[Option, ...] = ()
    button: str = ""
    lines: str = ""


def text_of(draft: Draft, words: Words) -> str:
    """A text of the flow in her language."""
    return _rendered(draft, phrase_of(draft.flow, draft.contact, words))


def _rendered(draft: Draft, phrase: Phrase) -> str:
    return phrase.constant if phrase.constant is not None else phrase.render(draft.scope)


def say(
    draft: Draft, step: Send | Ask, message: Message, question: Question | None = None, awaited: bool = False
) -> list[str]:
    """Says one message of a step; gives the keys of the Says. A message that comes out empty is not said.

    Raises EvaluationError for values that cannot be rendered, and for a question that comes out empty.
    """
    while message.one_of:
        message = message.one_of[draft.draw(len(message.one_of))]
    contents = _shown(_content(draft, message), question)
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
    return order, _template(draft, call) if call else None


def _template(draft: Draft, call: TemplateCall) -> Template:
    params = {name: _rendered(draft, phrase) for name, phrase in call.params.items()}
    return Template(call.name, call.language or language_of(draft.flow, draft.contact), params)


def _content(draft: Draft, message: Message) -> Content | None:
    """What a message says; None when nothing is left of it."""
    while message.one_of:
        message = message.one_of[draft.draw(len(message.one_of))]
    if message.template:
        return _template(draft, message.template)
    if message.media and message.url:
        caption = text_of(draft, message.caption) if message.caption else ""
        filename = _rendered(draft, message.filename) if message.filename else ""
        return Media(message.media, _address(draft, message.url), caption, filename)
    text = _plural(draft, message) if message.plural else text_of(draft, message.text) if message.text else ""
    links = tuple(Link(text_of(draft, link.title), _address(draft, link.url)) for link in message.links)
    return Text(text, links) if text.strip() or links else None


def _address(draft: Draft, phrase: Phrase) -> str:
    """An address: a value in it may hold blanks or letters that no address has, and they are quoted. No host is."""
    plain = _rendered(draft, phrase).strip()
    found = _WEB.fullmatch(plain)
    return found[1] + quote(found[2], safe=_SIGNS, errors="replace") if found else plain


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
            return _rendered(draft, found)
    return text_of(draft, words)


def _shown(content: Content | None, question: Question | None) -> list[Content]:
    """The contents that put this to her, the question last: only words can carry things to tap."""
    if content is None:
        return []
    if question is not None and question.lines:
        return _with_lines(content, question.lines)
    if question is None or not question.options or isinstance(content, Template):
        return [content]
    match content:
        case Text(text=text, links=links):
            lines = [text, *(f"{link.title}: {link.url}" for link in links)]
            return [Choices("\n".join(line for line in lines if line), question.options, question.button)]
        case Media(kind=kind, url=url, caption=caption, filename=filename):
            picture = Media(kind, url, "", filename)
            return [picture, Choices(caption or question.button or "👇", question.options, question.button)]
        case _:
            return [content]


def _with_lines(content: Content, lines: str) -> list[Content]:
    match content:
        case Text(text=text, links=links):
            return [Text("\n\n".join(part for part in (text, lines) if part), links)]
        case Template():
            return [content]
        case _:
            return [content, Text(lines)]
