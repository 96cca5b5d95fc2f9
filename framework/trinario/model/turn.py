"""What the engine answers: a Move of a step, a Turn of a session, a Reaction of a contact."""

from dataclasses import dataclass, field

from trinario.model.contact import Contact
from trinario.model.effect import Effect
from trinario.model.session import Session
from trinario.model.value import Values


@dataclass(frozen=True, slots=True)
class Follow:
    """A flow that begins for good when a turn is over, with what it is given."""

    flow: str
    inputs: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One reaction of one session: how it stands now, what it wants done, and the (step, exit) pairs it went through.

    `follow` is the flow that a `start` names: it begins right after this turn, in a session of its own. `contact` is
    the contact with the turn's changes in her, None when there are none. `flows` names the flow of each pair of the path.
    """

    session: Session
    effects: tuple[Effect, ...]
    path: tuple[tuple[str, str], ...]
    follow: Follow | None = None
    contact: Contact | None = None
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A contact and all her live sessions, as loaded for one event. `over` are sessions that have ended, and whose question
    she taps: other channels had copies of it."""

    contact: Contact
    sessions: tuple[Session, ...]
    over: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """One event answered: the contact and every session that changed (ended ones too), all effects in order.

    `handled` False: nothing took the event; it is kept as unhandled.
    """

    contact: Contact
    sessions: tuple[Session, ...]
    effects: tuple[Effect, ...]
    turns: tuple[Turn, ...] = ()
    handled: bool = True
