"""What she could answer to a question: right and wrong, at the bounds, in words and in files, judged by the reader itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from trinario.engine.answer import Bad, heed, read
from trinario.engine.leave import holding
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.event import MessageHeard
from trinario.model.flow import Ask
from trinario.model.heard import Heard, MediaHeard
from trinario.model.session import Session
from trinario.testing.explore.literals import Literals, told_apart
from trinario.testing.explore.matching_text import fitting
from trinario.testing.people import number_on
from trinario.testing.script import Act, Sends, Taps, Types, Writes

FILES = {
    "image": ("image",), "video": ("video",), "audio": ("audio",), "document": ("document",),
    "media": ("image", "audio"),
}  # fmt: skip
"""Files that a type of question takes."""

NO_GESTURE = frozenset({"contact", "order", "form"})
"""Types whose right answers no talk can give."""

WORDS = {
    "text": ("A few words of mine", "Ok"), "name": ("Ana Rossi",), "address": ("Via Roma 1, Milano",), "any": ("Something",),
    "email": ("ana@example.org",), "phone": ("+393331234567", "+15550783999"), "url": ("https://example.org/a",),
    "time": ("10:00", "15:30", "09:00", "12:00", "18:00", "20:00", "00:00"), "location": ("45.46, 9.19",),
    "duration": ("30 min", "2 h", "1 h", "3 h", "10 min", "3 days", "20 days"), "rating": ("1", "3", "5"),
    "nps": ("9", "7", "2", "0", "10"), "yes_no": ("yes", "no", "1", "2"), "multi_choice": ("1", "1, 2", "2, 3"),
}  # fmt: skip
"""Right answers by type, until the reader says otherwise; numbers and days are reckoned."""

TYPED = ("text", "name", "address", "any", "email", "url", "duration", "time")

NONSENSE = "qxzzq wvvk"
FOREIGN = "Entschuldigung, das verstehe ich leider nicht"
SMILE = "\U0001f642"


@dataclass(frozen=True, slots=True)
class Answers:
    """Things she can do at a question. `further` are right answers that mean the same as one of `right`.

    `certain` is false where a right answer may exist that no talk can give.
    """

    right: tuple[Act, ...]
    wrong: tuple[Act, ...]
    further: tuple[Act, ...] = ()
    certain: bool = True


def _tried(kind: str, shown: Iterable[str], texts: Iterable[str], at: datetime) -> Iterator[tuple[Act, Heard]]:
    """Taps, texts and files."""
    if kind in ("choice", "yes_no", "rating", "nps"):
        for title in dict.fromkeys(shown):
            yield Taps(0, title), _heard(title, at)
    for text in dict.fromkeys(texts):
        yield Writes(0, text), _heard(text, at)
    for file in ("image", "video", "audio", "document"):
        heard = Heard(_ANYBODY, "", at, file, media=(MediaHeard(file),))
        yield Sends(0, file, f"https://cdn.example/{file}", ""), heard


def answers(bot: Bot, session: Session, contact: Contact, step: Ask, shown: Iterable[str], found: Literals,
            at: datetime) -> Answers:  # fmt: skip
    """Answers to the pending question. `shown` are the titles that can be tapped."""
    kind = "choice" if step.choices and step.type in ("text", "choice") else step.type
    if kind == "otp":
        return Answers((Types(0),), (Types(0, False), Writes(0, NONSENSE)))
    texts, certain = _texts(step, kind, session, found, at)
    texts = [*_own_numbers(bot), *texts] if kind == "phone" else texts
    meanings: dict[str, Act] = {}
    wrong, further = [], []
    for act, heard in _tried(kind, shown, texts, at):
        meaning = _meaning(bot, session, contact, step, heard, found)
        if meaning is None:
            wrong.append(act)
        elif meaning in meanings or (isinstance(act, Sends) and kind not in FILES):
            further.append(act)
        else:
            meanings[meaning] = act
    right = tuple(meanings.values()) or tuple(further)
    return Answers(right, tuple(wrong), tuple(further), certain and kind not in NO_GESTURE)


_ANYBODY = Identity("", "", "")


def _own_numbers(bot: Bot) -> list[str]:
    """Her own WhatsApp number: a code that is sent to another never comes to her."""
    places = enumerate(bot.channels.values())
    return [f"+{number_on(place)}" for place, channel in places if channel.platform == "whatsapp"][:1]


def _heard(text: str, at: datetime) -> Heard:
    return Heard(_ANYBODY, "", at, "text", text)


def _meaning(bot: Bot, session: Session, contact: Contact, step: Ask, heard: Heard, found: Literals) -> str | None:
    """What the engine takes it for, as far as conditions can tell; None when it is no answer."""
    event = MessageHeard("", heard.at, heard)
    options = session.wait.options if session.wait else ()
    try:
        reading = read(heed(step, heard, heard.text, options, holding(bot, session, contact, event)))
    except EvaluationError as fault:
        return str(fault)  # the machine will say so itself
    return None if isinstance(reading, Bad) else repr((told_apart(reading.value, found), reading.next))


def _texts(step: Ask, kind: str, session: Session, found: Literals, at: datetime) -> tuple[list[str], bool]:
    """What she could type, and whether a right answer has to be among it."""
    texts, certain = list(WORDS.get(kind, ())), True
    if kind in ("number", "money", "rating"):
        texts += _numbers(step, found)
    if kind in ("date", "datetime"):
        texts += _days(kind, at, found)
    if kind == "choice":
        options = session.wait.options if session.wait else ()
        texts += [option.title for option in options] + [str(number) for number in range(1, len(options) + 1)]
    if kind in TYPED:
        texts += [text for text in found.texts if text.strip()]
    if step.pattern:
        made, certain = _fitting(step)
        texts = made + texts
    elif kind in ("text", "name") and isinstance(step.min, Decimal | int):
        texts.append("word " * (int(step.min) // 5 + 1))
    return [*texts, NONSENSE], certain


def _fitting(step: Ask) -> tuple[list[str], bool]:
    least = int(step.min) if isinstance(step.min, Decimal | int) else 0
    most = int(step.max) if isinstance(step.max, Decimal | int) else 200
    try:
        made = fitting(step.pattern or "", least, most)
        return [text for _, text in zip(range(3), made, strict=False)], True
    except ValueError:
        return [], False


def _numbers(step: Ask, found: Literals) -> Iterator[str]:
    """Bounds and what the conditions of the flow compare with, each with its neighbours."""
    bounds = [
        Decimal(one) for one in (step.min, step.max) if isinstance(one, Decimal | int) and not isinstance(one, bool)
    ]
    edges = [*bounds, *(one for one in found.numbers if abs(one) < 10**9)]
    spread = [one + more for one in edges for more in (0, 1, -1)]
    middle = [(bounds[0] + bounds[1]) / 2] if len(bounds) == 2 else []
    for number in dict.fromkeys([*spread, *middle, Decimal(7), Decimal(0)]):
        yield _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _days(kind: str, at: datetime, found: Literals) -> Iterator[str]:
    """Days from yesterday to next year, ISO; with an hour for moments."""
    hour = " 15:30" if kind == "datetime" else ""
    for days in (1, 3, 10, 40, 0, 300, -1, -400):
        yield f"{(at + timedelta(days=days)).date().isoformat()}{hour}"
    yield from found.texts
