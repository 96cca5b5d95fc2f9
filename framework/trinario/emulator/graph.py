"""The Graph API of the emulator: paths, tokens, answers, faults and the log of every call."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.config import Json
from trinario.emulator.control_account import headers_of
from trinario.emulator.graph_access import authenticate
from trinario.emulator.graph_accounts import Accounts
from trinario.emulator.graph_app import AppEdges
from trinario.emulator.graph_conversions import Conversions
from trinario.emulator.graph_edges import Edges
from trinario.emulator.graph_media import MediaEdges
from trinario.emulator.graph_page_templates import PageTemplates
from trinario.emulator.graph_personas import Personas
from trinario.emulator.graph_profiles import Profiles
from trinario.emulator.graph_prompts import Prompts
from trinario.emulator.graph_read import read
from trinario.emulator.graph_sends import Sends
from trinario.emulator.graph_subscriptions import Subscriptions
from trinario.emulator.graph_templates import Templates
from trinario.emulator.graph_threads import Threads
from trinario.emulator.graph_tokens import Tokens
from trinario.emulator.graph_uploads import Uploads
from trinario.emulator.journal import compact
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused
from trinario.emulator.strikes import Cut, Plain

SECRET_MEMBERS = ("access_token", "appsecret_proof")


class Graph:
    """All Graph endpoints behind one aiohttp handler."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._tokens, self._edges, self._sends = Tokens(meta), Edges(meta), Sends(meta)
        uploads = Uploads(meta)
        self._routes: dict[tuple[str, str, str], Endpoint] = {
            ("POST", "number", "conversational_automation"): Prompts(meta).set,
            ("POST", "app", "uploads"): uploads.begin,
            ("POST", "upload", ""): uploads.feed,
            ("GET", "upload", ""): uploads.standing,
            **self._sends.routes(),
            **Accounts(meta).routes(),
            **MediaEdges(meta).routes(),
            **Profiles(meta).routes(),
            **Subscriptions(meta).routes(),
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
            call = await read(self._meta, request)
            answer, status = await self._answer(call), 200
        except Refused as refused:
            answer, status = refused.body(trace), refused.http
            self._refused(request, call, refused)
        except (Cut, Plain) as stroke:
            self._log(request, call, stroke.status, stroke.text)
            return stroke.answer(request)
        self._log(request, call, status, answer)
        version = call.version if call and call.version else "v25.0"
        headers = {"facebook-api-version": version, "x-fb-trace-id": trace, "x-fb-request-id": trace}
        headers |= self._usage(call)
        return web.Response(status=status, body=compact(answer), content_type="application/json", headers=headers)

    async def _answer(self, call: Call) -> Json:
        answer = self._tokens.answer(call)
        if answer is None:
            authenticate(self._meta, call)
            self._spend(call)
            answer = await self._route(call)
        return answer

    def _refused(self, request: web.Request, call: Call | None, refused: Refused) -> None:
        """What Meta refuses is a violation, unless somebody asked for it."""
        if call is None or not call.faulted:
            platform, body = (call.platform, _clean(call.body)) if call else ("", {})
            self._meta.violation(refused.rule, platform, code=refused.code, subcode=refused.subcode,
                                 details=str(refused), request=body, path=request.path)  # fmt: skip

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
            counted = self._sends.platform_of(call)
        call.counted = counted
        self._meta.allowances.spend(counted, self._meta.clock.now())

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
