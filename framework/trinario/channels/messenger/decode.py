"""Messenger webhooks read: messaging objects and comments under posts of the Page (meta.md 2B)."""

from typing import Any

from trinario.channels.graph.comments import page_comment
from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.page_changes import read_common
from trinario.channels.graph.page_events import unread
from trinario.channels.graph.place import Place
from trinario.channels.http.reading import text
from trinario.model.heard import Inbound

KIND = "psid"


def read_piece(piece: Piece, value: Any, place: Place) -> list[Inbound]:
    """What one piece of a `page` webhook says."""
    common = read_common(piece, value, place)
    if common is not None:
        return common
    if piece.form != "changes":
        return [unread(value, place, "entry without events")]
    if piece.field != "feed":
        return [unread(value, place, f"field {piece.field}")]
    item, verb = text(value, "item"), text(value, "verb")
    if item == "comment":
        return [page_comment(value, place)]
    return [unread(value, place, " ".join(filter(None, ("feed", item, verb))))]
