"""Small numbers in words, in six languages: `ten`, `dieci`, `veintiuno`, `einundzwanzig`, `quatre-vingt-dix`."""

from collections.abc import Iterator
from functools import lru_cache

LANGUAGES = ("en", "it", "es", "fr", "pt", "de")
"""The order in which other languages than hers are tried."""

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve",
    "de": "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn"
    " siebzehn achtzehn neunzehn",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf",
    "pt": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete"
    " dezoito dezenove",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_MORE = {
    "en": {"none": 0, "hundred": 100, "a hundred": 100, "one hundred": 100, "thousand": 1000, "a thousand": 1000,
           "one thousand": 1000, "a couple": 2, "a dozen": 12},
    "it": {"una": 1, "un": 1, "nessuno": 0, "nessuna": 0, "cento": 100, "mille": 1000, "una dozzina": 12},
    "es": {"una": 1, "un": 1, "ninguno": 0, "ninguna": 0, "cien": 100, "mil": 1000, "una docena": 12},
    "de": {"ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwo": 2, "keine": 0, "keiner": 0, "hundert": 100,
           "einhundert": 100, "tausend": 1000, "eintausend": 1000, "fuenf": 5, "zwoelf": 12, "fuenfzehn": 15},
    "fr": {"une": 1, "aucun": 0, "aucune": 0, "cent": 100, "mille": 1000, "quatre-vingts": 80, "une douzaine": 12},
    "pt": {"uma": 1, "duas": 2, "nenhum": 0, "nenhuma": 0, "cem": 100, "mil": 1000, "catorze": 14, "dezasseis": 16,
           "dezassete": 17, "dezanove": 19, "uma duzia": 12},
}  # fmt: skip


@lru_cache(maxsize=16)
def spoken(language: str) -> dict[str, int]:
    """Plain words (hyphens as blanks) -> number: those of every language, her own last word where two differ."""
    found: dict[str, int] = {}
    for name in (*reversed([other for other in LANGUAGES if other != language]), language):
        if name in _UNITS:
            found.update((word.replace("-", " "), number) for word, number in _of(name))
    return found


def number_in_words(text: str, language: str) -> int | None:
    """The number that a plain text is, said in words; None when it is none."""
    return spoken(language).get(text.replace("-", " "))


def _of(language: str) -> Iterator[tuple[str, int]]:
    units, tens = _UNITS[language].split(), _TENS[language].split()
    yield from zip(units, range(20), strict=True)
    for ten, word in enumerate(tens, 2):
        if language != "fr" or ten not in (7, 9):
            yield word, ten * 10
        for unit in range(1, 10):
            yield from ((written, ten * 10 + unit) for written in _joined(language, ten, word, unit, units))
    if language == "fr":
        yield from (("soixante-dix", 70), ("quatre-vingt-dix", 90), ("septante", 70), ("nonante", 90))
    yield from _MORE[language].items()


def _joined(language: str, ten: int, word: str, unit: int, units: list[str]) -> tuple[str, ...]:
    """Tens and units in one, in every way in which people write them."""
    said = units[unit]
    match language:
        case "it":
            return (word[:-1] + said if unit in (1, 8) else word + said,)
        case "es":
            return (f"veinti{said}",) if ten == 2 else (f"{word} y {said}",)
        case "de":
            return (f"{'ein' if unit == 1 else said}und{word}",)
        case "pt":
            return (f"{word} e {said}",)
        case "fr":
            rest = units[unit + 10] if ten in (7, 9) else said
            return (f"{word} et {rest}",) if unit == 1 and ten < 8 else (f"{word}-{rest}",)
        case _:
            return (f"{word}-{said}", f"{word}{said}")
