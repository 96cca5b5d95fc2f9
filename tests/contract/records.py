"""Records for the contract suite, with the least that they need."""

from datetime import UTC, datetime, timedelta

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.heard import Heard
from trinario.model.message import Text
from trinario.model.wire import heard_to_json
from trinario.model.wire_content import content_to_json
from trinario.ports import Inward, Outgoing

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    """Some seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def psid(value: str) -> Identity:
    """A Messenger identity."""
    return Identity("messenger", "psid", value)


def heard(who: Identity, external_id: str, text: str = "hello", also: tuple[Identity, ...] = ()) -> Inward:
    """A message as the inbox keeps it."""
    item = Heard(who, external_id, NOW, "text", text=text, also=also)
    return Inward(who.channel, external_id, "heard", jsons.dumps(heard_to_json(item)), b"{}", (who, *also))


def outgoing(key: str, contact: int, who: Identity, **changes: object) -> Outgoing:
    """A message as the outbox keeps it."""
    content = jsons.dumps(content_to_json(Text(f"text of {key}")))
    given = {"key": key, "contact": contact, "channel": who.channel, "identity": who, "content": content,
             "purpose": "service", **changes}  # fmt: skip
    return Outgoing(**given)  # type: ignore[arg-type]
