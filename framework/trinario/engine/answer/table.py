"""The table of answer types: which of them know a wrong answer, and who reads them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from trinario.engine.answer.card import read_contact, read_order
from trinario.engine.answer.choice import read_choice, read_yes_no
from trinario.engine.answer.form import read_form
from trinario.engine.answer.media import read_media
from trinario.engine.answer.moment import read_date, read_datetime, read_time
from trinario.engine.answer.money import read_money
from trinario.engine.answer.number import read_number
from trinario.engine.answer.otp import read_otp
from trinario.engine.answer.place import read_address, read_location
from trinario.engine.answer.reach import read_email, read_phone, read_url
from trinario.engine.answer.reading import Bad, Heeded, Reading
from trinario.engine.answer.scale import read_scale
from trinario.engine.answer.several import read_several
from trinario.engine.answer.span import read_duration
from trinario.engine.answer.text import read_any, read_name, read_text
from trinario.errors import EvaluationError
from trinario.model.flow import Ask


@dataclass(frozen=True, slots=True)
class AnswerType:
    """`closed` types know a wrong answer, open ones take whatever is said."""

    closed: bool
    read: Callable[[Heeded], Reading]


TYPES: dict[str, AnswerType] = {
    "text": AnswerType(False, read_text),
    "name": AnswerType(False, read_name),
    "address": AnswerType(False, read_address),
    "any": AnswerType(False, read_any),
    "number": AnswerType(True, read_number),
    "money": AnswerType(True, read_money),
    "rating": AnswerType(True, read_scale),
    "nps": AnswerType(True, read_scale),
    "email": AnswerType(True, read_email),
    "phone": AnswerType(True, read_phone),
    "url": AnswerType(True, read_url),
    "date": AnswerType(True, read_date),
    "time": AnswerType(True, read_time),
    "datetime": AnswerType(True, read_datetime),
    "duration": AnswerType(True, read_duration),
    "yes_no": AnswerType(True, read_yes_no),
    "choice": AnswerType(True, read_choice),
    "multi_choice": AnswerType(True, read_several),
    "location": AnswerType(True, read_location),
    "contact": AnswerType(True, read_contact),
    "order": AnswerType(True, read_order),
    "form": AnswerType(True, read_form),
    "image": AnswerType(True, read_media),
    "video": AnswerType(True, read_media),
    "audio": AnswerType(True, read_media),
    "document": AnswerType(True, read_media),
    "media": AnswerType(True, read_media),
    "otp": AnswerType(True, read_otp),
}


def type_of(step: Ask) -> AnswerType:
    """The type of a question; one with choices is a `choice`. Raises EvaluationError for a type nobody reads."""
    name = "choice" if step.choices and step.type in ("text", "choice") else step.type
    if name not in TYPES:
        raise EvaluationError(f"nobody reads answers of the type {name!r}")
    return TYPES[name]


def is_closed(step: Ask) -> bool:
    """Whether the question knows a wrong answer."""
    return type_of(step).closed


def read(heeded: Heeded) -> Reading:
    """What the message means as the answer. A part of a burst counts by itself when the whole is no answer."""
    kind = type_of(heeded.step)
    reading = kind.read(heeded)
    if isinstance(reading, Bad) and kind.closed and "\n" in heeded.text:
        for part in reversed(heeded.text.split("\n")):
            better = kind.read(replace(heeded, text=part))
            if not isinstance(better, Bad):
                return better
    return reading
