"""Instagram webhooks read: messaging objects and comments, in all three envelopes that are seen (meta.md 2C)."""

from typing import Any

from trinario.channels.graph.comments import instagram_comment
from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.page_changes import read_common
from trinario.channels.graph.page_events import unread
from trinario.channels.graph.place import Place
from trinario.model.heard import Inbound

KIND = "igsid"


def read_piece(piece: Piece, value: Any, place: Place) -> list[Inbound]:
    """What one piece of an `instagram` webhook says."""
    common = read_common(piece, value, place)
    if common is not None:
        return common
    if piece.form == "changes" and piece.field in ("comments", "live_comments"):
        return [instagram_comment(value, place, live=piece.field == "live_comments")]
    return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "entry without events")]
