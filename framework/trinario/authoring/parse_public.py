"""The steps `comment_reply`, `private_reply` and `react`: what goes beside the chat."""

import unicodedata
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.parse_ask import ask
from trinario.authoring.reader import Record
from trinario.model.flow import CommentReply, Message, PrivateReply, React, Words

_NEVER_WRONG = ("min", "max", "pattern", "error", "retries")
"""Keys that only matter where an answer can be wrong."""


def comment_reply(common: dict[str, Any], value: Any, record: Record, notes: Notes) -> CommentReply | None:
    """One of several texts; None, with an issue, when there is none."""
    if isinstance(value, Words):
        return CommentReply(**common, texts=(value,))
    texts: tuple[Words, ...] = value.get("one_of") or ()
    both = value.has("text") and value.has("one_of")
    if both:
        notes.fault("T015", value.nodes["one_of"], "`text` and `one_of` do not go together", "leave one of them out")
    elif not value.has("text") and not texts and value.whole:
        notes.fault("T014", value.node, "this answer says nothing", "give it `text`, or `one_of`")
    texts = texts or ((value.get("text"),) if isinstance(value.get("text"), Words) else ())
    return CommentReply(**common, texts=texts) if texts else None


def private_reply(common: dict[str, Any], value: Any, record: Record, notes: Notes) -> PrivateReply | None:
    """A question that takes every answer, in one message."""
    for name in _NEVER_WRONG:
        if record.has(name):
            notes.warn("T015", record.nodes[name], f"`{name}` has no effect: any answer to a private reply is a good one",
                       "leave it out, and ask again in a step below")  # fmt: skip
    if record.has("delivery"):
        notes.fault("T015", record.nodes["delivery"], "a private reply goes to who commented, where she commented",
                    "leave `delivery` out")  # fmt: skip
    if record.get("type") == "otp":
        notes.fault("T015", record.nodes["type"], "a private reply takes every answer, and so it cannot ask for a code",
                    "ask for it in a step below")  # fmt: skip
    made = ask(common, (value,), record, notes)
    if made is None:
        return None
    for message in made.messages:
        _check_one(message, made.choices != (), value, notes)
    names = (name for name in type(made).__dataclass_fields__)
    return PrivateReply(**{name: getattr(made, name) for name in names})


def _check_one(message: Message, choices: bool, value: Any, notes: Notes) -> None:
    """Only one message is allowed: a file with words or with things to tap would be two."""
    for one in (message, *message.one_of, *message.per_channel.values()):
        if one.media and (one.caption or choices) and isinstance(value, Record):
            notes.fault("T015", value.node, "a private reply is one message, and a file with words or choices is two",
                        "say it with words alone, and send the file once she has answered")  # fmt: skip
        if one.template and isinstance(value, Record):
            notes.fault("T015", value.node, "a private reply cannot be a template", "say it with words")


def react(common: dict[str, Any], value: str, record: Record, notes: Notes) -> React | None:
    """One emoji, or none."""
    sign = value.strip()
    if sign == "none":
        return React(**common, emoji="")
    if not sign or len(sign) > 16 or any(unicodedata.category(letter)[0] in "LNZC" and letter not in "\u200d" and
                                         not _joins(letter) for letter in sign):  # fmt: skip
        notes.fault("T022", record.nodes.get("react", record.node), f'"{sign[:20]}" is no emoji',
                    "write one emoji, like react: ❤, or none to take it back")  # fmt: skip
        return None
    return React(**common, emoji=sign)


def _joins(letter: str) -> bool:
    """Digits of keycaps, variation selectors and the tags of flags are parts of emoji."""
    return letter in "0123456789\ufe0f\u20e3" or "\U000e0020" <= letter <= "\U000e007f"
