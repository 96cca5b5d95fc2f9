"""Answers that are amounts of money: a number, with or without the sign, the code or the name of the bot's currency."""

import re

from trinario.engine.answer.number import number_in, within, without_about
from trinario.engine.answer.plain import digit, word_set
from trinario.engine.answer.reading import Bad, Heeded, Reading
from trinario.engine.answer.text import seen, words_of

_CODES = word_set(
    "AED ARS AUD BGN BOB BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GTQ HKD HUF IDR ILS INR ISK JPY KES KRW "
    "MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN PYG RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR"
)
_DOLLARS = "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP UYU"
_PESOS = "MXN ARS CLP COP UYU PHP"
_SIGNS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": _DOLLARS, "us$": "USD", "a$": "AUD", "c$": "CAD", "r$": "BRL",
    "dollar": _DOLLARS, "dollars": _DOLLARS, "dollari": _DOLLARS, "dolares": _DOLLARS, "dólares": _DOLLARS,
    "dólar": _DOLLARS, "bucks": "USD", "£": "GBP EGP", "pound": "GBP EGP", "pounds": "GBP EGP", "sterline": "GBP",
    "libras": "GBP", "livres": "GBP", "pfund": "GBP", "quid": "GBP", "fr": "CHF", "fr.": "CHF", "sfr": "CHF",
    "franc": "CHF", "francs": "CHF", "franken": "CHF", "franchi": "CHF", "francos": "CHF", "real": "BRL", "reais": "BRL",
    "reales": "BRL", "peso": _PESOS, "pesos": _PESOS, "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY",
    "yen": "JPY", "yuan": "CNY", "₹": "INR", "rupees": "INR PKR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS",
    "₫": "VND", "₱": "PHP", "฿": "THB", "₴": "UAH", "₦": "NGN", "zł": "PLN", "zl": "PLN", "kč": "CZK", "kc": "CZK",
    "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "lei": "RON", "ft": "HUF", "лв": "BGN", "s/": "PEN", "rm": "MYR",
    "rp": "IDR", "r": "ZAR",
}  # fmt: skip
_CURRENCIES = {sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()} | {
    code.lower(): frozenset((code,)) for code in _CODES
}
_AROUND = re.compile(r"^([^\d\s.,+-]+?\.?)?\s*([+-]?[\d.,][\d.,\s'’_\u00a0\u202f]*?)\s*([^\d\s.,]+\.?)?[.!]?$")
_SPOKEN = re.compile(r"^([^\d]+?)\s+([^\d\s]+)$")
_LONGEST = 60


def read_money(heeded: Heeded) -> Reading:
    """An amount (a Decimal) in the bot's currency; one that names another currency is `money_currency`."""
    text = seen(words_of(heeded))
    if len(text) > _LONGEST:
        return Bad("money")
    amount, names = _parted(without_about("".join(map(digit, text))))
    for name in names:
        codes = _CURRENCIES.get(name, frozenset((name.upper(),)) if name.upper() == heeded.currency else None)
        if codes is None:
            return Bad("money")
        if heeded.currency not in codes:
            return Bad("money_currency", {"currency": heeded.currency})
    return within(number_in(heeded, amount), text, heeded.step, "money")


def _parted(text: str) -> tuple[str, list[str]]:
    """The amount, and what stands around it as its currency."""
    match = _AROUND.match(text)
    if match:
        return match[2], [name.lower() for name in (match[1], match[3]) if name]
    match = _SPOKEN.match(text)
    if match and match[2].lower() in _CURRENCIES:
        return match[1], [match[2].lower()]
    return text, []
