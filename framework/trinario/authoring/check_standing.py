"""Declared templates against what the platform says of them: approval, category, quality, words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from trinario.authoring.finding import Findings
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.nodes import Node
from trinario.authoring.parse_bot import ParsedBot

GONE = frozenset({"rejected", "disabled", "deleted", "pending_deletion", "archived", "locked"})
"""States in which a template goes nowhere."""

LIKED = frozenset({"", "green"})


@dataclass(frozen=True, slots=True)
class Standing:
    """One template in one language at the platform. `state` is missing, different, or the platform's word in small letters.

    `category` is what it is there, `becomes` what it will be, and when; `quality` what people make of it.
    """

    name: str
    language: str
    state: str
    reason: str = ""
    category: str = ""
    quality: str = ""
    becomes: str = ""
    becomes_at: datetime | None = None


Fault = tuple[str, str, str, Severity]
"""Code, what is wrong, how to mend it, how bad it is."""


def check_standing(bot: ParsedBot, channel: str, standings: Sequence[Standing]) -> list[Issue]:
    """T154 for what is not approved as it stands, T155 for another category, T156 for what people do not like."""
    if bot.templates.notes is None:
        return []
    found = Findings(bot.templates.notes)
    for one in standings:
        spec = bot.templates.templates.get(one.name)
        if spec is None:
            continue
        for code, message, hint, severity in (*_approval(one, channel), *_category(one, spec.category), *_quality(one)):
            found.fault(code, _node(found, one), f'template "{one.name}" ({one.language}) {message}', hint, severity)
    return found.issues


def _node(found: Findings, one: Standing) -> Node:
    """Where its words are, else where it is."""
    paths = [("templates", one.name, "languages", name) for name in (one.language, one.language.replace("-", "_"))]
    return next(
        (found.notes.nodes[path] for path in paths if path in found.notes.nodes), found.node("templates", one.name)
    )


def _approval(one: Standing, channel: str) -> Iterator[Fault]:
    why = f": {one.reason}" if one.reason else ""
    if one.state == "missing":
        yield "T154", f"is not at Meta ({channel})", "hand it in: trinario templates push", Severity.ERROR
    elif one.state in GONE:
        yield (
            "T154",
            f"is {one.state.replace('_', ' ')} at Meta{why}",
            "change its words, and push it again",
            Severity.ERROR,
        )
    elif one.state == "different":
        yield (
            "T154",
            "has other words at Meta",
            "see trinario templates status; push yours, or pull Meta's",
            Severity.WARNING,
        )
    elif one.state != "approved":
        yield (
            "T154",
            f"is {one.state.replace('_', ' ')} at Meta{why}",
            "messages that use it wait until then",
            Severity.WARNING,
        )


def _category(one: Standing, declared: str) -> Iterator[Fault]:
    if one.category and one.category != declared:
        yield (
            "T155", f"is for {one.category} at Meta, and declared for {declared}",
            f"write category: {one.category}, or hand it in under another name", Severity.ERROR,
        )  # fmt: skip
    if one.becomes and one.becomes not in (declared, one.category):
        when = f" on {one.becomes_at:%Y-%m-%d}" if one.becomes_at else " soon"
        yield (
            "T155", f"will be for {one.becomes}{when}", "write that category then, or ask Meta for a review",
            Severity.WARNING,
        )  # fmt: skip


def _quality(one: Standing) -> Iterator[Fault]:
    if one.quality not in LIKED:
        yield (
            "T156", f"has the quality {one.quality}: people block or report it",
            "send it to fewer people, or say it otherwise, before Meta pauses it", Severity.WARNING,
        )  # fmt: skip
