"""What the sends of all platforms leave behind: the list of the accepted, the phone's screen, read marks."""

from __future__ import annotations

from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Phone

TYPING_SECONDS = {"whatsapp": 25.0, "messenger": 20.0, "instagram": 20.0}


def keep(meta: Meta, phone: Phone | None, entry: Json) -> None:
    """The list of accepted messages is the judge of what the bot really said.

    `entry` brings id, platform, to, kind, text, body and failure (0, or the code with which it will fail).
    """
    body = entry["body"]
    key = {
        "biz_opaque_callback_data": body.get("biz_opaque_callback_data"),
        "metadata": (body.get("message") or {}).get("metadata"),
    }
    head = {"n": len(meta.world.accepted) + 1, "at": meta.clock.now(), "person": phone.person if phone else ""}
    meta.world.commit({"op": "accept", "entry": {**head, **key, **entry}})


def show(meta: Meta, phone: Phone, identity: str, screen: Json, *, reply_to: str = "", by: str = "") -> None:
    """Put a message of the business on the phone."""
    meta.allowances.engage(phone.platform, phone.identity, meta.clock.now())
    record = {
        "options": [],
        **screen,
        **_shown(meta, screen.get("media")),
        "id": identity,
        "direction": "out",
        "at": meta.clock.now(),
        "reply_to": reply_to,
        "by": by,
    }
    meta.world.commit({"op": "show", "person": phone.person, "platform": phone.platform, "message": record})


def _shown(meta: Meta, media: Json | None) -> Json:
    """A file of the store is seen on the phone as one of the web is."""
    stored = meta.world.media.get(str(media.get("id", ""))) if media else None
    if media is None or stored is None or "content" not in stored:
        return {}
    return {"media": {**media, "url": f"{meta.base}/_emulator/shown/{stored['id']}"}}


def mark_heard(meta: Meta, phone: Phone, until: float) -> None:
    """The business has read what the person wrote up to a moment: her phone shows it."""
    for message in reversed(phone.messages):
        if message.direction == "in" and message.at <= until:
            if message.status == "read":
                break
            meta.world.commit({"op": "mark", "id": message.id, "status": "read"})


def reads(meta: Meta, phone: Phone | None) -> bool:
    """Whether this person's phone tells at once that she has read."""
    if phone is None:
        return False
    own = meta.world.person_of(phone).reads
    return meta.config.reads if own is None else own


def before_answer(meta: Meta) -> bool:
    """Whether the echo, or the first status, of this send shall overtake the answer."""
    when = meta.config.echo_before_response
    return when == "always" or (when == "random" and meta.ids.random.random() < 0.5)


def text_of(body: Json) -> str:
    """The text a fault's `text_contains` is matched against; any JSON is survived."""
    for path in (("text", "body"), ("interactive", "body", "text"), ("message", "text"),
                 ("message", "attachment", "payload", "text")):  # fmt: skip
        found: object = body
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, str):
            return found
    return ""
