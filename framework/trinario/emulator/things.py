"""What people send besides words: pictures, voice notes, places, contacts, and comments under posts."""

from __future__ import annotations

from trinario.emulator import envelopes
from trinario.emulator.config import Json
from trinario.emulator.files import cdn_url
from trinario.emulator.graph_media import keep_media, media_url
from trinario.emulator.meta import Meta
from trinario.emulator.people import Phone
from trinario.emulator.samples import content_of
from trinario.emulator.voice import CannotAct, Voice

MIMES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg; codecs=opus", "document": "application/pdf",
         "sticker": "image/webp"}  # fmt: skip


class Things:
    """`send` and `comment`."""

    def __init__(self, meta: Meta, voice: Voice) -> None:
        self._meta = meta
        self._voice = voice

    def send(self, phone: Phone, wish: Json) -> Json:
        """She sends a picture, a voice note, a place, a contact ..."""
        kind = wish.get("kind")
        if kind == "location":
            return self._location(phone, wish)
        if kind == "contacts" and phone.platform == "whatsapp":
            contacts = wish.get("contacts") or [{"name": {"formatted_name": "Anna", "first_name": "Anna"}}]
            return self._voice.whatsapp(phone, {"type": "contacts", "contacts": contacts}, "contacts", "")
        if kind not in MIMES:
            raise CannotAct(f"kind must be one of {', '.join(MIMES)}, location or contacts", 400)
        caption = str(wish.get("caption", ""))
        if phone.platform == "whatsapp":
            return self._whatsapp_media(phone, kind, caption, wish)
        url = str(wish.get("url") or self._cdn(phone, kind, wish))
        shown = {"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "sticker"}[kind]
        payload: Json = {"url": url} if kind != "sticker" else {"url": url, "sticker_id": 369239263222822}
        message: Json = {"attachments": [{"type": shown, "payload": payload}]}
        if caption:
            message["text"] = caption
        return self._voice.page_message(phone, message, kind, caption, media={"kind": kind, "url": url})

    def _cdn(self, phone: Phone, kind: str, wish: Json) -> str:
        """The address of a file that a page or an Instagram account gets: it is good for a day."""
        if not self._meta.base:
            return f"https://cdn.example/{self._meta.ids.number(12)}"
        mime = str(wish.get("mime_type") or MIMES[kind])
        content = content_of(kind, wish, phone.person)
        return cdn_url(self._meta, keep_media(self._meta, mime, content, heard=phone.platform, person=phone.person))

    def _location(self, phone: Phone, wish: Json) -> Json:
        place: Json = {name: wish[name] for name in ("latitude", "longitude", "name", "address", "url") if name in wish}
        place = {"latitude": 45.4642, "longitude": 9.19, **place}
        if phone.platform == "whatsapp":
            return self._voice.whatsapp(
                phone,
                {"type": "location", "location": place},
                "location",
                str(place.get("name", "")),
                media={"kind": "location", **place},
            )
        coordinates = {"lat": place["latitude"], "long": place["longitude"]}
        attachment = {"type": "location", "payload": {"coordinates": coordinates}}
        return self._voice.page_message(
            phone, {"attachments": [attachment]}, "location", "", media={"kind": "location", **place}
        )

    def _whatsapp_media(self, phone: Phone, kind: str, caption: str, wish: Json) -> Json:
        mime = str(wish.get("mime_type") or MIMES[kind])
        content = content_of(kind, wish, phone.person)
        identity = keep_media(self._meta, mime, content, heard="whatsapp", person=phone.person)
        stored = self._meta.world.media[identity]
        media: Json = {"mime_type": mime, "sha256": stored["sha256"], "id": identity}
        if self._meta.base:
            media["url"] = media_url(self._meta, identity)
        if caption and kind in ("image", "video", "document"):
            media["caption"] = caption
        if kind == "document":
            media["filename"] = str(wish.get("filename", "file.pdf"))
        if kind == "audio":
            media["voice"] = bool(wish.get("voice", True))
        if kind == "sticker":
            media["animated"] = False
        return self._voice.whatsapp(
            phone, {"type": kind, kind: media}, kind, caption, media={"kind": kind, "id": identity}
        )

    def comment(self, phone: Phone, wish: Json) -> Json:
        """She comments on a post of the Page or the Instagram account."""
        if phone.platform == "whatsapp":
            raise CannotAct("there are no posts on WhatsApp", 400)
        meta, now, text = self._meta, self._meta.clock.now(), str(wish.get("text", ""))
        below = str(wish.get("reply_to") or "")
        post, identity, field, value = self._told(phone, wish, text, below, now)
        record = {"id": identity, "platform": phone.platform, "person": phone.person, "at": now, "text": text,
                  "replied": False, "post": post, "parent": below}  # fmt: skip
        meta.world.commit({"op": "comment", "comment": record})
        meta.hook(phone, field, envelopes.change(meta.config, phone.platform, now, field, value))
        return self._voice.done(phone, identity, "comment", text)

    def _told(self, phone: Phone, wish: Json, text: str, below: str, now: float) -> tuple[str, str, str, Json]:
        """Post, id, field and value of the webhook that tells of a comment: Messenger's of a Page's feed, Instagram's."""
        meta, post, kind = self._meta, str(wish.get("post") or "1"), str(wish.get("kind") or "feed").lower()
        if phone.platform == "messenger":
            post_id, identity = f"{meta.config.messenger.page_id}_{post}", f"{post}_{meta.ids.number(15)}"
            value: Json = {
                "from": {"id": phone.identity, "name": meta.world.person_of(phone).name}, "message": text, "post_id": post_id,
                "comment_id": identity, "created_time": int(now), "item": "comment", "parent_id": below or post_id, "verb": "add",
            }  # fmt: skip
            return post_id, identity, "feed", value
        identity = meta.ids.number(17)
        value = {"id": identity, "from": {"id": phone.identity, "username": phone.username}, "text": text,
                 "media": {"id": post, "media_product_type": {"reel": "REELS"}.get(kind, kind.upper())}}  # fmt: skip
        if below:
            value["parent_id"] = below
        return post, identity, "live_comments" if kind == "live" else "comments", value
