"""The words of dates in every language: months and days of the week (Babel's), and ours for tomorrow, next, ago ..."""

from functools import lru_cache
from typing import Any

from trinario.engine.answer.plain import plain, tokens, word_set
from trinario.engine.answer.spoken import LANGUAGES

_FILLERS = {
    "en": "the of on at day date ,",
    "it": "il lo l la di del dell d nel giorno",
    "es": "el la de del dia",
    "fr": "le la l de du d jour",
    "pt": "o a de do da dia no na em feira",
    "de": "der den dem die des am vom um tag",
}
_DAYS = {
    "today": 0, "tonight": 0, "this evening": 0, "this afternoon": 0, "oggi": 0, "stasera": 0, "questa sera": 0,
    "esta noche": 0, "esta tarde": 0, "ce soir": 0, "cet apres midi": 0, "esta noite": 0, "hoy": 0, "heute": 0, "aujourd hui": 0, "hoje": 0,
    "tomorrow": 1, "tmrw": 1, "tmr": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1, "domani": 1, "manana": 1,
    "morgen": 1, "demain": 1, "amanha": 1,
    "day after tomorrow": 2, "overmorrow": 2, "dopodomani": 2, "dopo domani": 2, "pasado manana": 2, "ubermorgen": 2,
    "uebermorgen": 2, "apres demain": 2, "depois de amanha": 2,
    "yesterday": -1, "ieri": -1, "ayer": -1, "gestern": -1, "hier": -1, "ontem": -1,
    "day before yesterday": -2, "ieri l altro": -2, "altro ieri": -2, "l altro ieri": -2, "avantieri": -2,
    "anteayer": -2, "antes de ayer": -2, "vorgestern": -2, "avant hier": -2, "anteontem": -2,
}  # fmt: skip
_WEEKDAYS = {
    "en": "mon tue tues wed thu thur thurs fri sat sun", "it": "lun mar mer gio ven sab dom",
    "es": "lun mar mie jue vie sab dom", "de": "mo di mi do fr sa so", "fr": "lun mar mer jeu ven sam dim",
    "pt": "segunda terca quarta quinta sexta sabado domingo",
}  # fmt: skip
_ENGLISH_DAYS = (0, 1, 1, 2, 3, 3, 3, 4, 5, 6)
_MONTHS = {"sept": 9, "set": 9, "maerz": 3, "jaenner": 1, "janner": 1, "juin": 6, "aout": 8, "setiembre": 9}

NEXT = word_set(
    "next coming prossimo prossima proximo proxima nachste nachsten nachster nachstem naechsten kommende"
    " kommenden kommender prochain prochaine que viene vem entrante"
)
THIS = word_set("this questo questa quest este esta diese diesen dieser diesem ce cet cette")
LAST = word_set(
    "last past scorso scorsa passato passata pasado pasada ultimo ultima letzte letzten letzter letztem"
    " vergangene vergangenen dernier derniere passe passee passado passada"
)
AHEAD = word_set("in tra fra entro dentro en dans em daqui desde ahora from now later hence da adesso ab jetzt")
AGO = word_set("ago fa hace vor ha atras il y a faz")
UNITS = {
    "day": "day", "days": "day", "giorno": "day", "giorni": "day", "dia": "day", "dias": "day", "tag": "day",
    "tage": "day", "tagen": "day", "jour": "day", "jours": "day",
    "week": "week", "weeks": "week", "settimana": "week", "settimane": "week", "semana": "week", "semanas": "week",
    "woche": "week", "wochen": "week", "semaine": "week", "semaines": "week",
    "month": "month", "months": "month", "mese": "month", "mesi": "month", "mes": "month", "meses": "month",
    "monat": "month", "monate": "month", "monaten": "month", "mois": "month",
    "year": "year", "years": "year", "anno": "year", "anni": "year", "ano": "year", "anos": "year", "jahr": "year",
    "jahre": "year", "jahren": "year", "an": "year", "ans": "year", "annee": "year", "annees": "year",
}  # fmt: skip
ARTICLES = word_set("a an un una uno ein eine einen einem einer une um uma")
FIRST = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "twentieth": 20,
    "thirtieth": 30, "primo": 1, "primero": 1, "erster": 1, "ersten": 1, "erste": 1, "zweiten": 2, "dritten": 3,
    "premier": 1, "primeiro": 1,
}  # fmt: skip
FIRST |= {f"twenty {word}": 20 + number for word, number in FIRST.items() if number < 10} | {"thirty first": 31}


class Calendar:
    """The words of one language, with those of the others behind them: `months` 1-12, `weekdays` 0 (Monday) to 6.

    `phrases` map what names a day by itself (`day after tomorrow`) to days from today.
    """

    def __init__(self, language: str) -> None:
        self.months: dict[str, int] = {}
        self.weekdays: dict[str, int] = {}
        for name in (*reversed([other for other in LANGUAGES if other != language]), language):
            self._learn(name, own=name == language)
        self.months = {**_MONTHS, **self.months}
        own = set(_FILLERS.get(language, "").split())
        others = {word for words in _FILLERS.values() for word in words.split()}
        self.fillers = frozenset((others - self.weekdays.keys()) | own)
        self.phrases = {" ".join(self.words(phrase)): days for phrase, days in _DAYS.items()}

    def words(self, text: str) -> list[str]:
        """The tokens of a plain text that mean something in a date; of signs those between digits."""
        found = tokens(text)
        return [
            token for index, token in enumerate(found)
            if token not in self.fillers
            and (token.isalnum() or (index and found[index - 1].isdecimal() and found[index + 1 : index + 2]
                                     and found[index + 1].isdecimal()))
        ]  # fmt: skip

    def _learn(self, name: str, own: bool) -> None:
        from babel import Locale, UnknownLocaleError

        try:
            data: Any = Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            return
        for context in ("stand-alone", "format"):
            for width in ("abbreviated", "wide"):
                _take(self.months, data.months[context][width], own)
                _take(self.weekdays, data.days[context][width], own)
        for index, word in enumerate(_WEEKDAYS.get(name, "").split()):
            if own or len(word) > 2:
                self.weekdays[word] = _ENGLISH_DAYS[index] if name == "en" else index


def _take(found: dict[str, int], names: Any, own: bool) -> None:
    """Names by number; very short ones of other languages are left out, they mean too much else."""
    for number, name in names.items():
        word = next((token for token in tokens(plain(name)) if token.isalpha()), "")
        if len(word) > 2 or (own and len(word) > 1):
            found[word] = number


@lru_cache(maxsize=32)
def calendar(language: str) -> Calendar:
    """The words of a language; read from Babel's data at the first date in it."""
    return Calendar(language)
