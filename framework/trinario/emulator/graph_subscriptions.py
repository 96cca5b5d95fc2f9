"""The Graph endpoints of subscriptions: which fields of a Page, an Instagram account or a WABA are told by webhooks."""

from __future__ import annotations

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page_words import MESSENGER
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

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


class Subscriptions:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        table: dict[tuple[str, str, str], Endpoint] = {}
        for target in ("page", "instagram", "waba"):
            table["POST", target, "subscribed_apps"] = self._subscribe
            table["GET", target, "subscribed_apps"] = self._subscriptions
            table["DELETE", target, "subscribed_apps"] = self._unsubscribe
        return table

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
