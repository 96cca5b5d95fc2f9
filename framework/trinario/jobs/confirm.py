"""Who comes by a link: whether she is asked first, and what she may read of the conversation before she has said yes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trinario.expressions import Phrase
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.flow import Ask, Flow, Set
from trinario.model.heard import Heard
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
    given = {name for name, value in contact.fields.items() if value not in (None, "")}
    declared = ((name, bot.fields[name]) for name in given if name in bot.fields)
    if any(spec.personal or spec.type in PERSONAL for name, spec in declared):
        return True
    return bool(given) and not given.isdisjoint(told_into(bot))


def told_into(bot: Bot) -> Mapping[str, str]:
    """The fields in which a flow keeps what she answers to a question for her name, e-mail or phone, and the question's type:
    what was asked for as her name is her name, whatever bot.yaml calls the type of the field."""
    flows = (*bot.revisions.values(), *bot.flows.values())
    return {name: type for flow in flows for name, type in _kept_by(flow)}


def _kept_by(flow: Flow) -> Iterator[tuple[str, str]]:
    asked = {step.name: step for step in flow.steps.values() if isinstance(step, Ask) and step.type in PERSONAL}
    for step in asked.values():
        if step.save:
            yield step.save.removeprefix("fields."), step.type
    for one in flow.steps.values() if asked else ():
        for place, value in one.values.items() if isinstance(one, Set) else ():
            read = value.names if isinstance(value, Phrase) else frozenset()
            yield from (
                (place.removeprefix("fields."), asked[path[1]].type) for path in read if _is_answer(path, asked)
            )


def _is_answer(path: Sequence[str], asked: Mapping[str, Ask]) -> bool:
    return len(path) > 1 and path[0] == "answers" and path[1] in asked


def told_of_her(bot: Bot, session: Session) -> bool:
    """Whether an answer in a session, or in the flows that called it, says who she is, how she is reached, where she lives."""
    told = _answers(bot, session)
    return any(type in TOLD and (type != "name" or len(str(value).split()) > 1) for type, value in told)


def name_told(bot: Bot, contact: Contact, sessions: Iterable[Session]) -> str:
    """The name by which she called herself in one of these, or that a flow has kept of her; "" if there is none."""
    told = (str(value) for one in sessions for type, value in _answers(bot, one) if type == "name")
    if (name := next(told, "")) or not contact.fields:
        return name
    kept = (
        str(contact.fields[field])
        for field, type in told_into(bot).items()
        if type == "name" and field in contact.fields
    )
    return next(kept, "")


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
