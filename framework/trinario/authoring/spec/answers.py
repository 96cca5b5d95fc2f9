"""The table of answer types: what each gives, and which keys of `ask` it knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerType:
    """One `type` of a question. `closed` ones know a wrong answer; `gives` is the type of the value that is saved."""

    name: str
    about: str
    gives: str
    closed: bool
    keys: frozenset[str] = frozenset()


_TEXTUAL = frozenset({"min", "max", "pattern"})

ANSWER_TYPES = (
    AnswerType("text", "Any words.", "text", closed=False, keys=_TEXTUAL),
    AnswerType("name", "The name of a person.", "text", closed=False, keys=_TEXTUAL),
    AnswerType("number", "A number, in the digits and with the decimal sign of her language.", "number", closed=True,
               keys=frozenset({"min", "max"})),
    AnswerType("email", "An e-mail address.", "text", closed=True, keys=frozenset({"pattern"})),
    AnswerType("phone", "A phone number, saved in the international form.", "text", closed=True),
    AnswerType("yes_no", "Yes or no, in her language.", "yes_no", closed=True),
    AnswerType("choice", "One of the choices.", "any", closed=True),
    AnswerType("image", "A picture.", "media", closed=True),
    AnswerType("any", "Whatever she sends.", "any", closed=False),
)  # fmt: skip

ANSWERS = {kind.name: kind for kind in ANSWER_TYPES}

LATER_ANSWERS = frozenset({
    "money", "url", "date", "time", "datetime", "duration", "multi_choice", "rating", "nps", "location", "address",
    "video", "audio", "document", "media", "contact", "order", "otp",
})  # fmt: skip

VALUE_TYPES = (
    "text", "name", "number", "money", "email", "phone", "url", "date", "time", "datetime", "duration", "yes_no",
    "choice", "list", "mapping", "image", "media", "location", "any",
)  # fmt: skip
"""What a variable, an input, a field or a part of an event's data may be declared to be."""
