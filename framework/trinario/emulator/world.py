"""The world: people, threads, accepted messages and settings. Every change is a record that can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trinario.emulator.clock import Clock
from trinario.emulator.config import Config, Json
from trinario.emulator.log import Log
from trinario.emulator.people import DAY, Engaged, Message, Person, Phone, person_from_json

FREE_ENTRY_SECONDS = 3 * DAY
"""How long all is free after an ad that was answered (meta.md §5.1)."""


class World:
    """Changes go through `commit` only: it applies them and hands them to the journal."""

    def __init__(self, config: Config, write: Callable[[Json], None] | None = None) -> None:
        self.clock = Clock()
        self.people: dict[str, Person] = {}
        self.by_identity: dict[str, Phone] = {}
        self.shown: dict[str, tuple[Phone, Message]] = {}
        self.accepted: list[Json] = []
        self.accepted_by_id: dict[str, Json] = {}
        self.profiles: dict[str, Json] = {}
        self.templates: dict[tuple[str, str], Json] = {}
        self.media: dict[str, Json] = {}
        self.comments: dict[str, Json] = {}
        self.subscriptions: dict[str, Json] = {}
        self.due: dict[int, Json] = {}
        self.hooks: dict[int, Json] = {}
        self.services: dict[str, int] = {}
        self.tokens: dict[str, Json] = {}
        self.qr: dict[str, Json] = {}
        self.begun = Engaged()
        self.personas: dict[str, Json] = {}
        self.handles: dict[str, str] = {}
        """Of files that were uploaded for templates, with their types."""
        self.page_templates: dict[tuple[str, str], Json] = {}
        self.numbers = 0
        self.changes = 0
        self.write = write
        self.log = Log(config.log_keep, self._journal_log)
        self._appliers: dict[str, Callable[[Json], None]] = {
            "person": self._person,
            "clear": self._clear,
            "show": self._show,
            "accept": self._accept,
            "mark": self._mark,
            "heard": self._heard,
            "block": self._block,
            "shut_out": self._shut_out,
            "stopped": self._stopped,
            "clicked": self._clicked,
            "token": self._token,
            "qr": self._qr_code,
            "clock": self._clock,
            "profile": self._profile,
            "template": self._template,
            "template_gone": self._template_gone,
            "media": self._media,
            "media_gone": self._media_gone,
            "comment": self._comment,
            "subscribed": self._subscribed,
            "due": self._due,
            "ran": self._ran,
            "hook": self._hook,
            "hook_done": self._hook_done,
            "unsent": self._unsent,
            "react": self._react,
            "edited": self._edited,
            "hidden": self._hidden,
            "number": self._number,
            "thread": self._thread,
            "served": self._served,
            "persona": self._persona,
            "handle": self._handle,
            "page_template": self._page_template,
            "log": self._log,
        }

    def commit(self, change: Json) -> None:
        """Apply a change and journal it."""
        self._apply(change)
        self._journal(change)

    def replay(self, change: Json) -> None:
        """Apply a change out of the journal."""
        self._apply(change)

    def number(self) -> int:
        """The next number for a job or a webhook."""
        self.numbers += 1
        return self.numbers

    def phone(self, person: str, platform: str) -> Phone | None:
        found = self.people.get(person)
        return found.phones.get(platform) if found else None

    def note(self, kind: str, **content: Any) -> Json:
        """An entry of the log."""
        return self.log.add(kind, self.clock.now(), content)

    def violation(self, rule: str, platform: str, **content: Any) -> None:
        """Something Meta refuses, or that no careful bot would do; a refused request and its rule among them."""
        self.note("violation", rule=rule, platform=platform, **content)

    def names_of(self, person: str, platform: str) -> tuple[str, ...]:
        """The names a fault may know a person by."""
        phone = self.phone(person, platform)
        return (person, phone.identity, phone.user_id) if phone else (person,)

    def person_of(self, phone: Phone) -> Person:
        return self.people[phone.person]

    def _apply(self, change: Json) -> None:
        self.changes += 1
        self._appliers[change["op"]](change)

    def _journal(self, change: Json) -> None:
        if self.write is not None:
            self.write(change)

    def _journal_log(self, entry: Json) -> None:
        """The body of a webhook is journaled with its first attempt only."""
        if entry["kind"] == "webhook" and entry["attempt"] > 1:
            entry = {**entry, "body": None}
        self._journal({"op": "log", "entry": entry})

    def _person(self, change: Json) -> None:
        person = person_from_json(change["person"])
        self.people[person.id] = person
        for phone in person.phones.values():
            self.by_identity[phone.identity] = phone
            if phone.user_id:
                self.by_identity[phone.user_id] = phone

    def _clear(self, change: Json) -> None:
        for kept in (
            self.people,
            self.by_identity,
            self.shown,
            self.accepted,
            self.accepted_by_id,
            self.comments,
            self.due,
            self.hooks,
        ):
            kept.clear()

    def _show(self, change: Json) -> None:
        phone = self.people[change["person"]].phones[change["platform"]]
        message = Message.from_json(change["message"])
        phone.messages.append(message)
        self.shown[message.id] = (phone, message)
        if message.direction == "in":
            phone.last_heard = message.at
        else:
            phone.unread.append(message.id)
            phone.typing_until = 0.0

    def _accept(self, change: Json) -> None:
        self.accepted.append(change["entry"])
        self.accepted_by_id[change["entry"]["id"]] = change["entry"]
        if "open" in change["entry"] and not change["entry"]["failure"]:
            self._arrives(change["entry"])

    def _arrives(self, entry: Json) -> None:
        """What a WhatsApp message that will arrive counts against, and what it opens."""
        phone = self.phone(entry["person"], "whatsapp")
        if phone is None:
            return
        at = float(entry["at"])
        if not entry["open"]:
            self.begun.note(phone.identity, at)
        if entry["category"] == "marketing":
            phone.marketed = [*phone.marketed[-20:], at]
        if phone.ad_at is not None and at - phone.ad_at <= DAY:
            phone.ad_at, phone.free_until = None, at + FREE_ENTRY_SECONDS

    def _mark(self, change: Json) -> None:
        phone, message = self.shown.get(change["id"], (None, None))
        if phone is None or message is None:
            return
        message.status = change["status"]
        if change["status"] == "read" and message.id in phone.unread:
            phone.unread.remove(message.id)

    def _heard(self, change: Json) -> None:
        self.people[change["person"]].phones[change["platform"]].last_heard = change["at"]

    def _block(self, change: Json) -> None:
        self.people[change["person"]].phones[change["platform"]].blocked = change["blocked"]

    def _shut_out(self, change: Json) -> None:
        self.people[change["person"]].phones[change["platform"]].shut_out = change["blocked"]

    def _stopped(self, change: Json) -> None:
        self.people[change["person"]].phones["whatsapp"].stopped = change["stopped"]

    def _clicked(self, change: Json) -> None:
        phone = self.people[change["person"]].phones["whatsapp"]
        phone.ad_at, phone.click = change["at"], change.get("click", "")

    def _token(self, change: Json) -> None:
        """What is said of a kind of token, or that the number is not registered; None takes it back."""
        _put(self.tokens, change["who"], change["settings"])

    def _qr_code(self, change: Json) -> None:
        _put(self.qr, change["code"], change["link"])

    def _clock(self, change: Json) -> None:
        self.clock.offset = change["offset"]

    def _profile(self, change: Json) -> None:
        self.profiles[change["platform"]] = change["fields"]

    def _template(self, change: Json) -> None:
        template = change["template"]
        self.templates[template["name"], template["language"]] = template

    def _template_gone(self, change: Json) -> None:
        for key in [key for key in self.templates if key[0] == change["name"]]:
            del self.templates[key]

    def _media(self, change: Json) -> None:
        self.media[change["media"]["id"]] = change["media"]

    def _media_gone(self, change: Json) -> None:
        self.media.pop(change["id"], None)

    def _comment(self, change: Json) -> None:
        self.comments[change["comment"]["id"]] = change["comment"]

    def _subscribed(self, change: Json) -> None:
        self.subscriptions.setdefault(change["platform"], {}).update(change["settings"])

    def _due(self, change: Json) -> None:
        self.due[change["number"]] = change
        self.numbers = max(self.numbers, change["number"])

    def _ran(self, change: Json) -> None:
        self.due.pop(change["number"], None)

    def _hook(self, change: Json) -> None:
        self.hooks[change["number"]] = change
        self.numbers = max(self.numbers, change["number"])

    def _hook_done(self, change: Json) -> None:
        self.hooks.pop(change["number"], None)

    def _unsent(self, change: Json) -> None:
        phone, message = self.shown.pop(change["id"])
        phone.messages.remove(message)

    def _react(self, change: Json) -> None:
        _, message = self.shown[change["id"]]
        if change["emoji"]:
            message.reactions[change["by"]] = change["emoji"]
        else:
            message.reactions.pop(change["by"], None)

    def _edited(self, change: Json) -> None:
        _, message = self.shown[change["id"]]
        message.text, message.edits = change["text"], message.edits + 1

    def _hidden(self, change: Json) -> None:
        self.people[change["person"]].phones["whatsapp"].hidden = change["hidden"]

    def _number(self, change: Json) -> None:
        phone = self.people[change["person"]].phones["whatsapp"]
        for known in (phone.identity, phone.user_id):
            self.by_identity.pop(known, None)
        phone.identity, phone.user_id = change["wa_id"], change["user_id"]
        self.by_identity |= {phone.identity: phone, phone.user_id: phone}

    def _thread(self, change: Json) -> None:
        self.people[change["person"]].phones[change["platform"]].thread = change["owner"]

    def _page_template(self, change: Json) -> None:
        template = change["template"]
        if template.get("gone"):
            for key in [key for key in self.page_templates if key[0] == template["name"]]:
                del self.page_templates[key]
        else:
            self.page_templates[template["name"], template["language"]] = template

    def _persona(self, change: Json) -> None:
        _put(self.personas, change["id"], change["persona"])

    def _handle(self, change: Json) -> None:
        self.handles[change["handle"]] = change["type"]

    def _served(self, change: Json) -> None:
        """One more delivered service message of the month: the first thousand of a number are free."""
        self.services[change["month"]] = self.services.get(change["month"], 0) + 1

    def _log(self, change: Json) -> None:
        self.log.restore(change["entry"])


def _put(kept: dict[str, Json], name: str, value: Json | None) -> None:
    if value is None:
        kept.pop(name, None)
    else:
        kept[name] = value
