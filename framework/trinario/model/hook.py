"""Webhooks that go out: to whom what happens is told, and what each kind of news is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

HISTORY, MESSAGES, CONSENTS, EVENTS = "history", "messages", "consents", "events"
CONTACTS, TICKETS, WAYS = "contacts", "tickets", "ways"

SOURCES = (HISTORY, MESSAGES, CONSENTS, EVENTS, CONTACTS, TICKETS, WAYS)
"""What is kept anyway, and told from: the history, what was said and heard, the ledger of permissions, events of flows and
of other systems, contacts, tickets, and the ways of people through flows."""

LOUD = ("flow.step",)
"""Told only where it is asked for by its name or `flow.*`: there are more of these than of all others together."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is told. `types` are names, `*` stands for any part of one. `secrets` sign (several while one is changed; none: the
    bot's own). `text`: the words of messages are told as well."""

    name: str
    url: str
    types: tuple[str, ...] = ("*",)
    secrets: tuple[str, ...] = ()
    text: bool = False

    def wants(self, kind: str) -> bool:
        """Whether it is told of such news."""
        return any(fnmatchcase(kind, one) for one in self.types if kind not in LOUD or one.startswith("flow."))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of news: what happened, and a sample of its data."""

    about: str
    sample: str


KINDS: Mapping[str, Kind] = {
    "message.heard": Kind("She wrote, tapped or sent something.", '{"channel": "whatsapp", "kind": "text", "id": 12}'),
    "message.said": Kind("The bot says something.", '{"channel": "whatsapp", "kind": "text", "id": 13, "key": "i7.1/1/1/0/0"}'),
    "message.written": Kind("A person of the team wrote to her.", '{"channel": "messenger", "kind": "text", "id": 14, "by": "Rita"}'),
    "consent.granted": Kind("She allows a purpose.", '{"purpose": "marketing", "channel": "", "evidence": "message"}'),
    "consent.withdrawn": Kind("She takes it back; said by her, or by the platform.", '{"purpose": "marketing", "evidence": "message"}'),
    "consent.pending": Kind("She said yes once, and is asked once more.", '{"purpose": "marketing"}'),
    "consent.expired": Kind("What she had allowed for a time is over.", '{"purpose": "marketing"}'),
    "event.NAME": Kind("An event of a flow (`emit`) or of another system came to her; NAME is its own.", '{"order": "7"}'),
    "contact.created": Kind("Somebody is known who was not: she wrote, or came by an import.", '{}'),
    "contact.linked": Kind("She proved that two accounts are hers, and they are one contact.", '{"channel": "whatsapp"}'),
    "contact.merged": Kind("Two contacts became one; `other` is the one that was taken in.",
                           '{"merge": 3, "other": 9, "by": "link", "reason": "...", "evidence": {}}'),
    "contact.parted": Kind("They are two again.", '{"merge": 3}'),
    "contact.identity_changed": Kind("The platform gave her another id.", '{"channel": "whatsapp"}'),
    "contact.preferred_channel": Kind("Where she wants to be written to has changed.", '{"channel": "instagram"}'),
    "goal.reached": Kind("A flow noted a goal.", '{"goal": "visit", "value": 1}'),
    "handoff.taken": Kind("A person of the team took her over.", '{"by": "Rita"}'),
    "ticket.opened": Kind("A flow, or the team, gave her to people.", '{"ticket": 5, "team": "sales", "priority": "high"}'),
    "ticket.changed": Kind("A ticket was taken, given on, or closed (`closed` says by whom).", '{"ticket": 5, "assignee": "Rita", "by": "Rita"}'),
    "guard.paused": Kind("She wrote like a machine: answers are paused.", '{"why": "31 messages within 1 minute"}'),
    "campaign.changed": Kind("A campaign was started, paused, held, let go, cancelled, or is done.",
                             '{"campaign": "spring", "what": "held", "why": "..."}'),
    "delivery.escalated": Kind("A message was tried on the next channel.", '{"message": "i7.1/1/1/0/0", "from": "whatsapp", "to": "messenger", "why": "not delivered"}'),
    "delivery.exhausted": Kind("No channel was left for a message.", '{"why": "..."}'),
    "channel.trouble": Kind("A channel refuses everything: its token or account.", '{"channel": "whatsapp", "code": "368"}'),
    "channel.well": Kind("A channel goes again.", '{"channel": "whatsapp"}'),
    "link.clicked": Kind("She opened a short link of ours.",
                         '{"url": "https://shop.example/spring", "message": "i7.1/1/1/0/0", "channel": "whatsapp", "campaign": 3}'),
    "flow.started": Kind("She came into a flow.", '{"flow": "lead", "session": "i7.1", "channel": "whatsapp", "language": "it"}'),
    "flow.step": Kind("She came to a step of it for the first time; told only where `events` in bot.yaml names it, or `flow.*`.",
                      '{"flow": "lead", "step": "ask_name", "session": "i7.1", "channel": "whatsapp", "language": "it"}'),
    "flow.fault": Kind("A step could not do what it says.", '{"flow": "lead", "step": "ask", "reason": "..."}'),
    "history.NAME": Kind("Anything else that the history keeps; NAME is what it calls it.", '{}'),
}  # fmt: skip
"""What may happen, by its type."""

_OF_HISTORY = {
    "contacts_merged": "contact.merged", "contacts_parted": "contact.parted",
    "identity_linked": "contact.linked", "identity_changed": "contact.identity_changed",
    "preferred_channel": "contact.preferred_channel", "goal": "goal.reached", "taken": "handoff.taken",
    "ticket": "ticket.changed", "guard": "guard.paused", "campaign": "campaign.changed", "escalated": "delivery.escalated",
    "exhausted": "delivery.exhausted", "channel_trouble": "channel.trouble", "channel_well": "channel.well",
    "channel_resumed": "channel.well", "fault": "flow.fault", "click": "link.clicked",
}  # fmt: skip
_OF_SOURCES = {CONTACTS: "contact", TICKETS: "ticket", WAYS: "flow"}
_OF_AUTHORS = {"contact": "message.heard", "bot": "message.said", "person": "message.written"}


def kind_of(source: str, name: str) -> str:
    """What news is called: `name` is that of the history or of an event, the author of a message, the state of a
    permission."""
    match source:
        case "history":
            return _OF_HISTORY.get(name, f"history.{name}")
        case "messages":
            return _OF_AUTHORS.get(name, f"message.{name}")
        case "consents":
            return f"consent.{name}"
        case "contacts" | "tickets" | "ways":
            return f"{_OF_SOURCES[source]}.{name}"
        case _:
            return f"event.{name}"
