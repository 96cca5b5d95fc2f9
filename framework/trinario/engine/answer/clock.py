"""Which time of the day a text names: `15.30`, `15h30`, `3pm`, `alle 15`, `half past three`, `halb vier`, `noon`."""

import re
from datetime import time

from trinario.engine.answer.plain import plain, tokens, word_set
from trinario.engine.answer.spoken import number_in_words, spoken

_DIGITS = re.compile(r"(\d{1,2}) ?(?:[:.,h]|h |uhr|horas e|ore e|heures) ?(\d{2})(?::(\d{2}))?(?: ?(?:h|uhr|ore|min))?")
_WHOLE = re.compile(r"(\d{1,2}) ?(?:h|hs|hrs?|uhr|ore|horas?|heures?|o clock|:)?")
_PACKED = re.compile(r"(\d{1,2})(\d{2})(?: ?(?:h|hours|hrs))?")
_LEAD = re.compile(
    r"^(?:at|around|about|by|alle|all|ore|verso|per le|dalle|le|la|l|a las|a la|las|sobre las|hacia las|um|gegen|ab|ca"
    r"|a|vers|les|as|pelas|por volta das|il est|it s|son las|sono le|um circa|circa|@) +"
)
_TAIL = re.compile(r" +(?:sharp|in punto|en punto|em ponto|punkt|pile|o clock|circa|ca)$")
_MORNING = (
    "am|in the morning|this morning|morning|di mattina|del mattino|mattina|de la manana|por la manana|morgens"
    "|am morgen|vormittags|am vormittag|fruh|du matin|le matin|matin|da manha|de manha|manha|da madrugada"
    "|de la madrugada"
)
_EVENING = (
    "pm|in the afternoon|in the evening|this afternoon|this evening|afternoon|evening|tonight|del pomeriggio"
    "|di pomeriggio|pomeriggio|di sera|della sera|sera|de la tarde|por la tarde|de la noche|por la noche|tarde|noche"
    "|nachmittags|am nachmittag|nachmittag|abends|am abend|abend|de l apres midi|apres-midi|apres midi|du soir|soir"
    "|da tarde|a tarde|da noite|a noite|noite"
)
_NIGHT = "at night|di notte|nachts|in der nacht|de la nuit"
_PART = re.compile(rf"(?<![^\W_])(?:(?P<am>{_MORNING})|(?P<pm>{_EVENING})|(?P<night>{_NIGHT}))(?![^\W_])")
_PM_SHORT = re.compile(r"(\d)(?=[ap]m\b)")
_NAMED = {
    "noon": 12, "midday": 12, "mezzogiorno": 12, "mediodia": 12, "mittag": 12, "mittags": 12, "midi": 12,
    "meio dia": 12, "meio-dia": 12, "midnight": 0, "mezzanotte": 0, "medianoche": 0, "mitternacht": 0, "minuit": 0,
    "meia noite": 0, "meia-noite": 0,
}  # fmt: skip
NOW = word_set("right now|now|adesso|ora|subito|ahora|ahora mismo|jetzt|sofort|maintenant|agora")

_HALVES = word_set("half mezza mezzo media demie demi meia")
_QUARTERS = word_set("quarter quarto cuarto viertel quart")
_PAST, _THEN = frozenset({"past", "after", "nach"}), frozenset({"e", "y", "et", "and"})
_TO, _LESS = frozenset({"to", "till", "before", "vor", "para"}), frozenset({"meno", "menos", "moins"})
_SKIPPED = word_set("le la las les as a the minutes minuti minutos minuten heures heure h uhr ore l o clock")
_ARTICLES = frozenset({"un", "a", "um"})


def times_in(text: str, language: str) -> list[time]:
    """The times that `text` can mean, the likeliest first; none when it names no time.

    A bare hour is one of 24; that of the afternoon comes second, for questions whose bounds leave only that.
    """
    body = _PM_SHORT.sub(r"\1 ", plain(text).strip(" .!?"))
    part, body = _part_apart(body)
    for _ in range(2):
        body = _LEAD.sub("", body)
    body = _TAIL.sub("", body).strip(" ,")
    found = _written(body) or _in_words(body, language)
    return [] if found is None else _by_part(*found, part)


