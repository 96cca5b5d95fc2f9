"""Who talks: the contact and strangers, each with a phone a channel, and the lines to our accounts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from trinario.authoring.parse_bot import ChannelSettings
from trinario.model.channel import Identity
from trinario.testing import webhooks
from trinario.testing.controlled import CountingIds, MovableClock
from trinario.testing.phone import Number, Phones, Shown
from trinario.testing.webhooks import Line

HER = "contact"
"""The name of the contact in a talk."""

_KINDS = {"whatsapp": "phone", "messenger": "psid", "instagram": "igsid", "telegram": "telegram"}
_FIRST = {"whatsapp": 393_330_000_000, "messenger": 5_500_000_000, "instagram": 6_600_000_000,
          "telegram": 7_700_000_000}  # fmt: skip
_HOSTS = {"wa.me": "whatsapp", "m.me": "messenger", "ig.me": "instagram", "t.me": "telegram"}
_ECHOING = ("messenger", "instagram")
"""Platforms that tell our own messages back."""


def number_on(place: int, platform: str = "whatsapp", others: int = 0) -> str:
    """What a phone is known by on a channel that stands at this place of bot.yaml, for whoever comes after `others`."""
    return str(_FIRST[platform] + 1000 * (others + 1) + place)


@dataclass(slots=True)
class Person:
    """One person. `channel` is the phone in her hand, `begun` the channels on which a thread exists."""

    name: str
    profile: str
    channel: str
    ids: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    wrote: list[tuple[str, str]] = field(default_factory=list)
    """(channel, the platform's id) of her messages, oldest first"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: a channel of ours, with what it brings."""

    channel: str
    ref: str = ""
    text: str = ""


class Cast:
    """Everybody in a talk, and the wires between their phones and our accounts."""

    def __init__(self, settings: Iterable[ChannelSettings], clock: MovableClock) -> None:
        self._settings = {channel.id: channel for channel in settings}
        self.ids, self.clock = CountingIds(), clock
        self.phones = Phones(clock.now, self.ids.next)
        self.people: dict[str, Person] = {}

    def person(self, name: str, channel: str, profile: str = "") -> Person:
        """The person of that name; a new one gets a phone for every channel."""
        if name not in self.people:
            person = Person(name, profile, channel)
            for number, (id, settings) in enumerate(self._settings.items()):
                who = number_on(number, settings.platform, len(self.people))
                person.ids[id] = who
                self.phones.numbers[who] = Number(name, id, settings.platform)
            self.people[name] = person
        return self.people[name]

    def platform(self, channel: str) -> str:
        """The platform that a channel lives on."""
        return self._settings[channel].platform

    def identity(self, person: Person, channel: str) -> Identity:
        """How that channel names her."""
        return Identity(channel, _KINDS[self.platform(channel)], person.ids[channel])

    def line(self, person: Person, channel: str) -> Line:
        """Between her phone and our account there."""
        settings = self._settings[channel]
        values, who = settings.values, person.ids[channel]
        if settings.platform == "whatsapp":
            account, waba = str(values["phone_number_id"]), str(values.get("waba_id", "")) or "waba"
            number = str(values["phone"]).lstrip("+")
            return Line("whatsapp", account, who, waba, number, person.profile)
        if settings.platform == "telegram":
            return Line("telegram", str(values["bot_username"]), who, name=person.profile or person.name)
        key = "page_id" if settings.platform == "messenger" else "account_id"
        return Line(settings.platform, str(values[key]), who)

    def echoes(self) -> list[tuple[str, bytes]]:
        """(channel, webhook) of what pages tell of the messages that just went out: each comes back once."""
        fresh, self.phones.fresh = self.phones.fresh, []
        told = []
        for shown in fresh:
            person = self.people[shown.person]
            person.begun.add(shown.channel)
            if self.platform(shown.channel) in _ECHOING:
                body = webhooks.echo(self.line(person, shown.channel), self.clock.now(), shown)
                told.append((shown.channel, body))
        return told

    def newest_link(self, wanted: str) -> Target | None:
        """The last link on any phone that leads to one of our channels (to that one, unless `wanted` is "link")."""
        for shown in reversed(self.phones.shown):
            for address in shown.addresses:
                target = self._target(address)
                if target is not None and wanted in ("link", target.channel, self.platform(target.channel)):
                    return target
        return None

    def newest_option(self, person: Person, title: str, back: int) -> tuple[Shown, str, str] | None:
        """(message, payload, title) of the newest message on the phone in her hand that shows this choice."""
        wanted = title.strip().casefold()
        for shown in reversed(self.shown_to(person, person.channel)):
            for payload, name in shown.options:
                if name.strip().casefold() == wanted:
                    if not back:
                        return shown, payload, name
                    back -= 1
                    break
        return None

    def shown_to(self, person: Person, channel: str) -> list[Shown]:
        """What was said to her on a channel, oldest first."""
        return [one for one in self.phones.shown if (one.person, one.channel) == (person.name, channel)]

    def _target(self, address: str) -> Target | None:
        parts = urlsplit(address)
        platform = _HOSTS.get(parts.hostname or "")
        channel = next((one.id for one in self._settings.values() if one.platform == platform), None)
        if channel is None:
            return None
        query = parse_qs(parts.query)
        return Target(channel, (query.get("ref") or query.get("start") or [""])[0], query.get("text", [""])[0])
