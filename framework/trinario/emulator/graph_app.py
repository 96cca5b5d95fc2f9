"""The Graph endpoints of an app: what a token may do, and where webhooks of which fields go (meta.md 1.1 and 10)."""

from __future__ import annotations

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.config import Json
from trinario.emulator.graph_subscriptions import INSTAGRAM_FIELDS, PAGE_FIELDS
from trinario.emulator.lives import ends_at, who_has
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

SCOPES = {
    "whatsapp": ("whatsapp_business_messaging", "whatsapp_business_management"),
    "page": ("pages_messaging", "pages_manage_metadata", "pages_show_list", "pages_read_engagement",
             "pages_manage_engagement",
             "page_utility_messaging", "instagram_basic", "instagram_manage_messages", "instagram_manage_comments"),
    "instagram": ("instagram_business_basic", "instagram_business_manage_messages", "instagram_business_manage_comments"),
}  # fmt: skip
KINDS = {"whatsapp": "SYSTEM_USER", "page": "PAGE", "instagram": "USER"}

WABA_FIELDS = {
    "messages", "message_template_status_update", "message_template_quality_update", "message_template_components_update",
    "template_category_update", "phone_number_quality_update", "phone_number_name_update", "business_capability_update",
    "account_alerts", "account_update", "account_review_update", "security", "user_preferences", "history",
    "smb_message_echoes", "smb_app_state_sync", "standby", "messaging_handovers", "flows", "payment_configuration_update",
}  # fmt: skip
OBJECTS = {"whatsapp_business_account": "whatsapp", "page": "messenger", "instagram": "instagram"}


class AppEdges:
    """`debug_token` and `subscriptions`, both asked with the token of the app itself (APP_ID|APP_SECRET)."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("GET", "debug_token", ""): self._debug_token,
            ("GET", "app", "subscriptions"): self._subscriptions,
            ("POST", "app", "subscriptions"): self._subscribe,
        }

    async def _debug_token(self, call: Call) -> Json:
        asked, config = call.query.get("input_token", ""), self._meta.config
        if not asked:
            raise Refused("graph.input_token", 100, "(#100) You must provide an input_token")
        kind = who_has(self._meta, asked)
        if not kind:
            error = {"code": 190, "message": "The access token could not be decrypted"}
            return {"data": {"is_valid": False, "error": error, "scopes": []}}
        settings = self._meta.world.tokens.get(kind, {})
        scopes = settings.get("scopes", list(SCOPES[kind]))
        until = ends_at(self._meta, kind, asked)
        expired = 0 < until <= self._meta.clock.now()
        answer: Json = {"app_id": config.messenger.app_id, "type": KINDS[kind], "application": "trinario",
                        "is_valid": not expired, "expires_at": until, "scopes": scopes}  # fmt: skip
        if expired:
            answer["error"] = {"code": 190, "subcode": 463, "message": "The session has expired."}
        return {"data": answer}

    async def _subscriptions(self, call: Call) -> Json:
        """Of every kind of object that has a callback address: which fields go there."""
        found = []
        for object_, platform in OBJECTS.items():
            known = self._meta.world.subscriptions.get(f"app:{object_}", {})
            url = known.get("callback_url") or self._meta.config.account(platform).webhook_url
            if url:
                names = known.get("fields", sorted(_fields(object_)))
                fields = [{"name": name, "version": call.version or "v25.0"} for name in names]
                found.append({"object": object_, "callback_url": url, "active": True, "fields": fields})
        return {"data": found}

    async def _subscribe(self, call: Call) -> Json:
        """The callback is asked to prove itself first."""
        body = {**call.query, **call.body}
        object_, url = str(body.get("object", "")), str(body.get("callback_url", ""))
        if object_ not in OBJECTS or not url:
            raise Refused("graph.subscriptions", 100, "(#100) object and callback_url are required")
        given = body.get("fields", "")
        names = [name.strip() for name in (given.split(",") if isinstance(given, str) else given) if name.strip()]
        if unknown := [name for name in names if name not in _fields(object_)]:
            raise Refused("graph.subscriptions", 100, f"(#100) unknown field {unknown[0]}")
        verdict = await self._meta.dispatcher.verify(OBJECTS[object_], url, str(body.get("verify_token", "")))
        if not verdict["verified"]:
            message = f"(#2200) Callback verification failed with the following errors: HTTP {verdict['status']}"
            raise Refused("graph.subscriptions", 2200, message)
        settings = {"callback_url": url, "fields": names or ["messages"]}
        self._meta.world.commit({"op": "subscribed", "platform": f"app:{object_}", "settings": settings})
        return {"success": True}


def _fields(object_: str) -> set[str]:
    return {"whatsapp_business_account": WABA_FIELDS, "page": PAGE_FIELDS}.get(object_, INSTAGRAM_FIELDS)
