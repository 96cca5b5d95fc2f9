"""Answers on a scale: `rating` (1 to 5, or as `min` and `max` say) and `nps` (0 to 10)."""

import re
import unicodedata
from decimal import Decimal

from trinario.engine.answer.plain import digit, plain
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.spoken import number_in_words
from trinario.engine.answer.text import seen, words_of
from trinario.model.flow import Ask

SCALES = frozenset({"rating", "nps"})
RATING, NPS = (1, 5), (0, 10)
PASSIVE, PROMOTER = 7, 9
"""From these on an answer to `nps` is passive, a promoter; below it is a detractor."""

_OF = r"(?:/|out of|of|su|de|sobre|von|sur|em)"
_SCORE = re.compile(rf"(?P<score>[^/]+?)\s*(?:{_OF}\s*(?P<most>\d{{1,2}}))?")
_STARS = re.compile(
    r"\s*(?:stars?|stell[ae]|estrellas?|sterne?n?|etoiles?|estrelas?|points?|punt[io]|puntos?|punkte?|pontos?)$"
)
_SIGNS = "⭐★🌟"


def scale_of(step: Ask) -> tuple[int, int]:
    """The least and the most that the question takes."""
    if step.type == "nps":
        return NPS
    least, most = step.min, step.max
    return (RATING[0] if least is None else int(least)), (RATING[1] if most is None else int(most))


def read_scale(heeded: Heeded) -> Reading:
    """A whole number of the scale; `9`, `９`, `9/10`, `9 out of 10`, `nine`, `4 stars`, `★★★★`, `9️⃣`."""
    least, most = scale_of(heeded.step)
    for option in heeded.options:
        if option.payload and option.payload == heeded.heard.payload:
            return Good(option.value, option.title)
    number = _score(seen(words_of(heeded)), heeded.language, most)
    if number is None or not least <= number <= most:
        return Bad(heeded.step.type, {"min": Decimal(least), "max": Decimal(most)})
    return Good(Decimal(number), str(number))


def _score(text: str, language: str, most: int) -> int | None:
    if len(text) > 40 or not text:
        return None
    signs = [letter for letter in text if not unicodedata.combining(letter) and letter not in "\ufe0f "]
    if signs and all(letter in _SIGNS for letter in signs):
        return len(signs)
    bare = plain("".join(map(digit, text.replace("🔟", "10")))).rstrip(".!")
    match = _SCORE.fullmatch(_STARS.sub("", bare))
    if match is None or (match["most"] and int(match["most"]) != most):
        return None
    score = _STARS.sub("", match["score"]).strip()
    if re.fullmatch(r"\+?\d{1,2}", score):
        return int(score)
    return number_in_words(score, language)


def exit_of(score: object) -> str:
    """`promoter` from 9, `passive` from 7, else `detractor`; "" for what is no score."""
    if not isinstance(score, Decimal):
        return ""
    return "promoter" if score >= PROMOTER else "passive" if score >= PASSIVE else "detractor"
