"""News of a WhatsApp account: templates, quality, limits, alerts; and who has a thread (meta.md 2A.5 to 2A.7)."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.place import Place
from trinario.channels.graph.standby import whose
from trinario.channels.http.reading import external_id, fingerprint, mapping, moment, text
from trinario.channels.whatsapp.people import person_of
from trinario.model.heard import Inbound
from trinario.model.news import Handover, News

NEWS = {
    "message_template_status_update": "template_status",
    "message_template_quality_update": "template_quality",
    "message_template_components_update": "template_components",
    "template_category_update": "template_category",
    "phone_number_quality_update": "number_quality",
    "phone_number_name_update": "number_name",
    "business_capability_update": "account_capability",
    "account_alerts": "account_alert",
    "account_update": "account_update",
    "account_review_update": "account_review",
    "security": "number_security",
}
"""Fields that tell of the account or of a template, and how the history calls them."""

_HANDOVERS = {"control_passed": "thread_passed", "control_taken": "thread_taken"}


def read_news(piece: Piece, value: Mapping[str, Any], place: Place) -> News:
    """One change of such a field. Meta's example of a template's quality stands under the field of its status."""
    name = "template_quality" if "new_quality_score" in value else NEWS[piece.field]
    return News(place.channel, news_id(piece, value), place.dated(place.at), name, value)


def news_id(piece: Piece, value: Any) -> str:
    """The key of what has no id of its own: entry, time, field and value (meta.md 9)."""
    at = piece.at.isoformat() if piece.at else ""
    return external_id("news", fingerprint([piece.entry, at, piece.field, value]))


def read_handover(value: Mapping[str, Any], place: Place) -> Inbound | None:
    """Who has the thread with her now; None if it is not said with whom."""
    named = text(value, "type")
    kind = named if named in _HANDOVERS else next((key for key in _HANDOVERS if key in value), "")
    sender = mapping(value, "sender")
    shown = [text(sender, key).lstrip("+") for key in ("phone_number", "wa_id", "user_id")]
    who = person_of(place.channel, shown, ()).identities
    if not kind or not who:
        return None
    part = mapping(value, kind)
    ours = whose(part, place.apps, None)
    at, own = place.dated(moment(value.get("timestamp"))), external_id("handover", fingerprint(value))
    return Handover(who[0], own, at, _HANDOVERS[kind], ours, part, who[1:])
