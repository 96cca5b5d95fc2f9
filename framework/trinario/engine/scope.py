"""What the names of an expression stand for. Every name is worked out when it is first read, most never are."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from trinario.engine.index import index_of
from trinario.engine.time import before, zone_of
from trinario.errors import EvaluationError
from trinario.expressions import LABELS, LOCALE
from trinario.model.bot import Bot
from trinario.model.consent import PURPOSES, wants
from trinario.model.contact import Contact
from trinario.model.country import country_of
from trinario.model.duration import parse_duration
from trinario.model.event import Event, EventArrived, MessageHeard
from trinario.model.flow import Flow
from trinario.model.heard import Heard
from trinario.model.media import FILE_KINDS, media_name
from trinario.model.session import Prompt
from trinario.model.value import Values

NOTHING: Values = {}


class Scope(Mapping[str, Any]):
    """The names of flow-language §Expressions for one contact, one event and, with a flow, one session.

    `vars` and `answers` are read when needed, so the owner must `forget` a name after changing what is behind it.
    """

    __slots__ = (
        "answers", "bot", "contact", "event", "flow", "inputs", "made", "prompts", "session", "trigger", "vars",
    )  # fmt: skip

    def __init__(self, bot: Bot, contact: Contact, event: Event, flow: Flow | None = None) -> None:
        self.bot, self.contact, self.event, self.flow = bot, contact, event, flow
        self.vars = self.answers = self.inputs = self.trigger = NOTHING
        self.prompts: tuple[Prompt, ...] = ()
        self.session = ""
        self.made: dict[str, Any] = {}

    def get(self, name: str, default: Any = None) -> Any:
        made = self.made
        if name in made:
            return made[name]
        make = _MAKERS.get(name)
        if make is None:
            return default
        value = made[name] = make(self)
        return value

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, self)
        if value is self:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self.made or name in _MAKERS

    def __iter__(self) -> Iterator[str]:
        yield from _MAKERS.keys() | self.made.keys()

    def __len__(self) -> int:
        return len(_MAKERS.keys() | self.made.keys())

    def forget(self, *names: str) -> None:
        """What stands behind these names has changed."""
        for name in names:
            self.made.pop(name, None)

    def beside(self, **names: Any) -> "Scope":
        """The same scope with further names in it (`item`, `min`, `chosen` ...)."""
        other = Scope(self.bot, self.contact, self.event, self.flow)
        other.vars, other.answers, other.inputs, other.trigger = self.vars, self.answers, self.inputs, self.trigger
        other.prompts, other.session = self.prompts, self.session
        other.made = {**self.made, **names}
        return other


def media_value(heard: Heard, place: int = 0) -> dict[str, Any]:
    """A file that she sent, as answers and `input.media` hold it. `file` is the name of our copy, "" where none is made."""
    media = heard.media[place]
    ours = media.kind in FILE_KINDS and bool(media.id or media.url)
    file = media_name(heard.identity.channel, heard.external_id, place) if ours else ""
    return {"kind": media.kind, "id": media.id, "url": media.url, "mime_type": media.mime_type,
            "filename": media.filename, "file": file}  # fmt: skip


def input_of(heard: Heard, text: str) -> dict[str, Any]:
    """The name `input` for a message; `text` is what is taken as its words."""
    media = media_value(heard) if heard.media else None
    return {"text": text, "payload": heard.payload, "media": media, "reply_to": heard.context}


class _Hers(Mapping[str, Any]):
    """What `contact` has. Her country is worked out when it is asked for: that takes longer than a whole turn."""

    __slots__ = ("_contact", "_known")

    def __init__(self, contact: Contact, known: dict[str, Any]) -> None:
        self._contact, self._known = contact, known

    def __getitem__(self, name: str) -> Any:
        if name == "country" and name not in self._known:
            self._known[name] = country_of(self._contact)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._known, "country"))

    def __len__(self) -> int:
        return len({*self._known, "country"})


def _contact(scope: Scope) -> _Hers:
    contact = scope.contact
    return _Hers(contact, {
        "id": contact.id, "first_name": contact.first_name, "last_name": contact.last_name, "name": contact.name,
        "language": contact.language or scope.bot.locale, "timezone": contact.timezone,
        "created_at": contact.created_at, "last_seen_at": contact.last_seen_at,
        "preferred_channel": contact.preferred, "owner": contact.owner,
        "channels": sorted({identity.channel for identity in contact.identities}),
        "last_heard": {name: contact.last_heard.get(name) for name in scope.bot.channels},
    })  # fmt: skip


def _channel(scope: Scope) -> dict[str, Any]:
    name = scope.contact.channel
    channel = scope.bot.channels.get(name) if name else None
    heard = scope.contact.last_heard.get(name) if name else None
    if channel is None or heard is None:
        return {"name": name, "platform": channel.platform if channel else None, "window_open": False,
                "window_closes": None}  # fmt: skip
    closes = before(heard, -channel.window.free)
    return {"name": name, "platform": channel.platform, "window_open": scope.event.at < closes, "window_closes": closes}


def _window_open(scope: Scope) -> Callable[[object], bool]:
    def window_open(name: object) -> bool:
        """Whether we may write freely on this channel."""
        channel = scope.bot.channels.get(name) if isinstance(name, str) else None
        heard = scope.contact.last_heard.get(channel.id) if channel else None
        return channel is not None and heard is not None and scope.event.at < before(heard, -channel.window.free)

    return window_open


def _wants(scope: Scope) -> Callable[[object, object], bool | None]:
    def wanted(purpose: object, channel: object) -> bool | None:
        """Whether she allowed messages of this purpose on this channel; empty: she was never asked."""
        return wants(scope.contact.consent, str(purpose), str(channel))

    return wanted


def _asked_elsewhere(name: str) -> Callable[[Scope], Callable[..., bool]]:
    def ask(*_: object) -> bool:
        raise EvaluationError(f"`{name}` is known where people are chosen: in a campaign's or sequence's `segment`")

    return lambda scope: ask


def _answers(scope: Scope) -> dict[str, Any]:
    blanks = index_of(scope.bot).facts(scope.flow).blanks if scope.flow else NOTHING
    return {**blanks, **scope.answers}


def _trigger(scope: Scope) -> dict[str, Any]:
    brought = index_of(scope.bot).facts(scope.flow).brought if scope.flow else NOTHING
    return {"kind": "", "text": "", "ref": "", "post": "", "comment": "", "ad": "", **brought, **scope.trigger}


def _campaign(scope: Scope) -> dict[str, str]:
    """The campaign that began this session, also once its flow has started another."""
    told = scope.trigger
    if told.get("kind") not in ("campaign", "start") or not {"campaign", "variant"} <= told.keys():
        return {"name": "", "variant": ""}
    return {"name": str(told["campaign"]), "variant": str(told["variant"])}


def _event(scope: Scope) -> dict[str, Any]:
    match scope.event:
        case EventArrived(name=name, data=data):
            return {"name": name, **data}
        case _:
            return {"name": ""}


def _input(scope: Scope) -> dict[str, Any]:
    match scope.event:
        case MessageHeard(heard=heard):
            return input_of(heard, heard.text)
        case _:
            return {"text": "", "payload": "", "media": None, "reply_to": ""}


def _now(scope: Scope) -> datetime:
    return scope.event.at.astimezone(zone_of(scope.bot, scope.contact))


def _ago(scope: Scope) -> Callable[[object], datetime]:
    def ago(span: object) -> datetime:
        """The moment that lies `span` (`90d`, `2h`) back: days are days of the contact's calendar."""
        if isinstance(span, timedelta):
            return before(scope.event.at, span.total_seconds())
        if not isinstance(span, str):
            raise EvaluationError("`ago` takes a duration such as '90d'")
        try:
            return before(scope.event.at, parse_duration(span), zone_of(scope.bot, scope.contact))
        except (ValueError, OverflowError):
            raise EvaluationError(f"`ago` takes a duration such as '90d', not {span[:40]!r}") from None

    return ago


