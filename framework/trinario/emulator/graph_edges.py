"""The smaller edges of accounts: conversations, blocks, QR links, registration and who a token speaks for (meta.md §13.10)."""

from __future__ import annotations

from datetime import UTC, datetime

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.whatsapp_words import WORDS
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Phone
from trinario.emulator.refusal import Refused

QR_WORDS, QR_MOST = 140, 2000
BLOCKS_AT_ONCE = 1000
PIN = 6


class Edges:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        table: dict[tuple[str, str, str], Endpoint] = {
            ("GET", "page", "accounts"): self._accounts,
            ("POST", "number", "message_qrdls"): self._make_qr,
            ("GET", "number", "message_qrdls"): self._list_qr,
            ("POST", "number", "block_users"): self._block,
            ("DELETE", "number", "block_users"): self._unblock,
            ("GET", "number", "block_users"): self._blocked,
            ("POST", "number", "register"): self._register,
            ("POST", "number", "deregister"): self._deregister,
            ("POST", "number", ""): self._override,
            ("GET", "waba", "phone_numbers"): self._numbers,
        }
        for target in ("page", "instagram"):
            table["GET", target, "conversations"] = self._conversations
        return table

    async def one_qr(self, call: Call) -> Json:
        """`message_qrdls/{code}`: read one link, or delete it."""
        code = call.edge.partition("/")[2]
        if code not in self._meta.world.qr:
            raise Refused("whatsapp.qr", 100, "(#100) There is no such QR code.", subcode=33, whatsapp=True)
        if call.method == "DELETE":
            self._meta.world.commit({"op": "qr", "code": code, "link": None})
            return {"success": True}
        return {"data": [self._meta.world.qr[code]]}

    async def _accounts(self, call: Call) -> Json:
        """`me/accounts`: the Pages of a token."""
        account = self._meta.config.messenger
        tasks = ["MESSAGING", "MODERATE", "MANAGE"]
        page = {"id": account.page_id, "name": account.page_name, "access_token": account.access_token, "tasks": tasks}
        return {"data": [page], "paging": {}}

    async def _numbers(self, call: Call) -> Json:
        account = self._meta.config.whatsapp
        return {"data": [{"id": account.phone_number_id, "display_phone_number": account.phone,
                          "verified_name": account.name, "quality_rating": "GREEN"}]}  # fmt: skip

    # ---- conversations

    async def _conversations(self, call: Call) -> Json:
        """The threads of an account, newest first; of one person with `user_id`; two calls a second."""
        asked = call.query.get("platform") or ("instagram" if call.target == "instagram" else "messenger")
        call.platform = asked if asked in ("messenger", "instagram") else call.platform
        self._meta.gates.conversations(call.platform, self._meta.clock.now())
        who = call.query.get("user_id")
        phones = [person.phones[asked] for person in self._meta.world.people.values() if asked in person.phones]
        found = [one for one in phones if one.messages and who in (None, one.identity)]
        found.sort(key=lambda one: one.messages[-1].at, reverse=True)
        return {"data": [self._thread(one, "messages" in call.query.get("fields", "")) for one in found], "paging": {}}

    def _thread(self, phone: Phone, whole: bool) -> Json:
        shown: Json = {"id": f"t_{phone.identity}", "updated_time": _iso(phone.messages[-1].at)}
        if whole:
            shown["messages"] = {"data": [self._line(phone, one) for one in reversed(phone.messages)]}
        return shown

    def _line(self, phone: Phone, message: Message) -> Json:
        ours = {"id": self._meta.config.account(phone.platform).id}
        sender = ours if message.direction == "out" else {"id": phone.identity}
        return {"id": message.id, "message": message.text, "created_time": _iso(message.at), "from": sender}

    # ---- QR links

    async def _make_qr(self, call: Call) -> Json:
        """A link with words to begin with; with `code`, other words for a link that there is."""
        words, code = call.body.get("prefilled_message"), call.body.get("code")
        if not isinstance(words, str) or not words:
            raise WORDS.missing("prefilled_message")
        if len(words) > QR_WORDS:
            details = f"Message must not exceed {QR_WORDS} characters"
            raise Refused("whatsapp.qr", 100, details=details, whatsapp=True)
        if code is not None and code not in self._meta.world.qr:
            raise Refused("whatsapp.qr", 100, "(#100) There is no such QR code.", subcode=33, whatsapp=True)
        if code is None and len(self._meta.world.qr) >= QR_MOST:
            raise Refused("whatsapp.qr", 100, details=f"a number has {QR_MOST} codes at most", whatsapp=True)
        name = str(code or self._meta.ids.number(14))
        made: Json = {"code": name, "prefilled_message": words, "deep_link_url": f"https://wa.me/message/{name}"}
        kind = call.body.get("generate_qr_image")
        if kind not in (None, "SVG", "PNG"):
            raise WORDS.value("generate_qr_image", "SVG or PNG")
        if kind:
            made["qr_image_url"] = f"https://cdn.example/qr/{name}.{str(kind).lower()}"
        self._meta.world.commit({"op": "qr", "code": name, "link": made})
        return made

    async def _list_qr(self, call: Call) -> Json:
        return {"data": list(self._meta.world.qr.values()), "paging": {}}

    # ---- blocks

    async def _block(self, call: Call) -> Json:
        """People that the number takes nothing from any more; only who wrote within 24 hours can be blocked."""
        return self._each(call, blocked=True)

    async def _unblock(self, call: Call) -> Json:
        return self._each(call, blocked=False)

    def _each(self, call: Call, *, blocked: bool) -> Json:
        wanted = call.body.get("block_users")
        if not isinstance(wanted, list) or not wanted or len(wanted) > BLOCKS_AT_ONCE:
            raise WORDS.missing("block_users")
        done, failed = [], []
        for one in wanted:
            name = str(one.get("user") if isinstance(one, dict) else one)
            digits = "".join(sign for sign in name if sign.isdigit())
            phone = self._meta.world.by_identity.get(name) or self._meta.world.by_identity.get(digits)
            recent = phone is not None and phone.heard_within(self._meta.clock.now(), 86_400)
            if phone is None or (blocked and not recent):
                words = "The user has not written within 24 hours" if phone else "The user is not on WhatsApp"
                failed.append({"input": name, "errors": [{"code": 139103, "message": words}]})
                continue
            known = {"person": phone.person, "platform": "whatsapp"}
            self._meta.world.commit({"op": "shut_out", **known, "blocked": blocked})
            done.append({"input": name, "wa_id": phone.identity})
        told = {"added_users" if blocked else "removed_users": done, **({"failed_users": failed} if failed else {})}
        if failed:
            # Meta answers the whole call with an error; who was blocked stays so.
            raise Refused("whatsapp.block", 139100, "(#139100) Failed to block or unblock some users", whatsapp=True,
                          details=f"{len(done)} of {len(wanted)}")  # fmt: skip
        return {"messaging_product": "whatsapp", "block_users": told}

    async def _blocked(self, call: Call) -> Json:
        phones = [person.phones.get("whatsapp") for person in self._meta.world.people.values()]
        shown = [{"messaging_product": "whatsapp", "wa_id": one.identity} for one in phones if one and one.shut_out]
        return {"data": shown, "paging": {}}

    # ---- registration

    async def _register(self, call: Call) -> Json:
        pin = call.body.get("pin")
        if call.body.get("messaging_product") != "whatsapp":
            raise WORDS.missing("messaging_product")
        if not isinstance(pin, str) or len(pin) != PIN or not pin.isdigit():
            raise Refused("whatsapp.pin", 133005, "(#133005) Two step verification PIN Mismatch", whatsapp=True)
        self._meta.gates.registration(call.id, self._meta.clock.now())
        self._meta.world.commit({"op": "token", "who": "deregistered", "settings": None})
        return {"success": True}

    async def _deregister(self, call: Call) -> Json:
        self._meta.gates.registration(call.id, self._meta.clock.now())
        self._meta.world.commit({"op": "token", "who": "deregistered", "settings": {}})
        return {"success": True}

    async def _override(self, call: Call) -> Json:
        """A number's own webhook address, before that of its WABA and that of the app; an empty one takes it away."""
        wanted = call.body.get("webhook_configuration")
        if not isinstance(wanted, dict):
            raise WORDS.missing("webhook_configuration")
        url = str(wanted.get("override_callback_uri") or "")
        if url:
            verdict = await self._meta.dispatcher.verify("whatsapp", url, str(wanted.get("verify_token", "")))
            if not verdict["verified"]:
                message = f"(#2200) Callback verification failed with the following errors: HTTP {verdict['status']}"
                raise Refused("whatsapp.subscription", 2200, message)
        known = self._meta.world.subscriptions.get("whatsapp", {})
        settings = {**known, "number_url": url}
        self._meta.world.commit({"op": "subscribed", "platform": "whatsapp", "settings": settings})
        return {"success": True}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
