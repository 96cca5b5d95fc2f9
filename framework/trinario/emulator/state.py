"""What is so in the world: people, threads, accepted messages and settings, and how to look them up."""

from __future__ import annotations

from trinario.emulator.clock import Clock
from trinario.emulator.config import Json
from trinario.emulator.people import Engaged, Message, Person, Phone


class State:
    """Written by `applying` only."""

    def __init__(self) -> None:
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

    def phone(self, person: str, platform: str) -> Phone | None:
        """Her phone of that platform, if she is there and has one."""
        found = self.people.get(person)
        return found.phones.get(platform) if found else None

    def names_of(self, person: str, platform: str) -> tuple[str, ...]:
        """The names a fault may know a person by."""
        phone = self.phone(person, platform)
        return (person, phone.identity, phone.user_id) if phone else (person,)

    def person_of(self, phone: Phone) -> Person:
        """Whose phone it is."""
        return self.people[phone.person]
