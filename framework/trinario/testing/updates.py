"""What a person does in Telegram, as the update that tells of it (platform facts, 12.1)."""

import json
from datetime import datetime
from typing import Any

from trinario.testing.phone import Shown
from trinario.testing.webhooks import Line

Json = dict[str, Any]

FILES = {"image": "photo", "video": "video", "audio": "voice", "document": "document", "sticker": "sticker"}


def writes(line: Line, id: str, at: datetime, text: str, reply_to: str = "") -> bytes:
    """She writes a text."""
    answered = {"reply_to_message": {"message_id": _number(reply_to), "chat": _chat(line)}} if reply_to else {}
    return _message(line, id, at, {**answered, "text": text})


def taps(line: Line, id: str, at: datetime, shown: Shown, payload: str, title: str) -> bytes:
    """She taps a button of a message, which the update holds as it was shown."""
    rows = [[{"text": name, "callback_data": data}] for data, name in shown.options]
    message = {"message_id": _number(shown.id), "chat": _chat(line), "date": int(shown.at.timestamp()), "text": shown.text,
               "reply_markup": {"inline_keyboard": rows}}  # fmt: skip
    return _update(id, "callback_query", {"id": id, "from": _user(line), "message": message, "data": payload})


def opens(line: Line, id: str, at: datetime, ref: str, first: bool) -> bytes:
    """She presses Start, in a new chat and in an old one alike."""
    return _message(line, id, at, {"text": f"/start {ref}".strip()})


def sends(line: Line, id: str, at: datetime, kind: str, url: str, caption: str) -> bytes:
    """She sends a file: Telegram tells of it by an id, never by an address."""
    file: Json = {"file_id": f"file.{id}", "file_unique_id": f"u{id}"}
    member = FILES[kind]
    words = {"caption": caption} if caption else {}
    return _message(line, id, at, {member: [file] if member == "photo" else file, **words})


def reacts(line: Line, id: str, at: datetime, message: str, emoji: str) -> bytes:
    """She puts a sign on a message, or takes it back."""
    told = {"chat": _chat(line), "message_id": _number(message), "user": _user(line), "date": int(at.timestamp())}
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    return _update(id, "message_reaction", {**told, "old_reaction": [], "new_reaction": new})


def edits(line: Line, id: str, at: datetime, message: str, text: str) -> bytes:
    """She writes a message of hers anew."""
    stamp = int(at.timestamp())
    head = {"message_id": _number(message), "from": _user(line), "chat": _chat(line), "date": stamp}
    return _update(id, "edited_message", {**head, "edit_date": stamp, "text": text})


def fate(line: Line, at: datetime, shown: Shown, status: str, code: int) -> bytes | None:
    """None: Telegram tells of no fates."""
    return None


def team(line: Line, id: str, at: datetime, text: str) -> bytes | None:
    """None: a bot has no app in which people of the team could write."""
    return None


def _message(line: Line, id: str, at: datetime, content: Json) -> bytes:
    head = {"message_id": _number(id), "from": _user(line), "chat": _chat(line), "date": int(at.timestamp())}
    return _update(id, "message", {**head, **content})


def _update(id: str, sort: str, content: Json) -> bytes:
    return json.dumps({"update_id": 880_000_000 + _number(id), sort: content}).encode("ascii")


def _user(line: Line) -> Json:
    first, _, last = line.name.partition(" ")
    return {"id": int(line.who), "is_bot": False, "first_name": first, **({"last_name": last} if last else {})}


def _chat(line: Line) -> Json:
    return {"id": int(line.who), "type": "private"}


def _number(id: str) -> int:
    """The number in the name of a message."""
    return int("".join(sign for sign in id.rpartition(":")[2] if sign.isdigit()) or "1")
