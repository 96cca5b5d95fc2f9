"""What a talk has reached: who is on, what happened, what was said and not listed yet."""

from dataclasses import dataclass, field
from typing import Literal

from trinario.model.bot import Bot
from trinario.testing.checking import channel_of
from trinario.testing.matching import said
from trinario.testing.people import HER, Cast, Person
from trinario.testing.phone import Shown
from trinario.testing.worlds import Machine

Mark = Literal["did", "said", "missing", "unlisted", "note"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what happened. `mark`: done by people or the clock, said as listed, missing, unlisted, a remark."""

    mark: Mark
    who: str
    where: str
    text: str


class Broken(Exception):
    """The talk cannot go on: `line` of its file, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line, self.reason = line, reason


@dataclass(slots=True)
class Scene:
    """One talk on its way. `actor` did the last step, `stranger` was called last; `listed` counts the messages that
    were held against the talk."""

    bot: Bot
    machine: Machine
    cast: Cast
    her: Person
    actor: Person
    stranger: Person
    rows: list[Row] = field(default_factory=list)
    listed: int = 0

    @property
    def unlisted(self) -> list[Shown]:
        """What was said and not held against the talk yet."""
        return self.cast.phones.shown[self.listed :]

    def channel(self, name: str) -> str:
        """The channel that a name of bot.yaml or a platform means; the talk was checked against its bot."""
        found = channel_of(self.bot, name)
        assert found is not None, "the talk was checked against its bot"
        return found

    def did(self, text: str) -> None:
        """Write down what the actor did."""
        self.rows.append(Row("did", self.actor.name, self.actor.channel, text))

    def happened(self, who: str, text: str, where: str = "") -> None:
        """Write down what somebody else did."""
        self.rows.append(Row("did", who, where, text))


def row_of(mark: Mark, shown: Shown) -> Row:
    """A message of the bot as a line."""
    return Row(mark, speaker(shown.person), shown.channel, said(shown))


def speaker(person: str) -> str:
    """The bot, and to whom it speaks if that is not the contact."""
    return "bot" if person == HER else f"bot to {person}"
