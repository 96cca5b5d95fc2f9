"""The Graph endpoints of files: WhatsApp's media, and attachments of Pages and Instagram accounts."""

from __future__ import annotations

import base64
import hashlib
import re

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page import check_format, check_media_payload
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER
from trinario.emulator.checks.whatsapp_words import WORDS
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

MEGABYTE = 1024 * 1024
UPLOADS = {
    "image/jpeg": 5,
    "image/png": 5,
    "video/mp4": 16,
    "video/3gpp": 16,
    "audio/aac": 16,
    "audio/amr": 16,
    "audio/mpeg": 16,
    "audio/mp4": 16,
    "audio/ogg": 16,
    "image/webp": 0.5,
    "text/plain": 100,
    "application/pdf": 100,
}
OFFICE = re.compile(r"^application/(msword|vnd\.(ms-|openxmlformats-).+)$")
MEDIA_URL_SECONDS = 300
HEARD_DAYS, UPLOADED_DAYS, DAY = 7, 30, 86_400
"""How long ids of files are known: those of webhooks, and those of uploads."""

ATTACHMENT_KINDS = ("image", "audio", "video", "file")
ATTACHMENT_MEGABYTES = {"image": 8, "audio": 25, "video": 25, "file": 25}


class MediaEdges:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("POST", "number", "media"): self._upload,
            ("GET", "media", ""): self._media,
            ("DELETE", "media", ""): self._delete_media,
            ("POST", "page", "message_attachments"): self._attachment,
            ("POST", "instagram", "message_attachments"): self._attachment,
        }

    async def _attachment(self, call: Call) -> Json:
        """An attachment by url (never fetched) or as a file, for repeated use."""
        kind, url = _attached(call)
        platform = "instagram" if "instagram" in (call.target, call.body.get("platform")) else "messenger"
        identity = self._meta.ids.number(16)
        record = {"id": identity, "at": self._meta.clock.now(), "kind": kind, "owner": platform, **url}
        if call.upload is not None:
            content = base64.b64encode(call.upload[2]).decode()
            record |= {"type": call.upload[1], "content": content, "name": call.upload[0]}
        self._meta.world.commit({"op": "media", "media": record})
        return {"attachment_id": identity}

    async def _upload(self, call: Call) -> Json:
        if call.body.get("messaging_product") != "whatsapp":
            raise Refused(
                "whatsapp.messaging_product", 100, "(#100) The parameter messaging_product is required.", whatsapp=True
            )
        if call.upload is None:
            raise WORDS.missing("file")
        name, mime, content = call.upload
        mime = str(call.body.get("type") or mime).split(";")[0].strip()
        limit = 100 if OFFICE.match(mime) else UPLOADS.get(mime)
        if limit is None:
            message = f"(#100) Param file must be a file with one of the following types: {', '.join(UPLOADS)}"
            raise Refused("whatsapp.media_type", 100, message, whatsapp=True)
        if not content or len(content) > limit * MEGABYTE:
            raise Refused(
                "whatsapp.media_size", 131053, details=f"the file must have 1 byte to {limit} MB", whatsapp=True
            )
        identity = keep_media(self._meta, mime, content, name)
        return {"id": identity}

    async def _media(self, call: Call) -> Json:
        media = self._owned(call)
        if "mime_type" not in media:
            raise Refused("graph.unknown_object", 100, "(#100) Unsupported get request.", subcode=33)
        url = media_url(self._meta, media["id"], call.base)
        return {"messaging_product": "whatsapp", "url": url, "mime_type": media["mime_type"], "sha256": media["sha256"],
                "file_size": str(media["size"]), "id": media["id"]}  # fmt: skip

    async def _delete_media(self, call: Call) -> Json:
        self._meta.world.commit({"op": "media_gone", "id": self._owned(call)["id"]})
        return {"success": True}

    def _owned(self, call: Call) -> Json:
        owner = call.query.get("phone_number_id", self._meta.config.whatsapp.phone_number_id)
        if owner != self._meta.config.whatsapp.phone_number_id:
            raise Refused("whatsapp.media_owner", 100, "(#100) Invalid parameter", whatsapp=True)
        media = self._meta.world.media[call.id]
        days = HEARD_DAYS if "platform" in media else UPLOADED_DAYS
        if media.get("platform", "whatsapp") != "whatsapp" or self._meta.clock.now() - media["at"] > days * DAY:
            message = f"Unsupported get request. Object with ID '{call.id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation."
            raise Refused("graph.unknown_object", 100, message, subcode=33)
        return media


def _attached(call: Call) -> tuple[str, Json]:
    """The kind of an attachment, and its url if it has one. Raises Refused for one that Meta does not take."""
    words = INSTAGRAM if call.target == "instagram" else MESSENGER
    attachment = Fields(call.body, "", words).object("message").object("attachment")
    kind = attachment.choice("type", ATTACHMENT_KINDS) or ""
    if call.upload is None:
        payload = attachment.object("payload")
        if "url" not in payload:
            raise words.missing(payload.at("url"))
        check_media_payload(payload)
        check_format(words.platform, kind, payload)
        return kind, {"url": payload.raw("url")}
    _, mime, content = call.upload
    if kind != "file" and mime.partition("/")[0] != kind:
        message = "(#100) Attachment type does not match the type of the file"
        raise Refused(f"{words.platform}.attachment_type", 100, message, subcode=2018047)
    if not content or len(content) > ATTACHMENT_MEGABYTES[kind] * MEGABYTE:
        message = "(#100) Attachment size exceeds allowable limit"
        raise Refused(f"{words.platform}.attachment_size", 100, message, subcode=2018109)
    return kind, {}


def media_url(meta: Meta, identity: str, base: str = "") -> str:
    """Where the bytes are, for five minutes, with the number's token."""
    return f"{base or meta.base}/_emulator/media/{identity}?until={int(meta.clock.now()) + MEDIA_URL_SECONDS}"


def keep_media(meta: Meta, mime: str, content: bytes, name: str = "", *, heard: str = "", person: str = "") -> str:
    """Store bytes in the media store; the id. `heard` is the platform on which `person` sent them."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    identity = meta.ids.number(16)
    record = {
        "id": identity,
        "at": meta.clock.now(),
        "mime_type": mime,
        "sha256": digest,
        "size": len(content),
        "name": name,
        "content": base64.b64encode(content).decode(),
        **({"platform": heard, "person": person} if heard else {}),
    }
    meta.world.commit({"op": "media", "media": record})
    return identity
