"""Titles and numbers of choices against what the bot's channels can show, in every language."""

from collections.abc import Iterator, Mapping

from trinario.authoring.check_answers import po_of
from trinario.authoring.finding import Findings
from trinario.authoring.near import listed
from trinario.authoring.nodes import Node
from trinario.authoring.notes import Notes
from trinario.authoring.parse_bot import ParsedBot
from trinario.model.channel import Limits
from trinario.model.flow import Ask, CardsFrom, Flow, Message, Send, Words, WordsCard
from trinario.model.message import PAGE


def check_limits(flow: Flow, bot: ParsedBot, limits: Mapping[str, Limits], found: Findings) -> None:
    """T110 for titles that do not fit, T111 (a warning) for more choices than can be tapped at once, T118 for what a channel lacks."""
    platforms = {one.platform: limits[one.platform] for one in bot.settings if one.platform in limits}
    places = _places(found.notes)
    for step in flow.steps.values():
        if isinstance(step, Ask):
            _check_ask(step, flow, platforms, places, found)
        if isinstance(step, Ask | Send):
            for message in _all(step.messages):
                _check_links(message, flow, platforms, places, found)
            for message in step.messages:
                _check_form(message, step, bot, limits, found)


def _places(notes: Notes) -> dict[str, Node]:
    return {written.key: written.scalar for written in notes.written if written.translated}


def _all(messages: tuple[Message, ...]) -> Iterator[Message]:
    for message in messages:
        yield message
        yield from _all((*message.one_of, *message.per_channel.values()))


def _check_ask(
    step: Ask, flow: Flow, platforms: Mapping[str, Limits], places: Mapping[str, Node], found: Findings
) -> None:
    if not isinstance(step.choices, tuple) or not step.choices:
        return
    count = len(step.choices)
    most = {name: limits.most_choices for name, limits in platforms.items() if count > limits.most_choices}
    if most and step.type != "multi_choice":
        shown = listed([f"{name} ({number})" for name, number in most.items()])
        found.warn("T111", found.node("steps", step.name, "choices"),
                   f'question "{step.name}" has {count} choices, more than can be tapped at once on {shown}',
                   f"they come in pages of {PAGE} there; better ask in two steps")  # fmt: skip
    room = {name: limits.title_limit(count) for name, limits in platforms.items() if limits.most_choices}
    for choice in step.choices:
        _check_title(choice.title, room, flow, places, found)
    if step.button:
        opened = {name: limits.list_button for name, limits in platforms.items() if limits.list_button}
        _check_title(step.button, opened, flow, places, found)


def _check_links(
    message: Message, flow: Flow, platforms: Mapping[str, Limits], places: Mapping[str, Node], found: Findings
) -> None:
    room = {name: limits.link_title for name, limits in platforms.items() if limits.links >= len(message.links)}
    for link in message.links:
        _check_title(link.title, room, flow, places, found)
    if message.form:
        opens = {name: limits.form_button for name, limits in platforms.items() if limits.form_button}
        _check_title(message.form.button, opens, flow, places, found)
    for card in (message.cards.card,) if isinstance(message.cards, CardsFrom) else message.cards:
        _check_card(card, flow, platforms, places, found)


def _check_form(
    message: Message, step: Ask | Send, bot: ParsedBot, limits: Mapping[str, Limits], found: Findings
) -> None:
    """T118 for a form or products that a channel of the bot cannot show, and that have nothing else there."""
    given = message.form or message.products
    for inner in message.one_of:
        _check_form(inner, step, bot, limits, found)
    if given is None or given.url is not None:
        return
    what, able = ("a form", "form_button") if message.form else ("products", "products")
    known = [one for one in bot.settings if one.platform in limits]
    without = [
        one.id for one in known
        if not getattr(limits[one.platform], able) and not {one.id, one.platform} & message.per_channel.keys()
    ]  # fmt: skip
    if without:
        place = found.step_key(step.name)
        found.fault("T118", place, f'"{step.name}" shows {what}, and {listed(without)} can show none',
                    "give it the `url` of a page that does the same, or say it otherwise with `per_channel`")  # fmt: skip
    if message.products and not message.products.catalog and not bot.get("catalog"):
        found.fault("T118", found.step_key(step.name), f'"{step.name}" shows products, and nobody says of which catalogue',
                    "write catalog: and its id in bot.yaml, or among the products")  # fmt: skip


def _check_card(
    card: WordsCard, flow: Flow, platforms: Mapping[str, Limits], places: Mapping[str, Node], found: Findings
) -> None:
    """Where cards have no second line of their own, a long one goes as a message of its own."""
    lines = {name: limits for name, limits in platforms.items() if limits.card_title}
    _check_title(card.title, {name: limits.card_title for name, limits in lines.items()}, flow, places, found)
    if card.subtitle:
        _check_title(card.subtitle, {name: limits.card_subtitle for name, limits in lines.items()}, flow, places, found)
    room = {name: limits.link_title for name, limits in platforms.items() if limits.card_links >= len(card.links)}
    for link in card.links:
        _check_title(link.title, room, flow, places, found)


def _check_title(
    words: Words, room: Mapping[str, int], flow: Flow, places: Mapping[str, Node], found: Findings
) -> None:
    """One issue a language, which names every platform that is too narrow. What is worked out later is shortened then."""
    said = {flow.locale: words.phrase, **{name: table.get(words.key) for name, table in flow.words.items()}}
    for locale, phrase in said.items():
        if phrase is None or phrase.constant is None:
            continue
        title = phrase.constant.strip()
        narrow = {name: most for name, most in room.items() if len(title) > most}
        if narrow:
            where = listed([f"{name} ({most})" for name, most in narrow.items()])
            language = "" if locale == flow.locale else f" in {locale}"
            found.fault("T110", places.get(words.key, found.notes.document.root),
                        f'the title "{title}"{language} has {len(title)} characters, too many for {where}',
                        f"make it {min(narrow.values())} at most{f', in {po_of(flow, locale)}' if language else ''}")  # fmt: skip
