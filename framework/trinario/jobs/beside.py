"""What is no message and no fate: news of the account, threads that change hands, ids that change, in the inbox and out of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from trinario import jsons
from trinario.jobs.account import Told
from trinario.jobs.account_news import account_told
from trinario.jobs.altered import DELETED, EDITED, altered
from trinario.jobs.effects import owner_returns
from trinario.jobs.takeover import take_over
from trinario.jobs.template_news import template_told
from trinario.jobs.tickets import THREAD, give_back
from trinario.model.channel import Identity
from trinario.model.consent import MARKETING, RecordConsent, consented
from trinario.model.contact import Contact
from trinario.model.heard import Arrival, Heard
from trinario.model.news import Handover, News, Rekeyed
from trinario.ports import InboxEntry, Inward, Outgoing, Said, Unit, Writes

KINDS = ("news", "handover", "rekeyed", "joined", "profile", "taken")
"""Kinds of inbox rows that are no message and begin nothing. `joined`: one webhook showed ids of two contacts, who are one;
`taken`: somebody of the team takes her."""

IDLE = timedelta(hours=24)
"""After so long without a word of hers a thread belongs to nobody, and we may write again (meta.md 2A.7)."""


UNDATED = 86400.0
"""Seconds of 1970 below which a moment is none: the webhook named no time."""


def beside(item: News | Handover | Rekeyed, raw: bytes) -> Inward:
    """The inbox row of such a thing. News of the account has no contact: it is kept, and `tell` makes it history."""
    at = item.at.isoformat()
    match item:
        case News(channel=channel, identity=who):
            named = {"i": [who.channel, who.kind, who.value]} if who else {}
            body = jsons.dumps({"name": item.name, "at": at, "data": dict(item.data), **named})
            return Inward(channel, item.external_id, "news", body, raw, (who,) if who else ())
        case Handover(identity=who):
            body = jsons.dumps({"name": item.name, "at": at, "ours": item.ours, "data": dict(item.data)})
            return Inward(who.channel, item.external_id, "handover", body, raw, (who, *item.also))
        case Rekeyed(former=former, identities=ids):
            told = {"former": _listed(former), "identities": _listed(ids), "text": item.text, "at": at}
            return Inward(former[0].channel, item.external_id, "rekeyed", jsons.dumps(told), raw, (*former, *ids))


def tell(unit: Unit, arrivals: Sequence[Arrival], now: datetime, told: Told | None = None) -> None:
    """News of our accounts, kept and written into the history, each once; `told` gathers what operators are to hear."""
    events: list[tuple[int | None, str, datetime, str]] = []
    for arrival in arrivals:
        item = arrival.item
        if not isinstance(item, News):
            continue
        if item.at.timestamp() < UNDATED:  # what has neither a time nor an id is news again in another hour
            item = replace(item, external_id=f"{item.external_id}:{now:%Y%m%d%H}")
        if unit.take_in([beside(item, arrival.raw)], now):
            data = {"channel": item.channel, **item.data}
            events.append((None, item.name, _dated(item.at, now), jsons.dumps(data)))
            template_told(unit, item, now)
            account_told(unit, item, now, told if told is not None else Told())
    if events:
        unit.write(Writes(events=events), now)


def news(unit: Unit, contact: Contact, entry: InboxEntry, now: datetime, writes: Writes) -> bool:
    """Something told of her stands in her history. False: it was put off."""
    told = jsons.loads(entry.body)
    if told["name"] in (EDITED, DELETED):
        return altered(unit, contact, entry, _at(entry, told), now, writes)
    data = {"channel": entry.channel, **told["data"]}
    writes.events.append((contact.id, told["name"], _at(entry, told), jsons.dumps(data)))
    return True


def handover(
    unit: Unit, contact: Contact, entry: InboxEntry, now: datetime, writes: Writes, ahead: list[Outgoing]
) -> Contact:
    """Who has the thread has her: people (or another app) until it comes back or a day has passed, or the bot."""
    told = jsons.loads(entry.body)
    at = _at(entry, told)
    data = {"channel": entry.channel, "ours": told["ours"], **told["data"]}
    writes.events.append((contact.id, told["name"], at, jsons.dumps(data)))
    if told["ours"] is False:
        until = max(at, now) + IDLE
        if contact.owner == "bot":
            contact = take_over(unit, contact, until, now, writes, ahead)
        else:  # it passed her on itself: what it said before that goes
            contact = writes.contacts[contact.id] = replace(contact, owner_until=until)
            owner_returns(contact, until, writes)
    elif told["ours"] and contact.owner == "person":
        key = f"handover:{entry.id}"
        writes.inward.append(give_back(key, contact.id, THREAD))
    return contact


_TOLD = ("type", "ref", "title", "category", "value", "notification_messages_topic", "notification_messages_status")
"""What the history tells of an opt-in; tokens stay in the inbox."""

_NOTICES = {"STOP NOTIFICATIONS": "stop", "RESUME NOTIFICATIONS": "resume"}
"""What she wants of the marketing messages of a Page."""


def _wish(heard: Heard) -> str:
    """`stop` or `resume` of marketing; "" for what says nothing of the kind."""
    if heard.data.get("category") == "marketing_messages":
        wish = str(heard.data.get("value", ""))
        return wish if wish in ("stop", "resume") else ""
    return _NOTICES.get(str(heard.data.get("notification_messages_status", "")), "")


def preference(contact: Contact, entry: InboxEntry, heard: Heard, writes: Writes) -> Contact:
    """She stopped or resumed marketing in the platform's own settings: that holds for this channel, and is in the ledger."""
    if heard.kind != "optin":
        return contact
    told = {name: str(heard.data[name]) for name in _TOLD if name in heard.data}
    writes.events.append((contact.id, "optin", heard.at, jsons.dumps({"channel": entry.channel, **told})))
    wish = _wish(heard)
    if not wish:
        return contact
    stopped = wish == "stop"
    if not stopped and contact.consent.get(f"{MARKETING}@{entry.channel}") is not False:
        return contact  # Meta's `resume` lifts Meta's own stop; a permission that was never given is not given by it
    record = RecordConsent(
        MARKETING, "withdrawn" if stopped else "granted", "message", (entry.channel,),
        said=str(heard.data.get("detail") or heard.data.get("title") or "")[:200], origin=f"i{entry.id}",
    )  # fmt: skip
    contact = replace(contact, consent=consented(contact.consent, record))
    writes.contacts[contact.id] = contact
    writes.consents.append((contact.id, record, heard.at))
    return contact


