"""Choices in pages: what turns a page, by a tap or in words."""

from trinario.engine.draft import Draft
from trinario.engine.fold import fold
from trinario.model.flow import Ask
from trinario.model.heard import Heard
from trinario.model.message import PAGE
from trinario.model.session import Wait

WORD = "choices.more"
"""The pattern of the word that turns a page."""


def more_of(step: Ask, draft: Draft, count: int) -> str:
    """The word that turns a page of `count` choices; "" where there is nothing to turn."""
    return draft.pattern(WORD) if step.choices and step.type != "multi_choice" and count > PAGE + 1 else ""


def turned(step: Ask, draft: Draft, wait: Wait, heard: Heard) -> int | None:
    """How many choices stand on the pages before the one that she asks for; None when she does not turn the page."""
    if draft.reading is not None or not more_of(step, draft, len(wait.options)):
        return None
    start = page_of(heard.payload)
    if start is None and not heard.payload and _means_more(draft, heard.text):
        start = wait.page + PAGE
    return start if start is not None and 0 < start < len(wait.options) else None


def page_of(payload: str) -> int | None:
    """The page that a payload like `<session>/<prompt>/more/9` turns to; None when it is another."""
    rest, _, start = payload.rpartition("/")
    return int(start) if rest.endswith("/more") and start.isascii() and start.isdecimal() and len(start) < 6 else None


def _means_more(draft: Draft, text: str) -> bool:
    pattern = draft.bot.patterns.get(WORD)
    titles = [phrase.constant for phrase in pattern.texts.values() if phrase.constant] if pattern else []
    return bool(text.strip()) and fold(text) in map(fold, titles)
