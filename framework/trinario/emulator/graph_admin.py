"""The Graph endpoints beside the sends: profile, subscriptions, templates, media, attachments, people and accounts."""

from __future__ import annotations

import base64
import hashlib
import re

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page import check_format, check_media_payload
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER
from trinario.emulator.checks.profile import check_deletion, check_profile
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


class Admin:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        table: dict[tuple[str, str, str], Endpoint] = {
            ("GET", "number", ""): self._number,
            ("POST", "number", "media"): self._upload,
            ("GET", "media", ""): self._media,
            ("DELETE", "media", ""): self._delete_media,
            ("GET", "person", ""): self._person,
        }
        for target in ("page", "instagram"):
            table["GET", target, ""] = self._account
            table["POST", target, "messenger_profile"] = self._set_profile
            table["GET", target, "messenger_profile"] = self._profile
            table["DELETE", target, "messenger_profile"] = self._delete_profile
            table["POST", target, "message_attachments"] = self._attachment
        for target in ("page", "instagram", "waba"):
            table["POST", target, "subscribed_apps"] = self._subscribe
            table["GET", target, "subscribed_apps"] = self._subscriptions
            table["DELETE", target, "subscribed_apps"] = self._unsubscribe
        return table

    async def _number(self, call: Call) -> Json:
        account = self._meta.config.whatsapp
        known = {"display_phone_number": account.phone, "verified_name": account.name, "quality_rating": "GREEN",
                 "whatsapp_business_manager_messaging_limit": self._tier(), "throughput": {"level": self._throughput()},
                 "platform_type": "CLOUD_API", "code_verification_status": "VERIFIED", "name_status": "APPROVED",
                 "status": "CONNECTED", "conversational_automation": self._meta.world.profiles.get("whatsapp", {})}  # fmt: skip
        default = ("display_phone_number", "verified_name", "quality_rating", "platform_type", "throughput")
        return {**selected(call, known, default), "id": account.phone_number_id}

    def _throughput(self) -> str:
        """80 messages a second, 1,000 after the upgrade (meta.md §6)."""
        return "HIGH" if self._meta.config.rates.whatsapp_number >= 1000 else "STANDARD"

    def _tier(self) -> str:
        most = self._meta.config.whatsapp.messaging_limit
        return f"TIER_{most // 1000}K" if most >= 1000 else f"TIER_{most}" if most else "TIER_UNLIMITED"

    async def _account(self, call: Call) -> Json:
        config = self._meta.config
        if call.target == "page":
            account = config.messenger
            known: Json = {"id": account.page_id, "name": account.page_name, "username": account.page_name}
            if config.instagram.login == "facebook":
                known["instagram_business_account"] = {"id": config.instagram.account_id}
            return selected(call, known, ("id", "name"))
        instagram = config.instagram
        known = {"id": instagram.account_id, "user_id": instagram.account_id, "username": instagram.username}
        return selected(call, known, ("id",))

    async def _person(self, call: Call) -> Json:
        """Only those who wrote have given leave to read their profile."""
        phone = self._meta.world.by_identity[call.id]
        if not phone.opened:
            subcode = 2018218 if phone.platform == "messenger" else 2534014
            raise Refused(
                f"{phone.platform}.profile", 100, "(#100) No profile available for this user.", subcode=subcode
            )
        person = self._meta.world.person_of(phone)
        first, _, last = person.name.partition(" ")
        known = {
            "id": phone.identity,
            "first_name": first,
            "last_name": last,
            "name": person.name,
            "username": phone.username,
            "profile_pic": f"https://cdn.example/{phone.identity}.jpg",
            "locale": {"en": "en_US", "pt": "pt_BR"}.get(
                person.language, f"{person.language}_{person.language.upper()}"
            ),
            "timezone": 1,
            "follower_count": 3,
            "is_user_follow_business": False,
            "is_business_follow_user": False,
            "is_verified_user": False,
        }
        default = ("first_name", "last_name", "profile_pic") if phone.platform == "messenger" else ("name", "username")
        return {**selected(call, known, default), "id": phone.identity}

    def _profile_platform(self, call: Call) -> str:
        asked = call.body.get("platform") or call.query.get("platform") or ""
        if call.target == "instagram":
            return "instagram"
        if str(asked).lower() not in ("", "messenger", "instagram"):
            raise MESSENGER.value("platform", "messenger or instagram")
        return str(asked).lower() or "messenger"

    async def _set_profile(self, call: Call) -> Json:
        call.platform = platform = self._profile_platform(call)
        present = self._meta.world.profiles.get(platform, {})
        wanted = check_profile(platform, call.body, present)
        self._meta.gates.profile(platform, self._meta.clock.now())
        self._meta.world.commit({"op": "profile", "platform": platform, "fields": {**present, **wanted}})
        return {"result": "success"}

    async def _profile(self, call: Call) -> Json:
        call.platform = platform = self._profile_platform(call)
        present = self._meta.world.profiles.get(platform, {})
        names = [name for name in call.query.get("fields", "").split(",") if name]
        found = {name: present[name] for name in names if name in present}
        return {"data": [found] if found else []}

    async def _delete_profile(self, call: Call) -> Json:
        call.platform = platform = self._profile_platform(call)
        present = self._meta.world.profiles.get(platform, {})
        gone = check_deletion(platform, call.body or {"fields": call.query.get("fields", "").split(",")}, present)
        self._meta.gates.profile(platform, self._meta.clock.now())
        kept = {name: value for name, value in present.items() if name not in gone}
        self._meta.world.commit({"op": "profile", "platform": platform, "fields": kept})
        return {"result": "success"}

    async def _subscribe(self, call: Call) -> Json:
        """Fields of a Page or an Instagram account; a WABA may bring a webhook url of its own, which is verified."""
        if call.target == "waba":
            url = call.body.get("override_callback_uri")
            if url is not None:
                verdict = await self._meta.dispatcher.verify(
                    "whatsapp", str(url), str(call.body.get("verify_token", ""))
                )
                if not verdict["verified"]:
                    message = (
                        f"(#2200) Callback verification failed with the following errors: HTTP {verdict['status']}"
                    )
                    raise Refused("whatsapp.subscription", 2200, message)
            self._commit_subscription(call.platform, {"url": url or ""})
            return {"success": True}
        wanted = call.query.get("subscribed_fields") or call.body.get("subscribed_fields")
        names = [name.strip() for name in wanted.split(",")] if isinstance(wanted, str) else wanted
        if not isinstance(names, list) or not names:
            raise MESSENGER.missing("subscribed_fields")
        unknown = [name for name in names if name not in PAGE_FIELDS | INSTAGRAM_FIELDS]
        if unknown:
            raise MESSENGER.value("subscribed_fields", "one of {" + ", ".join(sorted(PAGE_FIELDS)) + "}")
        self._commit_subscription(call.platform, {"fields": names})
        return {"success": True}

    def _commit_subscription(self, platform: str, settings: Json) -> None:
        self._meta.world.commit({"op": "subscribed", "platform": platform, "settings": settings})

    async def _subscriptions(self, call: Call) -> Json:
        fields = self._meta.world.subscriptions.get(call.platform, {}).get("fields")
        if call.target == "waba":
            return {
                "data": [{"whatsapp_business_api_data": {"name": "trinario", "id": self._meta.config.messenger.app_id}}]
            }
        names = sorted(PAGE_FIELDS if call.target == "page" else INSTAGRAM_FIELDS) if fields is None else fields
        return {"data": [{"id": self._meta.config.messenger.app_id, "name": "trinario", "subscribed_fields": names}]}

    async def _unsubscribe(self, call: Call) -> Json:
        self._commit_subscription(call.platform, {"fields": []})
        return {"success": True}

    async def _attachment(self, call: Call) -> Json:
        """An attachment by url (never fetched) or as a file, for repeated use."""
        words = INSTAGRAM if call.target == "instagram" else MESSENGER
        top = Fields(call.body, "", words)
        attachment = top.object("message").object("attachment")
        kind, url = attachment.choice("type", ATTACHMENT_KINDS) or "", {}
        if call.upload is None:
            payload = attachment.object("payload")
            if "url" not in payload:
                raise words.missing(payload.at("url"))
            check_media_payload(payload)
            check_format(words.platform, kind, payload)
            url = {"url": payload.raw("url")}
        elif kind != "file" and call.upload[1].partition("/")[0] != kind:
            message = "(#100) Attachment type does not match the type of the file"
            raise Refused(f"{words.platform}.attachment_type", 100, message, subcode=2018047)
        elif not call.upload[2] or len(call.upload[2]) > ATTACHMENT_MEGABYTES[kind] * MEGABYTE:
            raise Refused(
                f"{words.platform}.attachment_size",
                100,
                "(#100) Attachment size exceeds allowable limit",
                subcode=2018109,
            )
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


def selected(call: Call, known: Json, default: tuple[str, ...]) -> Json:
    """The members asked for with `fields=`; unknown ones are left out."""
    asked = [name.split("{")[0] for name in call.query.get("fields", "").split(",") if name] or list(default)
    return {name: known[name] for name in asked if name in known}


PAGE_FIELDS = {
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    "message_deliveries",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_optins",
    "messaging_account_linking",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "response_feedback",
    "messenger_template_status_update",
    "feed",
    "mention",
    "leadgen",
}
INSTAGRAM_FIELDS = {
    "messages", "messaging_postbacks", "messaging_optins", "messaging_seen", "message_reactions", "messaging_referral",
    "message_edit", "messaging_handover", "standby", "comments", "live_comments", "mentions", "story_insights",
    "response_feedback",
}  # fmt: skip
