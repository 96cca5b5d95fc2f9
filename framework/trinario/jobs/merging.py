"""Two contacts become one: everything of the one goes to the other, and what was whose stays written down.

The caller has locked both, in id order, and writes the batch.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from trinario import jsons
from trinario.jobs.known import kinds_of, known_of
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.merge import Link, Rule, unite
from trinario.model.part import Before
from trinario.model.session import Session
from trinario.model.session_json import session_to_json
from trinario.model.value import plain
from trinario.ports import Case, Merge, Unit, Writes

BOTH = "merged"
"""Why a session was stopped: the other contact was in the same flow."""


def join(
    unit: Unit, bot: Bot, hers: Case, theirs: Case, link: Link, writes: Writes, now: datetime, mark: int = 0
) -> Contact:
    """`theirs` becomes part of `hers`; gives the united contact, who is in the writes.

    `mark`: what came in after this inbox row counts as heard since (0: after the newest one there is).
    """
    kept, taken = hers.contact, theirs.contact
    united, asked = unite(kept, taken, rules_of(bot))
    moved = united_sessions(hers, theirs)
    ended = {
        session.id: session_to_json(session)
        for session in theirs.sessions
        if moved[session.id].status != session.status
    }
    left = unit.merges.end_doubled(kept.id, taken.id, now)
    before = Before(kept, taken, united)
    id = unit.merges.add(
        Merge(kept.id, taken.id, now, link.by, link.reason, link.evidence, before, ended, tuple(left), mark)
    )
    writes.sessions |= moved
    writes.withdrawn += [name for name, session in moved.items() if session.status == "stopped"]
    writes.contacts.pop(taken.id, None)
    known = tuple(one for one in taken.identities if one not in kept.identities)
    united = writes.contacts[kept.id] = replace(united, identities=(*kept.identities, *known))
    if by := known_of(kinds_of(bot), united):
        writes.known[kept.id] = by
    _tell(bot, id, before, link, asked, writes, now)
    return united


def rules_of(bot: Bot) -> Mapping[str, Rule]:
    """What bot.yaml says becomes of fields of which both have a value."""
    return {name: spec.merge for name, spec in bot.fields.items()}


def united_sessions(hers: Case, theirs: Case) -> dict[str, Session]:
    """The sessions of the one taken, as they are from now on: what goes on in the same flow for
    the one kept is stopped, and her questions stand aside behind the one that she is in."""
    flows = {flow for session in hers.sessions for flow, _ in session.places}
    pending = any(session.foreground for session in hers.sessions)
    found = {}
    for session in theirs.sessions:
        mine = replace(session, contact=hers.contact.id)
        if any(flow in flows for flow, _ in session.places):
            mine = replace(mine, status="stopped", reason=BOTH, wait=None)
        elif pending and session.foreground:
            mine = replace(mine, status="aside")
        found[session.id] = mine
    return found


def _tell(
    bot: Bot, id: int, before: Before, link: Link, asked: list[str], writes: Writes, now: datetime
) -> None:  # fmt: skip
    """The merge is in her history, with its evidence; where somebody has to choose, the team has a ticket."""
    kept, taken = before.kept, before.taken
    data = {
        "merge": id, "contact": taken.id, "identities": [one.value for one in taken.identities], "by": link.by,
        "reason": link.reason, "evidence": dict(link.evidence),
    }  # fmt: skip
    writes.events.append((kept.id, "contacts_merged", now, jsons.dumps(data)))
    if not asked:
        return
    both = "; ".join(f"{name}: {_shown(kept, name)} or {_shown(taken, name)}" for name in asked)
    team = next(iter(bot.teams), "")
    writes.tickets.append((kept.id, "", team, f"two contacts became one, and say different things. {both}", "", now))


def _shown(contact: Contact, name: str) -> str:
    return str(plain(contact.fields.get(name)))
