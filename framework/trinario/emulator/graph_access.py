"""Who calls, by the token, and what the id in the path is for them (meta.md §10)."""

from __future__ import annotations

import hashlib
import hmac

from trinario.emulator.call import Call
from trinario.emulator.graph_uploads import SESSION
from trinario.emulator.lives import ends_at, who_has
from trinario.emulator.meta import Meta
from trinario.emulator.permits import check_scopes
from trinario.emulator.refusal import Refused

DEAD_TOKENS = {
    458: "The user has not authorized application",
    460: "The session has been invalidated because the user changed the password",
    463: "Session has expired",
    467: "The session is invalid because the user logged out",
}


def authenticate(meta: Meta, call: Call) -> None:
    """Finds out who calls and what it is about. Raises Refused for a token that is none, has ended, or lacks something."""
    config = meta.config
    if not call.token:
        message = "An access token is required to request this resource."
        raise Refused("graph.token_missing", 104, message)
    if call.token == f"{config.messenger.app_id}|{config.messenger.app_secret}":
        call.who = "app"
        call.target = {"debug_token": "debug_token", config.messenger.app_id: "app"}.get(call.id, "")
        return
    call.who = who_has(meta, call.token)
    if not call.who:
        message = "Invalid OAuth access token - Cannot parse access token"
        raise Refused("graph.token_invalid", 190, message)
    if 0 < ends_at(meta, call.who, call.token) <= meta.clock.now():
        subcode = int(meta.world.tokens.get(call.who, {}).get("subcode", 463))
        message = f"Error validating access token: {DEAD_TOKENS.get(subcode, 'Session is invalid')}."
        raise Refused("graph.token_expired", 190, message, subcode=subcode)
    _check_proof(meta, call)
    call.target, call.platform = _target(meta, call)
    check_scopes(call, meta.world.tokens.get(call.who, {}))


def _check_proof(meta: Meta, call: Call) -> None:
    config = meta.config
    given = call.query.get("appsecret_proof") or call.body.get("appsecret_proof")
    proof = str(given) if given else ""
    if not proof and not config.require_appsecret_proof:
        return
    if not proof:
        message = "(#100) API calls from the server require an appsecret_proof argument"
        raise Refused("graph.appsecret_proof", 100, message)
    secrets = {"page": config.messenger.app_secret, "whatsapp": config.whatsapp.app_secret,
               "instagram": config.instagram.app_secret}  # fmt: skip
    right = hmac.new(secrets[call.who].encode(), call.token.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), proof.encode()):
        raise Refused("graph.appsecret_proof", 100, "(#100) Invalid appsecret_proof provided in the API argument")


def _target(meta: Meta, call: Call) -> tuple[str, str]:
    """What the id in the path is, for this token, and the platform; empty if the token does not reach it."""
    if call.who in ("whatsapp", "page"):
        if call.id.startswith(SESSION):
            return "upload", ""
        if (call.id, call.edge) == (meta.config.messenger.app_id, "uploads"):
            return "app", ""
    if call.who == "whatsapp":
        return _of_whatsapp(meta, call), "whatsapp"
    phone = meta.world.by_identity.get(call.id)
    if phone is not None and phone.platform != "whatsapp":
        return ("person" if _reaches(meta, call.who, phone.platform) else ""), phone.platform
    if (comment := meta.world.comments.get(call.id)) is not None:
        platform = str(comment["platform"])
        return ("comment" if _reaches(meta, call.who, platform) else ""), platform
    if call.who == "page":
        return _of_page(meta, call)
    return ("instagram" if call.id in ("me", meta.config.instagram.account_id) else ""), "instagram"


def _of_whatsapp(meta: Meta, call: Call) -> str:
    account = meta.config.whatsapp
    if call.id in meta.world.media:
        return "media"
    if any(one["id"] == call.id for one in meta.world.templates.values()):
        return "template"
    known = {account.phone_number_id: "number", account.waba_id: "waba", account.dataset_id: "dataset"}
    return known.get(call.id, "")


def _of_page(meta: Meta, call: Call) -> tuple[str, str]:
    if call.id in meta.world.personas:
        return "persona", "messenger"
    if any(one["id"] == call.id for one in meta.world.page_templates.values()):
        return "page_template", "messenger"
    if (call.method, call.edge, call.id) == ("GET", "", meta.config.instagram.account_id):
        return ("instagram" if _reaches(meta, "page", "instagram") else ""), "instagram"
    return ("page" if call.id in ("me", meta.config.messenger.page_id) else ""), "messenger"


def _reaches(meta: Meta, who: str, platform: str) -> bool:
    """Whether the token reaches people and comments of that platform: Instagram's by the login that is configured."""
    if platform == "messenger":
        return who == "page"
    return who == ("page" if meta.config.instagram.login == "facebook" else "instagram")
