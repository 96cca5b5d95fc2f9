"""What Telegram looks at before it takes a message, as strict as it is: lengths in UTF-16 units, buttons in bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from trinario.emulator.config import Json
from trinario.emulator.telegram.reactions import REACTIONS
from trinario.emulator.telegram.refusal import BotRefused, bad

TEXT, CAPTION, DATA, BUTTONS, ROW, VCARD = 4096, 1024, 64, 100, 8, 2048
ACTIONS = ("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
           "choose_sticker", "find_location", "record_video_note", "upload_video_note")  # fmt: skip
SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS = (443, 80, 88, 8443)

MEDIA = {
    "sendPhoto": "photo", "sendVideo": "video", "sendAudio": "audio", "sendVoice": "voice", "sendDocument": "document",
    "sendSticker": "sticker",
}  # fmt: skip
"""Methods that send a file, and the parameter that holds it."""


def units(text: str) -> int:
    """A length as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(method: str, body: Json, known_file: Callable[[str], bool]) -> None:
    """Raises BotRefused for the first thing that Telegram would not take; the chat was looked at before."""
    match method:
        case "sendMessage":
            _text(body)
        case "sendLocation" | "sendVenue":
            _place(method, body)
        case "sendContact":
            _contact(body)
        case _:
            _file(method, body, known_file)
    if body.get("reply_markup") is not None:
        _markup(body["reply_markup"])


def _text(body: Json) -> None:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad("text.empty", "message text is empty")
    if units(text.strip()) > TEXT:
        raise bad("text.long", "message is too long")


def _file(method: str, body: Json, known_file: Callable[[str], bool]) -> None:
    value, caption = body.get(MEDIA[method]), body.get("caption", "")
    if not isinstance(value, str) or not value:
        raise bad("file.missing", f"there is no {MEDIA[method]} in the request")
    if not known_file(value) and not _address(value):
        raise bad("file.address", "wrong file identifier/HTTP URL specified")
    if not isinstance(caption, str) or units(caption) > CAPTION:
        raise bad("caption.long", "message caption is too long")


def _place(method: str, body: Json) -> None:
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = body.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise bad("place", f"wrong {name} specified")
    if method == "sendVenue":
        for name in ("title", "address"):
            if not isinstance(body.get(name), str) or not body[name].strip():
                raise bad("venue", f'parameter "{name}" is required')


def _contact(body: Json) -> None:
    for name in ("phone_number", "first_name"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise bad("contact", f'parameter "{name}" is required')
    if len(str(body.get("vcard", "")).encode()) > VCARD:
        raise bad("contact.vcard", "contact vCard is too long")


def _markup(markup: Any) -> None:
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if rows is None and isinstance(markup, dict) and {"keyboard", "remove_keyboard", "force_reply"} & set(markup):
        return
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("keyboard", "can't parse reply keyboard markup JSON object")
    if sum(map(len, rows)) > BUTTONS or any(len(row) > ROW for row in rows):
        raise bad("keyboard.many", "reply markup is too long")
    for row in rows:
        for button in row:
            _button(button)


def _button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("button.text", "text buttons are unallowed in the inline keyboard")
    kinds = [name for name in ("url", "callback_data", "web_app", "copy_text") if name in button]
    if len(kinds) != 1:
        raise bad("button.kind", "exactly one kind of an inline button is needed")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "replace")) <= DATA:
            raise bad("button.data", "BUTTON_DATA_INVALID")
    if "url" in button and not _address(button["url"], ("http", "https", "tg")):
        raise bad("button.url", f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


COMMANDS, COMMAND, DESCRIPTION = 100, re.compile(r"^[a-z0-9_]{1,32}$"), 256
PICTURE, UPLOAD = 10_000_000, 50_000_000
"""Bytes of a file that comes along."""


def check_upload(method: str, name: str, size: int) -> None:
    """Of a file that comes along with a message."""
    if MEDIA.get(method) != name:
        raise bad("file.missing", f"there is no {MEDIA.get(method, 'file')} in the request")
    if not size:
        raise bad("file.empty", "file must be non-empty")
    if size > (PICTURE if name == "photo" else UPLOAD):
        raise BotRefused("telegram.file.large", 413, "Request Entity Too Large")


def check_commands(body: Json) -> tuple[list[Json], str]:
    """Of `setMyCommands`; gives them, and the language they are for ("": everybody's)."""
    commands, language = body.get("commands"), body.get("language_code") or ""
    if not isinstance(commands, list) or len(commands) > COMMANDS:
        raise bad(
            "commands", "BOT_COMMANDS_TOO_MUCH" if isinstance(commands, list) else "can't parse commands JSON array"
        )
    for one in commands:
        if not isinstance(one, dict) or not COMMAND.match(str(one.get("command", ""))):
            raise bad("commands.name", "BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= DESCRIPTION:
            raise bad("commands.description", "BOT_COMMAND_DESCRIPTION_INVALID")
    if language and not re.fullmatch("[a-z]{2}", str(language)):
        raise bad("commands.language", "LANG_CODE_INVALID")
    return commands, str(language)


def check_action(body: Json) -> None:
    """Of `sendChatAction`."""
    if body.get("action") not in ACTIONS:
        raise bad("action", "wrong parameter action in request")


def check_reaction(body: Json) -> str:
    """Of `setMessageReaction`; gives the emoji, "" if it is taken back."""
    reaction = body.get("reaction", [])
    if not isinstance(reaction, list) or len(reaction) > 1:
        raise bad("reaction.many", "REACTIONS_TOO_MANY")
    if not reaction:
        return ""
    emoji = reaction[0].get("emoji") if isinstance(reaction[0], dict) else None
    if emoji not in REACTIONS:
        raise bad("reaction", "REACTION_INVALID")
    return str(emoji)


def check_webhook(body: Json) -> None:
    """Of `setWebhook`: on this machine http and any port will do."""
    url = str(body.get("url", ""))
    parts = urlsplit(url)
    if url and parts.hostname not in LOOPBACK:
        if parts.scheme != "https":
            raise bad("webhook.https", "bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise bad("webhook.port", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = body.get("secret_token", "")
    if secret and not (isinstance(secret, str) and SECRET.match(secret)):
        raise bad("webhook.secret", "secret token contains unallowed characters")
    most = body.get("max_connections", 40)
    if not isinstance(most, int) or not 1 <= most <= 100:
        raise bad("webhook.connections", "wrong max_connections")


def _address(value: Any, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
        return parts.scheme in schemes and bool(parts.hostname) and not re.search(r"\s", str(value))
    except ValueError:
        return False
