"""People and their phones: who they are on each platform, and what their screens show."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from trinario.emulator.config import Json

PLATFORMS = ("whatsapp", "messenger", "instagram", "telegram")
DAY = 86_400.0


@dataclass(slots=True)
class Option:
    """Something that can be tapped under a message: kind is button, list, quick_reply, url or postback."""

    kind: str
    title: str
    payload: str = ""
    url: str = ""
    description: str = ""


@dataclass(slots=True)
class Message:
    """A message as a phone shows it. `direction` is `in` (from the person) or `out` (from the business)."""

    id: str
    direction: str
    at: float
    kind: str
    text: str = ""
    options: list[Option] = field(default_factory=list)
    list_button: str = ""
    media: Json | None = None
    status: str = ""
    header: str = ""
    footer: str = ""
    reply_to: str = ""
    by: str = ""
    template: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    edits: int = 0

    def as_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Json) -> Message:
        options = [Option(**option) for option in record["options"]]
        return cls(**{**record, "options": options})


@dataclass(slots=True)
class Phone:
    """One person on one platform: the ids Meta knows her by, and the thread with the business.

    `hidden`: businesses do not see her number. `thread` is the other app that has the thread; "": the bot has it.
    `shut_out`: the business has blocked her; `stopped`: she takes no marketing. `ad_at`: when she clicked an ad; answered
    within a day, all is free until `free_until`. `marketed`: when marketing came; `click`: the id of her last click on an ad.
    """

    person: str
    platform: str
    identity: str
    user_id: str = ""
    username: str = ""
    blocked: bool = False
    last_heard: float | None = None
    messages: list[Message] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    typing_until: float = 0.0
    last_watermark: float = 0.0
    hidden: bool = False
    thread: str = ""
    shut_out: bool = False
    stopped: bool = False
    ad_at: float | None = None
    click: str = ""
    free_until: float = 0.0
    marketed: list[float] = field(default_factory=list)

    @property
    def opened(self) -> bool:
        """Whether the person ever wrote here; a business cannot begin on Messenger and Instagram."""
        return self.last_heard is not None

    def find(self, message_id: str, shown: dict[str, tuple[Phone, Message]]) -> Message | None:
        """A message of this very thread, out of the index of all."""
        owner, message = shown.get(message_id, (None, None))
        return message if owner is self else None

    def heard_within(self, now: float, seconds: float) -> bool:
        return self.last_heard is not None and now - self.last_heard <= seconds

    def tappable(self, message: Message) -> list[Option]:
        """Quick replies vanish with the next message, on both sides; everything else stays for ever."""
        if self.messages and self.messages[-1] is message:
            return message.options
        return [option for option in message.options if option.kind != "quick_reply"]

    def view(self, now: float) -> list[Json]:
        """What the screen shows, oldest first; the last entry is of kind `typing` while the business types."""
        shown: list[Json] = []
        for message in self.messages:
            entry = replace(message, options=self.tappable(message)).as_json()
            shown.append({**entry, "typing": False})
        if self.typing_until > now:
            typing = Message(id="", direction="out", at=now, kind="typing").as_json()
            shown.append({**typing, "typing": True})
        return shown


class Engaged:
    """People of the last day, the one of whom something was noted last at the end."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __contains__(self, person: str) -> bool:
        return person in self._last

    def note(self, person: str, now: float) -> None:
        self._last.pop(person, None)
        self._last[person] = now

    def count(self, now: float) -> int:
        for person, at in list(self._last.items()):
            if now - at < DAY:
                break
            del self._last[person]
        return len(self._last)


@dataclass(slots=True)
class Person:
    """Somebody with a phone for each platform."""

    id: str
    name: str
    language: str = "en"
    reads: bool | None = None
    phones: dict[str, Phone] = field(default_factory=dict)

    def as_json(self) -> Json:
        """`{id, name, language, reads, phones}`; phones by platform: `{wa_id, user_id}`, `{psid}` ..."""
        phones = {name: identity_of(phone) for name, phone in self.phones.items()}
        return {"id": self.id, "name": self.name, "language": self.language, "reads": self.reads, "phones": phones}


def identity_of(phone: Phone) -> Json:
    """The ids of one phone under Meta's names."""
    if phone.platform == "whatsapp":
        return {"wa_id": phone.identity, "user_id": phone.user_id}
    if phone.platform == "messenger":
        return {"psid": phone.identity}
    if phone.platform == "telegram":
        return {"telegram_id": phone.identity, "username": phone.username}
    return {"igsid": phone.identity, "username": phone.username}


def person_from_json(record: Json) -> Person:
    """The inverse of `Person.as_json`."""
    person = Person(record["id"], record["name"], record["language"], record["reads"])
    for platform, ids in record["phones"].items():
        person.phones[platform] = _phone(person.id, platform, ids)
    return person


def _phone(person: str, platform: str, ids: dict[str, Any]) -> Phone:
    identity = ids.get("wa_id") or ids.get("psid") or ids.get("telegram_id") or ids["igsid"]
    return Phone(person, platform, identity, ids.get("user_id", ""), ids.get("username", ""))