def _part_apart(body: str) -> tuple[str, str]:
    """`am`, `pm`, `night` or "", and the text without the words that said so."""
    if body in _NAMED:
        return "", body
    match = _PART.search(body)
    if match is None or match[0] == body:
        return "", body
    return str(match.lastgroup), " ".join((body[: match.start()] + " " + body[match.end() :]).split())


def _by_part(hour: int, minute: int, second: int, named: bool, part: str) -> list[time]:
    if not (0 <= hour <= 24 and 0 <= minute <= 59 and 0 <= second <= 59) or (hour == 24 and minute):
        return []
    hour %= 24
    if named or (hour > 12 and not part):
        return [time(hour, minute, second)]
    if part == "night":
        part = "pm" if 6 <= hour < 12 else "am"
    if part == "am":
        return [time(hour % 12 if hour == 12 else hour, minute, second)] if hour <= 12 else []
    if part == "pm":
        return [time(hour if hour >= 12 else hour + 12, minute, second)]
    return [time(hour, minute, second), *([time(hour + 12, minute, second)] if 0 < hour < 12 else [])]


def _written(body: str) -> tuple[int, int, int, bool] | None:
    """(hour, minute, second, whether the hour is one of 24 for sure)."""
    if body in _NAMED:
        return _NAMED[body], 0, 0, True
    if match := _DIGITS.fullmatch(body):
        return int(match[1]), int(match[2]), int(match[3] or 0), len(match[1]) == 2 and match[1][0] == "0"
    if match := _WHOLE.fullmatch(body):
        return int(match[1]), 0, 0, False
    if match := _PACKED.fullmatch(body):
        return int(match[1]), int(match[2]), 0, False
    return None


def _in_words(body: str, language: str) -> tuple[int, int, int, bool] | None:
    found = _numbers(body, language)
    if found is None:
        return None
    match found:
        case ["half", int(hour)]:
            return hour, 30, 0, False
        case ["halb", int(hour)] if hour:
            return hour - 1, 30, 0, False
        case ["dreiviertel", int(hour)] if hour:
            return hour - 1, 45, 0, False
        case [int(minute), "past", int(hour)] | [int(hour), "then", int(minute)] | [int(hour), int(minute)]:
            return hour, minute, 0, False
        case [int(minute), "to", int(hour)] | [int(hour), "less", int(minute)] if 0 < minute < 60:
            return (hour - 1) % 24 if hour != 1 else 12, 60 - minute, 0, False
        case [int(hour)]:
            return hour, 0, 0, False
        case _:
            return None


def _numbers(body: str, language: str) -> list[int | str] | None:
    """The words as numbers and what joins them; None when one means nothing in a time."""
    words = tokens(body.replace("-", " "))
    if not 0 < len(words) <= 8:
        return None
    found: list[int | str] = []
    table = spoken(language)
    for index, word in enumerate(words):
        sign = _sign(word, words[index + 1 : index + 2], first=not found)
        if sign is None:
            number = int(word) if word.isdecimal() and len(word) <= 2 else table.get(word)
            if number is None:
                return None
            sign = number
        if sign != "":
            found.append(sign)
    return _compound(found, number_in_words(body, language))


def _sign(word: str, following: list[str], first: bool) -> int | str | None:
    """What a word is besides a number; "" for what means nothing, None for what may be a number."""
    if word in _ARTICLES and following and following[0] in _QUARTERS | _HALVES:
        return ""
    if word in ("half", "halb", "dreiviertel"):
        return word if first else (30 if word == "half" else None)
    if word in _HALVES or word in _QUARTERS:
        return 30 if word in _HALVES else 15
    for sign, kinds in (("past", _PAST), ("then", _THEN), ("to", _TO), ("less", _LESS), ("", _SKIPPED)):
        if word in kinds:
            return sign
    return None


def _compound(found: list[int | str], whole: int | None) -> list[int | str] | None:
    """`half past three` is `half three`; tens and units are one number (`twenty five to four`)."""
    if whole is not None:
        return [whole]
    if found[:2] == ["half", "past"]:
        found = ["half", *found[2:]]
    joined: list[int | str] = []
    for one in found:
        last = joined[-1] if joined else ""
        if isinstance(one, int) and isinstance(last, int) and last in (20, 30, 40, 50) and 0 < one < 10:
            joined[-1] = last + one
        else:
            joined.append(one)
    return joined or None
