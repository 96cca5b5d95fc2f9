"""What a batch of the inbox did, and what a message that was heard tells of its contact."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trinario.jobs.media import files_of
from trinario.model.channel import Identity
from trinario.model.contact import Contact, wrote_from
from trinario.model.heard import Echo, Heard
from trinario.ports import InboxEntry, OpenPlan, Said, Writes

DONE, DEAD, KEPT = 1, 2, 3
"""States of inbox rows."""

ANSWER = "link/"
"""Begins the payloads of the question whether to go on with a conversation begun elsewhere."""

SECOND, MOMENT = timedelta(seconds=1), timedelta(milliseconds=1)
"""How exactly platforms tell the time, and what tells two messages of one second apart."""

UNSPOKEN = frozenset({"system", "deleted", "edit", "optin", "comment"})
"""What the platform tells of her, and she did not say to us: no window opens, and it is kept. A comment begins flows."""


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One line of the log: who moved where, without a word of what was said."""

    contact: int
    origin: str
    path: tuple[tuple[str, str], ...]
    flow: str
    session: str


@dataclass(slots=True)
class Received:
    """What a batch did. `links`: rows that belong to a linking; `seen`: (identity, message id) to be shown as read; `first`:
    not all of it was bulk; `outside`: calls are to be made or files to be fetched; `passed`: contacts with
    something pending whom somebody else held."""

    rows: int = 0
    links: list[InboxEntry] = field(default_factory=list)
    seen: list[tuple[Identity, str]] = field(default_factory=list)
    turns: list[TurnLine] = field(default_factory=list)
    dead: list[tuple[int, str]] = field(default_factory=list)
    plans: list[OpenPlan] = field(default_factory=list)
    """running delivery plans of the contacts of this batch"""
    first: bool = False
    outside: bool = False
    passed: int = 0


def meet(contact: Contact, heard: Heard) -> Contact:
    """The contact after she was heard: where, when, and by what name if we knew none."""
    channel = heard.identity.channel
    new = tuple(identity for identity in (heard.identity, *heard.also) if identity not in contact.identities)
    identities = contact.identities + new if new else contact.identities
    if heard.kind in UNSPOKEN:
        return replace(contact, identities=identities) if new else contact
    before, first, last = contact.last_heard.get(channel), contact.first_name, contact.last_name
    marks = contact.marks
    if sum(identity.channel == channel for identity in identities) > 1:
        known = [marks[mark] for one in identities if (mark := wrote_from(one)) in marks and one != heard.identity]
        marks = {**marks, wrote_from(heard.identity): _behind(max(known, default=None), heard.at)}
    if heard.name and not first and not last:
        first, _, rest = heard.name.strip().partition(" ")
        last = rest.strip() or None
    return replace(
        contact,
        identities=identities,
        first_name=first,
        last_name=last,
        last_heard={**contact.last_heard, channel: max(before, heard.at) if before else heard.at},
        last_seen_at=max(contact.last_seen_at, heard.at) if contact.last_seen_at else heard.at,
        channel=channel,
        marks=marks,
    )


def _behind(latest: datetime | None, at: datetime) -> datetime:
    """Times are told in seconds: within one, what is heard last is last."""
    return latest + MOMENT if latest and latest - SECOND < at <= latest else at


def line_of(contact: Contact, heard: Heard) -> Said:
    """What was heard, as a line of her thread."""
    media = ", ".join(item.kind for item in heard.media)
    text = heard.text or (f"[{media}]" if media else f"[{heard.kind}]")
    return Said(contact.id, "in", "contact", heard.identity.channel, heard.at, heard.kind, text, heard.external_id)


def word_of(contact: Contact, echo: Echo) -> Said:
    """What a person of the team wrote in the platform's own app, as a line of her thread; a file stands in it as hers do."""
    text = echo.text or f"[{', '.join(item.kind for item in echo.media) or 'message'}]"
    kind = "media" if echo.media else "text"
    return Said(contact.id, "out", "person", echo.identity.channel, echo.at, kind, text, echo.external_id)


def note(writes: Writes, contact: Contact, heard: Heard) -> None:
    """What was heard stands in her thread; her files are to be fetched, and those of a message that she deletes are not kept."""
    writes.said.append(line_of(contact, heard))
    if heard.media:
        writes.media.extend(files_of(contact, heard))
    if heard.kind == "edit" and heard.context:
        writes.edited.append((contact.id, heard.identity.channel, heard.context))
    if heard.kind == "deleted" and heard.context:
        writes.taken_back.append((contact.id, heard.identity.channel, heard.context))
