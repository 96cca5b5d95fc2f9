"""How fast, how much and when: the single values that campaigns have and nothing else."""

import re
from datetime import datetime
from decimal import Decimal

from trinario.authoring.near import nearest
from trinario.authoring.scalar_times import moment
from trinario.authoring.unreadable import Unreadable
from trinario.model.campaign import Budget, Pace

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_WORDS = {"sec": "s", "second": "s", "min": "m", "minute": "m", "hour": "h", "hr": "h", "day": "d"}


def pace(text: str) -> Pace:
    """`50/s`, `1000/m`, `5000/h`, `20000/d`. Raises Unreadable."""
    plain = text.strip()
    match = re.fullmatch(r"([0-9]{1,7}) ?/ ?([smhd])", plain, re.ASCII)
    if match is None:
        raise Unreadable("S044", f'"{plain[:40]}" is no pace', _pace_hint(plain))
    if not int(match[1]):
        raise Unreadable("S044", f'"{plain}" would never send anything', "write at least 1/d, or leave `pace` out")
    return Pace(int(match[1]), _SECONDS[match[2]])


def _pace_hint(plain: str) -> str:
    match = re.fullmatch(r"([0-9]{1,7}) *(?:/|per|a|an|each)? *([a-z]+)?", plain[:40].lower())
    if match is None:
        return "write how many in what time, like 50/s, 1000/m or 5000/h"
    word = (match[2] or "s").strip()
    unit = word if word in _SECONDS else _WORDS.get(word) or _WORDS.get(word.rstrip("s"), "s")
    return f"write {match[1]}/{unit}"


def amount(text: str) -> Budget:
    """`200 EUR`, `12.50 USD`. Raises Unreadable."""
    plain = text.strip()
    match = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,2})?) ?([A-Z]{3})", plain, re.ASCII)
    if match is None:
        raise Unreadable("S045", f'"{plain[:40]}" is no amount', _amount_hint(plain))
    currencies = _currencies()
    if match[2] not in currencies:
        close = nearest(match[2], _USUAL) or nearest(match[2], currencies)
        hint = f"did you mean {match[1]} {close}?" if close else "write its code of three letters, like EUR"
        raise Unreadable("S045", f"there is no currency {match[2]}", hint)
    if not Decimal(match[1]):
        raise Unreadable("S045", f"{plain} pays for nothing", "write more, or leave `budget` out")
    return Budget(Decimal(match[1]), match[2])


_USUAL = ("EUR", "USD", "GBP", "CHF", "INR", "BRL", "MXN", "IDR", "TRY", "PLN", "AED", "ZAR", "NGN", "EGP", "JPY")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "₹": "INR", "¥": "JPY", "r$": "BRL"}


def _amount_hint(plain: str) -> str:
    """The number and the currency that stand there, as they are to be written."""
    number = re.search(r"[0-9]+(?:\.[0-9]{1,2})?", plain[:40].replace(",", ""))
    sign = next((code for mark, code in _SIGNS.items() if mark in plain[:40].lower()), None)
    word = re.search(r"[A-Za-z]{3}", plain[:40])
    code = sign or (word[0].upper() if word else "EUR")
    return f"write {number[0]} {code}" if number else "write a number and a currency, like 200 EUR"


def _currencies() -> frozenset[str]:
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


def wall_time(text: str) -> datetime:
    """`2026-12-01 10:00`, naive: whose clock it is stands elsewhere. Raises Unreadable."""
    found = moment(text)
    if found.tzinfo is not None:
        local = f"{found:%Y-%m-%d %H:%M}"
        raise Unreadable("S038", f'"{text.strip()[:40]}" has an offset, and this is a time on the wall',
                         f"write {local}, and whose clock it is beside it: zone: contact, or zone: Europe/Rome")  # fmt: skip
    return found
