"""A template where there are none: its declared words as an ordinary message, while the window is open."""

from collections.abc import Iterator

from trinario.channels.fit_cards import fit_cards, fit_location
from trinario.channels.fit_choices import fit_choices
from trinario.channels.fit_media import fit_media
from trinario.channels.fit_words import fit_text, joined, lines_of
from trinario.channels.graphemes import trimmed
from trinario.model.channel import Limits
from trinario.model.message import Cards, Choices, Content, Media, Option, Template, Text


def fit_template(content: Template, limits: Limits) -> Iterator[Content]:
    """As it is where there are templates, and where its words are not known; what is tapped then counts as typed."""
    if content.goes_by(limits.templates) or not content.text:
        yield content
        return
    if content.header and content.header.pin:
        yield from fit_location(content.header.pin, limits)
    for file in content.files[:1] if content.header else ():
        yield from fit_media(Media(file.kind, file.value, filename=file.filename), limits)
    cards = tuple(card.shown for card in content.cards)
    if cards:
        yield from fit_text(Text(content.text, content.links), limits)
        yield from fit_cards(Cards(cards), limits)
        return
    replies = [reply for reply in content.replies if trimmed(reply)]
    if not replies:
        yield from fit_text(Text(content.text, content.links), limits)
        return
    options = tuple(Option(_payload(reply, limits), reply) for reply in replies)
    yield from fit_choices(Choices(joined(content.text, lines_of(content.links)), options), limits)


def _payload(reply: str, limits: Limits) -> str:
    """What comes back with the tap: as much of the reply as there is room for."""
    return reply.encode("utf-8", "replace")[: limits.payload_bytes].decode("utf-8", "ignore")
