"""Cells of a sheet of contacts: what one says as a value, how a value is written in one, formulas defused and restored."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import lru_cache

import phonenumbers

from trinario import jsons
from trinario.authoring import scalars, unreadable
from trinario.engine.answer import Good, Heeded
from trinario.engine.answer import read as read_answer
from trinario.engine.answer.number import writes_point
from trinario.engine.answer.table import TYPES
from trinario.engine.fold import fold
from trinario.engine.time import zone
from trinario.engine.values import fitting
from trinario.errors import EvaluationError
from trinario.model.bot import Bot, Pattern
from trinario.model.channel import Identity
from trinario.model.flow import Ask
from trinario.model.heard import Heard
from trinario.model.value import Value, legible, pack, plain, unpack

DANGEROUS = "=+-@\t\r"
"""A spreadsheet takes what begins so for a formula."""

LONG = 11
"""More digits than these a spreadsheet rounds, or shows as 3.9E+11."""

WORDS = frozenset({"text", "name", "address", "url"})
GROUPS = frozenset({"list", "multi_choice", "mapping", "location", "contact", "order", "form", "any",
                    "image", "video", "audio", "document", "media"})  # fmt: skip
NUMBERS = frozenset({"number", "money", "rating", "nps"})

PLAIN = dict.fromkeys(("yes", "y", "true", "1", "x"), True) | dict.fromkeys(("no", "n", "false", "0"), False)
"""What every file may say for yes and no."""

_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_NOBODY = Identity("", "", "")


class Unreadable(Exception):
    """What is wrong with a cell; `mend` says how it is written instead."""

    def __init__(self, why: str, mend: str = "") -> None:
        super().__init__(f"{why}: {mend}" if mend else why)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of one file are written. `locale` "": as machines do; else numbers and dates are that language's."""

    bot: Bot
    now: datetime = field(default_factory=lambda: datetime.fromtimestamp(0, UTC))
    locale: str = ""
    meant: dict[str, bool] = field(default_factory=dict, compare=False)
    """Words that were found to say yes or no."""


def defused(text: str) -> str:
    """The text, so that no spreadsheet computes or rounds it; `restored` takes that back."""
    if text[:1] and (text[0] in DANGEROUS or (text[0] == "'" and _is_marked(text)) or _is_long(text)):
        return f"'{text}"
    return text


def restored(cell: str) -> str:
    """What stood in a cell before it was defused."""
    return cell[1:] if cell[:1] == "'" and _is_marked(cell) else cell


def _is_marked(text: str) -> bool:
    return len(text) > 1 and (text[1] in DANGEROUS or text[1] == "'" or text[1].isdecimal())


def _is_long(text: str) -> bool:
    return len(text) > LONG and text.isdecimal()


# ---- values


