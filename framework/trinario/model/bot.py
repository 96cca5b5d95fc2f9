"""A bot as its files declare it: channels, flows, fields, words for the patterns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trinario.expressions import Phrase
from trinario.model.campaign import Campaign, Sequence
from trinario.model.channel import Channel
from trinario.model.conversions import Conversions
from trinario.model.duration import Duration
from trinario.model.flow import Delivery, Flow, InputSpec
from trinario.model.guard import Guard
from trinario.model.hours import Calendar
from trinario.model.media import MediaFile
from trinario.model.policy import Disclosure, Rules
from trinario.model.prices import Prices
from trinario.model.template import TemplateSpec
from trinario.model.value import Value


@dataclass(frozen=True, slots=True)
class Pattern:
    """A bot-wide word (stop, help, human, error ...): the words that mean it and what is said, both by locale."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, Phrase] = field(default_factory=dict)
    flow: str | None = None


ALWAYS = Calendar()
"""Somebody is there at any time."""


@dataclass(frozen=True, slots=True)
class Team:
    """People who take over; `notify` are addresses, `persona` is as whom they are shown ("": as all people of the team),
    `calendar` is when somebody is there."""

    name: str
    notify: tuple[str, ...] = ()
    persona: str = ""
    calendar: Calendar = ALWAYS


@dataclass(frozen=True, slots=True)
class Persona:
    """A name and a picture (an https address) that messages are shown with where a platform has such."""

    name: str
    picture: str


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything the pure rooms need to know. `revisions` holds older flows by (name, revision) for live sessions.

    `events` maps event names to the types of their data; `handlers` maps exits to flows. `currency` is that of `money`
    answers (ISO 4217), "" when none is known; `catalog` the platform's id of the catalogue that products are of.
    `messages` are the flows of one step that campaigns and sequences say, by name (`campaign/spring`).
    """

    name: str
    locale: str
    timezone: str
    channels: Mapping[str, Channel]
    flows: Mapping[str, Flow]
    title: str = ""
    region: str | None = None
    currency: str = ""
    catalog: str = ""
    default_flow: str | None = None
    fields: Mapping[str, InputSpec] = field(default_factory=dict)
    globals: Mapping[str, Value] = field(default_factory=dict)
    events: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    handlers: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    delivery: Delivery = field(default_factory=Delivery)
    handoff_return: Duration | None = None
    guard: Guard = field(default_factory=Guard)
    conversions: Conversions | None = None
    ignore_apps: frozenset[str] = frozenset()
    greeting: Mapping[str, str] = field(default_factory=dict)
    personas: Mapping[str, Persona] = field(default_factory=dict)
    people_persona: str = ""
    people_link: str = ""
    ai: bool = False
    templates: Mapping[str, TemplateSpec] = field(default_factory=dict)
    media: Mapping[str, MediaFile] = field(default_factory=dict)
    revisions: Mapping[tuple[str, str], Flow] = field(default_factory=dict)
    policy: Rules = field(default_factory=Rules)
    disclosure: Disclosure | None = None
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    messages: Mapping[str, Flow] = field(default_factory=dict)
    prices: Prices | None = None

    def named(self, name: str) -> Flow | None:
        """The flow of that name as it is today, or the message of a campaign or sequence that is one."""
        return self.flows.get(name) or self.messages.get(name)

    def flow(self, name: str, revision: str) -> Flow | None:
        """The flow that a session began on; None when no such revision is known."""
        current = self.named(name)
        return current if current and current.revision == revision else self.revisions.get((name, revision))
