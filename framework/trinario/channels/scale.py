"""Questions on a scale as a card (meta.md 3B.5, 4.2): when they can be one, and how its answer names the option."""

import re

from trinario.channels.fit_words import SAFE, is_address
from trinario.channels.graphemes import trimmed
from trinario.model.message import Choices, Feedback

TITLE, SUBTITLE, BUTTON = 65, 80, 20
SHORTEST, LONGEST = 5, 85
"""Characters of the question."""

MOST_ID = 80
"""Characters of the id of a question, which are letters, digits and _."""

SCALES = {"csat": ("1", "2", "3", "4", "5"), "nps": tuple(map(str, range(11)))}
"""The marks that a card has, by the platform's name of its scale."""

_ESCAPED = re.compile("_([0-9a-f]{2})")


def fit_card(content: Choices) -> Choices | None:
    """The question with its card inside the limits; None if it cannot be a card as a whole."""
    card, words = content.feedback, " ".join(trimmed(content.text).split())
    if card is None or scale_of(content) is None or not SHORTEST <= len(words) <= LONGEST:
        return None
    title, subtitle, button = (" ".join(trimmed(one).split()) for one in (card.title, card.subtitle, card.button))
    short = 0 < len(title) <= TITLE and 0 < len(subtitle) <= SUBTITLE and 0 < len(button) <= BUTTON
    privacy = card.privacy.strip()
    if not short or not is_address(privacy, SAFE) or len(id_of(content)) > MOST_ID:
        return None
    return Choices(words, content.options, feedback=Feedback(title, subtitle, button, privacy))


def scale_of(content: Choices) -> str | None:
    """The platform's name of the scale that the options are."""
    titles = tuple(trimmed(option.title) for option in content.options)
    return next((name for name, marks in SCALES.items() if marks == titles), None)


def id_of(content: Choices) -> str:
    """The id of the question: its prompt, with what an id may not have written as _ and two digits."""
    prompt = content.options[0].payload.rpartition("/")[0]
    return "".join(sign if sign.isascii() and sign.isalnum() else f"_{ord(sign):02x}" for sign in prompt)


def payload_of(scale: str, id: str, mark: str) -> str:
    """The payload of the option that somebody chose on such a card; "" if the card is none of ours."""
    prompt = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), id)
    marks = SCALES.get(scale, ())
    return f"{prompt}/{marks.index(mark) + 1}" if "/" in prompt and mark in marks else ""
