"""What every job is given: the bot as it stands now, its adapters, chance, and the numbers that operators may tune."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trinario.jobs.flood import Counter
from trinario.model.bot import Bot
from trinario.policy.facts import Push
from trinario.ports import Adapter, Case, CodeLimits, Outgoing, Outside, PhoneCode, Random, TemplateState, Unit


@dataclass(frozen=True, slots=True)
class Tuning:
    """Numbers with a meaning: seconds unless said otherwise."""

    batch: int = 128
    """inbox rows that one turn of `receive` takes at most"""
    tries: int = 3
    """times a row may fail before it is dead"""
    attempts: int = 6
    """times a message is tried"""
    back_off: float = 2.0
    """first wait before a message is tried again; doubles, with jitter"""
    longest_back_off: float = 300.0
    reconcile_after: float = 30.0
    """how long a lost answer is looked for before the purpose decides (60 at most)"""
    echo_patience: float = 60.0
    """how long an Instagram echo waits for the fate of our own messages"""
    guesses: int = 10
    """wrong link codes an hour that one sender has"""
    all_guesses: int = 1000
    """wrong link codes an hour in all, after which codes are refused for everybody but the first try"""
    codes_a_number: int = 3
    """one-time codes an hour that one phone number gets"""
    codes_a_number_daily: int = 10
    """one-time codes a day that one phone number gets"""
    codes_a_contact: int = 5
    """one-time codes an hour that one contact has sent"""
    all_codes: int = 1000
    """one-time codes an hour in all"""
    code_tries: int = 5
    """times that one code may be typed"""
    owner_return: float = 1800.0
    """silence of the people of the team after which the bot comes back"""


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds one reaction: the time, channels that cannot be used for her (and why), and the message that she
    just wrote (channel, platform's id) for typing indicators; `latest` finds her last one on a channel (contact, channel);
    `open_code` keeps a one-time code that is to be sent, or says why it may not be. `asked`: she has just done something,
    and what is said now answers her; `ahead` are the rows of the batch before this reaction. `pushes` finds the marketing
    that she got since then, `templates` what a channel says of templates by name."""

    now: datetime
    unreachable: Mapping[str, str] = field(default_factory=dict)
    prior: tuple[str, str] = ("", "")
    latest: Callable[[int, str], str] = lambda contact, channel: ""
    open_code: Callable[[PhoneCode, CodeLimits, datetime], str] = lambda code, limits, now: (
        "no code may be sent from here"
    )
    asked: bool = False
    ahead: Sequence[Outgoing] = ()
    pushes: Callable[[int, datetime], Sequence[Push]] = lambda contact, since: ()
    templates: Callable[[str, Collection[str]], Sequence[TemplateState]] = lambda channel, names: ()


def scene_of(
    unit: Unit, now: datetime, unreachable: Mapping[str, str], prior: tuple[str, str] = ("", ""), asked: bool = False,
    ahead: Sequence[Outgoing] = (),
) -> Scene:  # fmt: skip
    """A scene whose look-ups are those of this transaction."""
    return Scene(
        now, unreachable, prior, unit.last_message, unit.codes.open, asked, ahead, unit.pushes, unit.templates.states
    )


@dataclass(frozen=True, slots=True)
class World:
    """`bot` is asked anew for every batch, so that a deploy swaps it in between two."""

    bot: Callable[[], Bot]
    adapters: Mapping[str, Adapter]
    random: Random
    tuning: Tuning = Tuning()
    outside: Outside = field(default_factory=Outside)
    read_marks: frozenset[str] = frozenset()
    """channels on which she is shown that she was read"""
    profiled: frozenset[str] = frozenset()
    """channels whose platform is asked who somebody is that writes for the first time"""
    public_url: str = ""
    """where the outside finds us, without a slash at the end; "": nowhere"""
    counter: Counter = field(default_factory=Counter)
    """how people wrote lately"""
    recall: Callable[[Unit, Collection[tuple[str, str]]], None] = lambda unit, keys: None
    """has the bot know further revisions (flow, revision), within a batch"""

    def acquaint(self, unit: Unit, cases: Sequence[Case]) -> None:
        """The bot knows every revision in which these sessions stand: another process may serve newer flows already."""
        bot = self.bot()
        met = {place for case in cases for session in case.sessions for place in session.places}
        missing = [place for place in met if bot.flow(*place) is None]
        if missing:
            self.recall(unit, missing)
