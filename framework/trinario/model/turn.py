"""What the engine answers: a Move of a step, a Turn of a session, a Reaction of a contact."""

from dataclasses import dataclass

from trinario.model.contact import Contact
from trinario.model.effect import Effect
from trinario.model.session import Session


@dataclass(frozen=True, slots=True)
class Turn:
    """One reaction of one session: how it stands now, what it wants done, and the (step, exit) pairs it went through."""

    session: Session
    effects: tuple[Effect, ...]
    path: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A contact and all her live sessions, as loaded for one event. `recent` are ended ones that late taps may mean."""

    contact: Contact
    sessions: tuple[Session, ...]


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
