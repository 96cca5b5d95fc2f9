"""Who comes by a link: whether she is asked first, and what she may read of the conversation before she has said yes."""

from collections.abc import Iterable, Iterator, Sequence

from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.flow import Ask
from trinario.model.message import Heard
from trinario.model.session import Session
from trinario.model.value import Value

PERSONAL = frozenset({"email", "phone", "name"})
"""Types of fields that are personal whether bot.yaml says so or not."""

TOLD = frozenset({"email", "phone", "name", "address"})
"""Types of questions whose answers are personal, wherever they are kept. Of names those of two words are: a first name that
she has typed greets her, and tells nobody who she is."""

FORWARDED = ("forwarded", "frequently_forwarded")
"""What platforms tell of a message that was passed on."""


def needs_confirm(bot: Bot, contact: Contact, confirm: bool | None) -> bool:
    """Whether she is asked first: as the author said, else if anything personal is known."""
    if confirm is not None:
        return confirm
    if contact.first_name or contact.last_name:
        return True
    declared = bot.fields
    return any(
        value not in (None, "") and name in declared and (declared[name].personal or declared[name].type in PERSONAL)
        for name, value in contact.fields.items()
    )


def told_of_her(bot: Bot, session: Session) -> bool:
    """Whether an answer in a session, or in the flows that called it, says who she is, how she is reached, where she lives."""
    told = _answers(bot, session)
    return any(type in TOLD and (type != "name" or len(str(value).split()) > 1) for type, value in told)


def name_told(bot: Bot, sessions: Iterable[Session]) -> str:
    """The name by which she called herself in one of these; "" if in none."""
    told = (str(value) for one in sessions for type, value in _answers(bot, one) if type == "name")
    return next(told, "")


def _answers(bot: Bot, session: Session) -> Iterator[tuple[str, Value]]:
    """What was answered in a session and in the flows that called it: (type of the question, value)."""
    places = ((session.flow, session.revision, session.answers), *(
        (frame.flow, frame.revision, frame.answers) for frame in session.stack
    ))  # fmt: skip
    for name, revision, answers in places:
        flow = bot.flow(name, revision)
        for asked, value in answers.items():
            step = flow.steps.get(asked) if flow else None
            if isinstance(step, Ask) and value not in (None, ""):
                yield step.type, value


def masked(name: str) -> str:
    """A name of which only the first letter is shown: A***."""
    return f"{name[0]}***" if name else "***"


def masked_number(identities: Sequence[Identity]) -> str:
    """A phone of which the beginning and the last two digits are shown: +39 … 12. Other ids tell people nothing: ""."""
    number = next((one.value for one in identities if one.kind == "phone"), "")
    return f"+{number[:2]} … {number[-2:]}" if number else ""


def was_forwarded(heard: Heard) -> bool:
    """Whether the platform says that what she sends was passed on to her. Whose link it is, is then open."""
    return any(heard.data.get(mark) for mark in FORWARDED)
