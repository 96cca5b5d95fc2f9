"""Instagram webhooks read: messaging objects and comments, in all three envelopes that are seen (meta.md 2C)."""

from typing import Any

from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.page_events import read_event, unread
from trinario.channels.graph.place import Place
from trinario.channels.graph.reading import external_id, fingerprint, mapping, moment, text
from trinario.model.message import Heard, Inbound, Unsupported

KIND = "igsid"


def read_piece(piece: Piece, value: Any, place: Place) -> list[Inbound]:
    """What one piece of an `instagram` webhook says."""
    if not isinstance(value, dict):
        return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "")]
    if piece.form == "messaging":
        return read_event(value, place)
    if piece.form == "standby":
        return [unread(value, place, "standby", "standby:")]
    if piece.form == "changes" and ("sender" in value or "recipient" in value):
        return read_event(value, place)
    if piece.form == "changes" and piece.field in ("comments", "live_comments"):
        return [_comment(value, place, live=piece.field == "live_comments")]
    return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "entry without events")]


def _comment(value: dict[str, Any], place: Place, *, live: bool) -> Inbound:
    number = text(value, "id") or text(value, "comment_id") or fingerprint(value)
    person, media = mapping(value, "from"), mapping(value, "media")
    at = place.dated(moment(value.get("timestamp")))
    own = external_id("comment", number, "add")
    if not text(person, "id") or text(person, "id") == place.account:
        return Unsupported(place.channel, own, at, "comment of our own")
    parent = text(value, "parent_id")
    return Heard(
        place.identity(text(person, "id")), own, at, "comment", text(value, "text"), name=text(person, "username"),
        data={"comment": number, "post": text(media, "id"), "parent": parent, "reply": bool(parent), "live": live,
              "ad": text(media, "ad_id")},
    )  # fmt: skip
