"""Six digits held against the code that was sent: the right ones prove the phone, whose identity is hers from then on.

Outside of the batches, in one transaction over every contact it concerns, locked in id order without waiting.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from trinario import jsons
from trinario.jobs.code import result
from trinario.jobs.happenings import linked
from trinario.jobs.merging import join
from trinario.jobs.received import DONE, KEPT, TurnLine
from trinario.jobs.unlink import CODE
from trinario.jobs.world import Tuning, World
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.merge import Link
from trinario.ports import Case, InboxEntry, PhoneCode, Unit, Writes

PROVEN = "proven"

PATIENCE, PAUSE = timedelta(seconds=30), timedelta(seconds=1)
"""How long the answer to the sending is waited for, which names the identity, and how long between two looks."""


def prove(unit: Unit, world: World, entry: InboxEntry, now: datetime) -> list[TurnLine] | None:
    """Work off a row of kind `code`. None: a contact is taken by somebody else, try again."""
    told = jsons.loads(entry.body)
    code = unit.codes.find(told["code"])
    identity = code.reached or Identity(code.channel, "phone", code.number) if code else None
    others = _holders(unit, identity, entry.contact)
    cases = unit.lock_cases(sorted({entry.contact, *others}), [entry.id], now)
    if cases is None or _holders(unit, identity, entry.contact) != others:
        return None
    by_id = {case.contact.id: case for case in cases}
    hers = by_id.get(entry.contact)
    if hers is None or not hers.entries:
        return []
    writes = Writes()
    verdict = _verdict(code, hers, told, entry, world.tuning)
    if verdict == PROVEN and code and code.under_way and now - entry.received_at < PATIENCE:
        writes.postponed.append((now + PAUSE, entry.tries, entry.id))
    elif verdict == PROVEN and code and identity:
        if not _joined(unit, world, hers, [by_id[one] for one in others], code, identity, entry, now, writes):
            return None
        unit.codes.tried(code.name, now)
        _done(writes, entry, hers.contact.id, told, PROVEN, f"+{code.number}")
    else:
        if verdict == "wrong" and code:
            unit.codes.tried(code.name, None)
        _log(writes, hers.contact, "code_refused", {"reason": verdict, "session": told["session"]}, now)
        _done(writes, entry, hers.contact.id, told, "wrong" if verdict != "over" else "", "")
    unit.write(writes, now)
    return []


def _holders(unit: Unit, identity: Identity | None, but: int) -> list[int]:
    """Other contacts that have the identity."""
    if identity is None:
        return []
    found = unit.contact_ids({"identity": (identity.channel, identity.value)})
    return [contact for contact in found if contact != but]


def _verdict(code: PhoneCode | None, hers: Case, told: Mapping[str, Any], entry: InboxEntry, tuning: Tuning) -> str:
    """Why the digits prove nothing; PROVEN if they do. `over`: nobody waits for them any more."""
    session = next((one for one in hers.sessions if one.id == told["session"]), None)
    wait = session.wait if session and session.live else None
    if wait is None or told["key"] not in wait.keys or wait.offer != told["code"]:
        return "over"
    if code is None or (code.contact, code.session) != (hers.contact.id, told["session"]):
        return "unknown"
    if code.used_at is not None:
        return "used"
    if code.expires_at <= entry.received_at:
        return "expired"
    if code.tries >= tuning.code_tries:
        return "too_many_tries"
    return PROVEN if hmac.compare_digest(code.hash, str(told["typed"])) else "wrong"


def _joined(
    unit: Unit, world: World, hers: Case, others: list[Case], code: PhoneCode, identity: Identity, entry: InboxEntry,
    now: datetime, writes: Writes,
) -> bool:  # fmt: skip
    """The identity of the phone is hers; who was known by it is she, reversibly. False: somebody took it just now."""
    contact = hers.contact
    data = {"evidence": "otp", "channel": identity.channel, "session": code.session, "inbox": entry.id}
    if identity in contact.identities:
        _log(writes, contact, "phone_proven", data, now)
        return True
    if any(one.channel != identity.channel for other in others for one in other.contact.identities):
        _log(writes, contact, "link_unavailable", {**data, "contact": others[0].contact.id}, now)
        return True  # somebody known elsewhere has proven it before: two people who share a phone stay two
    if not others:
        alone = unit.new_contact(now)
        if not unit.add_identity(alone, identity, now):
            return False
        others = [Case(Contact(alone, now, identities=(identity,)), ())]
    link = Link(CODE, {**data, "code": code.name, "identity": identity.value})
    for other in others:
        contact = join(unit, world.bot(), replace(hers, contact=contact), other, link, writes, now, entry.id)
    data |= {"contact": others[0].contact.id, "identities": [identity.value]}
    _log(writes, contact, "identity_linked", data, now)
    writes.inward += linked(world.bot(), contact.id, identity.channel, code.name)
    return True


def _done(writes: Writes, entry: InboxEntry, contact: int, told: Mapping[str, Any], outcome: str, phone: str) -> None:
    """The row is worked off, and the session that waits is told."""
    if outcome:
        writes.inward.append(result(contact, told["session"], told["key"], outcome, phone))
    writes.finished.append((DONE if outcome else KEPT, entry.id, None))


def _log(writes: Writes, contact: Contact, name: str, data: Mapping[str, object], now: datetime) -> None:
    writes.events.append((contact.id, name, now, jsons.dumps({**data, "at": now.isoformat()})))
