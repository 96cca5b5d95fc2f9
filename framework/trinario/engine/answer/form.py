"""Answers that are forms: what she filled in inside the chat (`form`)."""

from collections.abc import Mapping

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.values import kept_all

_OURS = frozenset({"flow_token"})
"""What comes back with the answers and is none."""

MOST_KEYS = 200


def read_form(heeded: Heeded) -> Reading:
    """Everything that the form sends, by its own names; a form that sends nothing is no answer."""
    heard = heeded.heard
    if heard.kind != "form":
        return Bad("form")
    response = heard.data.get("response")
    given = response if isinstance(response, Mapping) else {} if "written" in heard.data else heard.data
    answers = {str(key): value for key, value in list(given.items())[:MOST_KEYS] if key not in _OURS}
    value = kept_all(answers)
    return Good(value) if value else Bad("form")
