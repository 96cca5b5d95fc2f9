"""A talk's file to a frozen Talk, or to every issue it has; never raises, whatever the bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trinario.authoring.forms import BAD
from trinario.authoring.issue import Issue
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Deed, Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.authoring.spec.messages import MEDIA
from trinario.testing.script import (
    Act,
    Again,
    Answers,
    Decides,
    Elsewhere,
    Expected,
    Follows,
    Happens,
    Known,
    Opens,
    Passes,
    Says,
    Sends,
    Stands,
    Starts,
    Stranger,
    Talk,
    Taps,
    TeamWrites,
    Thinks,
    Told,
    Turns,
    Types,
    Writes,
)
from trinario.testing.stubs import Reply, thought

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ParsedTalk:
    """What became of a talk's file. `talk` is None when it has errors, `notes` when it is no YAML of ours."""

    file: str
    talk: Talk | None
    notes: Notes | None
    issues: tuple[Issue, ...]
    bot: str = ""


def parse_talk(data: bytes, file: str) -> ParsedTalk:
    """The talk of a file."""
    document = read_source(data, file)
    if isinstance(document, list):
        return ParsedTalk(file, None, None, tuple(document))
    notes = Notes(document, list(document.warnings))
    record = read_shape(SHAPES["talk"], document.root, (), notes)
    if record is BAD or notes.failed:
        return ParsedTalk(file, None, notes, tuple(sorted(notes.issues)))
    talk = _talk(record, file)
    return ParsedTalk(file, talk, notes, tuple(sorted(notes.issues)), talk.bot)


def _talk(record: Record, file: str) -> Talk:
    contact = _known(record.get("contact")) if record.has("contact") else None
    zone = ZoneInfo(contact.timezone) if contact and contact.timezone else UTC
    acts = [_READERS[deed.verb.name](deed, deed.node.place.line, zone) for deed in record.get("steps")]
    if record.has("expect"):
        acts.append(_stands(record.get("expect"), record, "expect", record.nodes["expect"].place.line))
    begins = _placed(record.get("at"), zone)
    return Talk(file, record.get("talk"), record.get("bot") or "", contact, begins, record.get("channel"), tuple(acts))


def _known(record: Record) -> Known:
    return Known(
        first_name=record.get("first_name"),
        last_name=record.get("last_name"),
        language=record.get("language"),
        timezone=record.get("timezone"),
        fields=record.get("fields") or {},
        tags=frozenset(record.get("tags") or ()),
        channels=record.get("channels") or (),
    )


