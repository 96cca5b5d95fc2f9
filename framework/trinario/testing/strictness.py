"""What the platforms would refuse of a request: the emulator's own checks of its form, for a talk's phones."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.whatsapp.template_form import creations
from trinario.emulator.checks.page import check_send
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER
from trinario.emulator.checks.whatsapp import (
    check_content,
    check_envelope,
    check_media,
    check_recipient,
    check_status_request,
)
from trinario.emulator.checks.whatsapp_template import check_template
from trinario.emulator.fields import Fields
from trinario.emulator.refusal import Refused
from trinario.emulator.sends_public import LONGEST
from trinario.emulator.telegram.checks import check_action, check_message, check_reaction
from trinario.emulator.telegram.refusal import BotRefused
from trinario.model.media import SCHEME
from trinario.model.template import TemplateSpec

UPLOADED = "https://media.example/file"
"""Stands for a file of media/."""

Request = Mapping[str, Any]
Refusal = Refused | BotRefused


def whatsapp_refusal(request: Request, templates: Mapping[str, TemplateSpec]) -> Refusal | None:
    """Of a body of WhatsApp's `/messages`. A template is held against what is declared, if it is."""
    body = _fetchable(request)
    try:
        check_envelope(body)
        if "status" in body:
            check_status_request(body)
            return None
        check_recipient(body, "")
        if check_content(body, _uploaded) == "template":
            _check_declared(body["template"], templates)
    except Refused as refused:
        return refused
    return None


def page_refusal(platform: str, request: Request) -> Refusal | None:
    """Of a body of Messenger's or Instagram's Send API."""
    try:
        check_send(platform, _fetchable(request))
    except Refused as refused:
        return refused
    return None


def comment_refusal(platform: str, request: Request) -> Refusal | None:
    """Of an answer below a comment."""
    try:
        top = Fields(dict(request), "", MESSENGER if platform == "messenger" else INSTAGRAM)
        top.text("message", 1, LONGEST[platform])
        top.close()
    except Refused as refused:
        return refused
    return None


def telegram_refusal(method: str, request: Request) -> Refusal | None:
    """Of a method of the Bot API; those that carry nothing to her are not looked at."""
    body = _fetchable(request)
    try:
        if method == "sendChatAction":
            check_action(body)
        elif method == "setMessageReaction":
            check_reaction(body)
        elif method.startswith("send"):
            check_message(method, body, _uploaded)
    except BotRefused as refused:
        return refused
    return None


def _fetchable(value: Any) -> Any:
    """The request as it would be with files of media/ uploaded: a talk uploads none."""
    if isinstance(value, Mapping):
        return {name: _fetchable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_fetchable(inner) for inner in value]
    return UPLOADED if isinstance(value, str) and value.startswith(SCHEME) else value


def _uploaded(identity: str) -> bool:
    """A talk has no store of files: every id that we were given is good, and an address is none."""
    return ":" not in identity


def _check_declared(content: Any, templates: Mapping[str, TemplateSpec]) -> None:
    spec = templates.get(str(content.get("name")))
    made = creations(spec) if spec else []
    known = {(one["name"], one["language"]): {**one, "status": "APPROVED"} for one in made}
    if (content.get("name"), (content.get("language") or {}).get("code")) in known:
        check_template(content, known, lambda media: check_media(media, _uploaded, ()))
