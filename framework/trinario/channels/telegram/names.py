"""How messages and taps are named: Telegram counts messages in each chat, so the chat is part of the name."""

CALLBACK = "callback:"
"""Begins the name of a tap; what follows is answered with `answerCallbackQuery`."""


def message_name(chat: str, number: str) -> str:
    """`chat:number`: unique on a channel."""
    return f"{chat}:{number}"


def number_in(name: str) -> int | None:
    """The number of a message in its chat; None for what names no message."""
    number = name.rpartition(":")[2]
    return int(number) if not name.startswith(CALLBACK) and number.isascii() and number.isdecimal() else None
