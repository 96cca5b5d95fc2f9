"""What a call must bring besides a token: a version that there is, and the permissions of its edge (meta.md §10, §13.1)."""

from __future__ import annotations

import re

from trinario.emulator.call import Call
from trinario.emulator.config import Json
from trinario.emulator.refusal import Refused

VERSION = re.compile(r"^v(\d{1,3})\.(\d{1,2})$")

MESSAGING = {
    "whatsapp": "whatsapp_business_messaging",
    "messenger": "pages_messaging",
    "instagram": "instagram_manage_messages",
}
COMMENTS = {"messenger": "pages_manage_engagement", "instagram": "instagram_manage_comments"}
OF_INSTAGRAM_LOGIN = {
    "instagram_manage_messages": "instagram_business_manage_messages",
    "instagram_manage_comments": "instagram_business_manage_comments",
}
MANAGEMENT_EDGES = (
    "message_templates",
    "subscribed_apps",
    "phone_numbers",
    "message_qrdls",
    "conversational_automation",
)


def version_of(part: str, oldest: str, newest: str) -> str | None:
    """The version that this part of a path is; None: it is none. Raises Refused for one that there is not."""
    found = VERSION.match(part)
    if found is None:
        return None
    asked = (int(found[1]), int(found[2]))
    if not _parts(oldest) <= asked <= _parts(newest):
        message = f"(#2635) You are calling a version of the Graph API that is not available: {part}"
        raise Refused("graph.version", 2635, message)
    return part


def check_scopes(call: Call, token: Json) -> None:
    """Refused where the token lacks the permission of the edge; a token whose scopes nobody set has all of them."""
    if "scopes" not in token:
        return
    needed = _needed(call)
    if needed and needed not in token["scopes"]:
        if call.platform == "whatsapp":
            message = f"(#200) You do not have the necessary permissions: {needed}"
            raise Refused("whatsapp.scope", 200, message, details=f"the permission {needed} is missing", whatsapp=True)
        message = f"(#10) This endpoint requires the '{needed}' permission."
        raise Refused(f"{call.platform or 'graph'}.scope", 10, message)


def _needed(call: Call) -> str:
    """The permission without which this call is refused; "": any will do."""
    if call.platform == "whatsapp":
        management = call.edge in MANAGEMENT_EDGES or call.target in ("waba", "template")
        return "whatsapp_business_management" if management else MESSAGING["whatsapp"]
    if call.target == "comment":
        name = COMMENTS.get(call.platform, "")
    elif call.edge == "subscribed_apps":
        name = "pages_manage_metadata" if call.who == "page" else "instagram_business_basic"
    elif call.edge in ("messages", "message_attachments", "conversations", "messenger_profile"):
        name = MESSAGING.get(call.platform, "")
    else:
        name = ""
    return OF_INSTAGRAM_LOGIN.get(name, name) if call.who == "instagram" else name


def _parts(version: str) -> tuple[int, int]:
    major, _, minor = version.removeprefix("v").partition(".")
    return int(major), int(minor or 0)
