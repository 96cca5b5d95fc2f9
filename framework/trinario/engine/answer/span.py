"""Answers that are spans of time: `two hours`, `1 h 30`, `90 min`, `un'ora e mezza`, `1:30`, `PT2H`."""

import re
from datetime import timedelta
from decimal import Decimal

from trinario.engine.answer.plain import plain, word_set
from trinario.engine.answer.reading import Heeded, Reading, bounded
from trinario.engine.answer.spoken import spoken
from trinario.engine.answer.text import words_of
from trinario.model.duration import parse_duration

_SECONDS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000,
}  # fmt: skip
"""A month is 30 days and a year 365: an answer like "two months" is no more exact than that."""

_UNITS = {
    "second": "s sec secs second seconds secondo secondi segundo segundos sekunde sekunden sek seconde secondes",
    "minute": "m min mins minute minutes minuto minuti minutos minuten",
    "hour": "h hr hrs hour hours ora ore hora horas stunde stunden std heure heures hs",
    "day": "d day days giorno giorni dia dias tag tage tagen jour jours j gg",
    "week": "w week weeks settimana settimane semana semanas woche wochen semaine semaines",
    "month": "month months mese mesi mes meses monat monate monaten mois",
    "year": "year years anno anni ano anos jahr jahre jahren an ans annee annees",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_ARTICLES = word_set("a an un una uno ein eine einen einem einer une um uma")
_HALVES = word_set("half mezza mezzo mezz media medio halbe halber halbes demi demie meia meio")
_QUARTERS = word_set("quarter quarters quarto quarti cuarto cuartos viertel quart quarts")
_JOINS = word_set("and e y et und of d di de , for per por fur pour durante about circa ca etwa environ")
_WHOLE_SPANS = {"viertelstunde": 900, "dreiviertelstunde": 2700, "halbstunde": 1800}
_ODD = {"anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5"), "zweieinhalb": Decimal("2.5")}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|,")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?: ?(?:h|hours?|ore|std))?")
_MOST = timedelta(days=36_525)


def read_duration(heeded: Heeded) -> Reading:
    """A timedelta within `min` and `max`; `1:30` is an hour and a half."""
    span = span_in(words_of(heeded), heeded.language)
    return bounded([] if span is None else [span], heeded.step.min, heeded.step.max, "duration")


def span_in(text: str, language: str) -> timedelta | None:
    """The span that a text names, a hundred years at most; None when it names none."""
    body = plain(text).strip(" .!?~")
    if not body or body[0] == "-":
        return None
    if match := _CLOCK.fullmatch(body):
        return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))
    try:
        return parse_duration(body.upper() if body.startswith("p") else body.replace(" ", "")).elapsed
    except ValueError:
        pass
    seconds = _Sum(language).total(_TOKEN.findall(body)) if _is_words(body) else None
    if seconds is None or not 0 <= seconds <= _MOST.total_seconds():
        return None
    return timedelta(seconds=int(seconds))


def _is_words(body: str) -> bool:
    return len(body) <= 60 and not _TOKEN.sub("", body).strip(" -.")


class _Sum:
    """Numbers and units added up, from left to right."""

    def __init__(self, language: str) -> None:
        self.table = spoken(language)
        self.seconds = Decimal(0)
        self.number: Decimal | None = None
        self.article = False  # the number is but an article
        self.unit = ""
        self.part: Decimal | None = None  # a half, a quarter: of the unit that follows, else of the one before

    def total(self, words: list[str]) -> Decimal | None:
        """The seconds; None when a word means nothing here, or no unit is named."""
        if not all(self._take(word) for word in words) or not self.unit:
            return None
        if self.part is not None:
            self.seconds += self.part * _SECONDS[self.unit]
        elif self.number is not None:
            # `1 h 30`: of the next smaller unit
            if self.unit != "hour" or self.number >= 60:
                return None
            self.seconds += self.number * 60
        return self.seconds

    def _take(self, word: str) -> bool:
        if word in _JOINS and not (word == "," and self.number is not None):
            return True
        if word in _UNIT_OF and not (word in _ARTICLES and self.number is None):
            return self._close(_UNIT_OF[word])
        if word in _WHOLE_SPANS:
            self.seconds, self.number, self.unit = self.seconds + _WHOLE_SPANS[word], None, "hour"
            return True
        if word in _HALVES or word in _QUARTERS:
            self._break(word)
            return True
        return self._count(word)

    def _break(self, word: str) -> None:
        """A half or quarters; `one and a half` is both."""
        said = None if self.article else self.number
        self.part = (said or 0) + Decimal("0.5") if word in _HALVES else (said or 1) * Decimal("0.25")
        self.number = None

    def _count(self, word: str) -> bool:
        number = _ODD.get(word)
        if number is None and word[0].isdecimal():
            number = Decimal(word.replace(",", "."))
        if number is None:
            said = 1 if word in _ARTICLES else self.table.get(word)
            number = None if said is None else Decimal(said)
        if number is None:
            return False
        if self.number is not None and (self.number % 10 or number >= 10 or self.number < 20):
            return word in _ARTICLES
        if self.part is None:
            self.number, self.article = number + (self.number or 0), word in _ARTICLES
        return True

    def _close(self, unit: str) -> bool:
        """A unit ends an amount; without any (`hours`) it is none."""
        amount = self.number if self.part is None else self.part
        if amount is None:
            return False
        self.seconds += amount * _SECONDS[unit]
        self.number = self.part = None
        self.unit = unit
        return True
