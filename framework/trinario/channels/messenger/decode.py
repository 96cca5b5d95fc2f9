"""Messenger webhooks read: messaging objects and comments under posts of the Page (meta.md 2B)."""

from typing import Any

from trinario.channels.graph.comments import page_comment
from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.page_events import read_event, unread
from trinario.channels.graph.place import Place
from trinario.channels.graph.reading import text
from trinario.model.message import Inbound

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
        return [page_comment(value, place)]
    return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "entry without events")]

