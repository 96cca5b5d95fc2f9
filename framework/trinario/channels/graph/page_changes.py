"""Changes of a Page or an Instagram account that are no messages: comments, mentions, forms, news (meta.md 2B.5, 2C.4)."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.page_events import read_event, unread
from trinario.channels.graph.place import Place
from trinario.channels.graph.standby import aside
from trinario.channels.http.reading import external_id, fingerprint
from trinario.model.heard import Inbound
from trinario.model.news import News

NEWS = {
    "mention": "mention",
    "mentions": "mention",
    "leadgen": "lead",
    "messenger_template_status_update": "template_status",
    "message_template_status_update": "template_status",
    "business_integrity": "account_alert",
    "story_insights": "story_insights",
}
"""Fields that tell of the account, and how the history calls them; who mentions it is told by no webhook."""


def read_common(piece: Piece, value: Any, place: Place) -> list[Inbound] | None:
    """What Pages and Instagram accounts tell in the same way; None: it is something of the platform's own."""
    if not isinstance(value, dict):
        return [unread(value, place, f"field {piece.field}" if piece.form == "changes" else "")]
    if piece.form == "messaging":
        return read_event(value, place)
    if piece.form == "standby":
        return [aside(item) for item in read_event(value, place)]
    if piece.form == "changes" and ("sender" in value or "recipient" in value):
        return read_event(value, place)  # the dashboard's test button sends messages in this form
    if piece.form == "changes" and piece.field in NEWS:
        return [_news(piece, value, place)]
    return None


def _news(piece: Piece, value: Mapping[str, Any], place: Place) -> News:
    at = piece.at.isoformat() if piece.at else ""
    own = external_id("news", fingerprint([piece.entry, at, piece.field, value]))
    return News(place.channel, own, place.dated(place.at), NEWS[piece.field], value)