def _duration(_: Scope) -> Callable[[object], timedelta]:
    def duration(span: object) -> timedelta:
        """A span of time to compare and reckon with: `2h`, `1d` (24 hours)."""
        if isinstance(span, timedelta):
            return span
        try:
            return parse_duration(span).elapsed if isinstance(span, str) else _no_duration(span)
        except (ValueError, OverflowError):
            return _no_duration(span)

    return duration


def _no_duration(span: object) -> timedelta:
    raise EvaluationError(f"`duration` takes a span of time such as '2h', not {str(span)[:40]!r}")


def _labels(scope: Scope) -> dict[str, dict[str, str]]:
    return {
        f"answers.{prompt.step}": {o.value: o.title for o in prompt.options if isinstance(o.value, str)}
        for prompt in scope.prompts
        if prompt.options
    }


def _flow(scope: Scope) -> dict[str, str]:
    return {"name": scope.flow.name, "revision": scope.flow.revision} if scope.flow else {"name": "", "revision": ""}


_MAKERS: dict[str, Callable[[Scope], Any]] = {
    "contact": _contact,
    "fields": lambda scope: {**index_of(scope.bot).fields, **scope.contact.fields},
    "tags": lambda scope: sorted(scope.contact.tags),
    "consent": lambda scope: {name: scope.contact.consent.get(name) for name in PURPOSES},
    "channel": _channel,
    "answers": _answers,
    "vars": lambda scope: dict(scope.vars),
    "input": _input,
    "trigger": _trigger,
    "event": _event,
    "call": lambda scope: dict(scope.inputs),
    "flow": _flow,
    "session": lambda scope: {"id": scope.session},
    "campaign": _campaign,
    "globals": lambda scope: scope.bot.globals,
    "now": _now,
    "today": lambda scope: _now(scope).date(),
    "ago": _ago,
    "duration": _duration,
    "wants": _wants,
    "window_open": _window_open,
    **{name: _asked_elsewhere(name) for name in ("in_flow", "received", "enrolled", "reachable")},
    LOCALE: lambda scope: scope.contact.language or scope.bot.locale,
    LABELS: _labels,
}
