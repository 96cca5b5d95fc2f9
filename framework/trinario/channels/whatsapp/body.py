"""Cards, places and people's cards as WhatsApp's `/messages` takes them (meta.md 3A.2 and 3A.3)."""

from typing import Any

from trinario.channels.fit_cards import slide_text
from trinario.model.message import Card, Cards, ContactCard, Link, Location, Media

Body = dict[str, Any]


def link_action(link: Link) -> Body:
    """The button that opens an address."""
    return {"name": "cta_url", "parameters": {"display_text": link.title, "url": link.url}}


def source(content: Media) -> Body:
    """Where the file comes from: WhatsApp's own store, or the web."""
    return {"id": content.uploaded} if content.uploaded else {"link": content.url}


def linked_media(content: Media) -> Body:
    """A file above its words and one link."""
    header = {"type": content.kind, content.kind: source(content)}
    interactive = {
        "type": "cta_url",
        "header": header,
        "body": {"text": content.caption},
        "action": link_action(content.links[0]),
    }
    return {"type": "interactive", "interactive": interactive}


def carousel(content: Cards) -> Body:
    """Cards side by side, each with a picture and a link."""
    action = {"cards": [_card(index, card) for index, card in enumerate(content.cards)]}
    return {
        "type": "interactive",
        "interactive": {"type": "carousel", "body": {"text": content.text}, "action": action},
    }


def _card(index: int, card: Card) -> Body:
    return {
        "card_index": index,
        "type": "cta_url",
        "header": {"type": "image", "image": {"link": card.image}},
        "body": {"text": slide_text(card)},
        "action": link_action(card.links[0]),
    }


def location(content: Location) -> Body:
    """A pin; degrees are texts, as in Meta's examples."""
    place = {"latitude": f"{content.latitude:f}", "longitude": f"{content.longitude:f}"}
    named = {"name": content.name, "address": content.address}
    return {"type": "location", "location": place | {key: value for key, value in named.items() if value}}


def contact(content: ContactCard) -> Body:
    """One card. Besides the whole name a part of it is needed: the first word, and the rest if there is any."""
    first, _, last = content.name.partition(" ")
    name = {"formatted_name": content.name, "first_name": first, **({"last_name": last} if last else {})}
    card: Body = {"name": name}
    if content.phone:
        card["phones"] = [{"phone": content.phone, "type": "WORK"}]
    if content.email:
        card["emails"] = [{"email": content.email, "type": "WORK"}]
    if content.organisation:
        card["org"] = {"company": content.organisation}
    if content.url:
        card["urls"] = [{"url": content.url, "type": "WORK"}]
    return {"type": "contacts", "contacts": [card]}
