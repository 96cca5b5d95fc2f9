"""Marketing says how to end it: a stop word in what people read first."""

import re
from collections.abc import Iterable, Iterator

from trinario.authoring.finding import Findings
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.authoring.patterns import patterns
from trinario.engine.fold import fold
from trinario.model.flow import Delivery, Message, Send, TemplateCall
from trinario.model.template import TemplateWords


def check_end_words(parsed: ParsedCampaign, bot: ParsedBot, found: Findings) -> None:
    """T176 for marketing whose words, or whose template's words, name no stop word of the bot.

    Of a sequence the first message tells, and the others need not.
    """
    made = parsed.made
    if made is None or made.purpose != "marketing":
        return
    words = [
        word for every in patterns(bot.get("patterns") or {}, made.locale)["stop"].words.values() for word in every
    ]
    first = next(iter(parsed.parts), None)
    for key, part in parsed.parts.items():
        if key[0] != (first[0] if first else ""):
            break
        if not all(any(_says(text, words) for text in texts) for texts in _told(part, made.delivery, bot)):
            step = next(iter(part.names), "")
            found.warn("T176", Findings(part.notes).step_key(step) if part.notes else found.node(parsed.kind),
                       "nothing here says how to get no more of it", "add: STOP ends this")  # fmt: skip


def _told(part: ParsedFlow, wide: Delivery | None, bot: ParsedBot) -> Iterator[list[str]]:
    """What is read of each way in which it may come: the message itself, and the template that stands for it."""
    for step in part.flow.steps.values() if part.flow else ():
        if not isinstance(step, Send):
            continue
        calls = [one.template for one in (step.delivery, wide) if one and one.template][:1]
        own = [one for one in step.messages if one.template is None]
        if own:
            yield [text for message in own for text in _texts(message)]
        calls += [one.template for one in step.messages if one.template]
        yield from (texts for call in calls if (texts := _of_template(call, bot)))


def _texts(message: Message) -> Iterator[str]:
    if message.text:
        yield message.text.phrase.source
    if message.caption:
        yield message.caption.phrase.source
    yield from (words.phrase.source for words in message.plural.values())
    for one in (*message.one_of, *message.per_channel.values()):
        yield from _texts(one)


def _of_template(call: TemplateCall, bot: ParsedBot) -> list[str]:
    """Every text of a declared template; nothing of one that is not declared, which has an issue of its own."""
    spec = bot.templates.templates.get(call.name)
    return [text for words in (spec.languages.values() if spec else ()) for text in _in_words(words)]


def _in_words(words: TemplateWords) -> Iterable[str]:
    return [words.body, words.footer, *(button.title for button in words.buttons)]


def _says(text: str, words: Iterable[str]) -> bool:
    folded = fold(text)
    return any(re.search(rf"(?<!\w){re.escape(fold(word))}(?!\w)", folded) for word in words)
