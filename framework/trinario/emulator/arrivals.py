"""What people do beside writing: they answer and mention stories, come by ads, fill in forms."""

from __future__ import annotations

import json

from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Phone
from trinario.emulator.voice import CannotAct, Voice


class Arrivals:
    """`story_reply`, `story_mention`, `ad`, `order`, `product`, `notices` and `form`."""

    def __init__(self, meta: Meta, voice: Voice) -> None:
        self._meta = meta
        self._voice = voice

    def story_reply(self, phone: Phone, wish: Json) -> Json:
        """She answers a story of the Instagram account."""
        text, story = str(wish.get("text") or "😍"), str(wish.get("story") or self._meta.ids.number(17))
        _only(phone, "instagram")
        url = f"https://lookaside.example/story/{story}"
        message = {"text": text, "reply_to": {"story": {"url": url, "id": story}}}
        return self._voice.page_message(phone, message, "text", text)

    def story_mention(self, phone: Phone, wish: Json) -> Json:
        """She names the Instagram account in a story of hers."""
        _only(phone, "instagram")
        payload = {"url": f"https://lookaside.example/mention/{self._meta.ids.number(12)}"}
        message = {"attachments": [{"type": "story_mention", "payload": payload}]}
        return self._voice.page_message(phone, message, "story_mention", "")

    def ad(self, phone: Phone, wish: Json) -> Json:
        """She clicks an ad that opens the chat, and writes."""
        text, ad = str(wish.get("text") or "Hello!"), str(wish.get("ad") or self._meta.ids.number(17))
        title = str(wish.get("title") or "Chat with us")
        if phone.platform == "whatsapp":
            referral = {"source_url": f"https://fb.me/{ad}", "source_id": ad, "source_type": "ad", "headline": title,
                        "body": "", "media_type": "image", "ctwa_clid": (click := self._meta.ids.number(20))}  # fmt: skip
            content = {"type": "text", "text": {"body": text}, "referral": referral}
            self._meta.world.commit(
                {"op": "clicked", "person": phone.person, "at": self._meta.clock.now(), "click": click}
            )
            return self._voice.whatsapp(phone, content, "text", text)
        context = {"ad_title": title}
        told: Json = {
            "ref": str(wish.get("ref") or ""), "ad_id": ad, "source": "ADS", "type": "OPEN_THREAD",
                    "ads_context_data": context}  # fmt: skip
        return self._voice.page_message(phone, {"text": text, "referral": told}, "text", text)

    def order(self, phone: Phone, wish: Json) -> Json:
        """She sends an order out of the catalogue: `items` are {id, quantity, price, currency}."""
        text, catalog = str(wish.get("text") or ""), str(wish.get("catalog") or "194836987003835")
        given = [one for one in wish.get("items") or [{}] if isinstance(one, dict)]
        if phone.platform == "whatsapp":
            rows = [_row(one, "product_retailer_id", "item_price") for one in given]
            content = {"type": "order", "order": {"catalog_id": catalog, "text": text, "product_items": rows}}
            return self._voice.whatsapp(phone, content, "order", text)
        _only(phone, "messenger")
        products = [{"name": str(one.get("id", "rose")), **_row(one, "retailer_id", "unit_price")} for one in given]
        name = self._voice.show(phone, "order", text)
        self._voice.tell(phone, "send_cart", {"order": {"products": products, "note": text}})
        return self._voice.done(phone, name, "order", text)

    def product(self, phone: Phone, wish: Json) -> Json:
        """She asks about a product of the catalogue."""
        text, product = str(wish.get("text") or "How much is it?"), str(wish.get("product") or "rose")
        if phone.platform == "whatsapp":
            named = {"catalog_id": str(wish.get("catalog") or "194836987003835"), "product_retailer_id": product}
            context = {"from": self._meta.config.whatsapp.phone, "id": self._meta.ids.message("whatsapp"),
                       "referred_product": named}  # fmt: skip
            return self._voice.whatsapp(
                phone, {"type": "text", "text": {"body": text}, "context": context}, "text", text
            )
        return self._voice.page_message(phone, {"text": text, "referral": {"product": {"id": product}}}, "text", text)

    def notices(self, phone: Phone, wish: Json) -> Json:
        """She stops (`to: stop`) or resumes the marketing messages of the Page."""
        _only(phone, "messenger")
        status = "RESUME NOTIFICATIONS" if wish.get("to") == "resume" else "STOP NOTIFICATIONS"
        told = {"type": "notification_messages", "payload": "", "notification_messages_token": "token",
                "notification_messages_timezone": "UTC", "user_token_status": "NOT_REFRESHED",
                "notification_messages_status": status, "title": str(wish.get("title") or "News")}  # fmt: skip
        self._voice.tell(phone, "messaging_optins", {"optin": told})
        return self._voice.done(phone, "", "notices", status)

    def form(self, phone: Phone, wish: Json) -> Json:
        """She sends the answers of a WhatsApp Flow, the newest in her chat unless `token` names another.

        Meta tells of them as text that holds JSON.
        """
        _only(phone, "whatsapp")
        answers = wish.get("data") if isinstance(wish.get("data"), dict) else {}
        opened = next((one for one in reversed(phone.messages) if _token(one)), None)
        token = str(wish.get("token") or (_token(opened) if opened else "") or "unused")
        response = json.dumps({"flow_token": token, **(answers or {})})
        reply = {"name": str(wish.get("name") or "flow"), "body": "Sent", "response_json": response}
        content = {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}
        answered = opened.id if opened and _token(opened) == token else ""
        return self._voice.whatsapp(phone, content, "form", "", reply_to=answered)


def _token(message: Message) -> str:
    """The token of the form that a message opens; "" if it opens none."""
    return next((one.payload for one in message.options if one.kind == "flow"), "")


def _only(phone: Phone, platform: str) -> None:
    if phone.platform != platform:
        raise CannotAct(f"there is nothing of the kind on {phone.platform}", 400)


def _row(item: Json, id: str, price: str) -> Json:
    """One line of an order."""
    return {id: str(item.get("id", "rose")), "quantity": int(item.get("quantity", 1)), price: float(item.get("price", 1)),
            "currency": str(item.get("currency") or "EUR")}  # fmt: skip
