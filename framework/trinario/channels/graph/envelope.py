"""The envelope of Meta's webhooks: a body is taken apart into pieces, each of which can be put back into one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from trinario.channels.http import wire
from trinario.channels.http.reading import moment, text

PLATFORM_OF_OBJECT = {"whatsapp_business_account": "whatsapp", "page": "messenger", "instagram": "instagram"}


NUL = b"\\u0000"
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""What stands for a lone surrogate, or for half of an emoji."""

DEEPEST = 100
"""Levels of nesting beyond which a piece is not looked into: no webhook comes near, and nothing later may trip over it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The smallest part that the envelope itself separates (meta.md 1.6).

    `form` is changes (a field and a value), messaging, standby, or odd (something that stands where an entry, a change
    or an event should); `value` may be of any type. `entry` is the id of the account or WABA, `at` the entry's time.
    """

    platform: str
    entry: str
    at: datetime | None
    form: str
    field: str
    value: Any
    wrapper: Mapping[str, Any]

    def body(self, value: Any) -> dict[str, Any]:
        """A webhook body that holds nothing but `value` (this piece, or a part of it in its own wrapping)."""
        kind = next(name for name, platform in PLATFORM_OF_OBJECT.items() if platform == self.platform)
        if self.form == "odd":
            return {"object": kind, "entry": [value]}
        head = {key: self.wrapper[key] for key in ("id", "time") if key in self.wrapper}
        if self.form == "changes":
            return {"object": kind, "entry": [{**head, "changes": [{"field": self.field, "value": value}]}]}
        return {"object": kind, "entry": [{**head, self.form: [value]}]}


def opened(raw: bytes) -> tuple[dict[str, Any], bool]:
    """The body as an object, and whether its texts may hold what no database takes. Raises ValueError if it is none."""
    body, lone = wire.read(raw)
    if not isinstance(body, dict):
        raise ValueError("a webhook is a JSON object")
    return body, NUL in raw or (lone and _SURROGATE.search(raw) is not None)


def may_be_deep(raw: bytes) -> bool:
    """Whether a body has brackets enough to be nested deeper than DEEPEST."""
    return raw.count(b"{") + raw.count(b"[") > DEEPEST


def shallow(piece: Piece) -> tuple[Piece | None, bool]:
    """The piece without what is nested deeper than DEEPEST, which nothing that follows could carry; and whether there was
    any. None: nothing is left of it."""
    if not is_deeper(piece.body(piece.value), DEEPEST):
        return piece, False
    if piece.form != "changes" or not isinstance(piece.value, dict):
        return None, True
    left = replace(piece, value=_cut(piece.value, 2))
    return (None if is_deeper(left.body(left.value), DEEPEST) else left), True


def _cut(value: dict[str, Any], levels: int) -> dict[str, Any]:
    """An object without members that are too deep; of its lists only the items that are. `levels` down it looks inside."""
    left: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, list):
            left[key] = [item for item in inner if not is_deeper(item, DEEPEST // 2)]
        elif not is_deeper(inner, DEEPEST // 2):
            left[key] = inner
        elif levels and isinstance(inner, dict):
            left[key] = _cut(inner, levels - 1)
    return left


def platform_of(body: Mapping[str, Any]) -> str:
    """The platform that a body is of, "" for one of others; some of Meta's own examples name it in the entry only."""
    kind = body.get("object")
    if kind is None:
        entries = body.get("entry")
        first = entries[0] if isinstance(entries, list) and entries else None
        kind = first.get("object") if isinstance(first, dict) else None
    return PLATFORM_OF_OBJECT.get(kind, "") if isinstance(kind, str) else ""


def pieces(platform: str, body: Mapping[str, Any]) -> Iterator[Piece]:
    """Everything in a body of one of our platforms, in the order in which it stands there."""
    entries = body.get("entry")
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, dict):
            yield from _pieces_of(platform, entry)
        else:
            yield Piece(platform, "", None, "odd", "", entry, {})


def _pieces_of(platform: str, entry: dict[str, Any]) -> Iterator[Piece]:
    account, at = text(entry, "id"), moment(entry.get("time"))
    understood = False
    for form in ("messaging", "standby"):
        for event in _listed(entry.get(form)):
            understood = True
            yield Piece(platform, account, at, form, form, event, entry)
    for change in _listed(entry.get("changes")):
        understood = True
        if isinstance(change, dict):
            field = text(change, "field") or text(entry, "field")  # some of Meta's own examples have it one level up
            yield Piece(platform, account, at, "changes", field, change.get("value"), entry)
        else:
            yield Piece(platform, account, at, "changes", "", change, entry)
    if "value" in entry:  # the form that the page on Instagram login shows
        understood = True
        yield Piece(platform, account, at, "changes", text(entry, "field"), entry["value"], entry)
    if not understood:
        yield Piece(platform, account, at, "odd", "", entry, entry)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def is_deeper(value: Any, levels: int) -> bool:
    """Whether a value has more than so many levels, without a recursion of our own."""
    level = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return any(True for outer in level for _ in _inside(outer))


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
