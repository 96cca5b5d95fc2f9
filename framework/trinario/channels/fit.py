"""Content inside a platform's limits: one item is one POST, in order, and no word is lost (meta.md 4, 14.5, 14.7)."""

from typing import assert_never

from trinario.channels.fit_cards import fit_cards, fit_contact, fit_location
from trinario.channels.fit_choices import fit_choices
from trinario.channels.fit_doing import fit_form, fit_products, fit_request
from trinario.channels.fit_media import fit_media
from trinario.channels.fit_template import fit_template
from trinario.channels.fit_words import fit_text
from trinario.channels.split import split
from trinario.model.channel import Limits
from trinario.model.interactive import Form, Products, Wanted
from trinario.model.message import (
    Cards,
    Choices,
    ContactCard,
    Content,
    Location,
    Media,
    PublicReply,
    Sign,
    Template,
    Text,
    ThreadControl,
)


def fit(content: Content, limits: Limits) -> tuple[Content, ...]:
    """`content` in as many parts as it needs; empty if there is nothing in it to be said."""
    match content:
        case Text():
            return tuple(fit_text(content, limits))
        case Media():
            return tuple(fit_media(content, limits))
        case Choices():
            return tuple(fit_choices(content, limits))
        case Cards():
            return tuple(fit_cards(content, limits))
        case Location():
            return tuple(fit_location(content, limits))
        case ContactCard():
            return tuple(fit_contact(content, limits))
        case Template():
            return tuple(fit_template(content, limits))
        case PublicReply(text=text, comment=comment):
            parts = split(text.strip(), limits.comment, "chars") if limits.comment else ()
            return tuple(PublicReply(part, comment) for part in parts)
        case Wanted():
            return tuple(fit_request(content, limits))
        case Form():
            return tuple(fit_form(content, limits))
        case Products():
            return tuple(fit_products(content, limits))
        case Sign() | ThreadControl():
            return (content,)
    assert_never(content)
