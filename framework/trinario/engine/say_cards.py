"""Cards, places and people's cards: from what an author wrote to what is said."""

from collections.abc import Mapping
from decimal import Decimal

from trinario.engine.answer.place import shared
from trinario.engine.draft import Draft
from trinario.engine.limits import CARDS_A_MESSAGE
from trinario.engine.say_words import Names, address_of, file_of, links_of, rendered, text_of
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.flow import CardsFrom, Message, WordsCard, WordsContact, WordsLocation
from trinario.model.message import Card, Cards, ContactCard, Location


def cards_of(draft: Draft, message: Message) -> Cards | None:
    """The cards that have a title; None when there are none. Raises EvaluationError for data that is no list."""
    if isinstance(message.cards, CardsFrom):
        made = _from_data(draft, message.cards)
    else:
        made = [_card(draft, card, None) for card in message.cards]
    shown = tuple(card for card in made if card.title.strip())
    text = text_of(draft, message.caption) if message.caption else ""
    return Cards(shown, text) if shown else None


def _from_data(draft: Draft, source: CardsFrom) -> list[Card]:
    items = source.items.value(draft.scope)
    if items is None:
        return []
    if not isinstance(items, list | tuple):
        raise EvaluationError("`from` of the cards needs a list")
    return [_card(draft, source.card, draft.scope.beside(item=item)) for item in items[:CARDS_A_MESSAGE]]


def _card(draft: Draft, card: WordsCard, names: Names) -> Card:
    return Card(
        text_of(draft, card.title, names),
        text_of(draft, card.subtitle, names) if card.subtitle else "",
        file_of(draft, card.image, names) if card.image else "",
        links_of(draft, card.links, names),
    )


def location_of(draft: Draft, given: WordsLocation | Phrase) -> Location | None:
    """A point; None when the expression gives nothing. Raises EvaluationError for what is no point on the earth."""
    if isinstance(given, Phrase):
        value = given.value(draft.scope)
        if value is None or value == "":
            return None
        found = shared(value) if isinstance(value, Mapping) else None
    else:
        degrees = {name: _degrees(draft, getattr(given, name)) for name in ("latitude", "longitude")}
        named = {"name": given.name, "address": given.address}
        found = shared(degrees | {key: text_of(draft, words) for key, words in named.items() if words})
    if found is None:
        raise EvaluationError("`location` needs a latitude and a longitude")
    return Location(
        Decimal(str(found["latitude"])), Decimal(str(found["longitude"])), str(found["name"]), str(found["address"])
    )


def _degrees(draft: Draft, value: object) -> object:
    return value.value(draft.scope) if isinstance(value, Phrase) else value


def contact_of(draft: Draft, given: WordsContact) -> ContactCard | None:
    """Somebody's card; None when the name comes out empty."""
    name = text_of(draft, given.name)
    phone, email = (rendered(draft, phrase) if phrase else "" for phrase in (given.phone, given.email))
    organisation = text_of(draft, given.organisation) if given.organisation else ""
    url = address_of(draft, given.url) if given.url else ""
    return ContactCard(name, phone, email, organisation, url) if name.strip() else None
