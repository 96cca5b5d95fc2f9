"""What she does to messages in a talk: a sign on one of the bot's, words of hers written anew or taken back; and orders."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from trinario.testing import updates, webhooks
from trinario.testing.scene import Broken, Scene
from trinario.testing.script import Elsewhere
from trinario.testing.webhooks import Json, Line

NONE = "none"
"""A sign that is taken back."""


def changed(scene: Scene, act: Elsewhere, line: Line, id: str, now: datetime) -> bytes:
    """The webhook of a sign, an edit or a deletion."""
    if act.what == "reaction":
        shown = [one for one in scene.cast.shown_to(scene.actor, scene.actor.channel) if one.id]
        name = _back(act, [one.id for one in shown], "the bot has not said so many messages there")
        return _reacts(line, id, now, name, "" if act.text == NONE else act.text)
    wrote = [name for channel, name in scene.actor.wrote if channel == scene.actor.channel]
    name = _back(act, wrote, "she has not written so many messages there")
    return _edits(line, id, now, name, act.text) if act.what == "edited" else _deletes(line, id, now, name)


def _back(act: Elsewhere, names: list[str], missing: str) -> str:
    place = int(act.data.get("back") or 0) + 1
    if place > len(names):
        raise Broken(act.line, missing)
    return names[-place]


def _reacts(line: Line, id: str, at: datetime, message: str, emoji: str) -> bytes:
    if line.platform == "telegram":
        return updates.reacts(line, id, at, message, emoji)
    if line.platform == "whatsapp":
        sign = {"message_id": message, **({"emoji": emoji} if emoji else {})}
        return webhooks.whatsapp_message(line, id, at, {"type": "reaction", "reaction": sign})
    told = {"reaction": "other", "emoji": emoji} if emoji else {}
    return webhooks.page(line, at, {"reaction": {"mid": message, "action": "react" if emoji else "unreact", **told}})


def _edits(line: Line, id: str, at: datetime, message: str, text: str) -> bytes:
    if line.platform == "telegram":
        return updates.edits(line, id, at, message, text)
    if line.platform == "whatsapp":
        new = {"context": {"id": message}, "type": "text", "text": {"body": text}}
        edit = {"original_message_id": message, "message": new}
        return webhooks.whatsapp_message(line, id, at, {"type": "edit", "edit": edit})
    return webhooks.page(line, at, {"message_edit": {"mid": message, "text": text, "num_edit": int(at.timestamp())}})


def _deletes(line: Line, id: str, at: datetime, message: str) -> bytes:
    if line.platform == "whatsapp":
        return webhooks.whatsapp_message(line, id, at, {"type": "revoke", "revoke": {"original_message_id": message}})
    return webhooks.page(line, at, {"message": {"mid": message, "is_deleted": True}})


def orders(line: Line, id: str, at: datetime, act: Elsewhere) -> bytes:
    """An order out of the catalogue."""
    items = act.data.get("items") or ()
    if line.platform == "whatsapp":
        rows = [_item(one, "product_retailer_id", "item_price") for one in items]
        order = {"catalog_id": str(act.data.get("catalog") or "1"), "text": act.text, "product_items": rows}
        return webhooks.whatsapp_message(line, id, at, {"type": "order", "order": order})
    rows = [_item(one, "retailer_id", "unit_price") for one in items]
    return webhooks.page(line, at, {"order": {"products": rows, "note": act.text}})


def _item(one: Mapping[str, Any], id: str, price: str) -> Json:
    return {
        id: str(one["id"]), "quantity": _plain(one.get("quantity", 1)), price: _plain(one.get("price", 1)),
        "currency": str(one.get("currency") or "EUR"),
    }  # fmt: skip


def _plain(value: object) -> int | float:
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)


def asks_about(line: Line, id: str, at: datetime, act: Elsewhere) -> bytes:
    """She writes about a product of the catalogue."""
    product = str(act.data.get("product") or "")
    if line.platform == "whatsapp":
        named = {"catalog_id": "1", "product_retailer_id": product}
        context = {"from": line.number, "id": f"{id}.0", "referred_product": named}
        return webhooks.whatsapp_message(line, id, at, {"context": context, "type": "text", "text": {"body": act.text}})
    message = {"mid": id, "text": act.text, "referral": {"product": {"id": product}}}
    return webhooks.page(line, at, {"message": message})
