"""A small bot of its own, over real webhooks and real Graph calls: name on Messenger, colour on Instagram, size on WhatsApp."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web

Json = dict[str, Any]

NUMBER, PHONE = "106540352242922", "15550783881"
COLOURS = ("Red", "Yellow", "Blue")
SIZES = (("small", "Small", "seven stems"), ("medium", "Medium", "twelve stems"), ("large", "Large", "twenty stems"),
         ("giant", "Giant", "do you have the room?"))  # fmt: skip


class SmallBot:
    """One conversation a person; a link's code carries it over to the next channel."""

    def __init__(self) -> None:
        self.graph = ""
        self.talks: dict[tuple[str, str], Json] = {}
        self.codes: dict[str, Json] = {}
        self._http: aiohttp.ClientSession | None = None

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/{platform}", self._webhook)
        app.cleanup_ctx.append(self._client)
        return app

    async def inspect(self, identities: list[tuple[str, str]]) -> Json:
        """What the page shows as known."""
        talks = {id(talk): talk for name in identities if (talk := self.talks.get(name))}
        return {"contacts": [self._shown(talk) for talk in talks.values()]}

    async def prepare(self) -> None:
        """Get Started and ice breakers, without which a ref would be lost."""
        page = {
            "get_started": {"payload": "START"},
            "greeting": [{"locale": "default", "text": "Flowers, plants and a small café."}],
        }
        await self._post("me/messenger_profile", page, "demo-page-token")
        ice = [{"call_to_actions": [{"question": "What do you grow?", "payload": "ICE"}], "locale": "default"}]
        await self._post("me/messenger_profile", {"platform": "instagram", "ice_breakers": ice}, "demo-page-token")

    async def say(self, platform: str, to: str, content: Json) -> Json:
        """One send in the platform's own form."""
        if platform == "whatsapp":
            body = {"messaging_product": "whatsapp", "to": f"+{to}", **content}
            return await self._post(f"{NUMBER}/messages", body, "demo-whatsapp-token")
        body = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": content}
        return await self._post("me/messages", body, "demo-page-token")

    async def typing(self, platform: str, to: str, message_id: str) -> None:
        if platform == "whatsapp":
            body: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id,
                          "typing_indicator": {"type": "text"}}  # fmt: skip
            await self._post(f"{NUMBER}/messages", body, "demo-whatsapp-token")
            return
        for action in ("mark_seen", "typing_on"):
            await self._post("me/messages", {"recipient": {"id": to}, "sender_action": action}, "demo-page-token")

    async def _client(self, app: web.Application) -> Any:
        self._http = aiohttp.ClientSession()
        yield
        await self._http.close()

    async def _post(self, path: str, body: Json, token: str) -> Json:
        assert self._http is not None
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.post(f"{self.graph}/v25.0/{path}", json=body, headers=headers) as response:
            answer: Json = await response.json()
            return answer

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await request.json()
        platform = request.match_info["platform"]
        for entry in body["entry"]:
            for change in entry.get("changes", ()):
                for message in change["value"].get("messages", ()):
                    reply = message.get("interactive", {})
                    reply = reply.get("button_reply") or reply.get("list_reply") or {}
                    text = message.get("text", {}).get("body") or reply.get("id") or ""
                    await self._heard(platform, message["from"], text, message["id"])
            for event in entry.get("messaging", ()):
                await self._event(platform, event)
        return web.Response(text="EVENT_RECEIVED")

    async def _event(self, platform: str, event: Json) -> None:
        message, postback = event.get("message", {}), event.get("postback", {})
        ref = (event.get("referral") or message.get("referral") or postback.get("referral") or {}).get("ref", "")
        if message.get("is_echo") or not (message or postback or ref):
            return
        text = message.get("quick_reply", {}).get("payload") or message.get("text") or postback.get("payload", "")
        await self._heard(platform, event["sender"]["id"], ref or text, message.get("mid", ""))

    async def _heard(self, platform: str, person: str, text: str, message_id: str) -> None:
        if message_id:
            await self.typing(platform, person, message_id)
        code = next((code for code in self.codes if code in text), "")
        if code:
            self.talks[platform, person] = self.codes.pop(code)
        talk = self.talks.setdefault(
            (platform, person), {"id": secrets.token_hex(8), "step": "", "answers": {}, "names": []}
        )
        if (platform, person) not in talk["names"]:
            talk["names"].append((platform, person))
        await self._step(talk, platform, person, "" if code else text)

    async def _step(self, talk: Json, platform: str, person: str, text: str) -> None:
        step, answers = talk["step"], talk["answers"]
        if step == "name" and text:
            answers["name"] = text
            await self._link(
                talk, platform, person, "instagram", f"Nice to meet you, {text}! Our flowers are on Instagram."
            )
        elif step == "to_instagram" and platform == "instagram":
            talk["step"] = "colour"
            replies = [{"content_type": "text", "title": title, "payload": title.lower()} for title in COLOURS]
            await self.say(platform, person, {"text": "Which colour do you like best?", "quick_replies": replies})
        elif step == "colour" and text:
            answers["colour"] = text
            await self._link(
                talk, platform, person, "whatsapp", f"{text.title()}, a lovely choice! We settle the rest on WhatsApp."
            )
        elif step == "to_whatsapp" and platform == "whatsapp":
            talk["step"] = "size"
            rows = [{"id": value, "title": title, "description": words} for value, title, words in SIZES]
            action = {"button": "Sizes", "sections": [{"rows": rows}]}
            interactive = {"type": "list", "body": {"text": "And which size shall it be?"}, "action": action}
            await self.say(platform, person, {"type": "interactive", "interactive": interactive})
        elif step == "size" and text:
            answers["size"] = text
            talk["step"] = "thanks"
            words = f"Thank you, *{answers['name']}*! Your bouquet: {answers['colour']}, {text}."
            await self.say(platform, person, {"type": "text", "text": {"body": words}})
        else:
            talk["step"] = "name"
            await self._text(platform, person, "Hello, this is Lucky Garden! What is your name?")

    async def _text(self, platform: str, person: str, text: str) -> None:
        await self.say(
            platform, person, {"type": "text", "text": {"body": text}} if platform == "whatsapp" else {"text": text}
        )

    async def _link(self, talk: Json, platform: str, person: str, target: str, text: str) -> None:
        code = secrets.token_hex(6).upper()
        self.codes[code] = talk
        talk["step"] = f"to_{target}"
        words = quote(f"Hi, let us go on! (code {code})")
        url = (
            f"https://ig.me/m/luckygarden?ref={code}"
            if target == "instagram"
            else f"https://wa.me/{PHONE}?text={words}"
        )
        button = {"type": "web_url", "title": f"Go on on {target.title()}", "url": url}
        await self.say(platform, person, {"attachment": {"type": "template", "payload": {
            "template_type": "button", "text": text, "buttons": [button]}}})  # fmt: skip

    def _shown(self, talk: Json) -> Json:
        kinds = {"whatsapp": "phone", "messenger": "psid", "instagram": "igsid"}
        names = [{"channel": channel, "kind": kinds[channel], "value": value} for channel, value in talk["names"]]
        status = "completed" if talk["step"] == "thanks" else "active"
        session = {"flow": "welcome", "status": status, "step": talk["step"], "answers": talk["answers"]}
        return {"id": talk["id"], "first_name": talk["answers"].get("name", ""), "language": "en", "identities": names,
                "owner": "bot", "fields": {}, "tags": ["spring"] if names else [], "sessions": [session]}  # fmt: skip
