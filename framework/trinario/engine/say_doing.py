"""Forms and products: from what an author wrote to what is said."""

from collections.abc import Iterable

from trinario.engine.draft import Draft
from trinario.engine.limits import PRODUCTS_A_MESSAGE
from trinario.engine.say_words import address_of, rendered, text_of
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.flow import Words, WordsForm, WordsProducts
from trinario.model.interactive import Form, Products, Shelf
from trinario.model.value import plain

MARK = "form"
"""Ends the token of a question's form, behind the session and the number of the prompt."""


def token_of(prompt: str) -> str:
    """The token that the form of a question carries."""
    return f"{prompt}/{MARK}"


def form_of(draft: Draft, text: str, given: WordsForm) -> Form:
    """A form below its words. One that no question puts comes back with its own name or id as its token."""
    form = rendered(draft, given.form).strip()
    data = {name: plain(draft.value(value)) for name, value in given.data.items()}
    return Form(
        text, text_of(draft, given.button), form, form, given.named, given.screen, data, given.exchange, given.draft,
        _line(draft, given.header), _line(draft, given.footer), address_of(draft, given.url) if given.url else "",
    )  # fmt: skip


def products_of(draft: Draft, text: str, given: WordsProducts) -> Products | None:
    """Products below their words; None when a list of them comes out empty."""
    shelves = [Shelf(_line(draft, shelf.title), _ids(draft, shelf.items)) for shelf in given.shelves]
    shown = tuple(shelf for shelf in shelves if shelf.products)
    if given.shelves and not shown:
        return None
    catalog = rendered(draft, given.catalog).strip() if given.catalog else draft.bot.catalog
    return Products(
        text, catalog, shown, _line(draft, given.header), _line(draft, given.footer), _line(draft, given.button),
        address_of(draft, given.url) if given.url else "",
    )  # fmt: skip


def _line(draft: Draft, words: Words | None) -> str:
    return text_of(draft, words) if words else ""


def _ids(draft: Draft, items: Iterable[Phrase]) -> tuple[str, ...]:
    """Ids of products; one expression may give a whole list of them."""
    found: list[str] = []
    for phrase in items:
        value = phrase.value(draft.scope) if phrase.whole is not None else rendered(draft, phrase)
        if isinstance(value, list | tuple):
            found += [str(one).strip() for one in value if isinstance(one, str)]
        elif isinstance(value, str):
            found.append(value.strip())
        elif value is not None:
            raise EvaluationError("`items` needs the ids of products")
    return tuple(dict.fromkeys(filter(None, found)))[:PRODUCTS_A_MESSAGE]
