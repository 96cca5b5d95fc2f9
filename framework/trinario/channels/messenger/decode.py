"""Messenger webhooks read: messaging objects and comments under posts of the Page (meta.md 2B)."""

from typing import Any

from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.page_events import read_event, unread
from trinario.channels.graph.place import Place
from trinario.channels.graph.reading import external_id, fingerprint, mapping, moment, text
from trinario.model.message import Heard, Inbound, Unsupported

KIND = "psid"


def read_piece(piece: Piece, value: Any, place: Place) -> list[Inbound]:
    """What one piece of a `page` webhook says."""
    if not isinstance(value, dict):
        return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "")]
    if piece.form == "messaging":
        return read_event(value, place)
    if piece.form == "standby":
        return [unread(value, place, "standby", "standby:")]
    if piece.form == "changes" and ("sender" in value or "recipient" in value):
        return read_event(value, place)  # the dashboard's test button sends messages in this form
    if piece.form == "changes" and piece.field == "feed" and text(value, "item") == "comment":
        return [_comment(value, place)]
    return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "entry without events")]


def _comment(value: dict[str, Any], place: Place) -> Inbound:
    number, verb = text(value, "comment_id") or fingerprint(value), text(value, "verb")
    person = mapping(value, "from")
    at = place.dated(moment(value.get("created_time")))
    own = external_id("comment", number, verb)
    if verb != "add" or not text(person, "id") or text(person, "id") == place.account:
        return Unsupported(place.channel, own, at, f"comment {verb}" if verb != "add" else "comment of our own")
    post, parent = text(value, "post_id"), text(value, "parent_id")
    return Heard(
        place.identity(text(person, "id")), own, at, "comment", text(value, "message"), name=text(person, "name"),
        data={"comment": number, "post": post, "parent": parent, "reply": bool(parent) and parent != post},
    )  # fmt: skip
