"""Who comes by a link: whether she is asked first, and what she may read of the conversation before she has said yes."""

from collections.abc import Sequence

from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.flow import Ask, Step
from trinario.model.message import Heard
from trinario.model.session import Session

PERSONAL = frozenset({"email", "phone", "name"})
"""Types of fields that are personal whether bot.yaml says so or not."""

TOLD = frozenset({"email", "phone", "address"})
"""Types of questions whose answers are personal, wherever they are kept. A first name alone is not: it greets."""

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
    """Whether an answer in a session, or in the flows that called it, says how she is reached or where she lives."""
    places = ((session.flow, session.revision, session.answers), *(
        (frame.flow, frame.revision, frame.answers) for frame in session.stack
    ))  # fmt: skip
    for name, revision, answers in places:
        flow = bot.flow(name, revision)
        steps = flow.steps if flow else {}
        if any(value not in (None, "") and _is_personal(steps.get(step)) for step, value in answers.items()):
            return True
    return False


def _is_personal(step: Step | None) -> bool:
    return isinstance(step, Ask) and step.type in TOLD


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
