"""The Bot API of the emulator: `/bot<token>/<method>`, answers, faults, and the log of every call (meta.md §12.1)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from trinario.emulator import strikes
from trinario.emulator.config import Json
from trinario.emulator.graph_media import keep_media
from trinario.emulator.journal import compact, parse
from trinario.emulator.meta import Meta
from trinario.emulator.people import Phone
from trinario.emulator.sends import keep, show
from trinario.emulator.strikes import Cut, Plain
from trinario.emulator.telegram.checks import (
    MEDIA,
    check_action,
    check_commands,
    check_message,
    check_reaction,
    check_upload,
    check_webhook,
)
from trinario.emulator.telegram.refusal import BotRefused, bad
from trinario.emulator.telegram.screens import screen_of
from trinario.emulator.telegram.updates import bot, chat, next_name, number_of

TYPING_SECONDS = 5.0
LARGEST_DOWNLOAD = 20_000_000
SENDS = ("sendMessage", "sendLocation", "sendVenue", "sendContact", *MEDIA)


class BotApi:
    """All methods behind one aiohttp handler, and the files that people sent."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda body: bot(meta),
            "setWebhook": self._set_webhook,
            "deleteWebhook": lambda body: self._set_webhook({"url": ""}),
            "getWebhookInfo": self._webhook_info,
            "getFile": self._file,
            "sendChatAction": self._act,
            "setMessageReaction": self._react,
            "answerCallbackQuery": self._answer_tap,
            "setMyCommands": self._set_commands,
            "getMyCommands": self._commands,
            "deleteMyCommands": lambda body: self._set_commands({**body, "commands": []}),
        }

    def routes(self) -> list[web.RouteDef]:
        """Calls and downloads."""
        return [
            web.route("*", "/bot{token:[^/]*}/{method}", self.handle),
            web.get("/file/bot{token:[^/]*}/{folder}/{file}", self.download),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, whatever it is."""
        method, body, status = request.match_info["method"], {}, 200
        answer: Json | None = None
        try:
            body = await _read(request)
            self._authenticate(request.match_info["token"])
            self._uploaded(method, body)
            answer = {"ok": True, "result": await self._route(method, body)}
        except BotRefused as refused:
            answer, status = refused.body(), refused.code
            if refused.rule != "fault":
                self._meta.violation(refused.rule, "telegram", code=refused.code, details=refused.description,
                                     request=_written(body), path=f"/bot***/{method}")  # fmt: skip
        except (Cut, Plain) as stroke:
            self._log(method, body, stroke.status, None)
            return stroke.answer(request)
        self._log(method, body, status, answer)
        return web.Response(status=status, body=compact(answer), content_type="application/json")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that `getFile` told of."""
        media = self._meta.world.media.get(request.match_info["file"].partition(".")[0])
        if request.match_info["token"] != self._meta.config.telegram.token or media is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=base64.b64decode(media["content"]), content_type="application/octet-stream")

    def _authenticate(self, token: str) -> None:
        if not token or token != self._meta.config.telegram.token:
            raise BotRefused("telegram.token", 401)

    async def _route(self, method: str, body: Json) -> Any:
        if method in SENDS:
            return await self._with_faults(method, body)
        if method not in self._methods:
            raise BotRefused("telegram.method", 404, "method not found")
        return self._methods[method](body)

    async def _with_faults(self, method: str, body: Json) -> Json:
        """Faults before the send is looked at, the send, faults after it."""
        faults, phone = self._meta.faults, self._meta.world.by_identity.get(str(body.get("chat_id", "")))
        names = (phone.person if phone else "", str(body.get("chat_id", "")))
        words = str(body.get("text") or body.get("caption") or "")
        if fault := strikes.before(faults, "send", "telegram", names, words):
            raise BotRefused("fault", fault.code, "a fault was asked for", int(fault.seconds))
        answer = self._send(method, body)
        await strikes.after(faults, "send", "telegram", names, words)
        return answer

    def _send(self, method: str, body: Json) -> Json:
        """One message: first the chat, then what it holds, then the pace."""
        meta, phone = self._meta, self._chat(body)
        check_message(method, body, lambda file: file in meta.world.media)
        self._replied(phone, body)
        if after := meta.gates.telegram(phone.identity, meta.clock.now()):
            raise BotRefused("telegram.rate", 429, f"retry after {after}", after)
        name, screen = next_name(phone), screen_of(method, body)
        keep(meta, phone, {"platform": "telegram", "id": name, "to": phone.identity, "kind": screen["kind"],
                           "text": screen.get("text", ""), "failure": 0, "body": body})  # fmt: skip
        reply = body.get("reply_parameters") or {}
        show(meta, phone, name, screen, reply_to=f"{phone.identity}:{reply['message_id']}" if reply else "")
        shown: Json = {key: body[key] for key in ("text", "caption", "reply_markup") if key in body}
        head = {"message_id": number_of(name), "from": bot(meta), "chat": chat(meta, phone)}
        return {**head, "date": int(meta.clock.now()), **shown, **self._shown_file(method, body)}

    def _shown_file(self, method: str, body: Json) -> Json:
        """The file as the message holds it: its id is good for further messages. One that is fetched gets one as well."""
        if method not in MEDIA:
            return {}
        member, value = MEDIA[method], str(body[MEDIA[method]])
        known = (
            value
            if value in self._meta.world.media
            else keep_media(self._meta, "application/octet-stream", value.encode())
        )
        file: Json = {
            "file_id": known,
            "file_unique_id": f"u{known}",
            "file_size": self._meta.world.media[known]["size"],
        }
        return {member: [{**file, "width": 1280, "height": 853}] if member == "photo" else file}

    def _uploaded(self, method: str, body: Json) -> None:
        """A file that came along is kept, and stands in the request by its id."""
        for name, part in list(body.items()):
            if isinstance(part, Part):
                check_upload(method, name, len(part.data))
                body[name] = keep_media(self._meta, part.mime, part.data, part.name)

    def _chat(self, body: Json) -> Phone:
        """Her chat. She has to have begun it, and not to have stopped the bot."""
        if body.get("chat_id") in (None, ""):
            raise bad("chat.missing", "chat_id is empty")
        phone = self._meta.world.by_identity.get(str(body["chat_id"]))
        if phone is None or phone.platform != "telegram":
            raise bad("chat.unknown", "chat not found")
        if phone.blocked:
            raise BotRefused("telegram.blocked", 403, "bot was blocked by the user")
        if not phone.opened:
            raise BotRefused("telegram.not_begun", 403, "bot can't initiate conversation with a user")
        return phone

    def _replied(self, phone: Phone, body: Json) -> None:
        reply = body.get("reply_parameters")
        if not isinstance(reply, dict) or reply.get("allow_sending_without_reply") is True:
            return
        if f"{phone.identity}:{reply.get('message_id')}" not in self._meta.world.shown:
            raise bad("reply", "message to be replied not found")

    def _act(self, body: Json) -> bool:
        phone = self._chat(body)
        check_action(body)
        phone.typing_until = self._meta.clock.now() + TYPING_SECONDS
        return True

    def _react(self, body: Json) -> bool:
        phone = self._chat(body)
        name = f"{phone.identity}:{body.get('message_id')}"
        if name not in self._meta.world.shown:
            raise bad("reaction.message", "message to react not found")
        emoji = check_reaction(body)
        self._meta.world.commit({"op": "react", "id": name, "by": "business", "emoji": emoji})
        return True

    def _answer_tap(self, body: Json) -> bool:
        query = body.get("callback_query_id")
        if not isinstance(query, str) or not query.isdigit():
            raise bad("callback", "query is too old and response timeout expired or query ID is invalid")
        return True

    def _file(self, body: Json) -> Json:
        media = self._meta.world.media.get(str(body.get("file_id", "")))
        if media is None:
            raise bad("file.unknown", "invalid file_id")
        if media["size"] > LARGEST_DOWNLOAD:
            raise bad("file.big", "file is too big")
        name = f"files/{media['id']}.bin"
        return {
            "file_id": media["id"],
            "file_unique_id": f"u{media['id']}",
            "file_size": media["size"],
            "file_path": name,
        }

    def _set_webhook(self, body: Json) -> bool:
        check_webhook(body)
        fields = body.get("allowed_updates") or ["message", "edited_message", "callback_query", "my_chat_member"]
        settings = {"url": body.get("url", ""), "secret_token": body.get("secret_token", ""), "fields": fields}
        self._meta.world.commit({"op": "subscribed", "platform": "telegram", "settings": settings})
        return True

    def _set_commands(self, body: Json) -> bool:
        commands, language = check_commands(body)
        profile = self._meta.world.profiles.get("telegram", {})
        known = {**profile.get("commands", {}), language: commands}
        self._meta.world.commit({"op": "profile", "platform": "telegram", "fields": {**profile, "commands": known}})
        return True

    def _commands(self, body: Json) -> list[Json]:
        known = self._meta.world.profiles.get("telegram", {}).get("commands", {})
        return list(known.get(str(body.get("language_code") or ""), []))

    def _webhook_info(self, body: Json) -> Json:
        known = self._meta.world.subscriptions.get("telegram", {})
        return {"url": known.get("url", ""), "has_custom_certificate": False,
                "pending_update_count": self._meta.dispatcher.pending(), "allowed_updates": known.get("fields", [])}  # fmt: skip

    def _log(self, method: str, body: Json, status: int, answer: Json | None) -> None:
        phone = self._meta.world.by_identity.get(str(body.get("chat_id", "")))
        result = (answer or {}).get("result")
        number = result.get("message_id") if isinstance(result, dict) else None
        self._meta.log(
            "graph", platform="telegram", method="POST", path=f"/bot***/{method}",
            request={name: value for name, value in _written(body).items() if name != "secret_token"}, status=status, answer=answer,
            accepted=status == 200, person=phone.person if phone else "",
            message_id=f"{body['chat_id']}:{number}" if number and "chat_id" in body else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a form."""

    name: str
    mime: str
    data: bytes


def _written(body: Json) -> Json:
    """The parameters as the log has them: of a file that came along only its name."""
    return {name: value.name if isinstance(value, Part) else value for name, value in body.items()}


def _field(value: Any) -> Any:
    if isinstance(value, web.FileField):
        return Part(value.filename, value.content_type, value.file.read())
    return _unpacked(str(value))


async def _read(request: web.Request) -> Json:
    """The parameters: of the address, and of a body in JSON or as a form whose members may hold JSON."""
    body: Json = {name: _unpacked(value) for name, value in request.query.items()}
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {**body, **{name: _field(value) for name, value in (await request.post()).items()}}
    raw = await request.read()
    if not raw:
        return body
    try:
        given = parse(raw)
    except (ValueError, RecursionError) as error:
        raise bad("json", "can't parse JSON object") from error
    if not isinstance(given, dict):
        raise bad("json", "the request must be a JSON object")
    return {**body, **given}


def _unpacked(value: str) -> Any:
    if value[:1] not in ("{", "["):
        return value
    try:
        return parse(value.encode())
    except ValueError:
        return value
