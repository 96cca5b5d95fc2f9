"""What goes beside messages: answers below comments, and signs on messages (meta.md 2B.5, 3B.4, 3C)."""

from typing import Any

from trinario.model.message import PublicReply, Sign

_NAMES = {"❤": "love", "👍": "like", "👎": "dislike", "😮": "wow", "😢": "sad", "😠": "angry", "😆": "smile"}
"""Signs that the platforms know by name; others are sent as they are."""


def sign_of(name: str) -> str:
    """The sign that the platforms call so; anything else is itself."""
    return next((sign for sign, known in _NAMES.items() if known == name), name)


def reply_body(content: PublicReply) -> dict[str, Any]:
    """The body that is posted to the comment's own edge."""
    return {"message": content.text}


def reaction_body(person: str, content: Sign) -> dict[str, Any]:
    """The sender action that puts a sign on a message of hers, or takes it back."""
    if not content.emoji:
        return {"recipient": {"id": person}, "sender_action": "unreact", "payload": {"message_id": content.message}}
    sign = _NAMES.get(content.emoji.removesuffix("\ufe0f"), content.emoji)
    payload = {"message_id": content.message, "reaction": sign}
    return {"recipient": {"id": person}, "sender_action": "react", "payload": payload}
