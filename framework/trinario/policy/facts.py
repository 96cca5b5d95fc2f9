"""What policy has to know besides the bot, the contact and the message: loaded by the jobs, and only where it matters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Push:
    """A marketing message that nobody had asked for: `said` is the turn it was said in (origin/number), counted once.

    `at` is when it went, or when it is to go; `fault` is the platform's code if it did not take it.
    """

    said: str
    at: datetime
    channel: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TemplateFate:
    """What the platform last said of a template: it holds `until` then (None: until it says otherwise)."""

    status: str
    until: datetime | None = None
    reason: str = ""
    category: str = ""


TemplateKey = tuple[str, str, str]
"""(channel, name, language as `template_key` writes it)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`unreachable`: channel -> what it said. `human`: a person of the team writes. `asked`: she has just written, and this
    answers her. `pushes` are those of the longest stretch of the bot's caps, and of the last day at least."""

    unreachable: Mapping[str, str] = field(default_factory=dict)
    human: bool = False
    asked: bool = False
    pushes: tuple[Push, ...] = ()
    templates: Mapping[TemplateKey, TemplateFate] = field(default_factory=dict)


NOTHING = Facts()


def template_key(channel: str, name: str, language: str) -> TemplateKey:
    """The key of a template: the platform and an author write languages differently (`en_US`, `en-us`)."""
    return channel, name, language.replace("_", "-").lower()


def turn_of(key: str) -> str:
    """The turn in which a message was said, by the key of its outbox row (origin/number/index/copy/part)."""
    return key.rsplit("/", 3)[0]
