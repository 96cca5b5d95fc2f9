"""What a person types in a chat, read: words for the bot, or an order that begins with a slash."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trinario.authoring.near import mend
from trinario.model.duration import parse_duration
from trinario.testing.scene import Broken
from trinario.testing.script import (
    Act,
    Elsewhere,
    Follows,
    Happens,
    Opens,
    Passes,
    Sends,
    Starts,
    Taps,
    TeamWrites,
    Told,
    Writes,
)


@dataclass(frozen=True, slots=True)
class Takes:
    """She takes up the phone of another channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class TapsNumber:
    """She taps the option of that number of the newest message with options."""

    number: int


@dataclass(frozen=True, slots=True)
class Asks:
    """Something to look at: `state`, `help`, or `quit`."""

    what: str


Order = Act | Takes | TapsNumber | Asks

MEDIA = ("image", "video", "audio", "document", "sticker")
FATES = ("sent", "delivered", "read", "failed")

HELP = {
    "/tap N, /tap TITLE": "tap an option of the newest message, or an older one by its title",
    "/on CHANNEL": "take up the phone of another channel",
    "/follow [CHANNEL]": "open the last link on the phone that it leads to",
    "/image [URL]": "send a picture; also /video, /audio, /document, /sticker",
    "/ref REF": "open the chat by a link with this ref (not on WhatsApp)",
    "/get_started": "tap the button that opens the chat (not on WhatsApp)",
    "/comment TEXT": "comment below a post (Messenger, Instagram); /menu TITLE taps an item of the menu",
    "/after 2h": "let time pass",
    "/event NAME key=value ...": "something happens outside",
    "/start FLOW key=value ...": "somebody begins a flow for you",
    "/team TEXT": "a person of the team writes to you in Meta's own app",
    "/status FATE": "the platform tells the fate of the last message: sent, delivered, read or failed",
    "/state": "the session, the answers, the fields, the windows, the clock",
    "/quit": "end",
    "//TEXT": "say a text that begins with a slash",
}
"""Every order, as `/help` tells it."""


def read_order(line: str) -> Order | None:
    """What a typed line means; None for an empty one. Raises Broken, with words, for an order that makes no sense."""
    text = line.strip()
    if not text.startswith("/") or text.startswith("//"):
        return Writes(0, text.removeprefix("/") if text.startswith("//") else text) if text else None
    name, _, rest = text[1:].partition(" ")
    reader = _READERS.get(name)
    if reader is None:
        raise Broken(0, f"there is no /{name}: {mend(name, _READERS)} (/help tells them all)")
    return reader(rest.strip())


def _needed(what: str, rest: str) -> str:
    if not rest:
        raise Broken(0, f"say {what}")
    return rest


def _tap(rest: str) -> Order:
    wanted = _needed("which option, like /tap 2 or /tap Plants", rest)
    return TapsNumber(int(wanted)) if wanted.isdecimal() else Taps(0, wanted)


def _after(rest: str) -> Order:
    wanted = _needed("how long, like /after 2h", rest)
    try:
        span = parse_duration(wanted)
    except ValueError as error:
        raise Broken(0, f"{wanted!r} is no duration: {error}") from None
    if span.elapsed.total_seconds() < 0:
        raise Broken(0, "time does not go back")
    return Passes(0, span=span)


def _status(rest: str) -> Order:
    if rest not in FATES:
        raise Broken(0, f"say which fate: {', '.join(FATES)}")
    return Told(0, rest, 131026)


def _event(rest: str) -> Order:
    name, data = _named(_needed("which event, like /event order.paid cart_id=c1", rest))
    return Happens(0, name, data, "")


def _start(rest: str) -> Order:
    return Starts(0, *_named(_needed("which flow, like /start booking", rest)))


def _named(rest: str) -> tuple[str, Mapping[str, Any]]:
    """A name, and the pairs after it."""
    try:
        name, *pairs = shlex.split(rest)
    except ValueError:
        raise Broken(0, "a quotation mark is opened and not closed") from None
    bad = next((pair for pair in pairs if "=" not in pair), None)
    if bad is not None:
        raise Broken(0, f"{bad!r} is no key=value; put quotation marks around a value with spaces")
    return name, {key: _value(value) for key, _, value in (pair.partition("=") for pair in pairs)}


def _value(text: str) -> Any:
    """A number, true or false, else the text itself."""
    if text in ("true", "false"):
        return text == "true"
    return Decimal(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) else text


def _media(kind: str) -> Callable[[str], Order]:
    return lambda rest: Sends(0, kind, rest or f"https://cdn.example/{kind}", "")


_READERS: Mapping[str, Callable[[str], Order]] = {
    "tap": _tap,
    "on": lambda rest: Takes(_needed("which channel, like /on instagram", rest)),
    "follow": lambda rest: Follows(0, rest or "link"),
    **{kind: _media(kind) for kind in MEDIA},
    "ref": lambda rest: Opens(0, _needed("which ref, like /ref spring", rest)),
    "get_started": lambda rest: Opens(0),
    "comment": lambda rest: Elsewhere(0, "comment", _needed("what you comment, like /comment win", rest)),
    "menu": lambda rest: Elsewhere(0, "menu", _needed("which item, like /menu Opening hours", rest)),
    "after": _after,
    "event": _event,
    "start": _start,
    "team": lambda rest: TeamWrites(0, _needed("what the team writes", rest), "app"),
    "status": _status,
    "state": lambda rest: Asks("state"),
    "help": lambda rest: Asks("help"),
    "quit": lambda rest: Asks("quit"),
}

NAMES = tuple(_READERS)
"""The words after a slash, for a terminal that completes them."""
