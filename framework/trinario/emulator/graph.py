"""The Graph API of the emulator: paths, tokens, answers, faults and the log of every call."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import web

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.config import Json
from trinario.emulator.control_account import headers_of
from trinario.emulator.faults import AFTER, BEFORE
from trinario.emulator.graph_admin import Admin
from trinario.emulator.graph_app import AppEdges
from trinario.emulator.graph_conversions import Conversions
from trinario.emulator.graph_edges import Edges
from trinario.emulator.graph_page_templates import PageTemplates
from trinario.emulator.graph_personas import Personas
from trinario.emulator.graph_prompts import Prompts
from trinario.emulator.graph_templates import Templates
from trinario.emulator.graph_threads import Threads
from trinario.emulator.graph_tokens import Tokens
from trinario.emulator.graph_uploads import SESSION, Uploads
from trinario.emulator.journal import compact, parse
from trinario.emulator.lives import ends_at, who_has
from trinario.emulator.meta import Meta
from trinario.emulator.numbers import known_as
from trinario.emulator.permits import check_scopes, version_of
from trinario.emulator.refusal import Refused
from trinario.emulator.sends import text_of
from trinario.emulator.sends_page import PageSends
from trinario.emulator.sends_public import PublicReplies
from trinario.emulator.sends_whatsapp import WhatsAppSends
from trinario.emulator.webhooks import Hook

DEAD_TOKENS = {
    458: "The user has not authorized application",
    460: "The session has been invalidated because the user changed the password",
    463: "Session has expired",
    467: "The session is invalid because the user logged out",
}
SECRET_MEMBERS = ("access_token", "appsecret_proof")
SORRY = "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"


class Cut(Exception):
    """The connection is closed without an answer."""


class Plain(Exception):
    """An answer that is no JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Graph:
    """All Graph endpoints behind one aiohttp handler."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._whatsapp = WhatsAppSends(meta)
        self._pages = PageSends(meta)
        self._public = PublicReplies(meta)
        self._tokens, self._edges = Tokens(meta), Edges(meta)
        admin = Admin(meta)
        uploads = Uploads(meta)
        self._routes: dict[tuple[str, str, str], Endpoint] = {
            ("POST", "number", "messages"): self._send_whatsapp,
            ("POST", "page", "messages"): self._send_page,
            ("POST", "instagram", "messages"): self._send_page,
            ("POST", "comment", "comments"): self._reply_publicly,
            ("POST", "comment", "replies"): self._reply_publicly,
            ("GET", "comment", "comments"): self._public.below,
            ("GET", "comment", "replies"): self._public.below,
            ("POST", "number", "conversational_automation"): Prompts(meta).set,
            ("POST", "app", "uploads"): uploads.begin,
            ("POST", "upload", ""): uploads.feed,
            ("GET", "upload", ""): uploads.standing,
            **admin.routes(),
            **self._edges.routes(),
            **Templates(meta).routes(),
            **AppEdges(meta).routes(),
            **Threads(meta).routes(),
            **Personas(meta).routes(),
            **Conversions(meta).routes(),
            **PageTemplates(meta).routes(),
        }

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """Every (method, what the id is, edge) that there is."""
        return iter(self._routes)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, whatever it is."""
        if request.path.startswith("/_emulator"):
            return web.json_response({"error": f"no control call {request.method} {request.path}"}, status=404)
        trace = self._meta.ids.trace()
        call: Call | None = None
        try:
            call = await self._read(request)
            answer = self._tokens.answer(call)
            if answer is None:
                self._authenticate(call)
                self._spend(call)
                answer = await self._route(call)
            status = 200
        except Refused as refused:
            answer, status = refused.body(trace), refused.http
            if call is None or not call.faulted:
                platform = call.platform if call else ""
                self._meta.violation(
                    refused.rule,
                    platform,
                    code=refused.code,
                    subcode=refused.subcode,
                    details=str(refused),
                    request=_clean(call.body if call else {}),
                    path=request.path,
                )
        except Cut:
            self._log(request, call, 0, None)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        except Plain as plain:
            self._log(request, call, plain.status, SORRY)
            return web.Response(status=plain.status, text=SORRY, content_type="text/html")
        self._log(request, call, status, answer)
        version = call.version if call and call.version else "v25.0"
        headers = {"facebook-api-version": version, "x-fb-trace-id": trace, "x-fb-request-id": trace}
        headers |= self._usage(call)
        return web.Response(status=status, body=compact(answer), content_type="application/json", headers=headers)

    def _usage(self, call: Call | None) -> dict[str, str]:
        """What is left of the allowance: as the control API wants it told, else as it was counted."""
        if call is None or not call.who:
            return {}
        if used := self._meta.usage.get(call.platform):
            return headers_of(used, call.id)
        if call.counted is None:
            return {}
        config = self._meta.config
        account = (
            config.account(call.counted).id if call.counted in ("messenger", "instagram") else config.whatsapp.waba_id
        )
        return self._meta.allowances.headers(call.counted, account, self._meta.clock.now())

    def _spend(self, call: Call) -> None:
        """Count the call: sends of WhatsApp have a pace, and no allowance; its management has one."""
        if call.target == "number" and call.edge in ("messages", "media"):
            return
        counted = "" if call.who == "app" else call.platform
        if call.edge == "messages" and call.target in ("page", "instagram"):
            counted = self._pages.platform_of(call.body, instagram_token=call.who == "instagram")
        call.counted = counted
        self._meta.allowances.spend(counted, self._meta.clock.now())

    async def _read(self, request: web.Request) -> Call:
        parts = [part for part in request.path.split("/") if part]
        config, version = self._meta.config, ""
        if parts and (found := version_of(parts[0], config.oldest_version, config.newest_version)):
            version = found
            parts.pop(0)
        query = dict(request.query)
        call = Call(request.method, version, parts[0] if parts else "", "/".join(parts[1:]), query, {})
        call.base = f"{request.scheme}://{request.host}"
        await self._read_body(request, call)
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        wanted = "oauth" if call.id.startswith(SESSION) else "bearer"
        bearer = credentials.strip() if scheme.lower() == wanted else ""
        call.token = bearer or query.get("access_token", "") or str(call.body.get("access_token") or "")
        return call

    async def _read_body(self, request: web.Request, call: Call) -> None:
        kind = request.content_type
        if call.id.startswith(SESSION):
            call.raw, call.offset = await request.read(), request.headers.get("file_offset", "")
            return
        if kind == "multipart/form-data" or kind == "application/x-www-form-urlencoded":
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    call.upload = (value.filename, value.content_type, value.file.read())
                else:
                    call.body[name] = _unpacked(str(value))
            return
        raw = await request.read()
        if not raw:
            return
        if kind != "application/json":
            self._meta.violation("graph.content_type", "", content_type=kind)
            return
        try:
            content = parse(raw)
        except (ValueError, RecursionError) as error:
            message = "(#100) The request body is not valid JSON."
            raise Refused("graph.json", 100, message) from error
        if not isinstance(content, dict):
            raise Refused("graph.json", 100, "(#100) The request body must be a JSON object.")
        call.body = content

    def _authenticate(self, call: Call) -> None:
        config = self._meta.config
        if not call.token:
            message = "An access token is required to request this resource."
            raise Refused("graph.token_missing", 104, message)
        secrets = {"page": config.messenger.app_secret, "whatsapp": config.whatsapp.app_secret,
                   "instagram": config.instagram.app_secret}  # fmt: skip
        if call.token == f"{config.messenger.app_id}|{config.messenger.app_secret}":
            call.who, call.target = (
                "app",
                {"debug_token": "debug_token", config.messenger.app_id: "app"}.get(call.id, ""),
            )
            return
        call.who = who_has(self._meta, call.token)
        if not call.who:
            message = "Invalid OAuth access token - Cannot parse access token"
            raise Refused("graph.token_invalid", 190, message)
        if 0 < ends_at(self._meta, call.who, call.token) <= self._meta.clock.now():
            subcode = int(self._meta.world.tokens.get(call.who, {}).get("subcode", 463))
            message = f"Error validating access token: {DEAD_TOKENS.get(subcode, 'Session is invalid')}."
            raise Refused("graph.token_expired", 190, message, subcode=subcode)
        proof = call.query.get("appsecret_proof") or call.body.get("appsecret_proof")
        self._check_proof(secrets[call.who], call.token, str(proof) if proof else "")
        call.target, call.platform = self._target(call)
        check_scopes(call, self._meta.world.tokens.get(call.who, {}))

    def _check_proof(self, secret: str, token: str, proof: str) -> None:
        if not proof and not self._meta.config.require_appsecret_proof:
            return
        if not proof:
            message = "(#100) API calls from the server require an appsecret_proof argument"
            raise Refused("graph.appsecret_proof", 100, message)
        right = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right.encode(), proof.encode()):
            raise Refused("graph.appsecret_proof", 100, "(#100) Invalid appsecret_proof provided in the API argument")

    def _target(self, call: Call) -> tuple[str, str]:
        """What the id in the path is, for this token; empty if the token does not reach it."""
        config, phone = self._meta.config, self._meta.world.by_identity.get(call.id)
        if call.who in ("whatsapp", "page"):
            if call.id.startswith(SESSION):
                return "upload", ""
            if (call.id, call.edge) == (config.messenger.app_id, "uploads"):
                return "app", ""
        if call.who == "whatsapp":
            known = {config.whatsapp.phone_number_id: "number", config.whatsapp.waba_id: "waba",
                     config.whatsapp.dataset_id: "dataset"}  # fmt: skip
            if call.id in self._meta.world.media:
                return "media", "whatsapp"
            if any(one["id"] == call.id for one in self._meta.world.templates.values()):
                return "template", "whatsapp"
            return known.get(call.id, ""), "whatsapp"
        if phone is not None and phone.platform != "whatsapp":
            reached = call.who == "page" if phone.platform == "messenger" else self._reaches_instagram(call.who)
            return ("person" if reached else ""), phone.platform
        if (comment := self._meta.world.comments.get(call.id)) is not None:
            platform = str(comment["platform"])
            reached = call.who == "page" if platform == "messenger" else self._reaches_instagram(call.who)
            return ("comment" if reached else ""), platform
        if call.who == "page":
            if call.id in self._meta.world.personas:
                return "persona", "messenger"
            if any(one["id"] == call.id for one in self._meta.world.page_templates.values()):
                return "page_template", "messenger"
            if (call.method, call.edge, call.id) == ("GET", "", config.instagram.account_id):
                return ("instagram" if self._reaches_instagram("page") else ""), "instagram"
            return ("page" if call.id in ("me", config.messenger.page_id) else ""), "messenger"
        return ("instagram" if call.id in ("me", config.instagram.account_id) else ""), "instagram"

    def _reaches_instagram(self, who: str) -> bool:
        return who == ("page" if self._meta.config.instagram.login == "facebook" else "instagram")

    async def _route(self, call: Call) -> Json:
        handler = self._routes.get((call.method, call.target, call.edge))
        if handler is None and call.target == "number" and call.edge.startswith("message_qrdls/"):
            handler = self._edges.one_qr
        if handler is None:
            verb = {"GET": "get", "DELETE": "delete"}.get(call.method, "post")
            message = (
                f"Unsupported {verb} request. Object with ID '{call.id}' does not exist, cannot be loaded due to "
                "missing permissions, or does not support this operation."
            )
            raise Refused("graph.unknown_object", 100, message, subcode=33)
        return await handler(call)

    async def _send_whatsapp(self, call: Call) -> Json:
        to = call.body.get("to") or call.body.get("recipient")
        digits = "".join(sign for sign in str(to) if sign.isdigit())
        known = self._meta.world.by_identity
        phone = known.get(str(to)) or known.get(known_as(digits, known))
        call.person = phone.person if phone else ""
        person = call.person
        return await self._with_faults(call, (person, str(to), digits), lambda: self._whatsapp.send(call.body))

    async def _send_page(self, call: Call) -> Json:
        call.platform = self._pages.platform_of(call.body, instagram_token=call.who == "instagram")
        recipient = call.body.get("recipient")
        value = str(next(iter(recipient.values()), "")) if isinstance(recipient, dict) else ""
        phone = self._meta.world.by_identity.get(value)
        call.person = phone.person if phone else ""
        names = (call.person, value)
        return await self._with_faults(call, names, lambda: self._pages.send(call.platform, call.body))

    async def _reply_publicly(self, call: Call) -> Json:
        call.person = str(self._meta.world.comments[call.id]["person"])
        return await self._with_faults(call, (call.person, call.id), lambda: self._public.reply(call))

    async def _with_faults(
        self, call: Call, names: tuple[str, ...], act: Callable[[], tuple[Json, list[Hook]]]
    ) -> Json:
        """Faults before the send is looked at, the send, echoes that overtake the answer, faults after it."""
        faults = self._meta.faults
        where = "action" if "status" in call.body or "sender_action" in call.body else "send"
        if faults.active:
            self._fail_before(call, where, names)
        answer, hooks = act()
        call.done = answer
        if hooks:
            await self._meta.dispatcher.send_now(hooks)
        fault = faults.pick(where, AFTER, call.platform, names, text_of(call.body)) if faults.active else None
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault is not None and fault.kind == "drop_after_accept":
            raise Cut
        elif fault is not None:
            raise Plain(502)
        return answer

    def _fail_before(self, call: Call, where: str, names: tuple[str, ...]) -> None:
        fault = self._meta.faults.pick(where, BEFORE, call.platform, names, text_of(call.body))
        if fault is None:
            return
        call.faulted = True
        if fault.kind == "drop_before":
            raise Cut
        if fault.kind == "status":
            raise Plain(fault.http or 500)
        whatsapp = call.platform == "whatsapp"
        details = "a fault was asked for" if whatsapp else ""
        raise Refused(
            "fault", fault.code, subcode=fault.subcode, http=fault.http or None, details=details, whatsapp=whatsapp
        )

    def _log(self, request: web.Request, call: Call | None, status: int, answer: Json | str | None) -> None:
        done = call.done if call else None
        accepted = done is not None or (isinstance(answer, dict) and "error" not in answer)
        found = done or (answer if isinstance(answer, dict) else {})
        message = found.get("message_id") or next((item["id"] for item in found.get("messages", ())), None)
        self._meta.log(
            "graph",
            platform=call.platform if call else "",
            method=request.method,
            path=request.path,
            request=_clean(call.body if call else {}),
            status=status,
            answer=answer,
            accepted=accepted,
            person=call.person if call else "",
            message_id=message,
        )


def _clean(body: Json) -> Json:
    """The body without its secrets."""
    if not any(name in body for name in SECRET_MEMBERS):
        return body
    return {name: value for name, value in body.items() if name not in SECRET_MEMBERS}


def _unpacked(value: str) -> Any:
    """Form members may hold JSON objects."""
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
