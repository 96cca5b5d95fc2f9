"""A typed reply that quotes a question which is not the pending one: it chooses there, as a tap on it would."""

from collections.abc import Iterable
from dataclasses import replace

from trinario import jsons
from trinario.engine.fold import fold
from trinario.model.heard import Heard
from trinario.model.message import Choices, Option
from trinario.model.session import Session
from trinario.model.wire_content import content_from_json
from trinario.ports import Unit


def quoting(unit: Unit, heard: Heard, sessions: Iterable[Session]) -> Heard:
    """What was heard, with the payload of the option that she names of the question that she quotes.

    A reply to a pending question is read as any answer is; so is one that names none of the options.
    """
    if heard.kind != "text" or heard.payload or not heard.context:
        return heard
    content = unit.content_of(heard.identity.channel, heard.context)
    said = content_from_json(jsons.loads(content)) if content else None
    if not isinstance(said, Choices):
        return heard
    pending = {option.payload for one in sessions if one.live and one.wait for option in one.wait.options}
    chosen = _named(said.options, heard.text)
    if chosen is None or chosen.payload in pending:
        return heard
    return replace(heard, payload=chosen.payload)


def _named(options: tuple[Option, ...], text: str) -> Option | None:
    """The option of that title, or of that number."""
    words = fold(text)
    numbered = {str(number): option for number, option in enumerate(options, 1)}
    return next((option for option in options if fold(option.title) == words), numbered.get(words))