def _placed(moment: datetime, zone: Any) -> datetime:
    """A moment without an offset is in her zone, else in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


Reader = Callable[[Deed, int, Any], Act]


def _get(deed: Deed, name: str) -> Any:
    return deed.record.get(name) if deed.record else None


def _says(deed: Deed, line: int, zone: Any) -> Act:
    value = deed.value if isinstance(deed.value, tuple) else (deed.value,)
    messages = tuple(_expected(one) for one in value if one != NOTHING)
    return Says(line, messages, _get(deed, "to") or "")


def _expected(value: Any) -> Expected:
    if isinstance(value, str):
        return Expected(text=value.strip())
    record: Record = value
    text = record.get("text")
    media = next(((kind, record.get(kind)) for kind in (*MEDIA, "post") if record.has(kind)), None)
    return Expected(
        text=text.strip() if text is not None else None,
        contains=record.get("contains") or (),
        matches=record.get("matches"),
        choices=record.get("choices"),
        links=record.get("links"),
        media=media,
        channel=record.get("channel"),
        cards=record.get("cards"),
        location=record.get("location"),
        contact=record.get("contact"),
        template=record.get("template"),
        public=record.get("public"),
        reaction=record.get("reaction"),
    )


def _stands(wanted: Mapping[str, Any], record: Record, key: str, line: int) -> Stands:
    node = record.nodes[key]
    lines = {name.text: name.place.line for name, _ in getattr(node, "pairs", ())}
    return Stands(line, wanted, lines)


def _stands_now(deed: Deed, line: int, zone: Any) -> Act:
    assert deed.record is not None, "`expect` never stands alone"
    return _stands(deed.value, deed.record, "expect", line)


def _opens(deed: Deed, line: int, zone: Any) -> Act:
    return Opens(line, deed.value or "")


def _sends(deed: Deed, line: int, zone: Any) -> Act:
    url = _get(deed, "url") or f"https://cdn.example/{deed.value}"
    return Sends(line, deed.value, url, _get(deed, "caption") or "")


def _happens(deed: Deed, line: int, zone: Any) -> Act:
    return Happens(line, deed.value, _get(deed, "data") or {}, _get(deed, "id") or f"line-{line}")


CHANGES = {"react": "reaction", "edit": "edited", "delete": "deleted"}
"""What she does to messages, by the word of talks, and the trigger that it pulls."""

_BESIDE = ("post", "kind", "age", "reply")


def _comments(deed: Deed, line: int, zone: Any) -> Act:
    inner = deed.value if isinstance(deed.value, Record) else None
    text = (inner.get("text") or "") if inner else deed.value
    data = {name: inner.get(name) if inner and inner.has(name) else _get(deed, name) for name in _BESIDE}
    return Elsewhere(line, "comment", text, data)


def _comes_by_ad(deed: Deed, line: int, zone: Any) -> Act:
    data = {"ad": deed.value or "", "ref": _get(deed, "ref") or ""}
    return Elsewhere(line, "ad", _get(deed, "text") or "Hello!", data)


def _fills_in(deed: Deed, line: int, zone: Any) -> Act:
    return Elsewhere(line, "form", deed.value or "", {"data": _get(deed, "data") or {}})


def _back(what: str) -> Reader:
    return lambda deed, line, zone: Elsewhere(line, what, deed.value or "", {"back": _get(deed, "back") or 0})


def _orders(deed: Deed, line: int, zone: Any) -> Act:
    names = ("id", "quantity", "price", "currency")
    items = tuple({name: one.get(name) for name in names} for one in _several(deed.value))
    return Elsewhere(line, "order", _get(deed, "text") or "", {"items": items, "catalog": _get(deed, "catalog") or ""})


def _asks_about(deed: Deed, line: int, zone: Any) -> Act:
    return Elsewhere(line, "product", _get(deed, "text") or "How much is it?", {"product": deed.value or ""})


def _simply(what: str) -> Reader:
    return lambda deed, line, zone: Elsewhere(line, what, deed.value or "")


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _replies(value: Any) -> tuple[Reply, ...]:
    """The replies to one request."""
    return tuple(_reply(record) for record in _several(value))


def _reply(record: Record) -> Reply:
    data = record.get("json") if record.has("json") else record.get("text")
    headers = dict(record.get("headers") or {})
    after = record.get("after").elapsed
    return Reply(int(record.get("status")), data, headers, record.get("fails") or "", after, record.get("wants"))


def _thought(said: Mapping[str, Any]) -> Reply:
    """What the model says; `fails` alone is no answer."""
    return Reply(fails=str(said["fails"])) if "fails" in said else Reply(data=thought(said))


_READERS: Mapping[str, Reader] = {
    "user": lambda deed, line, zone: Writes(line, deed.value, _get(deed, "reply_to")),
    "tap": lambda deed, line, zone: Taps(line, deed.value, _get(deed, "back") or 0),
    "follow": lambda deed, line, zone: Follows(line, deed.value, _get(deed, "text") or ""),
    "ref": _opens,
    "get_started": lambda deed, line, zone: Opens(line),
    "media": _sends,
    "bot": _says,
    "after": lambda deed, line, zone: Passes(line, span=deed.value),
    "at": lambda deed, line, zone: Passes(line, until=_placed(deed.value, zone)),
    "event": _happens,
    "status": lambda deed, line, zone: Told(line, deed.value, _get(deed, "code") or 131026),
    "team": lambda deed, line, zone: TeamWrites(line, deed.value, _get(deed, "via")),
    "ticket": lambda deed, line, zone: Decides(line, deed.value, _get(deed, "by") or ""),
    "owner": lambda deed, line, zone: Decides(line, deed.value, _get(deed, "by") or ""),
    "stranger": lambda deed, line, zone: Stranger(line, deed.value or "", _get(deed, "phone")),
    "again": lambda deed, line, zone: Again(line),
    "start": lambda deed, line, zone: Starts(line, deed.value, _get(deed, "with") or {}),
    "channel": lambda deed, line, zone: Turns(line, deed.value),
    "http": lambda deed, line, zone: Answers(line, {name: _replies(value) for name, value in deed.value.items()}),
    "ai": lambda deed, line, zone: Thinks(line, tuple(_thought(one) for one in _several(deed.value))),
    "otp": lambda deed, line, zone: Types(line, deed.value != "wrong"),
    "expect": _stands_now,
    "comment": _comments,
    "ad": _comes_by_ad,
    "form": _fills_in,
    "order": _orders,
    "product": _asks_about,
    **{word: _back(what) for word, what in CHANGES.items()},
    **{what: _simply(what) for what in ("story_reply", "story_mention", "menu", "ice_breaker")},
}
"""One reader a kind of step; a test holds it against the table."""
