"""Answers in words: `text`, `name`, and `any`, which takes everything."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import re2

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.limits import ANSWER_CHARACTERS
from trinario.engine.scope import media_value
from trinario.engine.values import kept
from trinario.errors import EvaluationError

WORDED = frozenset({"text", "tap", "get_started"})
"""Kinds of heard things whose text is what she says; the text of the others only goes with something."""


def read_text(heeded: Heeded) -> Reading:
    """Any words; `min` and `max` bound their length, `pattern` their form."""
    text = words_of(heeded)
    if not text or not _fits(heeded, text):
        return Bad("text")
    return Good(text, text)


_LEAD = re.compile(
    r"(?:hi|hello|ciao|hola|hallo|bonjour|olá)?[,!]?\s*(?:my name is|my name's|i am|i'm|i’m|it's|it’s|call me|this is"
    r"|mi chiamo|il mio nome è|io sono|sono|me llamo|mi nombre es|soy|ich heiße|ich heisse|mein name ist|ich bin(?: die| der)?"
    r"|je m'appelle|je m’appelle|mon nom est|je suis|moi c'est|me chamo|meu nome é|o meu nome é|eu sou|sou)\s+(?=\S)",
    re.IGNORECASE,
)


def read_name(heeded: Heeded) -> Reading:
    """A name with at least one letter in it, blanks put in order; `my name is` and its like are left out."""
    text = " ".join(words_of(heeded)[:1000].split())
    if (said := _LEAD.match(text)) and len(text[said.end() :].split()) <= 4:
        text = text[said.end() :].rstrip(".!")
    if not any(map(str.isalpha, text)) or len(text) > 100 or not _fits(heeded, text):
        return Bad("name")
    return Good(text, text)


def read_any(heeded: Heeded) -> Reading:
    """Words if there are any, else the file, else what the message brought besides."""
    if text := heeded.text.strip()[:ANSWER_CHARACTERS]:
        return Good(text, text)
    if heeded.heard.media:
        return Good(media_value(heeded.heard), heeded.heard.media[0].kind)
    if heeded.heard.data:
        return Good(_data(heeded), heeded.heard.kind)
    return Bad("text") if heeded.heard.kind in WORDED else Good(heeded.heard.kind, heeded.heard.kind)


def _data(heeded: Heeded) -> Any:
    try:
        return kept(heeded.heard.data)
    except EvaluationError:
        return heeded.heard.kind


def words_of(heeded: Heeded) -> str:
    """The words of a message that is words, "" for any other."""
    return heeded.text.strip()[:ANSWER_CHARACTERS] if heeded.heard.kind in WORDED and not heeded.heard.media else ""


def seen(text: str) -> str:
    """The text without the marks that nobody sees: a phone puts them around what was copied from elsewhere."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()


def _fits(heeded: Heeded, text: str) -> bool:
    step = heeded.step
    if (step.min is not None and len(text) < step.min) or (step.max is not None and len(text) > step.max):
        return False
    return matches(step.pattern, text)


def matches(pattern: str | None, text: str) -> bool:
    """Whether the whole text is of the author's pattern. Raises EvaluationError for a pattern that is none."""
    return pattern is None or compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """The author's pattern on an engine that needs linear time, whatever she writes."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise EvaluationError(f"the pattern {pattern!r} is none: {error}") from None