def written(value: Value) -> str:
    """A field's value as a cell: plain words, ISO 8601, decimal points; lists and groups as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list | tuple | Mapping):
        return jsons.dumps(pack(value))
    return value if isinstance(value, str) else str(plain(value))


def _number(value: Decimal) -> str:
    """Never three digits behind the point: where people write 1.234 for a thousand, it would be one."""
    text = format(value, "f")
    return f"{text}0" if _THOUSANDS.fullmatch(text) else text


def read(manner: Manner, kind: str, cell: str) -> Value:
    """The value of a cell for a field of this type. Raises Unreadable."""
    if kind in WORDS:
        return legible(cell)
    try:
        if kind in GROUPS:
            return _group(kind, cell)
        if kind in NUMBERS:
            _unambiguous(manner, cell)
        if kind in ("yes_no", "bool"):
            return yes_no(manner, cell)
        if kind == "choice" or (not manner.locale and kind not in ("email", "phone")):
            return fitting(cell.strip(), kind, "the column")
    except (EvaluationError, ValueError) as fault:
        if kind not in TYPES or kind in GROUPS:
            raise Unreadable(f"{cell[:60]!r} is no {kind}", MENDS.get(kind, "")) from fault
    return _by_language(manner, kind, cell)


def _group(kind: str, cell: str) -> Value:
    text = cell.strip()
    if text[:1] in ("[", "{", '"') or kind not in ("list", "multi_choice"):
        return fitting(unpack(jsons.loads(text)), kind, "the column") if kind != "any" else legible(cell)
    return [part.strip() for part in text.split(";") if part.strip()]


def _unambiguous(manner: Manner, cell: str) -> None:
    """1.234 is a thousand in one language and little more than one in another: whoever writes so says which."""
    if not manner.locale and _THOUSANDS.fullmatch(cell.strip()) and not writes_point(manner.bot.locale):
        raise Unreadable(f"{cell.strip()} may be a thousand, or little more than one",
                         f"say --locale {manner.bot.locale} (thousands) or --locale en")  # fmt: skip


def _by_language(manner: Manner, kind: str, cell: str) -> Value:
    """As an answer of that type is read."""
    if kind not in TYPES:
        raise Unreadable(f"{cell[:60]!r} is no {kind}", MENDS.get(kind, ""))
    heard = Heard(_NOBODY, "", manner.now, "text", text=cell)
    locale = manner.locale or manner.bot.locale
    step = Ask(name="cell", messages=(), type=kind)
    clock = zone(manner.bot.timezone) or UTC
    reading = read_answer(
        Heeded(step, heard, cell, (), locale, manner.bot.region, manner.bot.currency, manner.now, clock)
    )
    if not isinstance(reading, Good):
        raise Unreadable(f"{cell[:60]!r} is no {kind}", MENDS.get(kind, ""))
    return reading.value


MENDS: Mapping[str, str] = {
    "number": "write 1234.5, or say --locale", "money": "write 1234.5, or say --locale", "email": "write ana@example.org",
    "phone": "write it with its prefix, +39 333 1234567", "date": "write 2026-12-31, or say --locale",
    "datetime": "write 2026-12-31T18:30:00+01:00", "time": "write 18:30", "yes_no": "write yes or no",
    "duration": "write 2h, 3d or PT15M", "rating": "write a number", "nps": "write a number from 0 to 10",
}  # fmt: skip
"""How values of a type are written."""


# ---- who she is


def number_readings(manner: Manner, cell: str) -> tuple[str, str | None]:
    """The digits of a cell as they are (an id of WhatsApp's own is never changed where somebody has it), and the number
    that they are when they are dialled, None if there cannot be one. Raises Unreadable."""
    text = cell.strip()
    if _ROUNDED.fullmatch(text):
        raise Unreadable(f"{text} was rounded by a spreadsheet", "format the column as text, and write the number anew")
    digits = "".join(letter for letter in text if letter.isdecimal() and letter.isascii())
    if not 5 <= len(digits) <= 20 or sum(map(str.isalpha, text)):
        raise Unreadable(f"{text[:40]!r} is no phone number", MENDS["phone"])
    dialled = _dialled(text, manner.bot.region) or _dialled(f"+{digits}", None)
    return digits, dialled


def _dialled(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


@lru_cache(maxsize=512)
def language(cell: str) -> str:
    """A language as its code. Raises Unreadable."""
    try:
        return scalars.locale(cell)
    except unreadable.Unreadable as fault:
        raise _told(fault) from fault


@lru_cache(maxsize=1024)
def timezone(cell: str) -> str:
    """A time zone by its name. Raises Unreadable."""
    try:
        return scalars.zone(cell)
    except unreadable.Unreadable as fault:
        raise _told(fault) from fault


def _told(fault: unreadable.Unreadable) -> Unreadable:
    return Unreadable(fault.message, fault.hint)


def yes_no(manner: Manner, cell: str) -> bool:
    """Whether a cell says yes: in English, in the bot's language or in that of the file. A slip of the pen, and a number but
    1 and 0, say neither. Raises Unreadable."""
    word = fold(cell)
    said = PLAIN.get(word, manner.meant.get(word))
    if said is None:
        yes, no = (word in map(fold, _words(manner, name)) for name in ("yes", "no"))
        if yes == no:
            raise Unreadable(f"{cell[:60]!r} is neither yes nor no", MENDS["yes_no"])
        said = manner.meant[word] = yes
    return said


def _words(manner: Manner, name: str) -> Iterator[str]:
    """The words that mean this in the languages of the file and of the bot."""
    pattern = manner.bot.patterns.get(name, Pattern())
    for locale in (manner.locale, manner.bot.locale):
        for known in (locale, locale.replace("_", "-").split("-")[0]):
            yield from pattern.words.get(known, ())


def moment(manner: Manner, cell: str) -> datetime:
    """A moment, or the beginning of a day by the bot's clock. Raises Unreadable."""
    clock = zone(manner.bot.timezone) or UTC
    try:
        found = datetime.fromisoformat(cell.strip())
    except ValueError:
        day = _by_language(manner, "date", cell)
        found = datetime.combine(day, time())
    return found if found.tzinfo else found.replace(tzinfo=clock)