def ids_of(entry: InboxEntry) -> tuple[tuple[Identity, ...], tuple[Identity, ...]]:
    """(former, present) ids that a `rekeyed` row tells of."""
    told = jsons.loads(entry.body)
    former, present = (tuple(Identity(*one) for one in told[name]) for name in ("former", "identities"))
    return former, present


def rekey(unit: Unit, contact: Contact, entry: InboxEntry, writes: Writes) -> Contact:
    """The ids change where they stand; what waits to be sent goes to the new ones."""
    told = jsons.loads(entry.body)
    former, present = ids_of(entry)
    unit.rekey(contact.id, former, present)
    kept = tuple(identity for identity in contact.identities if identity not in former and identity not in present)
    contact = replace(contact, identities=(*present, *kept))
    at = _at(entry, told)
    data = {"channel": entry.channel, "former": [one.value for one in former], "ids": [one.value for one in present]}
    writes.events.append((contact.id, "identity_changed", at, jsons.dumps(data)))
    text = told["text"] or "[system]"
    writes.said.append(Said(contact.id, "in", "contact", entry.channel, at, "system", text, entry.external_id))
    return contact


def _listed(identities: Sequence[Identity]) -> list[Any]:
    return [[one.channel, one.kind, one.value] for one in identities]


def _at(entry: InboxEntry, told: dict[str, Any]) -> datetime:
    return _dated(datetime.fromisoformat(told["at"]), entry.received_at)


def _dated(at: datetime, received: datetime) -> datetime:
    """Without a time of its own a thing happened when it came."""
    return at if at.timestamp() >= UNDATED else received
