"""Answers that pick several of what was offered: `multi_choice`."""

import re

from trinario.engine.answer.choice import match
from trinario.engine.answer.plain import plain, word_set
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import words_of
from trinario.engine.fold import fold
from trinario.model.session import Offered

_BLANKS = re.compile(r"[^\S\n]+")
_MARKS = re.compile(r"[,;/\n+&|•·]|(?<=\d)\s*[.)]\s+(?=\d)|(?<=\d)\s+(?=\d)|、|،")
_JOINS = re.compile(r"\s+(?:and|plus|or|e|ed|y|und|et|sowie|as well as)\s+", re.IGNORECASE)
_LEAD = re.compile(r"^(?:[-–*]\s*|(?:and|e|ed|y|und|et|both|entrambi|beide)\s+)", re.IGNORECASE)
_ALL = word_set("all|all of them|everything|tutti|tutte|tutto|todos|todas|todo|alle|alles|tous|toutes|tout|tudo")
_BOTH = word_set("both|both of them|entrambi|entrambe|tutti e due|ambos|ambas|los dos|beide|beides|les deux|os dois")
_LONGEST, _SEPARATORS = 1000, 30


def read_several(heeded: Heeded) -> Reading:
    """A list of values in the order in which they were offered; `min` and `max` bound how many. `1, 3`, `rosso e blu`."""
    picked = _picked(heeded)
    if not picked:
        return Bad("multi_choice")
    step, found = heeded.step, [option for option in heeded.options if option in picked]
    if (step.min is not None and len(found) < step.min) or (step.max is not None and len(found) > step.max):
        names = {"min": step.min, "max": step.max}
        known = {name: bound for name, bound in names.items() if bound is not None}
        return Bad("choices_range" if len(known) == 2 else f"choices_{next(iter(known))}", known)
    return Good([option.value for option in found], ", ".join(option.title for option in found))


def _picked(heeded: Heeded) -> list[Offered]:
    """All that she names; none when a part of what she says names nothing."""
    text = _BLANKS.sub(" ", words_of(heeded)[: _LONGEST + 1])
    if heeded.heard.payload and (one := match(heeded.options, heeded.heard.payload, "")):
        return [one]
    if not text or len(text) > _LONGEST:
        return []
    said = fold(plain(text))
    if (said in _ALL or (said in _BOTH and len(heeded.options) == 2)) and not match(heeded.options, "", text):
        return list(heeded.options)
    return _named(heeded.options, text)


def _named(options: tuple[Offered, ...], text: str) -> list[Offered]:
    """The whole as one title, else a title and what follows it: one with "and" in it is found ("salt and pepper")."""
    text = _LEAD.sub("", text.strip(" ,;.\n")) or text
    if (whole := match(options, "", text)) is not None:
        return [whole]
    separators = [*_MARKS.finditer(text), *_JOINS.finditer(text)]
    if len(separators) > _SEPARATORS:
        return []
    for mark in sorted(separators, key=lambda mark: -mark.start()):
        first = match(options, "", text[: mark.start()])
        if first is not None and (rest := _named(options, text[mark.end() :])):
            return [first, *rest]
    return []
